/**
 * Events without an index on their keys, which event_key stands for (event-keys.ts), and without the other
 * indexes, which are made when a question first needs them (event-indexes.ts).
 */
export const EVENT_SCHEMA = `
  DROP INDEX IF EXISTS event_by_time;
  DROP INDEX IF EXISTS event_by_run;
  DROP INDEX IF EXISTS event_by_sku;
  CREATE TABLE event_unindexed (
    id INTEGER PRIMARY KEY,
    -- No two events have the same; kept so by who appends, proved by doctor.
    key TEXT NOT NULL,
    own_id INTEGER NOT NULL,
    replay INTEGER NOT NULL,
    time_ms INTEGER,
    sku_id INTEGER NOT NULL REFERENCES sku (id),
    rate_id INTEGER NOT NULL REFERENCES rate (id),
    tag_set_id INTEGER NOT NULL REFERENCES tag_set (id),
    status TEXT NOT NULL,
    error_code TEXT,
    latency_ms INTEGER,
    retry_count INTEGER,
    requests INTEGER NOT NULL,
    input INTEGER NOT NULL,
    cache_read INTEGER NOT NULL,
    cache_write INTEGER NOT NULL,
    output INTEGER NOT NULL,
    reasoning INTEGER NOT NULL,
    -- Quantities beside the five above, by name, as a JSON object: cache_write@1h, audio_input, fee:web_search.
    extra TEXT,
    reported_picodollars INTEGER,
    run TEXT,
    session TEXT,
    user TEXT,
    step TEXT,
    file_id INTEGER REFERENCES source_file (id),
    line INTEGER NOT NULL
  ) STRICT;
  INSERT INTO event_unindexed SELECT * FROM event;
  DROP TABLE event;
  ALTER TABLE event_unindexed RENAME TO event;

  -- Rows of events by the hash of their key, up to the row that meta calls keys_settled.
  CREATE TABLE event_key (
    hash INTEGER NOT NULL,
    event_id INTEGER NOT NULL,
    PRIMARY KEY (hash, event_id)
  ) STRICT, WITHOUT ROWID;
  INSERT OR REPLACE INTO meta (key, value) VALUES ('key_seed', abs(random() % 4294967296));`;

/** Events that were read many at once, until a question makes rows of them (event-blocks.ts). */
export const BLOCK_SCHEMA = `
  CREATE TABLE event_block (
    -- Of the first event; the ids of the others follow.
    id INTEGER PRIMARY KEY,
    count INTEGER NOT NULL,
    file_id INTEGER REFERENCES source_file (id),
    -- Columns of numbers, and the texts of all events one behind the other, as event-block.ts has them.
    numbers BLOB NOT NULL,
    texts TEXT NOT NULL
  ) STRICT;

  -- Hashes of keys with the ids of their events, those that begin with the same bits in one row, as settled-rows.ts
  -- has them. Whoever appends next fills it.
  DROP TABLE event_key;
  DELETE FROM meta WHERE key = 'keys_settled';
  CREATE TABLE event_key (bucket INTEGER PRIMARY KEY, hashes BLOB NOT NULL, ids BLOB NOT NULL) STRICT;`;

/** Blocks tell how many columns they have, since there are more of them from now on; those before had 20. */
export const BLOCK_COLUMNS =
  'ALTER TABLE event_block ADD COLUMN columns INTEGER NOT NULL DEFAULT 20;';

/** What makes adding a few events to many cheap (event-keys.ts). Derived, and made by whoever appends next. */
export const FEW_KEYS_SCHEMA = `
  -- Which hashes event_key has at all, as hash-filter.ts has them; no row where nobody has kept that yet.
  CREATE TABLE event_key_filter (id INTEGER PRIMARY KEY CHECK (id = 1), bits BLOB NOT NULL) STRICT;
  -- Hashes of the keys of events whose ids follow each other with these ids, which are not in event_key yet.
  CREATE TABLE event_key_list (
    first_id INTEGER PRIMARY KEY,
    last_id INTEGER NOT NULL,
    hashes BLOB NOT NULL,
    ids BLOB NOT NULL
  ) STRICT;`;
