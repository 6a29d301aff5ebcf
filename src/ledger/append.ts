import type { RateBook } from '../domain/rate-book.ts';
import type { RunTags } from '../domain/run-tags.ts';
import { openCallFamilies } from './call-family.ts';
import type { Clock } from './corrections.ts';
import { openCube } from './cube.ts';
import type { Database } from './database.ts';
import { openEventInserts, ROWS_A_STATEMENT } from './event-inserts.ts';
import { type IncomingEvent, openPlacement, type Placed } from './event-placement.ts';
import { type IdentifierWishes, openIdentifiers } from './identifier-finding.ts';
import { type Gathered, isFromElsewhere, joinedWith, openJoining, sameRow } from './joining.ts';
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

/** Adds events and the tags of runs inside the caller's transactions, keeping cube and rates up to date. */
export interface Append {
  /** Begins a transaction: nothing of the one before is left. */
  readonly begin: () => void;
  readonly add: (events: readonly IncomingEvent[], tags: readonly RunTags[]) => Appended;
  /** Brings the cube up to what was added; before the transaction is committed. */
  readonly finish: () => void;
}

interface AppendOptions {
  readonly book: RateBook;
  /** Dates corrections of closed months. */
  readonly now: Clock;
  /** Which tags are identifiers, as the user says. */
  readonly wishes: IdentifierWishes;
}

/** Opens the ledger for appending under the cards in force. */
export function openAppend(database: Database, { book, now, wishes }: AppendOptions): Append {
  const identifiers = openIdentifiers(database, wishes);
  const { place, forgetTagSets } = openPlacement(database, book, identifiers.keys);
  const inserts = openEventInserts(database);
  /** Events to be inserted together, in their order, by the keys they will have. */
  let waiting = new Map<string, Waiting>();
  const families = openCallFamilies(database, (key) => waiting.has(key));
  const cube = openCube(database, now);
  const runs = openRunTags(database);
  const { replace, join, gather } = openJoining(database, place, cube);

  let counts = NOTHING;

  const count = ({ outcome, present, record }: Told): void => {
    counts[outcome] += 1;
    if (record.elsewhere || (present !== undefined && isFromElsewhere(present, record.incoming)))
      counts.joined += 1;
  };

  /** Writes the events that wait, and joins their records to the call where it is there already. */
  const write = (): void => {
    const written = waiting;
    if (written.size === 0) return;
    waiting = new Map<string, Waiting>();
    const added = inserts.write(Array.from(written.values(), ({ placed }) => placed.row));
    for (const [key, { placed, told }] of written) {
      if (added === undefined || added.has(key)) {
        cube.add(placed.change, 1);
        for (const each of told) count(each);
      } else for (const { record } of told) count({ ...join(record.known, key), record });
    }
  };

  const take = (event: IncomingEvent): void => {
    const incoming = runs.tagged(event);
    const { key, merges } = families.settle(incoming.event, incoming.key);
    if (merges.length > 0) write();
    const record = { incoming, ...gather(incoming, merges) };
    const present = waiting.get(key);
    if (present === undefined) {
      const outcome = merges.length > 0 ? 'completed' : 'added';
      const placed = place(record.known, key);
      waiting.set(key, { known: record.known, placed, told: [{ record, outcome }] });
      if (waiting.size === ROWS_A_STATEMENT) write();
      return;
    }
    // Snapshots of a stream follow each other: they are joined before any of them is written.
    const known = joinedWith(present.known, record.known);
    const placed = place(known, key);
    const outcome = sameRow(placed, present.placed) ? 'duplicate' : 'completed';
    const told = [...present.told, { record, outcome, present: present.known } as const];
    waiting.set(key, { known, placed, told });
  };

  return {
    begin() {
      waiting = new Map<string, Waiting>();
      if (identifiers.look()) forgetTagSets();
      runs.look();
      families.look();
    },
    add(events, tags) {
      counts = { ...NOTHING };
      for (const tagsOfRun of tags)
        for (const { present, wiser } of runs.keep(tagsOfRun)) replace(present, wiser);
      families.expect(events);
      for (const event of events) take(event);
      write();
      families.write();
      if (identifiers.isDue()) {
        cube.write();
        if (identifiers.find()) forgetTagSets();
      }
      return counts;
    },
    finish: cube.write,
  };
}

const NOTHING = { added: 0, duplicate: 0, completed: 0, joined: 0 };

/** A record of a call, and what it and the records that were taken out for it know together. */
interface CallRecord extends Gathered {
  readonly incoming: IncomingEvent;
}

/** What a record was for its call, of which `present` was known before. */
interface Told {
  readonly record: CallRecord;
  readonly outcome: 'added' | 'completed' | 'duplicate';
  readonly present?: IncomingEvent;
}

/** An event that is to be inserted with others: what all its records know, and what each told if it is new. */
interface Waiting {
  readonly known: IncomingEvent;
  readonly placed: Placed;
  readonly told: readonly Told[];
}
