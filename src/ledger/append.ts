import type { RateBook } from '../domain/rate-book.ts';
import type { RunTags } from '../domain/run-tags.ts';
import { type Appended, type Counts, noCounts } from './appended.ts';
import { openFamilyTable } from './call-family-table.ts';
import { type CallFamilies, openCallFamilies, type Settled } from './call-family.ts';
import type { Clock } from './corrections.ts';
import { openCube } from './cube.ts';
import type { Database } from './database.ts';
import { asStored, type EventKeys, type EventsElsewhere, openEventKeys } from './event-keys.ts';
import { type IncomingEvent, openPlacement } from './event-placement.ts';
import { type IdentifierWishes, openIdentifiers } from './identifier-finding.ts';
import { isFromElsewhere, type Joining, openJoining } from './joining.ts';
import { openPackedAppend, type PackedAppend } from './packed-append.ts';
import { PackedPart } from './packed-part.ts';
import { openRunTags, type RunTagsTable } from './run-tags.ts';
import { openWaitingEvents, type WaitingEvents } from './waiting-events.ts';

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
  const runs = openRunTags(database);
  const table = openFamilyTable(database);
  const packed = openPackedAppend(database, {
    placement,
    keys: () => keys,
    families: table,
    cube,
    hasRunTags: runs.areUsed,
  });
  const keys = openEventKeys(database, elsewhere(waiting, packed), fewKeys);
  const families = openCallFamilies(table, keys, packed);
  const joining = openJoining(database, place, cube, packed);
  const forgetTagSets = (): void => {
    placement.forgetTagSets();
    packed.forget();
  };

  const take = openTaking({ waiting, packed, keys, families, runs, joining });

  /** Adds what goes into a block; the events that are left, of which more may be known. */
  const othersOf = (events: IncomingEvents, counts: Counts): readonly IncomingEvent[] => {
    const { others, ...more } =
      events instanceof PackedPart ? packed.add(events) : { ...noCounts(), others: events };
    counts.added += more.added;
    counts.completed += more.completed;
    counts.duplicate += more.duplicate;
    counts.joined += more.joined;
    families.expect(others);
    return others;
  };

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
      const counts = noCounts();
      for (const tagsOfRun of tags)
        for (const { present, wiser } of runs.keep(tagsOfRun)) joining.replace(present, wiser);
      // Both make rows of blocks, which puts their families into the table.
      if (tags.length > 0) families.look();
      for (const event of othersOf(events, counts)) take(event, counts);
      waiting.write();
      packed.write();
      table.write();
      if (identifiers.isDue()) {
        cube.write();
        if (identifiers.find()) {
          forgetTagSets();
          families.look();
        }
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

/** The events that are no rows yet. */
const elsewhere = (waiting: WaitingEvents, packed: PackedAppend): EventsElsewhere => ({
  keyOf: (id) => waiting.keyOf(id) ?? packed.namesOf(id)?.key,
  familyOf: (id) => packed.namesOf(id)?.family,
});

interface TakingParts {
  readonly waiting: WaitingEvents;
  readonly packed: PackedAppend;
  readonly keys: EventKeys;
  readonly families: CallFamilies;
  readonly runs: RunTagsTable;
  readonly joining: Joining;
}

/** Adds a call that the ledger does not know, or joins its record to what it knows, and counts what became of it. */
function openTaking({
  waiting,
  packed,
  keys,
  families,
  runs,
  joining,
}: TakingParts): (event: IncomingEvent, counts: Counts) => void {
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
    const { outcome, present } = waiting.join(known, row) ?? joining.join(known, row);
    counts[outcome] += 1;
    if (elsewhere || isFromElsewhere(present, incoming)) counts.joined += 1;
  };

  return (record, counts) => {
    const incoming = runs.tagged(record);
    const { key: ownKey, merges } = families.settle(incoming.event, incoming.key);
    const key = asStored(ownKey);
    if (merges.length > 0 || keys.rowOf(key) !== undefined)
      return takeKnown(incoming, { key, merges }, counts);
    waiting.add(keys.add(key), incoming, key);
    counts.added += 1;
  };
}
