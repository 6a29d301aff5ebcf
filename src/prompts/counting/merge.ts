import { RankQueue } from './rank-queue.ts';
import { NO_RANK, type Vocabulary } from './vocabulary.ts';

/** Pieces up to this many bytes are merged by looking through all pairs; longer ones need order among pairs. */
const SHORT_BYTES = 96;

// Where parts begin and how the pair ranks that begins there, for one short piece at a time.
const starts = new Int32Array(SHORT_BYTES + 2);
const pairRanks = new Int32Array(SHORT_BYTES + 2);

/**
 * How many tokens a piece becomes by byte pair merging: of all neighbours that together are a token, the pair of
 * the lowest rank is joined first, the leftmost of equal ones, until none is left. Exact at any length.
 */
export function mergedCount(
  vocabulary: Vocabulary,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  if (vocabulary.rankOf(bytes, start, end) !== NO_RANK) return 1;
  return end - start <= SHORT_BYTES
    ? mergeShort(vocabulary, bytes, start, end)
    : mergeLong(vocabulary, bytes, start, end).parts;
}

/** Where the tokens of a piece begin in `bytes`. */
export function mergedStarts(
  vocabulary: Vocabulary,
  bytes: Uint8Array,
  start: number,
  end: number,
): readonly number[] {
  if (end - start <= SHORT_BYTES)
    return [...starts.subarray(0, mergeShort(vocabulary, bytes, start, end))];
  const { partEnds } = mergeLong(vocabulary, bytes, start, end);
  const found: number[] = [];
  for (let place = 0; place < end - start; place = partEnds[place] ?? end)
    found.push(start + place);
  return found;
}

/** Leaves where the parts begin in `starts`, and says how many there are. */
function mergeShort({ rankOf }: Vocabulary, bytes: Uint8Array, start: number, end: number): number {
  let parts = end - start;
  for (let part = 0; part <= parts; part += 1) starts[part] = start + part;
  const pairAt = (part: number): number =>
    part + 2 > parts ? NO_RANK : rankOf(bytes, starts[part] ?? 0, starts[part + 2] ?? 0);
  for (let part = 0; part < parts; part += 1) pairRanks[part] = pairAt(part);
  for (;;) {
    let [best, lowest] = [0, NO_RANK];
    for (let part = 0; part + 1 < parts; part += 1) {
      const rank = pairRanks[part] ?? NO_RANK;
      if (rank < lowest) [best, lowest] = [part, rank];
    }
    if (lowest === NO_RANK) return parts;
    parts -= 1;
    // Moved one by one: for so few, copyWithin takes longer than the rest.
    for (let part = best + 1; part <= parts; part += 1) {
      starts[part] = starts[part + 1] ?? 0;
      pairRanks[part] = pairRanks[part + 1] ?? NO_RANK;
    }
    pairRanks[best] = pairAt(best);
    if (best > 0) pairRanks[best - 1] = pairAt(best - 1);
  }
}

/** Parts of a long piece, by places that count from its start. */
interface LongMerge {
  readonly parts: number;
  /** Where the part ends that begins at a place; of no meaning where none begins. */
  readonly partEnds: Int32Array;
}

/**
 * Pairs are kept by rank, the places of one rank in a list, and the lists are worked off from the lowest rank up,
 * each from left to right. That is the order of merging, since no merge makes a pair of a lower rank than its own:
 * every token of these vocabularies is what its own bytes merge to (a test says so), and so would have been made.
 */
function mergeLong(
  { rankOf }: Vocabulary,
  bytes: Uint8Array,
  start: number,
  end: number,
): LongMerge {
  const length = end - start;
  const partEnds = new Int32Array(length);
  // Where the part before a part begins, and how the pair ranks that begins at a place.
  const before = new Int32Array(length);
  const ranks = new Int32Array(length);
  const queue = new RankQueue();
  let parts = length;
  const rankPair = (place: number): void => {
    const middle = partEnds[place] ?? length;
    const rank =
      middle >= length
        ? NO_RANK
        : rankOf(bytes, start + place, start + (partEnds[middle] ?? length));
    ranks[place] = rank;
    if (rank !== NO_RANK) queue.add(rank, place);
  };
  for (let place = 0; place < length; place += 1) {
    partEnds[place] = place + 1;
    before[place] = place - 1;
  }
  for (let place = 0; place < length; place += 1) rankPair(place);
  for (let next = queue.takeLowest(); next !== undefined; next = queue.takeLowest()) {
    const { rank, places } = next;
    for (const place of places) {
      // A pair that has changed since: what it became is in the list of its own rank.
      if (ranks[place] !== rank) continue;
      const joined = partEnds[place] ?? length;
      const after = partEnds[joined] ?? length;
      ranks[joined] = NO_RANK;
      partEnds[place] = after;
      if (after < length) before[after] = place;
      parts -= 1;
      if (place > 0) rankPair(before[place] ?? 0);
      rankPair(place);
    }
  }
  return { parts, partEnds };
}
