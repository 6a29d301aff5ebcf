import { isFuller, joinSameCall } from '../domain/same-call.ts';
import type { CubeChanges } from './cube.ts';
import type { Database } from './database.ts';
import type { EventBlocks } from './event-blocks.ts';
import type { IncomingEvent } from './event-placement.ts';
import { ALL_COLUMNS, allValues, type PlacedEvent, sameRow } from './placed-event.ts';
import { readEventOfRow, readPlacedEvent, type StoredEvent } from './stored-event.ts';

/** What became of a record whose call is there already. */
export interface Joined {
  readonly outcome: 'duplicate' | 'completed';
  /** The event as it was before. */
  readonly present: IncomingEvent;
}

/** What several records of one call know together. */
export interface Gathered {
  readonly known: IncomingEvent;
  /** Whether any of the records gathered came from another file or format. */
  readonly elsewhere: boolean;
}

/** Joins records of one call inside the caller's transaction, keeping the cube up to date. */
export interface Joining {
  /** Puts a wiser event in the place of a stored one. */
  readonly replace: (present: StoredEvent, wiser: IncomingEvent) => Joined['outcome'];
  /** Joins a record to the event of a row, whose key it has. */
  readonly join: (incoming: IncomingEvent, row: number) => Joined;
  /** Takes rows out whose events turn out to be records of the same call; returns what all of them know. */
  readonly gather: (incoming: IncomingEvent, rows: readonly number[]) => Gathered;
}

/** Opens the event table for joining. */
export function openJoining(
  database: Database,
  place: (incoming: IncomingEvent, key: string) => PlacedEvent,
  cube: CubeChanges,
  blocks: Pick<EventBlocks, 'eventOf' | 'replace'>,
): Joining {
  const update = database.prepare(
    `UPDATE main.event SET ${ALL_COLUMNS.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`,
  );

  const replace = (present: StoredEvent, wiser: IncomingEvent): Joined['outcome'] => {
    const before = place(present, present.key);
    const after = place(wiser, present.key);
    if (sameRow(before, after)) return 'duplicate';
    const { sku, rate, tagSet } = present.ids;
    cube.add({ ...before, skuId: sku, rateId: rate, tagSetId: tagSet }, -1);
    cube.add(after, 1);
    if (!blocks.replace(present.rowId, after)) update.run(...allValues(after), present.rowId);
    return 'completed';
  };

  const join = (incoming: IncomingEvent, row: number): Joined => {
    const inBlock = blocks.eventOf(row);
    const present =
      inBlock === undefined
        ? readEventOfRow(database, row)
        : readPlacedEvent(database, row, inBlock.event);
    if (present === undefined) throw new Error(`row ${row} has no event`);
    const wiser = { ...joinedWith(present, incoming), key: present.key };
    return { outcome: replace(present, wiser), present };
  };

  const remove = database.prepare('DELETE FROM main.event WHERE id = ?');

  const gather = (incoming: IncomingEvent, rows: readonly number[]): Gathered =>
    rows.reduce<Gathered>(
      ({ known, elsewhere }, row) => {
        const present = readEventOfRow(database, row);
        if (present === undefined) return { known, elsewhere };
        const { sku, rate, tagSet } = present.ids;
        const placed = place(present, present.key);
        cube.add({ ...placed, skuId: sku, rateId: rate, tagSetId: tagSet }, -1);
        remove.run(present.rowId);
        return {
          known: joinedWith(present, known),
          elsewhere: elsewhere || isFromElsewhere(present, incoming),
        };
      },
      { known: incoming, elsewhere: false },
    );

  return { replace, join, gather };
}

/** What two records of one call know together, at the place of the fuller one. */
export const joinedWith = (present: IncomingEvent, incoming: IncomingEvent): IncomingEvent => ({
  ...(isFuller(incoming.event, present.event) ? incoming : present),
  event: joinSameCall(present.event, incoming.event),
});

type Place = Pick<IncomingEvent, 'fileId' | 'format'>;

/** Whether a record of a call came from another file or in another format. */
export const isFromElsewhere = (present: Place, incoming: Place): boolean =>
  present.fileId !== incoming.fileId || present.format !== incoming.format;
