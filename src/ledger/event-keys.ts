import type { Database } from './database.ts';
import { type NameOfId, namesInBlocks } from './event-blocks.ts';
import { dropLists, idsListed, LISTED_UP_TO, listedKeys, listKeys } from './listed-keys.ts';
import { RecentRows } from './recent-rows.ts';
import { idsWithHash, SettledRows } from './settled-rows.ts';

/**
 * Which row holds the event of a key. Ids are random: an index of them is written all over in every
 * transaction, which costs more than the events themselves. So the newest keys are known in memory only, and the
 * table `event_key` has the rows up to `meta.keys_settled`; those of some rows behind are listed in `event_key_list`, and
 * the keys of the rest are read again by whoever appends next. All hold hashes of keys, which may coincide: the key in
 * the row decides.
 */
export interface EventKeys {
  /** Learns what other processes have added; at the beginning of a transaction. */
  readonly look: () => void;
  /** The row of a key; `undefined` when no event has it. */
  readonly rowOf: (key: string) => number | undefined;
  /** The row of the event of a family; `undefined` unless a block has it. */
  readonly rowOfFamily: (family: string) => number | undefined;
  /** Gives the event of a new key, as it is stored, its row id. No id is given twice, not even that of a row that was taken out. */
  readonly add: (key: string) => number;
  /** The same two for a key that is a stretch of a text, as it is stored, and its hash. */
  readonly hashOf: (text: string, from: number, to: number) => number;
  readonly addHash: (hash: number) => number;
  /** The row whose key, or whose family in a block, is a stretch of a text with a hash. */
  readonly rowNamed: (hash: number, text: string, from: number, to: number) => number | undefined;
  /** Enters the row that was added last under its family too. */
  readonly addFamily: (hash: number) => void;
  /** Writes down which ids were given; before the transaction is committed. */
  readonly finish: () => void;
  /** Moves the keys into the table where they are many, and else lists them, so that the next process need not read them; in a transaction. */
  readonly settle: () => void;
}

/** Keys that are rather listed than moved into the table, all of whose pages are written then. */
const FEW_KEYS = 100_000;
/** Keys that the next process may read at its start. */
const HARDLY_ANY = 1_000;
/** Ids whose keys are read at once. */
const READ_ROWS = 100_000;

/** The events that have an id and are no row of `event` yet. */
export interface EventsElsewhere {
  readonly keyOf: (id: number) => string | undefined;
  /** The family of one that is in a block; null where its record names none. */
  readonly familyOf: (id: number) => string | null | undefined;
}

/** Opens the keys for appending; `fewKeys` is how many are listed when a ledger is closed, FEW_KEYS when absent. */
export function openEventKeys(
  database: Database,
  elsewhere: EventsElsewhere,
  fewKeys = FEW_KEYS,
): EventKeys {
  const hash = keyHash(database);
  const { keyOfRow, setMeta } = statements(database);
  const settledRows = new SettledRows(database);
  let rows = new RecentRows(0);
  /** The last row id that was given to anybody, and the last that is written down. */
  let [last, written] = [0, 0];
  /** The last row whose key is settled, as far as this process knows; infinite before it has looked. */
  let settledUpTo = Number.POSITIVE_INFINITY;

  const settleAll = (): void => {
    settledRows.add(rows, last);
    dropLists(database);
    setMeta.run(SETTLED, `${last}`);
    settledUpTo = last;
    rows.restart(last);
  };

  const addHash = (of: number): number => {
    rows.add(of, (last += 1));
    return last;
  };

  const withHash = (of: number): readonly number[] => {
    const recent = rows.find(of);
    const settled = settledRows.find(of);
    if (recent === undefined) return settled;
    return settled.length === 0 ? recent : [...recent, ...settled];
  };

  /** Learns the keys of the rows up to the last that was given. */
  const learnUpTo = (given: number): void => {
    while (last < given) {
      const to = Math.min(last + READ_ROWS, given);
      for (const { id, name } of namesBetween(database, last, to)) rows.add(hash(name), id);
      last = to;
      if (rows.isFull) settleAll();
    }
  };

  const look = (): void => {
    const { settled, given } = marks(database);
    if (settled !== settledUpTo) settledRows.look(settled);
    // At first, and where somebody has rebuilt what is derived, so that the table is empty.
    if (settled < settledUpTo) {
      rows = new RecentRows(settled);
      last = addListed(rows, database, settled);
    }
    settledUpTo = settled;
    learnUpTo(given);
    written = last;
  };

  return {
    look,
    ...lookUps(withHash, hash, (row) => elsewhere.keyOf(row) ?? keyOfRow.get(row), elsewhere),
    add: (key) => addHash(hash(key)),
    hashOf: hash,
    addHash,
    addFamily: (of) => rows.add(of, last),
    finish() {
      if (last === written) return;
      if (rows.isFull) settleAll();
      setMeta.run(GIVEN, `${last}`);
      written = last;
    },
    settle() {
      look();
      if (rows.size > fewKeys) settleAll();
      else listNewest(rows, database, last);
    },
  };
}

/** Finds rows by texts, of which only the hash is kept. */
function lookUps(
  withHash: (hash: number) => readonly number[],
  hash: EventKeys['hashOf'],
  keyOf: (row: number) => string | undefined,
  { familyOf }: EventsElsewhere,
): Pick<EventKeys, 'rowOf' | 'rowOfFamily' | 'rowNamed'> {
  const hashOf = (text: string): number => hash(text, 0, text.length);
  return {
    rowOf(text) {
      const key = asStored(text);
      return withHash(hashOf(key)).find((row) => keyOf(row) === key);
    },
    rowOfFamily(text) {
      const family = asStored(text);
      return withHash(hashOf(family)).find((row) => familyOf(row) === family);
    },
    rowNamed(of, text, from, to) {
      const rows = withHash(of);
      // Most are new.
      if (rows.length === 0) return undefined;
      const name = text.slice(from, to);
      return rows.find((row) => keyOf(row) === name || familyOf(row) === name);
    },
  };
}

/** Adds the listed keys that follow the settled ones; returns up to which row. */
function addListed(rows: RecentRows, database: Database, settled: number): number {
  let last = settled;
  for (const { firstId, lastId, hashes, ids } of listedKeys(database)) {
    if (firstId !== last + 1) break;
    for (const [index, hash] of hashes.entries()) rows.add(hash | 0, ids[index] ?? 0);
    last = lastId;
  }
  return last;
}

/** Lists what is not listed yet up to a row, where it is worth it. */
function listNewest(rows: RecentRows, database: Database, upTo: number): void {
  const { found } = marks(database);
  if (upTo - found > HARDLY_ANY) listKeys(database, rows, found, upTo);
}

/** What events behind one id and not behind another are looked up by, be they rows or in blocks. */
function* namesBetween(database: Database, after: number, to: number): Generator<NameOfId> {
  const ofRows = 'SELECT id, key AS name FROM main.event WHERE id > ? AND id <= ?';
  yield* database.prepare<[number, number], NameOfId>(ofRows).iterate(after, to);
  yield* namesInBlocks(database, after, to);
}

/** A text as SQLite gives it back: half a surrogate pair becomes U+FFFD. */
export const asStored = (text: string): string => text.toWellFormed();

const SETTLED = 'keys_settled';
const GIVEN = 'last_event_id';

/** SQL: the last row whose key is in the table. */
const SETTLED_UP_TO = `coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key = '${SETTLED}'), 0)`;
/** SQL: the last row that is found by the hash of its key, wherever that stands. */
export const FOUND_UP_TO = `max(${SETTLED_UP_TO}, coalesce(${LISTED_UP_TO}, 0))`;
/** SQL: the last row id that was given. */
const GIVEN_UP_TO = `max(coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key = '${GIVEN}'), 0), coalesce((SELECT max(id) FROM main.event), 0))`;

/** How far keys are in the table, how far they are there or listed, and how far ids were given. */
interface Marks {
  readonly settled: number;
  readonly found: number;
  readonly given: number;
}

const marks = (database: Database): Marks =>
  database
    .prepare<[], Marks>(
      `SELECT ${SETTLED_UP_TO} AS settled, ${FOUND_UP_TO} AS found, ${GIVEN_UP_TO} AS given`,
    )
    .get() ?? { settled: 0, found: 0, given: 0 };

function statements(database: Database) {
  return {
    keyOfRow: database.prepare<[number], string>('SELECT key FROM main.event WHERE id = ?').pluck(),
    setMeta: database.prepare(
      'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    ),
  };
}

/** A condition, and its values, that selects the event of a key; for readers, who know no keys in memory. */
export function eventOfKey(database: Database, key: string): readonly [string, readonly unknown[]] {
  const condition = `event.key = ? AND event.id IN (SELECT value FROM json_each(?)
    UNION ALL SELECT id FROM event WHERE id > ${FOUND_UP_TO} AND key = ?)`;
  const text = asStored(key);
  const hash = keyHash(database)(text);
  const ids = [...idsWithHash(database, hash), ...idsListed(database, hash)];
  return [condition, [text, JSON.stringify(ids), text]];
}

/** Forgets which rows are settled or listed; the next append reads all keys again. Belongs to the caller's transaction. */
export const unsettleKeys = (database: Database): void =>
  void database.exec(`
    DELETE FROM event_key;
    DELETE FROM event_key_filter;
    DELETE FROM event_key_list;
    DELETE FROM meta WHERE key = '${SETTLED}'`);

/**
 * The hash of keys in this ledger, 32 bits with a sign. It begins with a number of the ledger's own, so that
 * nobody can write a log whose ids all coincide.
 */
export function keyHash(database: Database): (text: string, from?: number, to?: number) => number {
  const seed = Number(
    database.prepare<[], string>("SELECT value FROM meta WHERE key = 'key_seed'").pluck().get() ??
      0,
  );
  return (text, from = 0, to = text.length) => {
    let hash = seed ^ (to - from);
    for (let at = from; at < to; at += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(at), 0x2c1b3c6d);
      hash ^= hash >>> 15;
    }
    hash = Math.imul(hash ^ (hash >>> 13), 0x297a2d39);
    return hash ^ (hash >>> 16);
  };
}
