import { expect, it } from 'vitest';
import { parseMoney } from '../src/domain/money.ts';
import { type PriceCase, quotedLines, type QuotedLine, rateRows } from './support/rate-fixtures.ts';

/** A row of fact-prices.csv: what the collected tables say a model costs at one time in one context. */
interface Fact {
  readonly name: string;
  readonly asked: PriceCase;
  /** Dollars by meter, as collected. */
  readonly expected: readonly (readonly [meter: string, price: string])[];
}

const TOKENS = 1000;

const FACTS = rateRows('fact-prices.csv').map((row, index): Fact => {
  const { provider = '', model = '', at = '', context = '', prices = '' } = row;
  const expected = prices.split(' ').map((pair): readonly [string, string] => {
    const [meter = '', price = ''] = pair.split('=');
    return [meter, price];
  });
  const [key = '', value = ''] = context.split('=');
  return {
    name: [provider, model, context].filter((part) => part !== '').join(' '),
    asked: {
      id: String(index),
      provider,
      model,
      at,
      context: key === '' || key === 'prompt' ? {} : { [key]: value },
      ...quantities(
        expected.map(([meter]) => meter),
        key === 'prompt' ? Number(value) : undefined,
      ),
    },
    expected,
  };
});

/** A thousand tokens of every meter, the rest of a long prompt as fresh input; `1000*page` is a fee of 1000 pages. */
function quantities(
  meters: readonly string[],
  prompt: number | undefined,
): Pick<PriceCase, 'buckets' | 'fees'> {
  const paid = meters.filter((meter) => meter.includes('*')).map((meter) => meter.split('*'));
  const tokens = meters.filter((meter) => !meter.includes('*'));
  const read = tokens.filter((meter) => /^(cache|input_)/.test(meter)).length * TOKENS;
  const buckets = Object.fromEntries(tokens.map((meter) => [meter, TOKENS]));
  return {
    buckets: prompt === undefined ? buckets : { ...buckets, input: prompt - read },
    fees: Object.fromEntries(paid.map(([count, name]) => [name, Number(count)])),
  };
}

const FEE_LINES: ReadonlyMap<string, string> = new Map([['audio_hours', 'audio_milliseconds']]);

/** What the cards say of a meter: a fee in dollars for its count, tokens per million; `none` without a price. */
function answered(lines: readonly QuotedLine[], meter: string): string {
  const [, fee] = meter.split('*');
  if (fee !== undefined)
    return lines.find((line) => line.meter === (FEE_LINES.get(fee) ?? fee))?.cost_usd ?? 'none';
  // A write whose time to live is not known is a line of its own.
  const written = meter === 'cache_write' ? 'cache_write@default' : meter;
  const own = lines.find((line) => line.meter === written);
  // Reasoning that has no price of its own is billed inside output.
  const line = own ?? (meter === 'reasoning' ? lines.find((one) => one.meter === 'output') : own);
  return line?.unit_price_usd_per_million ?? 'none';
}

const exact = (price: string): bigint | string => parseMoney(price) ?? price;

/** Reviewed: where a card says something else, what it says and why. */
const REVIEWED = new Map(
  rateRows('fact-differences.csv').map((row) => {
    const { provider, model, context, meter, card = '' } = row;
    const name = [provider, model, context].filter((part) => part !== '').join(' ');
    return [`${name} ${meter}`, card];
  }),
);

const answers = await quotedLines(FACTS.map(({ asked }) => asked));

it('the cards say what 500 rows of collected price tables say, but for reviewed differences', () => {
  const wrong = FACTS.flatMap(({ name, asked, expected }) =>
    expected.flatMap(([meter, collected]) => {
      const found = answered(answers.get(asked.id) ?? [], meter);
      const wanted = REVIEWED.get(`${name} ${meter}`) ?? collected;
      return exact(found) === exact(wanted)
        ? []
        : [`${name} at ${asked.at}: ${meter} is ${found}, expected ${wanted}`];
    }),
  );
  expect(wrong, `${wrong.length} prices differ:\n${wrong.join('\n')}`).toEqual([]);
});

it('every reviewed difference is still one, and has its reason', () => {
  const held = new Map(
    FACTS.flatMap(({ name, expected }) =>
      expected.map(([meter, collected]) => [`${name} ${meter}`, collected] as const),
    ),
  );
  const stale = [...REVIEWED].filter(([key, card]) => {
    const collected = held.get(key);
    return collected !== undefined && exact(collected) === exact(card);
  });
  const unexplained = rateRows('fact-differences.csv').filter(({ reason }) => reason === '');
  expect({ stale, unexplained }).toEqual({ stale: [], unexplained: [] });
});
