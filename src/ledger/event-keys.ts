import type { Database } from './database.ts';
import { RecentRows } from './recent-rows.ts';
import { SettledRows } from './settled-rows.ts';

/**
 * Which row holds the event of a key. Ids are random: an index of them is written all over in every
 * transaction, which costs more than the events themselves. So the newest keys are known in memory only, and the
 * table `event_key` has the rows up to `meta.keys_settled`; the keys of the rows behind are read again by whoever
 * appends next. Both hold hashes of keys, which may coincide: the key in the row decides.
 */
export interface EventKeys {
  /** Learns what other processes have added; at the beginning of a transaction. */
  readonly look: () => void;
  /** The row of a key; `undefined` when no event has it. */
  readonly rowOf: (key: string) => number | undefined;
  /** Gives the event of a new key, as it is stored, its row id. No id is given twice, not even that of a row that was taken out. */
  readonly add: (key: string) => number;
  /** Writes down which ids were given; before the transaction is committed. */
  readonly finish: () => void;
  /** Moves the keys into the table where they are many, so that the next process need not read them; in a transaction. */
  readonly settle: () => void;
}

/** Rows whose keys the next process may read at its start: a few hundredths of a second. */
const FEW_ROWS = 20_000;
/** Rows whose keys are read at once. */
const READ_ROWS = 100_000;

/** Opens the keys for appending. `keyOfWaiting` knows the rows that have an id and are not yet written. */
export function openEventKeys(
  database: Database,
  keyOfWaiting: (row: number) => string | undefined,
): EventKeys {
  const hash = keyHash(database);
  const { keyOfRow, keysBehind, setMeta } = statements(database);
  const settledRows = new SettledRows(database);
  let rows: RecentRows | undefined;
  /** The last row id that was given to anybody. */
  let last = 0;
  let written = 0;
  /** The last row whose key is settled, as far as this process knows. */
  let settledUpTo = -1;

  const settleAll = (): void => {
    if (rows === undefined || rows.size === 0) return;
    rows.inOrder((of, row) => settledRows.add(of, row));
    settledRows.write();
    setMeta.run(SETTLED, `${last}`);
    settledUpTo = last;
    rows = new RecentRows(last);
  };

  const learn = (id: number, key: string): void => {
    rows?.add(hash(key), id);
    last = id;
  };

  const isOf = (row: number, key: string): boolean =>
    (keyOfWaiting(row) ?? keyOfRow.get(row)) === key;

  const look = (): void => {
    const { settled, given } = marks(database);
    if (settled !== settledUpTo) settledRows.look(settled === 0);
    // Somebody has rebuilt what is derived, and the table is empty.
    if (settled < settledUpTo) rows = undefined;
    settledUpTo = settled;
    if (rows === undefined) {
      rows = new RecentRows(settled);
      last = settled;
    }
    while (last < given) {
      const more = keysBehind.all(last, READ_ROWS);
      for (const { id, key } of more) learn(id, key);
      if (more.length < READ_ROWS) last = given;
      if (rows.isFull) settleAll();
    }
    written = last;
  };

  return {
    look,
    rowOf(text) {
      const key = asStored(text);
      const of = hash(key);
      const recent = rows?.find(of)?.find((row) => isOf(row, key));
      return recent ?? settledRows.find(of).find((row) => isOf(row, key));
    },
    add(key) {
      learn(last + 1, key);
      return last;
    },
    finish() {
      if (last === written) return;
      if (rows?.isFull === true) settleAll();
      setMeta.run(GIVEN, `${last}`);
      written = last;
    },
    settle() {
      look();
      if (rows !== undefined && rows.size > FEW_ROWS) settleAll();
    },
  };
}

/** A text as SQLite gives it back: half a surrogate pair becomes U+FFFD. */
export const asStored = (text: string): string => text.toWellFormed();

const SETTLED = 'keys_settled';
const GIVEN = 'last_event_id';

/** SQL: the last row whose key is in the table. */
export const SETTLED_UP_TO = `coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key = '${SETTLED}'), 0)`;
/** SQL: the last row id that was given. */
const GIVEN_UP_TO = `max(coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key = '${GIVEN}'), 0), coalesce((SELECT max(id) FROM event), 0))`;

const marks = (database: Database): { readonly settled: number; readonly given: number } =>
  database
    .prepare<[], { settled: number; given: number }>(
      `SELECT ${SETTLED_UP_TO} AS settled, ${GIVEN_UP_TO} AS given`,
    )
    .get() ?? { settled: 0, given: 0 };

function statements(database: Database) {
  return {
    keyOfRow: database.prepare<[number], string>('SELECT key FROM event WHERE id = ?').pluck(),
    keysBehind: database.prepare<[number, number], { id: number; key: string }>(
      'SELECT id, key FROM event WHERE id > ? ORDER BY id LIMIT ?',
    ),
    setMeta: database.prepare(
      'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    ),
  };
}

/** A condition, and its values, that selects the event of a key; for readers, who know no keys in memory. */
export function eventOfKey(database: Database, key: string): readonly [string, readonly unknown[]] {
  const condition = `event.key = ? AND event.id IN (SELECT event_id FROM event_key WHERE hash = ?
    UNION ALL SELECT id FROM event WHERE id > ${SETTLED_UP_TO} AND key = ?)`;
  const text = asStored(key);
  return [condition, [text, keyHash(database)(text), text]];
}

/** Forgets which rows are settled; the next append reads all keys again. Belongs to the caller's transaction. */
export const unsettleKeys = (database: Database): void =>
  void database.exec(`DELETE FROM event_key; DELETE FROM meta WHERE key = '${SETTLED}'`);

/**
 * The hash of keys in this ledger, 32 bits with a sign. It begins with a number of the ledger's own, so that
 * nobody can write a log whose ids all coincide.
 */
function keyHash(database: Database): (key: string) => number {
  const seed = Number(
    database.prepare<[], string>("SELECT value FROM meta WHERE key = 'key_seed'").pluck().get() ??
      0,
  );
  return (key) => {
    let hash = seed ^ key.length;
    for (let at = 0; at < key.length; at += 1) {
      hash = Math.imul(hash ^ key.charCodeAt(at), 0x2c1b3c6d);
      hash ^= hash >>> 15;
    }
    hash = Math.imul(hash ^ (hash >>> 13), 0x297a2d39);
    return hash ^ (hash >>> 16);
  };
}
