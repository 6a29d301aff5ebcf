import { STATUSES } from '../domain/usage.ts';
import type { CubeChange } from './cube-cells.ts';
import type { CubeChanges } from './cube.ts';
import type { Database } from './database.ts';
import { BlockPacker, type Places } from './event-block.ts';
import { type EventBlocks, openEventBlocks } from './event-blocks.ts';
import type { EventKeys } from './event-keys.ts';
import type { PlacedSku, Placement } from './event-placement.ts';
import { callsOf, type IncomingCall, oneRecord } from './incoming-call.ts';
import { type EventKind, NUMBER, NUMBERS, type TagSet } from './packed-events.ts';
import type { PackedPart } from './packed-part.ts';

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

  const skuOf = remembered((kind: EventKind) =>
    isPlain(kind) ? placement.skuOf(kind, kind.format) : undefined,
  );
  const tagSetOf = remembered(placement.tagSetOf);

  /** Adds an event to the block; false when it is known, or says what a block does not keep. */
  const add = (part: PackedPart, index: number, to: Block): boolean => {
    if (!part.isPlain(index)) return false;
    const [kind, tagSet] = [part.kindOf(index), part.tagSetOf(index)];
    const [sku, tagSetId] = [skuOf.get(kind), tagSetOf.get(tagSet)];
    if (sku === undefined || tagSetId === undefined) return false;
    const { hashOf, rowOfHash, addHash } = keys();
    const hash = hashOf(part.text, part.textStarts[index] ?? 0, part.keyEnd(index));
    if (to.others.has(hash) || rowOfHash(hash, () => part.key(index)) !== undefined) return false;
    const change = changeOf(part, index, kind.status, sku, tagSet, tagSetId);
    to.first = addHash(hash) - to.count;
    to.indexes[to.count] = index;
    to.places.ownId[to.count] = kind.hasId ? 1 : 0;
    to.places.skuId[to.count] = sku.id;
    to.places.rateId[to.count] = change.rateId;
    to.places.tagSetId[to.count] = tagSetId;
    to.places.status[to.count] = STATUSES.indexOf(kind.status);
    to.count += 1;
    cube.add(change, 1);
    return true;
  };

  return {
    add(part) {
      // Keys are compared as they are stored, which differs from what was read where that is no text.
      if (areLookedUp() || !part.text.isWellFormed()) return { added: 0, calls: callsOf(part) };
      block = emptyBlock(part, packer.placesFor(part.count));
      const calls: IncomingCall[] = [];
      for (let index = 0; index < part.count; index += 1) {
        if (add(part, index, block)) continue;
        const other = part.event(index);
        calls.push(oneRecord(other));
        for (const id of [other.key, other.event.family ?? other.key])
          block.others.add(keys().hashOf(id, 0, id.length));
      }
      const { first, count, indexes } = block;
      if (count > 0) blocks.add(packer.block(first, part, indexes.subarray(0, count)));
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
    forget: tagSetOf.forget,
  };
}

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
  /** The id of its first event. */
  first: number;
  count: number;
  readonly indexes: Int32Array;
  /** Hashes of the ids of events that are not in it: later records of these calls must not come before them. */
  readonly others: Set<number>;
  readonly places: Places;
}

const emptyBlock = (part: PackedPart, places: Places): Block => ({
  part,
  first: 0,
  count: 0,
  indexes: new Int32Array(part.count),
  others: new Set(),
  places,
});

/** Whether a block keeps all that events of a kind have in common. */
const isPlain = ({ replay, errorCode, hasFamily }: EventKind): boolean =>
  replay !== true && errorCode === undefined && !hasFamily;

/** What a plain event adds to the cube. */
function changeOf(
  part: PackedPart,
  index: number,
  status: CubeChange['status'],
  sku: PlacedSku,
  { tags }: TagSet,
  tagSetId: number,
): CubeChange {
  const at = index * NUMBERS;
  const written = part.numbers[at + NUMBER.time] ?? Number.NaN;
  const time = Number.isNaN(written) ? undefined : written;
  const usage = part.plainUsage(index);
  return {
    time: time ?? null,
    skuId: sku.id,
    rateId: sku.rateOf({ time, usage, tags }),
    tagSetId,
    status,
    requests: part.numbers[at + NUMBER.requests] ?? 0,
    input: usage.input,
    cacheRead: usage.cacheRead,
    cacheWrite: usage.cacheWrite['default'] ?? 0,
    output: usage.output,
    reasoning: usage.reasoning,
    extra: null,
    reported: null,
  };
}
