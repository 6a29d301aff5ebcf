/** Share of common letter pairs from which two names count as alike; below it a hint would only distract. */
const ALIKE = 0.6;
/** Pairs of a name so short that it stands inside others by chance. */
const CONTAINED = 4;
/** Most names in a hint. */
const SHOWN = 3;
/** Letters of a name that are looked at: a longer one is no model's. */
const LONGEST = 200;
/** Seven bits of each of two letters: names of models are ASCII, and a clash of others only blurs a hint. */
const PAIRS = 1 << 14;

interface Candidate {
  readonly name: string;
  readonly owner: number;
  readonly score: number;
}

/**
 * Opens names for the question which of them a mistyped or longer name may have meant. `groups` holds the
 * names of one thing each; an answer has at most one of each, best first. Names are compared by the pairs of
 * letters they share (Dice's coefficient), those that contain the whole name before all others. The pairs
 * are indexed: a million different names may be asked.
 */
export function indexNearNames(
  groups: readonly (readonly string[])[],
): (wanted: string) => readonly string[] {
  const names = groups.flatMap((group, owner) =>
    group.map((name) => ({ name, lower: name.toLowerCase(), owner })),
  );
  const sizes = new Uint16Array(names.length);
  const holders = new Map<number, number[]>();
  const pairsOf = pairReader();
  for (const [index, { lower }] of names.entries()) {
    const pairs = pairsOf(lower);
    sizes[index] = pairs.length;
    for (const pair of pairs) {
      const present = holders.get(pair);
      if (present === undefined) holders.set(pair, [index]);
      else present.push(index);
    }
  }
  const having = new Map([...holders].map(([pair, indexes]) => [pair, Uint16Array.from(indexes)]));
  const common = new Uint16Array(names.length);
  return (asked) => {
    const wanted = asked.toLowerCase();
    const pairs = pairsOf(wanted);
    common.fill(0);
    for (const pair of pairs) {
      const indexes = having.get(pair) ?? NONE;
      for (let at = 0; at < indexes.length; at += 1) count(common, indexes[at] ?? 0);
    }
    const best: Candidate[] = [];
    for (let index = 0; index < common.length; index += 1) {
      const shared = common[index] ?? 0;
      const alike = (2 * shared) / (pairs.length + (sizes[index] ?? 0));
      // All pairs but the two at the ends: the whole name may stand inside the other.
      const inside = shared >= pairs.length - 2 && shared >= CONTAINED;
      if (!inside && alike < Math.max(ALIKE, leastOf(best))) continue;
      const found = names[index];
      if (found === undefined) continue;
      const score = inside && found.lower.includes(wanted) ? 1 + alike : alike;
      if (score >= ALIKE) keep(best, { ...found, score });
    }
    return best.map(({ name }) => name);
  };
}

/** What a score has to reach to be among the best. */
const leastOf = (best: readonly Candidate[]): number => best[SHOWN - 1]?.score ?? 0;

/** Puts a candidate among the best, at its place, where it is better than the others of its owner. */
function keep(best: Candidate[], candidate: Candidate): void {
  const same = best.findIndex(({ owner }) => owner === candidate.owner);
  const present = best[same];
  if (present !== undefined) {
    if (!isBetter(candidate, present)) return;
    best.splice(same, 1);
  }
  const place = best.findIndex((other) => isBetter(candidate, other));
  best.splice(place < 0 ? best.length : place, 0, candidate);
  if (best.length > SHOWN) best.pop();
}

const isBetter = (one: Candidate, other: Candidate): boolean =>
  one.score > other.score || (one.score === other.score && one.name < other.name);

const NONE = new Uint16Array();

const count = (counts: Uint16Array, index: number): void => {
  counts[index] = (counts[index] ?? 0) + 1;
};

/** Reads the different pairs of neighbouring letters, with marks for where a name begins and ends. */
function pairReader(): (lower: string) => readonly number[] {
  // Which reading saw a pair last, so that nothing has to be cleared in between.
  const seen = new Uint32Array(PAIRS);
  let reading = 0;
  return (lower) => {
    reading += 1;
    const pairs: number[] = [];
    const length = Math.min(lower.length, LONGEST);
    let before = 1;
    for (let at = 0; at <= length; at += 1) {
      const letter = at === length ? 2 : lower.charCodeAt(at) & 127;
      const pair = (before << 7) | letter;
      before = letter;
      if (seen[pair] === reading) continue;
      seen[pair] = reading;
      pairs.push(pair);
    }
    return pairs;
  };
}
