import { STATUSES } from '../domain/usage.ts';
import type { CubeChanges } from './cube.ts';
import type { Database } from './database.ts';
import { BlockPacker, type Places } from './event-block.ts';
import { type EventBlocks, openEventBlocks } from './event-blocks.ts';
import type { EventKeys } from './event-keys.ts';
import type { Placement } from './event-placement.ts';
import { callsOf, type IncomingCall, oneRecord } from './incoming-call.ts';
import { type EventKind, NUMBER, NUMBERS } from './packed-events.ts';
import type { PackedPart } from './packed-part.ts';
import type { SkuRates } from './rate-assignment.ts';

/** Adds events as they come packed, without making objects of them. */
export interface PackedAppend extends Pick<EventBlocks, 'look' | 'settle'> {
  /** Adds a block of the plain events of a part that are new. */
  readonly add: (part: PackedPart) => PartlyAdded;
  /** The key of the event that has an id, if it is in a block, or in the one that is being made. */
  readonly keyOf: (id: number) => string | undefined;
  /** Forgets the ids of tag sets: needed when other tags than before have become identifiers. */
  readonly forget: () => void;
}

/** How many events of a part are in a block, and the calls that go the way of all others. */
interface PartlyAdded {
  readonly added: number;
  readonly calls: readonly IncomingCall[];
}

interface AppendParts {
  readonly placement: Placement;
  readonly keys: () => EventKeys;
  readonly cube: CubeChanges;
  /** Whether every call has to be looked up, because something may be known of its run or its family. */
  readonly areLookedUp: () => boolean;
}

/** Opens the ledger for events that come packed, inside the caller's transactions. */
export function openPackedAppend(
  database: Database,
  { placement, keys, cube, areLookedUp }: AppendParts,
): PackedAppend {
  const blocks = openEventBlocks(database);
  const packer = new BlockPacker();
  let block: Block | undefined;

  const kinds = remembered((kind: EventKind): PlacedKind | undefined => {
    if (!isPlain(kind)) return undefined;
    const { id, rates } = placement.skuOf(kind, kind.format);
    return { skuId: id, rates, status: STATUSES.indexOf(kind.status), ownId: kind.hasId ? 1 : 0 };
  });
  const tagSets = remembered(placement.tagSetOf);

  /** Adds an event to the block; false when it is known, or says what a block does not keep. */
  const add = (part: PackedPart, index: number, to: Block): boolean => {
    if (!part.isPlain(index)) return false;
    const kind = kinds.get(part.kinds, part.kind(index));
    const tagSetId = tagSets.get(part.tagSets, part.tagSet(index));
    if (kind === undefined || tagSetId === undefined) return false;
    const { hashOf, rowOfHash, addHash } = to.keys;
    const [start, end] = [part.textStarts[index] ?? 0, part.keyEnd(index)];
    const hash = hashOf(part.text, start, end);
    if (to.others.size > 0 && to.others.has(hash)) return false;
    if (rowOfHash(hash, part.text, start, end) !== undefined) return false;
    const { places, count } = to;
    to.first = addHash(hash) - count;
    to.indexes[count] = index;
    places.ownId[count] = kind.ownId;
    places.skuId[count] = kind.skuId;
    places.rateId[count] = rateOf(part, index, kind.rates);
    places.tagSetId[count] = tagSetId;
    places.status[count] = kind.status;
    to.count = count + 1;
    return true;
  };

  return {
    add(part) {
      // Keys are compared as they are stored, which differs from what was read where that is no text.
      if (areLookedUp() || !part.text.isWellFormed()) return { added: 0, calls: callsOf(part) };
      block = emptyBlock(part, packer.placesFor(part.count), keys());
      const calls: IncomingCall[] = [];
      for (let index = 0; index < part.count; index += 1) {
        if (add(part, index, block)) continue;
        const other = part.event(index);
        calls.push(oneRecord(other));
        for (const id of [other.key, other.event.family ?? other.key])
          block.others.add(keys().hashOf(id, 0, id.length));
      }
      const { first, count, places } = block;
      const indexes = block.indexes.subarray(0, count);
      if (count > 0) {
        cube.addPacked(part.numbers, indexes, places);
        blocks.add(packer.block(first, part, indexes));
      }
      block = undefined;
      return { added: count, calls };
    },
    keyOf(id) {
      if (block === undefined || id < block.first || id >= block.first + block.count)
        return blocks.keyOf(id);
      return block.part.key(block.indexes[id - block.first] ?? 0);
    },
    look: blocks.look,
    settle: blocks.settle,
    forget: tagSets.forget,
  };
}

/** Where all plain events of a kind go. */
interface PlacedKind {
  readonly skuId: number;
  readonly rates: SkuRates;
  /** Its number in STATUSES. */
  readonly status: number;
  readonly ownId: 0 | 1;
}

interface Remembered<Thing, Place> {
  /** The place of the thing that has a number in a list. */
  readonly get: (things: readonly Thing[], number: number) => Place | undefined;
  readonly forget: () => void;
}

/** Finds the place of each thing of a list once; a list may grow, and what was found in another is forgotten. */
function remembered<Thing, Place>(
  find: (thing: Thing) => Place | undefined,
): Remembered<Thing, Place> {
  let known: readonly Thing[] | undefined;
  /** `null` where there is none. */
  let places: (Place | null)[] = [];
  return {
    get(things, number) {
      if (things !== known) [known, places] = [things, []];
      const thing = things[number];
      if (thing === undefined) throw new Error('events out of order');
      const present = places[number];
      if (present !== undefined) return present ?? undefined;
      const place = find(thing);
      places[number] = place ?? null;
      return place;
    },
    forget: () => void (places = []),
  };
}

/** A block in the making. */
interface Block {
  readonly part: PackedPart;
  readonly keys: EventKeys;
  /** The id of its first event. */
  first: number;
  count: number;
  readonly indexes: Int32Array;
  /** Hashes of the ids of events that are not in it: later records of these calls must not come before them. */
  readonly others: Set<number>;
  readonly places: Places;
}

const emptyBlock = (part: PackedPart, places: Places, keys: EventKeys): Block => ({
  part,
  keys,
  first: 0,
  count: 0,
  indexes: new Int32Array(part.count),
  others: new Set(),
  places,
});

/** Whether a block keeps all that events of a kind have in common. */
const isPlain = ({ replay, errorCode, hasFamily }: EventKind): boolean =>
  replay !== true && errorCode === undefined && !hasFamily;

/** The rate of a plain event; an object is made of it only where its time and counts do not tell. */
function rateOf(part: PackedPart, index: number, { steady, of }: SkuRates): number {
  const { numbers } = part;
  const at = index * NUMBERS;
  const told = steady.of(
    numbers[at + NUMBER.time] ?? Number.NaN,
    numbers[at + NUMBER.input] ?? 0,
    numbers[at + NUMBER.cacheRead] ?? 0,
    numbers[at + NUMBER.cacheWrite] || 0,
    numbers[at + NUMBER.output] ?? 0,
  );
  return told ?? of(part.ratedCall(index));
}
