import type {
  Change,
  Comparison,
  Failure,
  GateFinding,
  PromptChange,
  Side,
} from '../../src/gate/comparison-result.ts';

/** How outputs are asked for a screen of 80 columns. */
export const SCREEN = { columns: 80, color: false, bars: false, unicode: true };

/** A change in dollars a month. */
export const change = (
  base: string | null,
  head: string | null,
  delta: string | null,
  percent: string | null = null,
): Change => ({
  base_usd: base,
  head_usd: head,
  delta_usd: delta,
  delta_pct: percent,
  at_least: delta === null,
});

/** One side of a prompt. */
export const side = (more: Partial<Side> = {}): Side => ({
  provider: 'openai',
  model: 'gpt-4o-mini',
  tokens_in: 2658,
  tokens_low: 2658,
  tokens_high: 2658,
  tokens_source: 'counted',
  prefix_tokens: 1337,
  cache_minimum: null,
  calls_per_month: { value: '100000', source: 'declared', from: 'aicost.yaml:4:22' },
  output_tokens: { value: '200', source: 'declared', from: 'aicost.yaml:5:20' },
  per_call_usd: '0.0005187',
  per_call_p95_usd: '0.0009',
  monthly_usd: '51.87',
  monthly_low_usd: '51.87',
  monthly_high_usd: '51.87',
  unknown: null,
  ...more,
});

/** The prompt of scenario 4: a shorter text on a dearer model. */
export const support = (more: Partial<PromptChange> = {}): PromptChange => ({
  id: 'support',
  path: 'prompts/support.txt',
  line: 1,
  base_path: null,
  workspace: null,
  owner: null,
  status: 'changed',
  base: side(),
  head: side({
    model: 'gpt-4o',
    tokens_in: 2328,
    tokens_low: 2328,
    tokens_high: 2328,
    per_call_usd: '0.00782',
    monthly_usd: '782',
    monthly_low_usd: '782',
    monthly_high_usd: '782',
  }),
  change: change('51.87', '782', '730.13', '1407.6152'),
  causes: [
    { cause: 'text', detail: null, delta_usd: '-4.95' },
    { cause: 'model', detail: 'gpt-4o-mini → gpt-4o', delta_usd: '735.08' },
  ],
  changed_inputs: [],
  own_monthly_usd: '782',
  assumptions_usd: '0',
  prices_usd: '0',
  verdict: 'fail',
  ...more,
});

/** A prompt that did not change. */
export const same = (id: string): PromptChange =>
  support({
    id,
    path: `prompts/${id}.txt`,
    status: 'same',
    head: side(),
    change: change('51.87', '51.87', '0', '0'),
    causes: [],
    own_monthly_usd: '51.87',
    verdict: 'pass',
  });

/** A finding of the gate. */
export const finding = (more: Partial<GateFinding> = {}): GateFinding => ({
  level: 'error',
  rule: 'prompt-cost-increase',
  message: '"support" +$730.13 (+1408%) / month is over the limit $10 per prompt',
  prompt: 'support',
  path: 'prompts/support.txt',
  line: 1,
  limit: '$10 per prompt',
  waived: false,
  ...more,
});

/** Scenario 4 as a result. */
export const failing = (more: Partial<Comparison> = {}): Comparison => ({
  schema: 'aicost.diff/1',
  verdict: 'fail',
  code: 1,
  id: 'default',
  valid_at: '2026-11-21T10:02:11Z',
  base: { name: 'c5c5220', commit: 'c5c5220000000000000000000000000000000000' },
  head: { name: '9f3c2a1', commit: '9f3c2a1000000000000000000000000000000000' },
  how: 'merge parent of 9f3c2a1',
  prices: '2026-11-01',
  rules: '2026-11-15',
  policy: {
    source: 'base',
    mode: 'fail',
    message: null,
    limits: ['prompt.max_increase_usd $10'],
  },
  total: change('103.74', '833.87', '730.13', '703.8076'),
  workspaces: [],
  prompts: [same('extract'), support()],
  apart: { assumptions_usd: '0', prices_usd: '0' },
  findings: [finding()],
  waivers: [],
  ...more,
});

/** A run that could not compare. */
export const failure = (more: Partial<Failure> = {}): Failure => ({
  schema: 'aicost.diff/1',
  verdict: 'error',
  code: 3,
  id: 'default',
  valid_at: '2026-11-21T10:02:11Z',
  message: 'the base c5c5220 is not in this clone',
  hint: 'Check out with fetch-depth: 2.',
  path: null,
  line: null,
  ...more,
});

/** Text that every forge, terminal and parser could take for its own. */
export const HOSTILE = 'a|b`c`@all <img src=x onerror=1> #12 ]]> ::error::x\n\u001b[31m%0A\u202e';
