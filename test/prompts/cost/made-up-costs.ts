import { type Decimal, parseDecimal } from '../../../src/domain/money.ts';
import type { Prices } from '../../../src/domain/rate-card.ts';
import type { Rating } from '../../../src/domain/rating.ts';
import { unitPrice } from '../../../src/domain/unit-price.ts';
import type {
  Assumptions,
  CostInputs,
  MeasuredCase,
  ModelPrices,
} from '../../../src/prompts/costed-prompt.ts';
import { countOf, type TokenCount } from '../../../src/prompts/counting/token-count.ts';

/** A decimal from its text; throws for any other text. */
export function decimal(text: string): Decimal {
  const parsed = parseDecimal(text);
  if (parsed === undefined) throw new Error(`no decimal: ${text}`);
  return parsed;
}

/** Prices per million tokens by meter. */
const pricesOf = (perMillion: Readonly<Record<string, string>>): Prices =>
  new Map(
    Object.entries(perMillion).map(([meter, price]) => [
      meter,
      unitPrice(decimal(price), 1_000_000n),
    ]),
  );

/** Prices of a made-up model; from `dearFrom` tokens on, `dear` holds. */
export function modelOf(
  perMillion: Readonly<Record<string, string>>,
  more: Partial<ModelPrices> & {
    readonly dearFrom?: number;
    readonly dear?: Readonly<Record<string, string>>;
  } = {},
): ModelPrices {
  const { dearFrom, dear, ...facts } = more;
  const plain = pricesOf(perMillion);
  const long = { ...perMillion, ...dear };
  const rated = (prices: Prices, steps: readonly string[]): Rating => ({
    kind: 'rated',
    rate: {
      key: 'oak',
      provider: 'acorn',
      model: 'oak-1',
      from: '2026-01-01',
      status: 'verified',
      sources: [],
      file: 'acorn.yaml',
      line: 1,
      prices,
      steps,
      lowerBound: false,
    },
  });
  return {
    provider: 'acorn',
    model: 'oak-1',
    forPrompt: (tokens) =>
      dearFrom !== undefined && tokens >= dearFrom
        ? rated(pricesOf(long), [`prompt of at least ${dearFrom} tokens`])
        : rated(plain, []),
    cacheStep: 1,
    cacheTtls: [],
    ...facts,
  };
}

/** A case of so many tokens, of which the first `prefix` are the same in every call. */
export function caseOf(
  tokens: number | TokenCount,
  more: Partial<MeasuredCase> & { readonly stable?: number } = {},
): MeasuredCase {
  const { stable = 0, ...rest } = more;
  const count = typeof tokens === 'number' ? countOf(tokens, 'counted') : tokens;
  const prefix = countOf(stable, 'counted');
  return {
    name: 'every call',
    weight: decimal('1'),
    parts: [{ part: 'instructions', tokens: count, source: 'counted', prefix }],
    tokens: count,
    moreAtP95: 0,
    prefix,
    prefixEnd: { kind: 'whole' },
    ...rest,
  };
}

/** A value that a test declares. */
export const said = <Value>(value: Value) => ({ value, source: 'declared', from: 'test' }) as const;

/** 100,000 calls a month with 200 tokens of answer unless said otherwise. */
export const inputsOf = (
  cases: readonly MeasuredCase[],
  more: Partial<Assumptions> = {},
): CostInputs => ({
  cases,
  assumptions: {
    callsPerMonth: said(decimal('100000')),
    turns: said({ mean: decimal('1'), growthTokens: 0 }),
    output: said({ mean: decimal('200') }),
    cache: { off: false },
    ...more,
  },
});
