/** Whether a text fits a pattern in which `*` stands for any run of characters. Linear, no backtracking blow-up. */
export const matchesGlob = (pattern: string, text: string): boolean => globMatcher(pattern)(text);

/** A pattern taken apart once, for matching many texts. */
export function globMatcher(pattern: string): (text: string) => boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return (text) => text === pattern;
  return (text) => {
    if (!text.startsWith(first) || text.length < first.length + last.length) return false;
    if (!text.endsWith(last)) return false;
    let from = first.length;
    for (const piece of rest) {
      const found = text.indexOf(piece, from);
      if (found < 0 || found + piece.length > text.length - last.length) return false;
      from = found + piece.length;
    }
    return true;
  };
}

/** Whether some text fits both patterns. */
export function globsMeet(one: string, other: string): boolean {
  const known = new Map<string, boolean>();
  const meet = (i: number, j: number): boolean => {
    const key = `${i},${j}`;
    const present = known.get(key);
    if (present !== undefined) return present;
    const [a, b] = [one[i], other[j]];
    let found: boolean;
    if (a === undefined && b === undefined) found = true;
    else if (a === '*') found = meet(i + 1, j) || (b !== undefined && meet(i, j + 1));
    else if (b === '*') found = meet(i, j + 1) || (a !== undefined && meet(i + 1, j));
    else found = a !== undefined && a === b && meet(i + 1, j + 1);
    known.set(key, found);
    return found;
  };
  return meet(0, 0);
}
