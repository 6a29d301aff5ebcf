import { BLOCK_COLUMNS, BLOCK_SCHEMA, EVENT_SCHEMA, FEW_KEYS_SCHEMA } from './event-schema.ts';
import { PACKED_SUMS_SCHEMA } from './packed-sums.ts';
import { ROLLUP_CELLS_BY_RATE, ROLLUP_SCHEMA } from './rollup-schema.ts';

/** One step of the schema. Applied in order, once each, never edited after a release. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** The schema from its beginning. NULL always means "the source does not say". */
export const MIGRATIONS: readonly Migration[] = [
  {
    name: '001-usage-and-cube',
    sql: `
      CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

      -- A file that was read, and how far: a killed ingest goes on from read_offset.
      CREATE TABLE source_file (
        id INTEGER PRIMARY KEY,
        path TEXT NOT NULL UNIQUE,
        identity TEXT NOT NULL,
        options TEXT NOT NULL,
        size INTEGER NOT NULL,
        modified_ms INTEGER NOT NULL,
        read_offset INTEGER NOT NULL,
        read_lines INTEGER NOT NULL
      ) STRICT;

      -- What was called and how: everything that decides a price besides time and prompt size.
      CREATE TABLE sku (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        provider TEXT NOT NULL,
        model TEXT NOT NULL,
        request_model TEXT,
        operation TEXT NOT NULL,
        service_tier TEXT,
        region TEXT,
        inference_geo TEXT,
        billable INTEGER NOT NULL,
        count_source TEXT NOT NULL,
        format TEXT NOT NULL,
        card_entry TEXT NOT NULL
      ) STRICT;

      -- One distinct combination of owner tags; its pairs stand in tag, labels behind U+0001.
      CREATE TABLE tag_set (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE) STRICT;
      CREATE TABLE tag (
        key TEXT NOT NULL,
        tag_set_id INTEGER NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (key, tag_set_id)
      ) STRICT, WITHOUT ROWID;

      -- Which prices cover an event, or why none do. Derived: dropped and rebuilt when cards change.
      CREATE TABLE rate (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        detail TEXT NOT NULL
      ) STRICT;

      CREATE TABLE event (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
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
      CREATE INDEX event_by_time ON event (time_ms);
      CREATE INDEX event_by_run ON event (run) WHERE run IS NOT NULL;
      CREATE INDEX event_by_sku ON event (sku_id);

      -- Ids that records of one call may share although their keys differ.
      CREATE TABLE call_family (
        family TEXT NOT NULL,
        event_key TEXT NOT NULL,
        exact INTEGER NOT NULL,
        PRIMARY KEY (family, event_key)
      ) STRICT, WITHOUT ROWID;

      -- Sums of events by hour, sku, rate, tag set and status; hour is NO_HOUR for events without a time.
      CREATE TABLE cube (
        id INTEGER PRIMARY KEY,
        hour INTEGER NOT NULL,
        sku_id INTEGER NOT NULL,
        rate_id INTEGER NOT NULL,
        tag_set_id INTEGER NOT NULL,
        status TEXT NOT NULL,
        requests INTEGER NOT NULL,
        input INTEGER NOT NULL,
        cache_read INTEGER NOT NULL,
        cache_write INTEGER NOT NULL,
        output INTEGER NOT NULL,
        reasoning INTEGER NOT NULL,
        -- Dollars that sources reported, in two columns because a sum of picodollars overflows at 9.2 million.
        reported_microdollars INTEGER NOT NULL,
        reported_rest INTEGER NOT NULL,
        reported_requests INTEGER NOT NULL,
        UNIQUE (hour, sku_id, rate_id, tag_set_id, status)
      ) STRICT;
      CREATE TABLE cube_extra (
        cube_id INTEGER NOT NULL,
        name TEXT NOT NULL,
        quantity INTEGER NOT NULL,
        PRIMARY KEY (cube_id, name)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    name: '002-bill-lines',
    sql: `
      -- What bills say, apart from usage. Amounts and quantities are decimals as text, with the bill's digits.
      CREATE TABLE bill_line (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        own_id TEXT,
        format TEXT NOT NULL,
        start_ms INTEGER NOT NULL,
        end_ms INTEGER NOT NULL,
        provider TEXT NOT NULL,
        account TEXT,
        service TEXT,
        description TEXT,
        sku TEXT,
        meter TEXT,
        resource TEXT,
        category TEXT NOT NULL,
        currency TEXT NOT NULL,
        billed TEXT NOT NULL,
        effective TEXT,
        list TEXT,
        contracted TEXT,
        quantity TEXT,
        unit TEXT,
        tokens INTEGER,
        model TEXT,
        token_type TEXT,
        -- JSON: an object, and two lists.
        tags TEXT NOT NULL,
        labels TEXT NOT NULL,
        flags TEXT NOT NULL,
        ai_kept INTEGER NOT NULL,
        ai_reason TEXT NOT NULL,
        file_id INTEGER REFERENCES source_file (id),
        line INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX bill_line_by_time ON bill_line (start_ms);
    `,
  },
  {
    name: '003-run-tags',
    sql: `
      -- What a trace says of all its calls, for those that are still to come. JSON: two objects and a list.
      CREATE TABLE run_tags (
        run TEXT PRIMARY KEY,
        columns TEXT NOT NULL,
        custom TEXT NOT NULL,
        labels TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    name: '004-closed-months',
    sql: `
      -- Which card the rates of a provider come from.
      CREATE TABLE rated_card (
        provider TEXT PRIMARY KEY,
        as_of TEXT NOT NULL,
        digest TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      -- The next command reads the cards once more, and so fills rated_card.
      DELETE FROM meta WHERE key = 'cards_digest';

      -- A month whose numbers are fixed: hours since 1970 UTC, half-open. Months never overlap.
      CREATE TABLE closed_month (
        month TEXT PRIMARY KEY,
        time_zone TEXT NOT NULL,
        start_hour INTEGER NOT NULL,
        end_hour INTEGER NOT NULL,
        closed_at_ms INTEGER NOT NULL,
        cards_digest TEXT NOT NULL,
        cards_as_of TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      -- The cards in force when the month was closed.
      CREATE TABLE closed_card (
        month TEXT NOT NULL,
        provider TEXT NOT NULL,
        as_of TEXT NOT NULL,
        digest TEXT NOT NULL,
        PRIMARY KEY (month, provider)
      ) STRICT, WITHOUT ROWID;
${cells('closed_cell')}
      -- What the cube's cells of a closed month have changed since, with signs; hour is when it was booked.
${cells('correction_cell')}
    `,
  },
  { name: '005-roll-ups', sql: ROLLUP_SCHEMA },
  { name: '006-events-without-indexes', sql: EVENT_SCHEMA },
  { name: '007-roll-ups-by-rate', sql: ROLLUP_CELLS_BY_RATE },
  {
    name: '008-identifier-tags',
    sql: `
      -- Tags with nearly as many values as calls, such as an order's number: kept with each call as a JSON
      -- object, and in no tag set. What was seen of them when that was found out; NULL where it was asked for.
      CREATE TABLE identifier_tag (
        key TEXT PRIMARY KEY,
        values_seen INTEGER,
        requests_seen INTEGER
      ) STRICT, WITHOUT ROWID;
      ALTER TABLE event ADD COLUMN identifiers TEXT;
    `,
  },
  { name: '009-event-blocks', sql: BLOCK_SCHEMA },
  { name: '010-blocks-of-agents', sql: BLOCK_COLUMNS },
  { name: '011-packed-sums', sql: PACKED_SUMS_SCHEMA },
  { name: '012-few-keys', sql: FEW_KEYS_SCHEMA },
];

/** Cells of the shape of the cube that belong to a closed month, and the quantities beside their counts. */
function cells(table: 'closed_cell' | 'correction_cell'): string {
  return `
      CREATE TABLE ${table} (
        id INTEGER PRIMARY KEY,
        month TEXT NOT NULL,
        hour INTEGER NOT NULL,
        sku_id INTEGER NOT NULL,
        rate_id INTEGER NOT NULL,
        tag_set_id INTEGER NOT NULL,
        status TEXT NOT NULL,
        requests INTEGER NOT NULL,
        input INTEGER NOT NULL,
        cache_read INTEGER NOT NULL,
        cache_write INTEGER NOT NULL,
        output INTEGER NOT NULL,
        reasoning INTEGER NOT NULL,
        reported_microdollars INTEGER NOT NULL,
        reported_rest INTEGER NOT NULL,
        reported_requests INTEGER NOT NULL,
        UNIQUE (month, hour, sku_id, rate_id, tag_set_id, status)
      ) STRICT;
      CREATE TABLE ${table}_extra (
        cell_id INTEGER NOT NULL,
        name TEXT NOT NULL,
        quantity INTEGER NOT NULL,
        PRIMARY KEY (cell_id, name)
      ) STRICT, WITHOUT ROWID;`;
}
