import { type BlockEvent, type BlockNames, eventsOf, namesOf } from './block-reading.ts';
import { type FamilyTable, memberOf, openFamilyTable } from './call-family-table.ts';
import type { Database } from './database.ts';
import { whileNobodyWrites } from './derived-change.ts';
import type { EventBlock } from './event-block.ts';
import { openEventInserts } from './event-inserts.ts';
import { OpenBlock } from './open-block.ts';
import type { PlacedEvent } from './placed-event.ts';

/**
 * Events that were read many at once and that nobody has asked about: a row of event_block for hundreds of them,
 * since a row each is most of what a large ingest takes. Cube and keys know them like all others. They become
 * rows of `event` when a question needs them, and then stay so.
 */
export interface EventBlocks {
  /** Forgets what was read of blocks; at the beginning of a transaction. */
  readonly look: () => void;
  readonly add: (block: EventBlock) => void;
  /** The key and the family of the event that has an id, if it is in a block. */
  readonly namesOf: (id: number) => BlockNames | undefined;
  /** The event that has an id, if it is in a block. */
  readonly eventOf: (id: number) => BlockEvent | undefined;
  /**
   * Puts another event under the id of one that is in a block. False where there is none; where a block cannot keep the
   * other event, it is made rows first.
   */
  readonly replace: (id: number, event: PlacedEvent) => boolean;
  /** Makes rows of the block that holds an id, if any does. */
  readonly settle: (id: number) => void;
  /** Writes what was replaced. */
  readonly write: () => void;
}

/** SQL of all blocks, to which a condition may be added. */
const SELECT = 'SELECT id, count, file_id, columns, numbers, texts FROM event_block';

/** Opens the blocks for appending, inside the caller's transactions, who also writes what becomes of families. */
export function openEventBlocks(database: Database, families: FamilyTable): EventBlocks {
  const insert = database.prepare(
    'INSERT INTO event_block (id, count, file_id, columns, numbers, texts) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const find = database.prepare<[number, number], EventBlock>(
    `${SELECT} WHERE id = (SELECT max(id) FROM event_block WHERE id <= ?) AND id + count > ?`,
  );
  const update = database.prepare(
    'UPDATE event_block SET columns = ?, numbers = ?, texts = ? WHERE id = ?',
  );
  let last: OpenBlock | undefined;
  let settleOne: ((block: EventBlock) => void) | undefined;
  const write = (): void => {
    const changed = last?.rewritten();
    if (changed === undefined) return;
    update.run(changed.columns, changed.numbers, changed.texts, changed.id);
    last = undefined;
  };
  const blockWith = (id: number): OpenBlock | undefined => {
    if (last?.has(id) === true) return last;
    const block = find.get(id, id);
    if (block === undefined) return undefined;
    write();
    return (last = new OpenBlock(block));
  };
  const settle = (id: number): void => {
    write();
    const block = blockWith(id)?.block;
    if (block === undefined) return;
    settleOne ??= openSettling(database, families);
    settleOne(block);
    last = undefined;
  };
  return {
    look: () => void (last = undefined),
    add: ({ id, count, file_id, columns, numbers, texts }) =>
      void insert.run(id, count, file_id, columns, numbers, texts),
    namesOf: (id) => blockWith(id)?.namesOf(id),
    eventOf: (id) => blockWith(id)?.eventOf(id),
    replace(id, event) {
      const block = blockWith(id);
      if (block === undefined) return false;
      if (block.replace(id, event)) return true;
      settle(id);
      return false;
    },
    settle,
    write,
  };
}

/** The id that an event has in the ledger, and what it is looked up by: its key, or the family that a block knows. */
export interface NameOfId {
  readonly id: number;
  readonly name: string;
}

/** Keys and families of the events of blocks whose ids are behind one and not behind another. */
export function* namesInBlocks(
  database: Database,
  after: number,
  last: number,
): Generator<NameOfId> {
  const some = `${SELECT} WHERE id + count - 1 > ? AND id <= ?`;
  for (const block of database.prepare<[number, number], EventBlock>(some).iterate(after, last))
    for (const [index, { key, family }] of namesOf(block).entries()) {
      const id = block.id + index;
      if (id <= after || id > last) continue;
      yield { id, name: key };
      if (family !== null && family !== key) yield { id, name: family };
    }
}

/** Blocks whose events `event` does not have, for this connection; in a transaction, so that it stays so. */
export function* unsettledBlocks(database: Database): Generator<EventBlock> {
  if (!isCopied(database)) yield* database.prepare<[], EventBlock>(SELECT).iterate();
}

/** Makes rows of all events that are in blocks. Belongs to the caller's transaction. */
export function settleBlocks(database: Database): void {
  const families = openFamilyTable(database);
  const settle = openSettling(database, families);
  for (const block of oneByOne(database)) {
    settle(block);
    families.write();
  }
}

function openSettling(database: Database, families: FamilyTable): (block: EventBlock) => void {
  const inserts = openEventInserts(database);
  const remove = database.prepare('DELETE FROM event_block WHERE id = ?');
  return (block) => {
    for (const { id, event, family } of eventsOf(block)) {
      inserts.add(id, event);
      if (family !== null) families.add(family, memberOf(event.key, family, event.replay === 1));
    }
    inserts.write();
    remove.run(block.id);
  };
}

/** All blocks; each may be removed when the next is asked for. */
function* oneByOne(database: Database): Generator<EventBlock> {
  const next = database.prepare<[number], EventBlock>(`${SELECT} WHERE id > ? ORDER BY id LIMIT 1`);
  for (let block = next.get(0); block !== undefined; block = next.get(block.id)) yield block;
}

/** Told how many events are about to become rows. */
export type SettlingListener = (events: number) => void;

/**
 * Sees to it that `event` has all events, before a question is asked that needs them. The first one pays for it,
 * a few seconds a million events. Where the ledger cannot be written now, it is so for this connection alone.
 */
export function settleForQuestions(database: Database, tell?: SettlingListener): void {
  const any = database.prepare('SELECT 1 FROM event_block LIMIT 1');
  if (any.get() === undefined) return;
  tell?.(database.prepare<[], number>('SELECT sum(count) FROM event_block').pluck().get() ?? 0);
  if (database.inTransaction) return settleBlocks(database);
  whileNobodyWrites(database, () => settleBlocks(database));
  if (any.get() !== undefined) copyBlocks(database);
}

/** A table and a view of this connection, behind which the ledger's own table of events stands back. */
function copyBlocks(database: Database): void {
  if (isCopied(database)) return;
  // Millions of events need not fit into memory.
  database.pragma('temp_store = FILE');
  database.exec(`
    CREATE TEMP TABLE event_of_block AS SELECT * FROM main.event LIMIT 0;
    -- Whoever can write may make rows of them meanwhile.
    CREATE TEMP VIEW event AS SELECT * FROM main.event
      UNION ALL SELECT * FROM event_of_block WHERE id NOT IN (SELECT id FROM main.event)`);
  const inserts = openEventInserts(database, 'temp.event_of_block');
  database.transaction(() => {
    for (const block of oneByOne(database))
      for (const { id, event } of eventsOf(block)) inserts.add(id, event);
    inserts.write();
  })();
}

const isCopied = (database: Database): boolean =>
  database.prepare("SELECT 1 FROM sqlite_temp_schema WHERE name = 'event_of_block'").get() !==
  undefined;
