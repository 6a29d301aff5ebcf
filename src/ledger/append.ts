import type { RateBook } from '../domain/rate-book.ts';
import { isFuller, joinSameCall } from '../domain/same-call.ts';
import { openCallFamilies } from './call-family.ts';
import { openCube } from './cube.ts';
import type { Database } from './database.ts';
import { EVENT_COLUMNS, type IncomingEvent, openPlacement } from './event-placement.ts';
import { readEventByKey } from './stored-event.ts';

/** What became of the events of a batch. */
export interface Appended {
  readonly added: number;
  /** Already there, and no wiser for this record. */
  readonly duplicate: number;
  /** Already there; this record knew more of the call. */
  readonly completed: number;
}

/** Adds events inside the caller's transaction, keeping cube and rates up to date. */
export type Append = (events: readonly IncomingEvent[]) => Appended;

/** Opens the ledger for appending under the cards in force. */
export function openAppend(database: Database, book: RateBook): Append {
  const place = openPlacement(database, book);
  const families = openCallFamilies(database);
  const cube = openCube(database);
  const insert = database.prepare(
    `INSERT OR IGNORE INTO event (${EVENT_COLUMNS.join(', ')}) VALUES (${EVENT_COLUMNS.map(() => '?').join(', ')})`,
  );
  const update = database.prepare(
    `UPDATE event SET ${EVENT_COLUMNS.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`,
  );

  const join = (incoming: IncomingEvent, key: string): 'duplicate' | 'completed' => {
    const present = readEventByKey(database, key);
    if (present === undefined) throw new Error(`event ${key} is neither new nor there`);
    const joined = joinSameCall(present.event, incoming.event);
    const origin = isFuller(incoming.event, present.event) ? incoming : present;
    const before = place(present, key);
    const after = place({ ...origin, event: joined, key }, key);
    if (before.row.join('\0') === after.row.join('\0')) return 'duplicate';
    const { sku, rate, tagSet } = present.ids;
    cube.add({ ...before.change, skuId: sku, rateId: rate, tagSetId: tagSet }, -1);
    cube.add(after.change, 1);
    update.run(...after.row, present.rowId);
    return 'completed';
  };

  const remove = database.prepare('DELETE FROM event WHERE id = ?');

  /** Takes events out that turn out to be records of the same call; returns what all of them know. */
  const gather = (incoming: IncomingEvent, keys: readonly string[]): IncomingEvent =>
    keys.reduce((known, key) => {
      const present = readEventByKey(database, key);
      if (present === undefined) return known;
      const { sku, rate, tagSet } = present.ids;
      const { change } = place(present, key);
      cube.add({ ...change, skuId: sku, rateId: rate, tagSetId: tagSet }, -1);
      remove.run(present.rowId);
      const origin = isFuller(known.event, present.event) ? known : present;
      return { ...origin, event: joinSameCall(present.event, known.event) };
    }, incoming);

  return (events) => {
    const counts = { added: 0, duplicate: 0, completed: 0 };
    for (const read of events) {
      const { key, merges } = families.settle(read.event, read.key);
      const incoming = merges.length === 0 ? read : gather(read, merges);
      const { row, change } = place(incoming, key);
      if (insert.run(...row).changes === 1) {
        cube.add(change, 1);
        counts[merges.length === 0 ? 'added' : 'completed'] += 1;
      } else counts[join(incoming, key)] += 1;
    }
    cube.write();
    return counts;
  };
}
