import { UserError } from '../errors.ts';
import { dateAt } from './card-values.ts';
import {
  type Entry,
  type Located,
  type Problem,
  readYamlTree,
  type TreeReader,
  treeReader,
} from './yaml-tree.ts';

/** Where counts stand, below the root of a tree. */
export const COUNTS_PATH = '.aicost/counts.json';

/**
 * Decodes counts that a provider's own counting endpoint gave, the text of `.aicost/counts.json`:
 * `{"schema": "aicost.counts/1", "counts": {"<sha256>": {"tokens": 812, "model": "...", "counted": "2026-11-21"}}}`.
 * An entry may be its tokens alone. Tokens by key. Throws UserError, located, at the first problem.
 */
export function decodeImportedCounts(text: string, file: string): ReadonlyMap<string, number> {
  const problems: Problem[] = [];
  const read = treeReader((problem) => problems.push(problem));
  // Every JSON text is YAML too, and this reader knows places.
  const tree = readYamlTree(text, file);
  const top = read.map(tree, '', ['schema', 'counts']);
  const schema = top.get('schema')?.value;
  if (read.text(schema, 'schema') !== 'aicost.counts/1')
    read.error(
      schema?.origin ?? tree.origin,
      'missing or unknown schema; write "schema": "aicost.counts/1"',
    );
  const counts = [...read.map(top.get('counts')?.value, 'counts').values()].flatMap((entry) => {
    const tokens = tokensOf(read, entry);
    return tokens === undefined ? [] : [[entry.key.toLowerCase(), tokens] as const];
  });
  const [first] = problems;
  if (first !== undefined) throw new UserError(first.message, { origin: first.origin });
  return new Map(counts);
}

function tokensOf(read: TreeReader, { key, keyOrigin, value }: Entry): number | undefined {
  if (!/^[0-9a-f]{64}$/i.test(key))
    read.error(keyOrigin, 'counts: expected the SHA-256 of model and request, 64 hex digits');
  if (value.kind === 'scalar') return sizeOf(read, value, 'counts');
  const fields = read.map(value, 'counts', ['tokens', 'model', 'counted']);
  read.text(fields.get('model')?.value, 'counts.model');
  dateAt(read, fields.get('counted')?.value, 'counts.counted');
  const tokens = fields.get('tokens');
  if (tokens === undefined) read.error(value.origin, 'counts: needs "tokens", a whole number');
  return sizeOf(read, tokens?.value, 'counts.tokens');
}

/** No provider takes a hundredth of it; more could not be shared out exactly. */
const MOST_TOKENS = 100_000_000;

function sizeOf(read: TreeReader, value: Located | undefined, path: string): number | undefined {
  const tokens = read.count(value, path);
  if (value !== undefined && tokens !== undefined && tokens > MOST_TOKENS)
    read.error(value.origin, `${path}: expected at most ${MOST_TOKENS} tokens, found "${tokens}"`);
  return tokens;
}
