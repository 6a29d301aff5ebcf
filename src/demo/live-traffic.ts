import { type Dice, dice } from './invented-month.ts';

interface Product {
  readonly feature: string | undefined;
  readonly team: string;
  readonly provider: string;
  readonly model: string;
  readonly input: number;
  readonly output: number;
  /** How many of twenty calls are its. */
  readonly part: number;
}

const PRODUCTS: readonly Product[] = [
  {
    feature: 'search',
    team: 'search',
    provider: 'openai',
    model: 'gpt-4o-mini-2024-07-18',
    input: 1_800,
    output: 180,
    part: 9,
  },
  {
    feature: 'support',
    team: 'support',
    provider: 'anthropic',
    model: 'claude-sonnet-4-6',
    input: 7_000,
    output: 900,
    part: 4,
  },
  {
    feature: 'summarize',
    team: 'growth',
    provider: 'google',
    model: 'gemini-2.5-flash',
    input: 12_000,
    output: 700,
    part: 3,
  },
  {
    feature: 'refund-triage',
    team: 'payments',
    provider: 'openai',
    model: 'gpt-4.1-mini',
    input: 4_000,
    output: 600,
    part: 2,
  },
  {
    feature: undefined,
    team: 'growth',
    provider: 'anthropic',
    model: 'claude-haiku-4-5-20251001',
    input: 2_000,
    output: 300,
    part: 1,
  },
  {
    feature: 'invoice-parse',
    team: 'payments',
    provider: 'openai',
    model: 'house-llm-70b',
    input: 1_500,
    output: 200,
    part: 1,
  },
];
const CUSTOMERS = ['acme', 'globex', 'initech', 'umbrella'];
/** Calls from one step that is stuck to the next. */
const STUCK_EVERY = 150;
const STUCK_ATTEMPTS = 8;

/**
 * Invented calls of now, one line of aicost's own JSONL at a time: products of different weight, some calls without
 * a feature, a model without a price, and now and then a run that tries the same again and again.
 */
export function liveTraffic(seed: number): (time: number) => string {
  const roll = dice(seed);
  let count = 0;
  return (time) => {
    count += 1;
    return `${JSON.stringify(lineOf(count, { seed, time, roll }))}\n`;
  };
}

function lineOf(
  count: number,
  { seed, time, roll }: { readonly seed: number; readonly time: number; readonly roll: Dice },
): object {
  const { feature, team, provider, model, input, output } = productOf(roll(20));
  const round = Math.floor(count / STUCK_EVERY);
  const stuck = round > 0 && count % STUCK_EVERY < STUCK_ATTEMPTS;
  const failed = stuck || roll(40) === 0;
  return {
    id: `live-${seed}-${count}`,
    time: new Date(time).toISOString(),
    provider: stuck ? 'anthropic' : provider,
    model: stuck ? 'claude-haiku-4-5-20251001' : model,
    input_tokens: failed ? 0 : input / 2 + roll(input),
    cache_read_tokens: failed ? 0 : roll(input),
    output_tokens: failed ? 0 : output / 2 + roll(output),
    latency_ms: failed ? 30_000 : 300 + roll(4_000),
    status: failed ? 'failure' : 'success',
    ...(failed ? { error_code: stuck ? '529' : '429' } : {}),
    tags: {
      ...(feature === undefined ? {} : { feature }),
      team,
      env: 'prod',
      customer: CUSTOMERS[roll(CUSTOMERS.length)],
      run: stuck ? `stuck-${round}` : `run-${Math.floor(count / 5)}`,
      step: stuck ? 'classify' : 'answer',
      api_key: `${team}-prod`,
    },
  };
}

function productOf(at: number): Product {
  let left = at;
  for (const product of PRODUCTS) {
    if (left < product.part) return product;
    left -= product.part;
  }
  throw new Error('the parts of the products are twenty');
}
