import type { RateBook } from '../domain/rate-book.ts';
import type { RunTags } from '../domain/run-tags.ts';
import { openCallFamilies } from './call-family.ts';
import type { Clock } from './corrections.ts';
import { openCube } from './cube.ts';
import type { Database } from './database.ts';
import { openEventInserts, ROWS_A_STATEMENT } from './event-inserts.ts';
import { type IncomingEvent, openPlacement, type Placed } from './event-placement.ts';
import { isFromElsewhere, openJoining } from './joining.ts';
import { openRunTags } from './run-tags.ts';

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

/** Adds events and the tags of runs inside the caller's transaction, keeping cube and rates up to date. */
export type Append = (events: readonly IncomingEvent[], tags: readonly RunTags[]) => Appended;

/** Opens the ledger for appending under the cards in force; `now` dates corrections of closed months. */
export function openAppend(database: Database, book: RateBook, now: Clock): Append {
  const place = openPlacement(database, book);
  const inserts = openEventInserts(database);
  const waitingKeys = new Set<string>();
  const families = openCallFamilies(database, (key) => waitingKeys.has(key));
  const cube = openCube(database, now);
  const runs = openRunTags(database);
  const { replace, join, gather } = openJoining(database, place, cube);

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
