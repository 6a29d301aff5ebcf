/** Most patterns that the braces of one may stand for. */
const MOST_ALTERNATIVES = 256;

/**
 * Takes a pattern for paths apart, for matching many. `*` and `?` stand for characters of one name, `**` for any
 * run of folders, `{a,b}` for either; all else means itself. `undefined` when its braces stand for more than
 * MOST_ALTERNATIVES patterns. Matching never backtracks over more than one `*` and one `**`.
 */
export function pathMatcher(pattern: string): ((path: string) => boolean) | undefined {
  const alternatives = withoutBraces(pattern);
  if (alternatives === undefined) return undefined;
  const segments = alternatives.map((each) => each.split('/'));
  return (path) => {
    const names = path.split('/');
    return segments.some((wanted) => runsMatch(wanted, names, '**', nameMatches));
  };
}

/** Whether a text means more than itself as a pattern. */
export const isPathPattern = (text: string): boolean =>
  /[*?]/.test(text) || /\{[^{}]*,[^{}]*\}/.test(text);

const nameMatches = (pattern: string, name: string): boolean =>
  pattern === name || runsMatch(Array.from(pattern), Array.from(name), '*', characterMatches);

const characterMatches = (pattern: string, character: string): boolean =>
  pattern === '?' || pattern === character;

/** Matches items one by one; `any` stands for any run of them. After a mismatch only the last `any` takes one more. */
function runsMatch(
  pattern: readonly string[],
  items: readonly string[],
  any: string,
  fits: (pattern: string, item: string) => boolean,
): boolean {
  let [at, item] = [0, 0];
  let [anyAt, resumeFrom] = [-1, 0];
  while (item < items.length) {
    const wanted = pattern[at];
    if (wanted === any) {
      anyAt = at;
      resumeFrom = item;
      at += 1;
    } else if (wanted !== undefined && fits(wanted, items[item] ?? '')) {
      at += 1;
      item += 1;
    } else if (anyAt >= 0) {
      resumeFrom += 1;
      item = resumeFrom;
      at = anyAt + 1;
    } else return false;
  }
  return pattern.slice(at).every((left) => left === any);
}

/** The patterns that braces stand for, from the innermost outwards. Braces without a comma mean themselves. */
function withoutBraces(pattern: string): readonly string[] | undefined {
  const done: string[] = [];
  const open = [pattern];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const braces = /\{([^{}]*,[^{}]*)\}/.exec(next);
    if (braces === null) done.push(next);
    else
      for (const choice of (braces[1] ?? '').split(',').reverse())
        open.push(
          next.slice(0, braces.index) + choice + next.slice(braces.index + braces[0].length),
        );
    if (done.length + open.length > MOST_ALTERNATIVES) return undefined;
  }
  return done;
}
