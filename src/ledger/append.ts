import type { RateBook } from '../domain/rate-book.ts';
import type { RunTags } from '../domain/run-tags.ts';
import { isFuller, joinSameCall } from '../domain/same-call.ts';
import { openCallFamilies } from './call-family.ts';
import type { Clock } from './corrections.ts';
import { openCube } from './cube.ts';
import type { Database } from './database.ts';
import { openEventInserts, ROWS_A_STATEMENT } from './event-inserts.ts';
import {
  EVENT_COLUMNS,
  type IncomingEvent,
  openPlacement,
  type Placed,
} from './event-placement.ts';
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
  const inserts = openEventInserts(database);
  const waitingKeys = new Set<string>();
  const families = openCallFamilies(database, (key) => waitingKeys.has(key));
  const cube = openCube(database, now);
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

  let counts = NOTHING;
  let waiting: Waiting[] = [];

  /** Writes the events that wait, in their order, and joins those whose call is there already. */
  const write = (): void => {
    const written = waiting;
    if (written.length === 0) return;
    waiting = [];
    waitingKeys.clear();
    const added = inserts.write(written.map(({ placed }) => placed.row));
    for (const { incoming, known, key, placed, merged, elsewhere } of written) {
      if (added === undefined || added.delete(key)) {
        cube.add(placed.change, 1);
        counts[merged ? 'completed' : 'added'] += 1;
        if (elsewhere) counts.joined += 1;
      } else {
        const joined = join(known, key);
        counts[joined.outcome] += 1;
        if (elsewhere || isFromElsewhere(joined.present, incoming)) counts.joined += 1;
      }
    }
  };

  const take = (event: IncomingEvent): void => {
    const incoming = runs.tagged(event);
    const { key, merges } = families.settle(incoming.event, incoming.key);
    if (merges.length > 0) write();
    const { known, elsewhere } = gather(incoming, merges);
    const placed = place(known, key);
    waiting.push({ incoming, known, key, placed, merged: merges.length > 0, elsewhere });
    waitingKeys.add(key);
    if (waiting.length === ROWS_A_STATEMENT) write();
  };

  return (events, tags) => {
    counts = { ...NOTHING };
    // What a transaction that failed left behind was rolled back with it.
    waiting = [];
    waitingKeys.clear();
    runs.look();
    families.look();
    for (const tagsOfRun of tags)
      for (const { present, wiser } of runs.keep(tagsOfRun)) replace(present, wiser);
    for (const event of events) take(event);
    write();
    cube.write();
    return counts;
  };
}

const NOTHING = { added: 0, duplicate: 0, completed: 0, joined: 0 };

/** An event that is to be inserted with others. */
interface Waiting {
  /** As it came, and with what records of the same call that were taken out knew. */
  readonly incoming: IncomingEvent;
  readonly known: IncomingEvent;
  readonly key: string;
  readonly placed: Placed;
  readonly merged: boolean;
  readonly elsewhere: boolean;
}

type Place = Pick<IncomingEvent, 'fileId' | 'format'>;

const isFromElsewhere = (present: Place, incoming: Place): boolean =>
  present.fileId !== incoming.fileId || present.format !== incoming.format;
