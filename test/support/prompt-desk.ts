import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PINNED } from '../prompts/made-up-tree.ts';
import { type Ended, freshFolder, runIn, type World } from './fake-runtime.ts';

/** A folder of prompts with what a test asks of it. */
export interface PromptDesk {
  readonly folder: string;
  readonly write: (files: Readonly<Record<string, string>>) => void;
  readonly estimate: (...argv: readonly string[]) => Promise<Ended>;
  /** As `estimate`, in a world that differs. */
  readonly estimateIn: (world: World, ...argv: readonly string[]) => Promise<Ended>;
}

/** Lays a desk in a folder of its own, in no repository. */
export function promptDesk(): PromptDesk {
  const folder = freshFolder();
  const estimateIn = (world: World, ...argv: readonly string[]): Promise<Ended> =>
    runIn({ cwd: folder, env: { HOME: folder, AICOST_CACHE: 'off' }, ...world }, [
      'estimate',
      ...argv,
    ]);
  return {
    folder,
    estimateIn,
    estimate: (...argv) => estimateIn({}, ...argv),
    write(files) {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), text);
      }
    },
  };
}

/** So many tokens of o200k_base: every " a" is one. */
export const tokens = (count: number): string => Array.from({ length: count }, () => 'a').join(' ');

/** Support costs $51.87 a month, triage is not known, and extract has a budget. */
export const PROJECT = {
  'prices.yaml': PINNED,
  'aicost.yaml': `prices: {snapshot: prices.yaml}
prompts:
  - id: support
    path: prompts/support.txt
    model: gpt-4o-mini
    calls_per_month: 100k
    output_tokens: 200
    owner: "@acme/support"
  - id: triage
    path: prompts/triage.txt
    model: gpt-4o
`,
  'prompts/support.txt': tokens(2651),
  'prompts/triage.txt': 'Sort {{ticket}}.',
};
