import type { RateBook } from '../domain/rate-book.ts';
import type { RunTags } from '../domain/run-tags.ts';
import { type CallFamilies, openCallFamilies, type Settled } from './call-family.ts';
import type { Clock } from './corrections.ts';
import { openCube } from './cube.ts';
import type { Database } from './database.ts';
import { asStored, type EventKeys, openEventKeys } from './event-keys.ts';
import { type IncomingEvent, openPlacement } from './event-placement.ts';
import { type IdentifierWishes, openIdentifiers } from './identifier-finding.ts';
import { type IncomingCall, oneRecord } from './incoming-call.ts';
import { isFromElsewhere, type Joining, openJoining } from './joining.ts';
import { openPackedAppend, type PackedAppend } from './packed-append.ts';
import { PackedPart } from './packed-part.ts';
import { openRunTags, type RunTagsTable } from './run-tags.ts';
import { openWaitingEvents, type WaitingEvents } from './waiting-events.ts';

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

/** Events to be added: as objects, or as they come packed from another thread. */
export type IncomingEvents = readonly IncomingEvent[] | PackedPart;

/** How many events are to be added. */
export const countOf = (events: IncomingEvents): number =>
  events instanceof PackedPart ? events.count : events.length;

/** Adds events and the tags of runs inside the caller's transactions, keeping cube and rates up to date. */
export interface Append {
  /** Begins a transaction: nothing of the one before is left. */
  readonly begin: () => void;
  readonly add: (events: IncomingEvents, tags: readonly RunTags[]) => Appended;
  /** Brings the cube up to what was added; before the transaction is committed. */
  readonly finish: () => void;
  /** Leaves little to look up for the next process that appends; in a transaction of its own, when nothing more is to come. */
  readonly settle: () => void;
}

interface AppendOptions {
  readonly book: RateBook;
  /** Dates corrections of closed months. */
  readonly now: Clock;
  /** Which tags are identifiers, as the user says. */
  readonly wishes: IdentifierWishes;
  /** How many keys are listed rather than settled; as openEventKeys has it when absent. */
  readonly fewKeys: number | undefined;
}

/** Opens the ledger for appending under the cards in force. */
export function openAppend(
  database: Database,
  { book, now, wishes, fewKeys }: AppendOptions,
): Append {
  const identifiers = openIdentifiers(database, wishes);
  const placement = openPlacement(database, book, identifiers.keys);
  const { place } = placement;
  const cube = openCube(database, now);
  const waiting = openWaitingEvents(database, place, cube);
  const areLookedUp = (): boolean => runs.areUsed() || families.areUsed();
  const packed = openPackedAppend(database, { placement, keys: () => keys, cube, areLookedUp });
  const keys = openEventKeys(database, (row) => waiting.keyOf(row) ?? packed.keyOf(row), fewKeys);
  const families = openCallFamilies(database, keys.rowOf);
  const runs = openRunTags(database);
  const joining = openJoining(database, place, cube);
  const forgetTagSets = (): void => {
    placement.forgetTagSets();
    packed.forget();
  };

  const take = openTaking({ waiting, packed, keys, families, runs, joining });

  return {
    begin() {
      waiting.forget();
      packed.look();
      keys.look();
      if (identifiers.look()) forgetTagSets();
      runs.look();
      families.look();
    },
    add(events, tags) {
      const counts = { added: 0, duplicate: 0, completed: 0, joined: 0 };
      for (const tagsOfRun of tags)
        for (const { present, wiser } of runs.keep(tagsOfRun)) joining.replace(present, wiser);
      const { added, calls } =
        events instanceof PackedPart
          ? packed.add(events)
          : { added: 0, calls: events.map(oneRecord) };
      counts.added += added;
      families.expect(calls);
      for (const call of calls) take(call, counts);
      waiting.write();
      families.write();
      if (identifiers.isDue()) {
        cube.write();
        if (identifiers.find()) forgetTagSets();
      }
      return counts;
    },
    finish() {
      cube.write();
      keys.finish();
    },
    settle: keys.settle,
  };
}

type Counts = { -readonly [Count in keyof Appended]: Appended[Count] };

interface TakingParts {
  readonly waiting: WaitingEvents;
  readonly packed: PackedAppend;
  readonly keys: EventKeys;
  readonly families: CallFamilies;
  readonly runs: RunTagsTable;
  readonly joining: Joining;
}

/** Adds a call that the ledger does not know, or joins its records to what it knows, and counts what became of them. */
function openTaking({
  waiting,
  packed,
  keys,
  families,
  runs,
  joining,
}: TakingParts): (call: IncomingCall, counts: Counts) => void {
  const takeKnown = (incoming: IncomingEvent, { key, merges }: Settled, counts: Counts): void => {
    // What is to be taken out has to be in its row.
    if (merges.length > 0) waiting.write();
    merges.forEach(packed.settle);
    const { known, elsewhere } = joining.gather(incoming, merges);
    const row = keys.rowOf(key);
    if (row === undefined) {
      waiting.add(keys.add(key), known, key);
      counts.completed += 1;
      if (elsewhere) counts.joined += 1;
      return;
    }
    const waited = waiting.join(known, row);
    if (waited === undefined) packed.settle(row);
    const { outcome, present } = waited ?? joining.join(known, row);
    counts[outcome] += 1;
    if (elsewhere || isFromElsewhere(present, incoming)) counts.joined += 1;
  };

  return ({ known, records, each }: IncomingCall, counts) => {
    const incoming = runs.tagged(known);
    const { key: ownKey, merges } = families.settle(incoming.event, incoming.key);
    const key = asStored(ownKey);
    if (merges.length === 0 && keys.rowOf(key) === undefined) {
      waiting.add(keys.add(key), incoming, key);
      counts.added += 1;
      counts.completed += records - 1;
      return;
    }
    // What a record adds depends on what is known already; what belongs together does so after the first.
    for (const [index, record] of each().entries())
      takeKnown(runs.tagged(record), { key, merges: index === 0 ? merges : [] }, counts);
  };
}
