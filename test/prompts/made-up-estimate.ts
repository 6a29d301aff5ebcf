import { moneyText } from '../../src/domain/money.ts';
import type { Amount, CostedPrompt } from '../../src/prompts/costed-prompt.ts';
import { estimatePrompts } from '../../src/prompts/estimate.ts';
import type {
  Estimate,
  EstimateRequest,
  EstimateWorld,
} from '../../src/prompts/estimate-request.ts';
import { readProject } from '../../src/prompts/project.ts';
import { PINNED, treeOf, worldOf } from './made-up-tree.ts';

/** Files of a tree by path. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** So many tokens of o200k_base: every " a" is one. */
export const tokens = (count: number): string => Array.from({ length: count }, () => 'a').join(' ');

/** Entries of a config that pins the prices of made-up-tree.ts. */
export const config = (prompts: string, more = 'defaults: {output_tokens: 200}'): Files => ({
  'prices.yaml': PINNED,
  'aicost.yaml': `prices: {snapshot: prices.yaml}\n${more}\nprompts:\n${prompts}`,
});

/** What the prompts of made-up files cost. */
export async function estimate(
  files: Files,
  more: Omit<Partial<EstimateRequest>, 'world'> & { readonly world?: Partial<EstimateWorld> } = {},
): Promise<Estimate> {
  const tree = treeOf(files);
  const { plan } = await readProject(tree);
  return estimatePrompts({ tree, plan, ...more, world: await worldOf(tree, more.world) });
}

/** An amount as exact text. */
export const text = (amount: Amount): string =>
  amount.kind === 'known' ? moneyText(amount.value) : `unknown: ${amount.why}`;

/** The one prompt of an estimate; throws for any other number of them. */
export const only = ({ prompts }: Estimate): CostedPrompt => {
  const [first, second] = prompts;
  if (first === undefined || second !== undefined)
    throw new Error(`expected one prompt, found ${prompts.map(({ id }) => id).join()}`);
  return first;
};

/** Findings in a few words. */
export const codes = ({ findings }: Pick<CostedPrompt, 'findings'>): string[] =>
  findings.map(({ level, code }) => `${level} ${code}`);
