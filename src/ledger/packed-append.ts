import { STATUSES } from '../domain/usage.ts';
import { type BlockNames, extraWrites } from './block-reading.ts';
import type { FamilyTable } from './call-family-table.ts';
import type { CubeChange } from './cube-cells.ts';
import type { CubeChanges } from './cube.ts';
import type { Database } from './database.ts';
import { BlockPacker, type Places } from './event-block.ts';
import { type EventBlocks, openEventBlocks } from './event-blocks.ts';
import type { EventKeys } from './event-keys.ts';
import type { IncomingEvent, PlacedSku, Placement } from './event-placement.ts';
import { type EventKind, NUMBER, NUMBERS, type TagSet } from './packed-events.ts';
import type { PackedPart } from './packed-part.ts';
import { snapshotAdds } from './snapshots.ts';

/** Adds events as they come packed, without making objects of them. */
export interface PackedAppend extends Pick<EventBlocks, 'look' | 'settle'> {
  /** Adds a block of the plain events of a part that are new. */
  readonly add: (part: PackedPart) => PartlyAdded;
  /** The key of the event that has an id, and its family, if it is in a block, or in the one that is being made. */
  readonly namesOf: (id: number) => BlockNames | undefined;
  /** Forgets the ids of tag sets: needed when other tags than before have become identifiers. */
  readonly forget: () => void;
}

/** What became of the records of a part: those of events in its block, and those that go the way of all others. */
interface PartlyAdded {
  readonly added: number;
  /** Later snapshots of the events that were added. */
  readonly completed: number;
  readonly duplicate: number;
  readonly others: readonly IncomingEvent[];
}

interface AppendParts {
  readonly placement: Placement;
  readonly keys: () => EventKeys;
  readonly families: FamilyTable;
  readonly cube: CubeChanges;
  /** Whether the ledger has tags of runs, so that calls of runs have to be looked up. */
  readonly hasRunTags: () => boolean;
}

/** Opens the ledger for events that come packed, inside the caller's transactions. */
export function openPackedAppend(
  database: Database,
  { placement, keys, families, cube, hasRunTags }: AppendParts,
): PackedAppend {
  const blocks = openEventBlocks(database, families);
  const packer = new BlockPacker();
  let block: Block | undefined;

  const skuOf = remembered((kind: EventKind) =>
    isPlain(kind) ? placement.skuOf(kind, kind.format) : undefined,
  );
  const tagSetOf = remembered(placement.tagSetOf);

  /** Adds a record to the block; `other` when it says what a block does not keep, or more is known of its call. */
  const take = (to: Block, index: number): Taken => {
    const { part } = to;
    if (!part.isPlain(index) || (part.hasRun(index) && hasRunTags())) return 'other';
    if (skuOf.get(part.kindOf(index)) === undefined) return 'other';
    if (tagSetOf.get(part.tagSetOf(index)) === undefined) return 'other';
    const { hashOf, rowNamed, addHash, addFamily } = keys();
    const hash = hashOf(part.text, part.textStarts[index] ?? 0, part.keyEnd(index));
    const family = part.family(index);
    const familyHash = family === undefined ? hash : hashOf(family);
    if (to.others.has(hash) || to.others.has(familyHash)) return 'other';
    const known = rowNamed(hash, () => part.key(index));
    if (known !== undefined) return known < to.first ? 'other' : takeSnapshot(to, index, known);
    if (familyHash !== hash && rowNamed(familyHash, () => family ?? '') !== undefined)
      return 'other';
    if (families.isUsed() && families.members(family ?? part.key(index)).length > 0) return 'other';
    const row = to.count;
    to.count += 1;
    to.first = addHash(hash) - row;
    if (familyHash !== hash) addFamily(familyHash);
    to.indexes[row] = index;
    to.places.time[row] = part.numbers[index * NUMBERS + NUMBER.time] ?? Number.NaN;
    return 'added';
  };

  /** Gives the events of a block their places, and adds them to the cube. */
  const place = ({ part, count, indexes, places }: Block): void => {
    for (let row = 0; row < count; row += 1) {
      const index = indexes[row] ?? 0;
      const [kind, tagSet] = [part.kindOf(index), part.tagSetOf(index)];
      const [sku, tagSetId] = [skuOf.get(kind), tagSetOf.get(tagSet)];
      if (sku === undefined || tagSetId === undefined) throw new Error('an event has no place');
      const change = changeOf(part, index, {
        time: places.time[row] ?? Number.NaN,
        status: kind.status,
        sku,
        tagSet,
        tagSetId,
      });
      places.ownId[row] = kind.hasId ? 1 : 0;
      places.skuId[row] = sku.id;
      places.rateId[row] = change.rateId;
      places.tagSetId[row] = tagSetId;
      places.status[row] = STATUSES.indexOf(kind.status);
      places.replay[row] = kind.replay === true ? 1 : 0;
      cube.add(change, 1);
    }
  };

  return {
    add(part) {
      const counts = { added: 0, completed: 0, duplicate: 0 };
      // Keys are compared as they are stored, which differs from what was read where that is no text.
      if (!part.text.isWellFormed()) return { ...counts, others: part.events() };
      if (families.isUsed()) families.expect(namesOf(part));
      block = emptyBlock(part, packer.placesFor(part.count));
      const others: IncomingEvent[] = [];
      for (let index = 0; index < part.count; index += 1) {
        const taken = take(block, index);
        if (taken !== 'other') {
          counts[taken] += 1;
          continue;
        }
        const other = part.event(index);
        others.push(other);
        for (const id of [other.key, other.event.family ?? other.key])
          block.others.add(keys().hashOf(id));
      }
      const { first, count, indexes } = block;
      place(block);
      if (count > 0) blocks.add(packer.block(first, part, indexes.subarray(0, count)));
      block = undefined;
      return { ...counts, others };
    },
    namesOf(id) {
      if (block === undefined || id < block.first || id >= block.first + block.count)
        return blocks.namesOf(id);
      const index = block.indexes[id - block.first] ?? 0;
      return { key: block.part.key(index), family: block.part.family(index) ?? null };
    },
    look: blocks.look,
    settle: blocks.settle,
    forget: tagSetOf.forget,
  };
}

/** What becomes of a record. */
type Taken = 'added' | 'completed' | 'duplicate' | 'other';

/** Joins a record to the event of a block in the making that has its key, if both are snapshots of one stream. */
function takeSnapshot({ part, first, indexes, places }: Block, index: number, id: number): Taken {
  const row = id - first;
  const known = { fullest: indexes[row] ?? 0, time: places.time[row] ?? Number.NaN };
  const adds = snapshotAdds(part, index, known);
  if (adds === undefined) return 'other';
  if (adds === 'nothing') return 'duplicate';
  indexes[row] = index;
  return 'completed';
}

/** What the families of a part's events may be in the table. */
const namesOf = (part: PackedPart): readonly string[] =>
  Array.from({ length: part.count }, (_, index) => part.family(index) ?? part.key(index));

/** Most things whose place is remembered. */
const REMEMBERED = 50_000;

interface Remembered<Thing, Place> {
  readonly get: (thing: Thing) => Place;
  readonly forget: () => void;
}

/** Finds the place of each thing once, as long as there are not too many. */
function remembered<Thing extends object, Place>(
  find: (thing: Thing) => Place,
): Remembered<Thing, Place> {
  const known = new Map<Thing, { readonly place: Place }>();
  return {
    get(thing) {
      const present = known.get(thing);
      if (present !== undefined) return present.place;
      const place = find(thing);
      if (known.size >= REMEMBERED) known.clear();
      known.set(thing, { place });
      return place;
    },
    forget: () => known.clear(),
  };
}

/** A block in the making. */
interface Block {
  readonly part: PackedPart;
  /** The id of its first event; beyond all ids while it has none. */
  first: number;
  count: number;
  /** The fullest record of each event. */
  readonly indexes: Int32Array;
  /** Hashes of the ids of events that are not in it: later records of these calls must not come before them. */
  readonly others: Set<number>;
  readonly places: Places;
}

const emptyBlock = (part: PackedPart, places: Places): Block => ({
  part,
  first: Number.POSITIVE_INFINITY,
  count: 0,
  indexes: new Int32Array(part.count),
  others: new Set(),
  places,
});

/** Whether a block keeps all that events of a kind have in common. */
const isPlain = ({ errorCode }: EventKind): boolean => errorCode === undefined;

interface Placed {
  /** NaN where the source does not say. */
  readonly time: number;
  readonly status: CubeChange['status'];
  readonly sku: PlacedSku;
  readonly tagSet: TagSet;
  readonly tagSetId: number;
}

/** What a plain event adds to the cube. */
function changeOf(
  part: PackedPart,
  index: number,
  { time: at, status, sku, tagSet, tagSetId }: Placed,
): CubeChange {
  const time = Number.isNaN(at) ? undefined : at;
  const usage = part.plainUsage(index);
  const [short, long] = [usage.cacheWrite['5m'] ?? 0, usage.cacheWrite['1h'] ?? 0];
  return {
    time: time ?? null,
    skuId: sku.id,
    rateId: sku.rateOf({ time, usage, tags: tagSet.tags }),
    tagSetId,
    status,
    requests: part.numbers[index * NUMBERS + NUMBER.requests] ?? 0,
    input: usage.input,
    cacheRead: usage.cacheRead,
    cacheWrite: (usage.cacheWrite['default'] ?? 0) + short + long,
    output: usage.output,
    reasoning: usage.reasoning,
    extra: extraWrites(short, long),
    reported: null,
  };
}
