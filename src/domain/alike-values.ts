/** A value of a tag with the calls that carry it. */
export interface SeenValue {
  readonly value: string;
  readonly requests: bigint;
}

/** Why two values look like one. */
export type Likeness = 'spelling' | 'plural' | 'synonym' | 'typo';

/** Values that look like one, and the one that the others most likely mean. */
export interface AlikeValues {
  readonly value: string;
  readonly others: readonly { readonly value: string; readonly likeness: Likeness }[];
}

/** Words for one stage of deployment. Test and staging are kept apart: teams use them for different things. */
const STAGES: readonly (readonly string[])[] = [
  ['prod', 'production', 'prd', 'live'],
  ['staging', 'stage', 'stg'],
  ['dev', 'development', 'develop'],
  ['test', 'testing', 'tst'],
];
const STAGE_OF = new Map(STAGES.flatMap((words) => words.map((word) => [word, words[0] ?? word])));

/** A typo is rare beside what it means: at most one call in twenty. */
const RARE = 20n;
/** Shorter words differ by a letter and mean different things. */
const LONG_WORD = 5;
/** More values of one tag are names of single things, among which nothing is proposed by likeness of letters. */
const MOST_VALUES_FOR_TYPOS = 1_000;

/**
 * Groups the values of one tag that look like one: alike but for case, spaces and separators; singular and
 * plural; words for one stage, where the tag is `env`; one slip of a letter. Values whose digits differ are
 * never alike. Values that `isAllowed` are what others mean, never what is proposed to be replaced.
 */
export function alikeValues(
  tag: string,
  values: readonly SeenValue[],
  isAllowed: (value: string) => boolean = () => false,
): readonly AlikeValues[] {
  const ranked = [...values]
    .filter(({ value }) => !isOpaque(value))
    .sort((a, b) => byRank(a, b, isAllowed));
  const heads: Head[] = [];
  const bySpelling = new Map<string, Head>();
  const byRoot = new Map<string, Head>();
  for (const seen of ranked) {
    const spelling = spellingOf(seen.value);
    const root = rootOf(tag, seen.value);
    const head =
      bySpelling.get(spelling) ?? byRoot.get(root) ?? meantByTypo(seen, heads, ranked.length);
    if (head === undefined || isAllowed(seen.value)) {
      const own: Head = { ...seen, spelling, others: [] };
      heads.push(own);
      if (!bySpelling.has(spelling)) bySpelling.set(spelling, own);
      if (!byRoot.has(root)) byRoot.set(root, own);
      continue;
    }
    head.others.push({ value: seen.value, likeness: likenessOf(seen.value, head, tag) });
  }
  return heads
    .filter(({ others }) => others.length > 0)
    .map(({ value, others }) => ({ value, others }));
}

interface Head extends SeenValue {
  readonly spelling: string;
  readonly others: { readonly value: string; readonly likeness: Likeness }[];
}

/** Allowed values first, then those of most calls, shorter ones, and lower case: never by the order of rows. */
const byRank = (a: SeenValue, b: SeenValue, isAllowed: (value: string) => boolean): number =>
  Number(isAllowed(b.value)) - Number(isAllowed(a.value)) ||
  (a.requests === b.requests ? 0 : a.requests > b.requests ? -1 : 1) ||
  a.value.length - b.value.length ||
  (a.value < b.value ? 1 : -1);

/** Ids that tell upper from lower case, such as `aB3xK9`: alike letters say nothing there. */
const isOpaque = (value: string): boolean =>
  /\d/.test(value) && /[a-z0-9][A-Z]/.test(value.normalize('NFKC'));

const wordsOf = (value: string): readonly string[] =>
  value
    .normalize('NFKC')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');

/** The value without case and separators; numbers stay apart, since `1-1` is not `11`. */
const spellingOf = (value: string): string => {
  const words = wordsOf(value);
  if (words.length === 0) return value;
  return words.reduce(
    (text, word) => `${text}${/\d$/.test(text) && /^\d/.test(word) ? '-' : ''}${word}`,
  );
};

/** What several spellings of one thing share: the stage that a word of `env` means, else the singular. */
function rootOf(tag: string, value: string): string {
  const words = wordsOf(value);
  const stage = tag === 'env' && words.length === 1 ? STAGE_OF.get(words[0] ?? '') : undefined;
  if (stage !== undefined) return stage;
  const last = words.at(-1) ?? '';
  return spellingOf([...words.slice(0, -1), singular(last)].join(' ')) || value;
}

const singular = (word: string): string =>
  word.length >= LONG_WORD && /[^su]s$/.test(word) && !word.endsWith('is')
    ? word.slice(0, -1)
    : word;

const likenessOf = (value: string, head: Head, tag: string): Likeness => {
  if (spellingOf(value) === head.spelling) return 'spelling';
  if (rootOf(tag, value) !== rootOf(tag, head.value)) return 'typo';
  return rootOf('', value) === rootOf('', head.value) ? 'plural' : 'synonym';
};

/** The frequent value that a rare one differs from by one slip in one long word. */
function meantByTypo(seen: SeenValue, heads: readonly Head[], count: number): Head | undefined {
  if (count > MOST_VALUES_FOR_TYPOS) return undefined;
  return heads.find(
    (head) =>
      seen.requests * RARE <= head.requests && isSlip(wordsOf(seen.value), wordsOf(head.value)),
  );
}

function isSlip(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false;
  const apart = one.flatMap((word, index) =>
    word === other[index] ? [] : [[word, other[index] ?? ''] as const],
  );
  const [first] = apart;
  return first !== undefined && apart.length === 1 && isSlipOfWord(first[0], first[1]);
}

/** Letters only: a digit that differs is another thing, and so is another first letter. */
function isSlipOfWord(one: string, other: string): boolean {
  if (Math.min(one.length, other.length) < LONG_WORD || one[0] !== other[0]) return false;
  if (!/^\p{L}+$/u.test(one) || !/^\p{L}+$/u.test(other)) return false;
  let from = 0;
  while (from < one.length && one[from] === other[from]) from += 1;
  const [left, right] = [one.slice(from), other.slice(from)];
  if (one.length !== other.length) return left.slice(1) === right || left === right.slice(1);
  const swapped = left[0] === right[1] && left[1] === right[0] && left.slice(2) === right.slice(2);
  return swapped || left.slice(1) === right.slice(1);
}
