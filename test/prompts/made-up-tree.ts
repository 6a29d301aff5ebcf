import { createHash } from 'node:crypto';
import { shippedCountingRules } from '../../src/config/counting-rules.ts';
import type { EstimateWorld } from '../../src/prompts/estimate-request.ts';
import { estimateWorld } from '../../src/prompts/estimate-world.ts';
import type { FileTree } from '../../src/prompts/file-tree.ts';
import { readProject } from '../../src/prompts/project.ts';
import { projectPrices } from '../../src/prompts/project-prices.ts';
import { openPromptReader } from '../../src/prompts/prompt-reader.ts';
import { NOW } from '../support/fake-runtime.ts';

/** A tree of files that only a test knows. */
export function treeOf(files: Readonly<Record<string, string | Uint8Array>>): FileTree {
  return {
    name: 'made-up tree',
    paths: Object.keys(files).sort(),
    read(path) {
      const content = Object.hasOwn(files, path) ? files[path] : undefined;
      if (content === undefined) return Promise.resolve({ kind: 'absent' });
      const bytes = Buffer.from(content);
      const id = createHash('sha1').update(bytes).digest('hex');
      return Promise.resolve({ kind: 'file', bytes, id });
    },
  };
}

/**
 * A card of OpenAI with round prices over the shipped one. gpt-4o-mini: 0.15 in, 0.60 out; gpt-4o: 2.50 and 10.00;
 * gpt-5.6-luna, which caches from 1,024 tokens: 1.00 and 5.00, read 0.10, written 1.25.
 */
export const PINNED = `rate_card: 1
provider: openai
currency: USD
units: per million tokens
as_of: 2026-11-01
sources: {pin: {note: pinned for a test, read: 2026-11-01}}
models:
  gpt-4o-mini: {prices: [{from: 2024-07-18, source: pin, input: 0.15, output: 0.60}]}
  gpt-4o: {prices: [{from: 2024-05-13, source: pin, input: 2.50, output: 10.00}]}
  gpt-5.6-luna: {cache: {minimum: 1024}, prices: [{from: 2024-05-13, source: pin, input: 1.00, output: 5.00, cache_read: 0.10, cache_write: 1.25}]}
`;

/** Formats, counters and prices as a command has them; `more` replaces some of them. */
export async function worldOf(
  tree: FileTree,
  more: Partial<EstimateWorld> = {},
): Promise<EstimateWorld> {
  const settings = await readProject(tree);
  const prices = await projectPrices(tree, settings, { root: '/nowhere', now: NOW });
  const reader = await openPromptReader();
  return { ...estimateWorld({ reader, prices, rules: shippedCountingRules() }), ...more };
}
