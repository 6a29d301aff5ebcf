import type { RateBook } from '../domain/rate-book.ts';
import type { RunTags } from '../domain/run-tags.ts';
import { isFuller, joinSameCall } from '../domain/same-call.ts';
import { openCallFamilies } from './call-family.ts';
import type { Clock } from './corrections.ts';
import { openCube } from './cube.ts';
import type { Database } from './database.ts';
import { EVENT_COLUMNS, type IncomingEvent, openPlacement } from './event-placement.ts';
import { openRunTags } from './run-tags.ts';
import { readEventByKey, type StoredEvent } from './stored-event.ts';

/** What became of the events of a batch. */
export interface Appended {
  readonly added: number;
  /** Already there, and no wiser for this record. */
  readonly duplicate: number;
  /** Already there; this record knew more of the call. */
  readonly completed: number;
  /** How many of those already there had been told by another file or in another format. */
  readonly joined: number;
}

interface Joined {
  readonly outcome: 'duplicate' | 'completed';
  /** The event as it was before. */
  readonly present: IncomingEvent;
}

interface Gathered {
  readonly known: IncomingEvent;
  /** Whether any of the records gathered came from another file or format. */
  readonly elsewhere: boolean;
}

/** Adds events and the tags of runs inside the caller's transaction, keeping cube and rates up to date. */
export type Append = (events: readonly IncomingEvent[], tags: readonly RunTags[]) => Appended;

/** Opens the ledger for appending under the cards in force; `now` dates corrections of closed months. */
export function openAppend(database: Database, book: RateBook, now: Clock): Append {
  const place = openPlacement(database, book);
  const families = openCallFamilies(database);
  const cube = openCube(database, now);
  const insert = database.prepare(
    `INSERT OR IGNORE INTO event (${EVENT_COLUMNS.join(', ')}) VALUES (${EVENT_COLUMNS.map(() => '?').join(', ')})`,
  );
  const update = database.prepare(
    `UPDATE event SET ${EVENT_COLUMNS.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`,
  );

  /** Puts a wiser event in the place of a stored one. */
  const replace = (present: StoredEvent, wiser: IncomingEvent): Joined['outcome'] => {
    const before = place(present, present.key);
    const after = place(wiser, present.key);
    if (before.row.join('\0') === after.row.join('\0')) return 'duplicate';
    const { sku, rate, tagSet } = present.ids;
    cube.add({ ...before.change, skuId: sku, rateId: rate, tagSetId: tagSet }, -1);
    cube.add(after.change, 1);
    update.run(...after.row, present.rowId);
    return 'completed';
  };

  const runs = openRunTags(database);

  const join = (incoming: IncomingEvent, key: string): Joined => {
    const present = readEventByKey(database, key);
    if (present === undefined) throw new Error(`event ${key} is neither new nor there`);
    const joined = joinSameCall(present.event, incoming.event);
    const origin = isFuller(incoming.event, present.event) ? incoming : present;
    return { outcome: replace(present, { ...origin, event: joined, key }), present };
  };

  const remove = database.prepare('DELETE FROM event WHERE id = ?');

  /** Takes events out that turn out to be records of the same call; returns what all of them know. */
  const gather = (incoming: IncomingEvent, keys: readonly string[]): Gathered =>
    keys.reduce<Gathered>(
      ({ known, elsewhere }, key) => {
        const present = readEventByKey(database, key);
        if (present === undefined) return { known, elsewhere };
        const { sku, rate, tagSet } = present.ids;
        const { change } = place(present, key);
        cube.add({ ...change, skuId: sku, rateId: rate, tagSetId: tagSet }, -1);
        remove.run(present.rowId);
        const origin = isFuller(known.event, present.event) ? known : present;
        return {
          known: { ...origin, event: joinSameCall(present.event, known.event) },
          elsewhere: elsewhere || isFromElsewhere(present, incoming),
        };
      },
      { known: incoming, elsewhere: false },
    );

  return (events, tags) => {
    for (const tagsOfRun of tags)
      for (const { present, wiser } of runs.keep(tagsOfRun)) replace(present, wiser);
    const counts = { added: 0, duplicate: 0, completed: 0, joined: 0 };
    for (const incoming of events) {
      const read = runs.tagged(incoming);
      const { key, merges } = families.settle(read.event, read.key);
      const { known, elsewhere } = gather(read, merges);
      const { row, change } = place(known, key);
      if (insert.run(...row).changes === 1) {
        cube.add(change, 1);
        counts[merges.length === 0 ? 'added' : 'completed'] += 1;
        if (elsewhere) counts.joined += 1;
      } else {
        const joined = join(known, key);
        counts[joined.outcome] += 1;
        if (elsewhere || isFromElsewhere(joined.present, read)) counts.joined += 1;
      }
    }
    cube.write();
    return counts;
  };
}

type Place = Pick<IncomingEvent, 'fileId' | 'format'>;

const isFromElsewhere = (present: Place, incoming: Place): boolean =>
  present.fileId !== incoming.fileId || present.format !== incoming.format;
