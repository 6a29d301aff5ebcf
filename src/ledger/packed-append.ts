import { STATUSES } from '../domain/usage.ts';
import { type Appended, noCounts } from './appended.ts';
import { BlockInMaking } from './block-in-making.ts';
import type { FamilyTable } from './call-family-table.ts';
import type { CubeChanges } from './cube.ts';
import type { Database } from './database.ts';
import { BlockPacker } from './event-block.ts';
import { type EventBlocks, openEventBlocks } from './event-blocks.ts';
import type { EventKeys } from './event-keys.ts';
import type { IncomingEvent, Placement } from './event-placement.ts';
import { type EventKind, NUMBER, NUMBERS, type TagSet } from './packed-events.ts';
import type { PackedPart } from './packed-part.ts';
import type { SkuRates } from './rate-assignment.ts';
import { addsNothing } from './told-again.ts';

/** Adds events as they come packed, without making objects of them. */
export interface PackedAppend extends Omit<EventBlocks, 'add'> {
  /** Adds a block of the plain events of a part that are new, each with the snapshots of it that follow. */
  readonly add: (part: PackedPart) => PartlyAdded;
  /** Forgets the ids of tag sets: needed when other tags than before have become identifiers. */
  readonly forget: () => void;
}

/** What became of the records that are in the block or add nothing to another one, and the events that go the way of all others. */
interface PartlyAdded extends Appended {
  readonly others: readonly IncomingEvent[];
}

interface AppendParts {
  readonly placement: Placement;
  readonly keys: () => EventKeys;
  readonly families: FamilyTable;
  readonly cube: CubeChanges;
  /** Whether the ledger has tags of runs, so that their calls have to be looked up. */
  readonly hasRunTags: () => boolean;
}

/** What becomes of a record: it is `copied` when another file tells it again; `undefined` when it says what a block does not keep, or more is known of its call. */
type Taken = Exclude<keyof Appended, 'joined'> | 'copied' | undefined;

/** Opens the ledger for events that come packed, inside the caller's transactions. */
export function openPackedAppend(
  database: Database,
  { placement, keys: openedKeys, families, cube, hasRunTags }: AppendParts,
): PackedAppend {
  const blocks = openEventBlocks(database, families);
  const packer = new BlockPacker();
  let making: BlockInMaking | undefined;
  const kinds = remembered((kind: EventKind) => placedKind(kind, placement));
  const tagSets = remembered(placement.tagSetOf);

  const take = openTaking({ kinds, tagSets, families, hasRunTags, blocks });

  /** Rates the events of a block, adds them to the cube and writes them. */
  const write = ({ part, places, fullest, first }: BlockInMaking): void => {
    for (let row = 0; row < fullest.length; row += 1) {
      const index = fullest[row] ?? 0;
      const rates = kinds.get(part.kinds, part.kind(index))?.rates;
      if (rates === undefined) throw new Error('an event without a place in a block');
      places.rateId[row] = rateOf(part, index, places.time[row] ?? Number.NaN, rates);
    }
    cube.addPacked(part.numbers, fullest, places);
    blocks.add(packer.block(first, part, fullest));
  };

  return {
    ...blocks,
    add(part) {
      const counts = { added: 0, completed: 0, duplicate: 0, copied: 0 };
      // Keys are compared as they are stored, which differs from what was read where that is no text.
      if (!part.text.isWellFormed()) return { ...noCounts(), others: part.events() };
      if (families.isUsed()) families.expect(familiesOf(part));
      const keys = openedKeys();
      const others: IncomingEvent[] = [];
      const hashes = new Set<number>();
      const block = new BlockInMaking(part, packer.placesFor(part.count));
      making = block;
      for (let index = 0; index < part.count; index += 1) {
        const taken = take(block, index, keys, hashes);
        if (taken !== undefined) {
          counts[taken] += 1;
          continue;
        }
        const other = part.event(index);
        others.push(other);
        for (const id of [other.key, other.event.family ?? other.key])
          hashes.add(keys.hashOf(id, 0, id.length));
      }
      if (block.count > 0) write(block);
      making = undefined;
      const { added, completed, duplicate, copied } = counts;
      return { added, completed, duplicate: duplicate + copied, joined: copied, others };
    },
    namesOf: (id) => making?.namesOf(id) ?? blocks.namesOf(id),
    forget: tagSets.forget,
  };
}

interface TakingParts extends Pick<AppendParts, 'families' | 'hasRunTags'> {
  readonly kinds: Remembered<EventKind, PlacedKind>;
  readonly tagSets: Remembered<TagSet, number>;
  readonly blocks: Pick<EventBlocks, 'eventOf'>;
}

/** Takes records into a block; `others` are the hashes of the ids of calls that are not in it, and so come later. */
function openTaking({ kinds, tagSets, families, hasRunTags, blocks }: TakingParts) {
  const isInTable = (part: PackedPart, index: number): boolean =>
    families.isUsed() && families.members(familyOf(part, index)).length > 0;
  return (
    block: BlockInMaking,
    index: number,
    keys: EventKeys,
    others: ReadonlySet<number>,
  ): Taken => {
    const { part, places, count: row } = block;
    const kind = kinds.get(part.kinds, part.kind(index));
    const tagSetId = tagSets.get(part.tagSets, part.tagSet(index));
    if (kind === undefined || tagSetId === undefined || !part.isPlain(index)) return undefined;
    if (hasRunTags() && part.hasRun(index)) return undefined;
    const start = part.textStarts[index] ?? 0;
    const keyEnd = part.keyEnd(index);
    const familyStart = part.familyStart(index);
    const end = part.textStarts[index + 1] ?? 0;
    const hash = keys.hashOf(part.text, start, keyEnd);
    const familyHash = familyStart < end ? keys.hashOf(part.text, familyStart, end) : hash;
    if (others.size > 0 && (others.has(hash) || others.has(familyHash))) return undefined;
    const known = keys.rowNamed(hash, part.text, start, keyEnd);
    if (known !== undefined && known >= block.first) return block.join(index, known - block.first);
    if (isInTable(part, index)) return undefined;
    if (known !== undefined) {
      const told = blocks.eventOf(known);
      if (told === undefined || !addsNothing(part, index, { ...kind, tagSetId }, told))
        return undefined;
      return told.event.fileId === part.fileId ? 'duplicate' : 'copied';
    }
    if (familyHash !== hash && keys.rowNamed(familyHash, part.text, familyStart, end) !== undefined)
      return undefined;
    block.add(index, keys.addHash(hash));
    if (familyHash !== hash) keys.addFamily(familyHash);
    places.ownId[row] = kind.ownId;
    places.skuId[row] = kind.skuId;
    places.tagSetId[row] = tagSetId;
    places.status[row] = kind.status;
    places.replay[row] = kind.replay;
    return 'added';
  };
}

/** The family that an event may belong to; by its id, if its record names none. */
function familyOf(part: PackedPart, index: number): string {
  const { key, family } = part.names(index);
  return family ?? key;
}

const familiesOf = (part: PackedPart): readonly string[] =>
  Array.from({ length: part.count }, (_, index) => familyOf(part, index));

/** Where all events of a kind go. */
interface PlacedKind {
  readonly skuId: number;
  readonly rates: SkuRates;
  /** Its number in STATUSES. */
  readonly status: number;
  readonly ownId: 0 | 1;
  readonly replay: 0 | 1;
}

/** The place of a kind; `undefined` where a block does not keep all that its events have in common. */
function placedKind(kind: EventKind, placement: Placement): PlacedKind | undefined {
  if (kind.errorCode !== undefined) return undefined;
  const { id, rates } = placement.skuOf(kind, kind.format);
  return {
    skuId: id,
    rates,
    status: STATUSES.indexOf(kind.status),
    ownId: kind.hasId ? 1 : 0,
    replay: kind.replay === true ? 1 : 0,
  };
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

/** The rate of a plain event; an object is made of it only where its time, NaN for none, and counts do not tell. */
function rateOf(part: PackedPart, index: number, time: number, { steady, of }: SkuRates): number {
  const { numbers } = part;
  const at = index * NUMBERS;
  const told = steady.of(
    time,
    numbers[at + NUMBER.input] ?? 0,
    numbers[at + NUMBER.cacheRead] ?? 0,
    numbers[at + NUMBER.cacheWrite] || 0,
    numbers[at + NUMBER.cacheWrite5m] || 0,
    numbers[at + NUMBER.cacheWrite1h] || 0,
    numbers[at + NUMBER.output] ?? 0,
  );
  return told ?? of({ ...part.ratedCall(index), time: Number.isNaN(time) ? undefined : time });
}
