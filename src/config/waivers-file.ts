import type { Waiver } from '../domain/gate-policy.ts';
import { knownFields } from '../domain/known-fields.ts';
import { parseUtcTime } from '../domain/utc-time.ts';
import { TEXT, USD_A_MONTH, writtenAt } from './plan-values.ts';
import { throwFirst } from './project-file.ts';
import { type Problem, readYamlTree, treeReader } from './yaml-tree.ts';

/** Where waivers stand, below the root of a tree. */
export const WAIVERS_PATH = '.aicost/waivers.yaml';

const KEYS = ['prompt', 'up_to_usd', 'reason', 'by', 'expires'];

/** Decodes the text of `.aicost/waivers.yaml`. Throws UserError, located, at the first problem. */
export function decodeWaivers(text: string, shown: string): readonly Waiver[] {
  const problems: Problem[] = [];
  const read = treeReader((problem) => problems.push(problem));
  const tree = readYamlTree(text, shown);
  const nothing = tree.kind === 'scalar' && tree.text === '';
  const waivers = read.list(nothing ? undefined : tree, '').flatMap((item, index) => {
    const where = `[${index}]`;
    const fields = read.map(item, where, KEYS);
    for (const key of ['prompt', 'up_to_usd', 'reason'])
      if (item.kind === 'map' && !fields.has(key))
        read.error(item.origin, `${where}: missing key "${key}"`);
    const word = (key: string): string | undefined =>
      writtenAt(read, fields.get(key)?.value, `${where}.${key}`, TEXT)?.value;
    const [prompt, reason, by] = [word('prompt'), word('reason'), word('by')];
    const expires = writtenAt(read, fields.get('expires')?.value, `${where}.expires`, {
      parse: (day) => (day.length === 10 && parseUtcTime(day) !== undefined ? day : undefined),
      expected: 'a day like 2026-12-31',
    })?.value;
    const upTo = fields.get('up_to_usd')?.value;
    const upToUsd = writtenAt(read, upTo, `${where}.up_to_usd`, USD_A_MONTH)?.value;
    if (prompt === undefined || reason === undefined || upToUsd === undefined) return [];
    return [{ prompt, upToUsd, reason, origin: item.origin, ...knownFields({ by, expires }) }];
  });
  throwFirst(problems);
  return waivers;
}
