/**
 * Whether a path fits a pattern in which `*` and `?` stay inside one folder's name, `**` crosses folders and
 * `{a,b}` chooses. Takes time in the product of both lengths at most, whatever the pattern.
 */
export function matchesPath(pattern: string, path: string): boolean {
  return alternatives(pattern).some((one) => matchesSteps(one.split('/'), path.split('/')));
}

/** Most patterns that the choices of one may stand for. */
const MOST_ALTERNATIVES = 100;

function alternatives(pattern: string): readonly string[] {
  const done: string[] = [];
  const open = [pattern];
  while (open.length > 0 && done.length + open.length <= MOST_ALTERNATIVES) {
    const next = open.pop() ?? '';
    const choice = /\{([^{}]*)\}/.exec(next);
    if (choice === null) done.push(next);
    else
      for (const one of (choice[1] ?? '').split(','))
        open.push(next.slice(0, choice.index) + one + next.slice(choice.index + choice[0].length));
  }
  return done;
}

/** Steps of a pattern against those of a path; `reached` are the places of the path that the steps so far may end at. */
function matchesSteps(pattern: readonly string[], path: readonly string[]): boolean {
  let reached = new Set([0]);
  for (const step of pattern) {
    const next = new Set<number>();
    if (step === '**') {
      const first = Math.min(...reached);
      for (let at = first; at <= path.length; at += 1) next.add(at);
    } else
      for (const at of reached) {
        const name = path[at];
        if (name !== undefined && matchesName(step, name)) next.add(at + 1);
      }
    if (next.size === 0) return false;
    reached = next;
  }
  return reached.has(path.length);
}

/** As matchesSteps, for the characters of one name. */
function matchesName(pattern: string, name: string): boolean {
  let reached = new Set([0]);
  for (const sign of pattern) {
    const next = new Set<number>();
    if (sign === '*') for (let at = Math.min(...reached); at <= name.length; at += 1) next.add(at);
    else
      for (const at of reached)
        if (at < name.length && (sign === '?' || name[at] === sign)) next.add(at + 1);
    if (next.size === 0) return false;
    reached = next;
  }
  return reached.has(name.length);
}
