import type { Comparison } from '../../../src/gate/comparison-result.ts';
import { type Ended, runIn, type World } from '../../support/fake-runtime.ts';
import { type Repository, repository } from '../../support/repository.ts';

/** Text of exactly so many tokens of o200k_base: a word and a word with its space are one each. */
export const words = (count: number): string => Array(count).fill('hello').join(' ');

/** Prices that the scenarios are reckoned with, dollars per million tokens. */
export const PRICES = `rate_card: 1
provider: openai
currency: USD
units: per million tokens
as_of: 2026-11-01
sources: {page: {note: made-up prices of the tests, read: 2026-11-01}}
models:
  gpt-4o-mini: {prices: [{from: 2026-01-01, source: page, input: 0.15, output: 0.60}]}
  gpt-4o: {prices: [{from: 2026-01-01, source: page, input: 2.50, output: 10.00}]}
  gpt-cached:
    cache: {minimum: 1024}
    prices: [{from: 2026-01-01, source: page, input: 1.00, output: 5.00, cache_read: 0.10, cache_write: 1.25}]
`;

/** Limits of the shop. */
export const GATE = `gate:
  prompt: {max_increase_usd: 10, max_increase_pct: 20, min_effect_usd: 1}
  new_prompt: {max_usd: 20}
`;

/** The shop's config; `more` goes into the entry of support, `gate` instead of its limits. */
export const config = ({
  model = 'gpt-4o-mini',
  gate = GATE,
  prompts = '',
} = {}): string => `version: 1
prices: {snapshot: prices/openai.yaml}
workspaces: {web: "apps/web/**", core: "prompts/**"}
prompts:
  - id: support
    path: prompts/support.txt
    engine: mustache
    model: ${model}
    calls_per_month: 100000
    output_tokens: 200
    vars: {ticket: {file: samples/ticket.txt}}
  - {id: triage, path: prompts/triage.prompt, calls_per_month: 20000, output_tokens: 200}
  - {id: escalate, path: prompts/escalate.prompt, calls_per_month: 1000, output_tokens: 200}
  - {id: extract, path: prompts/extract.json, calls_per_month: 20000, output_tokens: 150}
  - {id: web-copy, path: apps/web/prompts/copy.txt, model: gpt-4o-mini, calls_per_month: 5000, output_tokens: 300}
${prompts}${gate}`;

/** Tokens that frame one message of OpenAI: 3 and its role, and 3 for the answer that follows. */
export const FRAME = 7;

/** A Dotprompt file of one message that includes the policy; of so many tokens with a policy of 400. */
export const dotprompt = (model: string, tokens: number): string =>
  `---\nmodel: openai/${model}\n---\n{{role "user"}}{{>policy}} ${words(tokens - FRAME - POLICY)}`;
const POLICY = 400;

/** A body of the OpenAI API with one message. */
const body = (tokens: number): string =>
  JSON.stringify({
    model: 'gpt-4o',
    messages: [{ role: 'user', content: words(tokens - FRAME) }],
  });

/** The files of `main`. */
export const FILES: Readonly<Record<string, string>> = {
  'aicost.yaml': config(),
  'prices/openai.yaml': PRICES,
  // 7 + 2,591 + 60 = 2,658 tokens; (2,658 x 0.15 + 200 x 0.60) x 0.1 = 51.87 dollars.
  'prompts/support.txt': `${words(2591)} {{ticket}}`,
  'samples/ticket.txt': words(60),
  'prompts/_policy.prompt': words(POLICY),
  // (1,153 x 0.15 + 200 x 0.60) x 0.02 = 5.859.
  'prompts/triage.prompt': dotprompt('gpt-4o-mini', 1153),
  // (1,076 x 2.50 + 200 x 10.00) x 0.001 = 4.69.
  'prompts/escalate.prompt': dotprompt('gpt-4o', 1076),
  // (828 x 2.50 + 150 x 10.00) x 0.02 = 71.4.
  'prompts/extract.json': body(828),
  // (234 x 0.15 + 300 x 0.60) x 0.005 = 1.0755.
  'apps/web/prompts/copy.txt': words(234 - FRAME),
};

/** A repository with the shop on `main`. */
export const cornerShop = (): Repository => repository().write(FILES).commit('the shop');

/** Runs `aicost diff` in a repository. */
export const diff = (
  { folder, env }: Repository,
  line: string,
  world: World = {},
): Promise<Ended> =>
  runIn({ cwd: folder, ...world, env: { ...env, ...world.env } }, [
    'diff',
    ...line.split(' ').filter((word) => word !== ''),
  ]);

/** A comparison with its exit code. */
export interface Compared extends Comparison {
  readonly exit: number;
}

/** Runs `aicost diff --format json` and reads what it printed. */
export async function compared(
  shop: Repository,
  line: string,
  world: World = {},
): Promise<Compared> {
  const { code, out, err } = await diff(shop, `${line} --format json`, world);
  if (out === '') throw new Error(`nothing was printed; ${code}: ${err}`);
  return { exit: code, ...JSON.parse(out) };
}

/** What a test looks at of the prompts that changed. */
export const changed = ({ prompts }: Comparison) =>
  prompts
    .filter(({ status, change }) => status !== 'same' || change.delta_usd !== '0')
    .map(({ id, status, base, head, change, causes }) => ({
      id,
      status,
      tokens: [base?.tokens_in ?? null, head?.tokens_in ?? null],
      usd: [change.base_usd, change.head_usd, change.delta_usd],
      causes: causes.map(({ cause, detail, delta_usd }) =>
        [cause, detail, delta_usd].filter((word) => word !== null).join(' '),
      ),
    }));

/** Rules of findings that are no notices, with their prompts. */
export const findings = ({ findings: all }: Comparison): readonly string[] =>
  all
    .filter(({ level }) => level !== 'notice')
    .map(({ level, rule, prompt }) => `${level} ${rule} ${prompt ?? '-'}`);
