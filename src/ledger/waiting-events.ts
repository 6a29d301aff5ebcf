import type { CubeChanges } from './cube.ts';
import type { Database } from './database.ts';
import { openEventInserts } from './event-inserts.ts';
import type { IncomingEvent } from './event-placement.ts';
import { type Joined, joinedWith } from './joining.ts';
import { type PlacedEvent, sameRow } from './placed-event.ts';

/**
 * Events that have a row id and are still to be inserted. Snapshots of a stream follow each other: they are
 * joined here, before any of them is written.
 */
export interface WaitingEvents {
  /** An event under the row id that comes after those that wait. */
  readonly add: (row: number, known: IncomingEvent, key: string) => void;
  /** Joins a record to the event of a row; `undefined` where that is written already. */
  readonly join: (incoming: IncomingEvent, row: number) => Joined | undefined;
  readonly keyOf: (row: number) => string | undefined;
  /** Inserts what waits, and adds it to the cube. */
  readonly write: () => void;
  /** Drops what a transaction left that was not committed. */
  readonly forget: () => void;
}

/** Opens the event table for inserting, inside the caller's transactions. */
export function openWaitingEvents(
  database: Database,
  place: (incoming: IncomingEvent, key: string) => PlacedEvent,
  cube: CubeChanges,
): WaitingEvents {
  const inserts = openEventInserts(database);
  let waiting: Waiting[] = [];
  let first = 0;
  return {
    add(row, known, key) {
      if (waiting.length === 0) first = row;
      waiting.push({ known, placed: place(known, key) });
    },
    join(incoming, row) {
      const present = waiting[row - first];
      if (present === undefined) return undefined;
      const known = joinedWith(present.known, incoming);
      const placed = place(known, present.placed.key);
      waiting[row - first] = { known, placed };
      const outcome = sameRow(placed, present.placed) ? 'duplicate' : 'completed';
      return { outcome, present: present.known };
    },
    keyOf: (row) => waiting[row - first]?.placed.key,
    write() {
      for (const [index, { placed }] of waiting.entries()) {
        inserts.add(first + index, placed);
        cube.add(placed, 1);
      }
      inserts.write();
      waiting = [];
    },
    forget() {
      waiting = [];
    },
  };
}

/** What all records of an event know, and its row. */
interface Waiting {
  readonly known: IncomingEvent;
  readonly placed: PlacedEvent;
}
