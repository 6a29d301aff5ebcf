/** SQL: the cells of roll-ups, kept in the order of a key. */
const cells = (key: string): string => `
  -- Cells as the cube has them; hour is the first of the span.
  CREATE TABLE rollup_cell (
    rollup_id INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    tag_set_id INTEGER NOT NULL,
    sku_id INTEGER NOT NULL,
    rate_id INTEGER NOT NULL,
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
    PRIMARY KEY (${key})
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE rollup_cell_extra (
    rollup_id INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    tag_set_id INTEGER NOT NULL,
    sku_id INTEGER NOT NULL,
    rate_id INTEGER NOT NULL,
    status TEXT NOT NULL,
    name TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (${key}, name)
  ) STRICT, WITHOUT ROWID;
`;

/** Tables of roll-ups. Everything in them is derived from the cube and may be dropped. */
export const ROLLUP_SCHEMA = `
  -- Sums of the cube by a day or eight and by a few tags alone, made when a report first asks for them. keys is
  -- a JSON list of tag names; its spans are so many hours long and begin offset_hours before midnight UTC.
  CREATE TABLE rollup (
    id INTEGER PRIMARY KEY,
    keys TEXT NOT NULL,
    hours INTEGER NOT NULL,
    offset_hours INTEGER NOT NULL,
    -- Tag sets up to this id stand in rollup_tag_set.
    tag_sets INTEGER NOT NULL,
    -- Cells of the cube when it turned out to be hardly shorter than the cube; NULL where it is kept.
    forgone_at INTEGER,
    UNIQUE (keys, hours, offset_hours)
  ) STRICT;
  -- Every span that the cube has cells of. What changes a cell takes fresh away.
  CREATE TABLE rollup_span (
    start_hour INTEGER NOT NULL,
    rollup_id INTEGER NOT NULL,
    fresh INTEGER NOT NULL,
    PRIMARY KEY (start_hour, rollup_id)
  ) STRICT, WITHOUT ROWID;
  -- Tag sets that are alike in the tags of a roll-up are counted under the first of them.
  CREATE TABLE rollup_values (
    rollup_id INTEGER NOT NULL,
    tag_values TEXT NOT NULL,
    tag_set_id INTEGER NOT NULL,
    PRIMARY KEY (rollup_id, tag_values)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE rollup_tag_set (
    rollup_id INTEGER NOT NULL,
    tag_set_id INTEGER NOT NULL,
    counted_under INTEGER NOT NULL,
    PRIMARY KEY (rollup_id, tag_set_id)
  ) STRICT, WITHOUT ROWID;
${cells('rollup_id, hour, tag_set_id, sku_id, rate_id, status')}`;

/** The cells once more, in the order of what reports sum: groups, and in them rates. The next reports fill them. */
export const ROLLUP_CELLS_BY_RATE = `
  DROP TABLE rollup_cell;
  DROP TABLE rollup_cell_extra;
  DELETE FROM rollup;
  DELETE FROM rollup_span;
  DELETE FROM rollup_values;
  DELETE FROM rollup_tag_set;
${cells('rollup_id, hour, tag_set_id, rate_id, sku_id, status')}`;
