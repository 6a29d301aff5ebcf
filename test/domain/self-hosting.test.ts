import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalOf, type Fraction } from '../../src/domain/fraction.ts';
import { decimalText, parseDecimal, parseMoney, ZERO } from '../../src/domain/money.ts';
import {
  type Machines,
  type OwnTraffic,
  perMonthOf,
  type SelfHosting,
  selfHosting,
  type TrafficHour,
} from '../../src/domain/self-hosting.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 1);

const decimal = (text: string) => parseDecimal(text) ?? { digits: 0n, scale: 0 };
const dollars = (text: string) => parseMoney(text) ?? ZERO;
const shown = (fraction: Fraction | undefined, digits: number): string => {
  const { digits: units, scale } = decimalOf(fraction ?? { part: -1n, over: 1n }, digits);
  return decimalText(units, scale);
};
/** Attodollars as dollars. */
const cents = (fraction: Fraction): string =>
  shown({ part: fraction.part, over: fraction.over * 10n ** 18n }, 2);

const machines = (more: {
  readonly hour?: string;
  readonly tps?: string;
  readonly target?: string;
  readonly least?: bigint;
  readonly month?: string;
}): Machines => ({
  hourPrice: { part: dollars(more.hour ?? '2.50'), over: 1n },
  inputPerSecond: decimal(more.tps ?? '700'),
  outputPerSecond: decimal(more.tps ?? '700'),
  targetUtilisation: decimal(more.target ?? '1'),
  leastAccelerators: more.least ?? 1n,
  perMonth: dollars(more.month ?? '0'),
});

/** A day whose hours have so many tokens, half of them output. */
const day = (hours: readonly bigint[], apiCost: string): OwnTraffic => ({
  span: { start: START, end: START + 24 * HOUR },
  hours: hours.map((tokens, index): TrafficHour => ({
    start: START + index * HOUR,
    input: tokens - tokens / 2n,
    output: tokens / 2n,
  })),
  apiCost: dollars(apiCost),
});

const flat = (tokensPerDay: bigint, apiCost: string): OwnTraffic =>
  day(
    Array.from({ length: 24 }, () => tokensPerDay / 24n),
    apiCost,
  );

function hosted(traffic: OwnTraffic, more: Parameters<typeof machines>[0] = {}): SelfHosting {
  const found = selfHosting(traffic, machines(more));
  if (found === undefined) throw new Error('no traffic');
  return found;
}

describe('thirty million tokens a day, all hours alike', () => {
  it('are 347 a second, which one accelerator of $2.50 serves for $2.00 a million', () => {
    const found = hosted(flat(30_000_000n, '90'));
    // 30,000,000 / 86,400 s; 24 h x $2.50 = $60 for 30 M.
    expect(shown(found.meanPerSecond, 1)).toBe('347.2');
    expect(shown(found.peakToMean, 2)).toBe('1');
    expect(found.accelerators).toBe(1n);
    expect(cents(found.hardware)).toBe('60');
    expect(cents(found.allocationPerMillion)).toBe('2');
    expect(cents(found.apiPerMillion)).toBe('3');
  });

  it('cost $2.40 a million at $3.00 an hour', () => {
    expect(cents(hosted(flat(30_000_000n, '90'), { hour: '3.00' }).allocationPerMillion)).toBe(
      '2.4',
    );
  });

  it('break even where the API would cost the $60 of an accelerator', () => {
    // The API takes $3.00 a million: $60 buys 20 M a day, two thirds of today.
    const { breakEven, staysAhead } = hosted(flat(30_000_000n, '90'));
    expect(shown(breakEven?.multiple, 4)).toBe('0.6667');
    expect(shown(breakEven?.tokensPerDay, 0)).toBe('20000000');
    expect(breakEven?.accelerators).toBe(1n);
    // One is full at 700/347.2 = 2.016 times: the API takes $181.44 there, two cost $120, so it stays so.
    expect(shown(staysAhead?.multiple, 4)).toBe('0.6667');
  });
});

describe('what idling costs', () => {
  it('$0.99 a million at 700 tokens a second when always busy', () => {
    // 700 x 3,600 = 2.52 M tokens an hour for $2.50.
    const found = hosted(flat(700n * 86_400n, '500'));
    expect(cents(found.usagePerMillion)).toBe('0.99');
    expect(cents(found.allocationPerMillion)).toBe('0.99');
    expect(shown(found.utilisation, 3)).toBe('1');
  });

  it('$9.92 a million when busy a tenth of the time', () => {
    const found = hosted(flat(70n * 86_400n, '500'));
    expect(shown(found.utilisation, 3)).toBe('0.1');
    expect(cents(found.usagePerMillion)).toBe('0.99');
    expect(cents(found.allocationPerMillion)).toBe('9.92');
  });
});

describe('a peak', () => {
  // As many tokens as a flat day, ten times as many in one hour as in any of the other 20; three have none.
  const peaky = day(
    [10_000_000n, ...Array.from({ length: 20 }, () => 1_000_000n), 0n, 0n, 0n],
    '90',
  );

  it('decides how many accelerators are needed, and hours without calls count as idle', () => {
    const found = hosted(peaky, { target: '0.6' });
    // 10 M / 3,600 s = 2,777.8 a second; 2,777.8 / (700 x 0.6) = 6.6.
    expect(shown(found.peakPerSecond, 1)).toBe('2777.8');
    expect(found.accelerators).toBe(7n);
    expect([found.hoursBusy, found.hours]).toEqual([21, 24]);
    // The mean hour has 30/24 = 1.25 M tokens, the busiest 10 M.
    expect(shown(found.peakToMean, 2)).toBe('8');
    // 347.2 / (7 x 700)
    expect(shown(found.utilisation, 4)).toBe('0.0709');
    expect(cents(found.hardware)).toBe('420');
  });

  it('moves the break-even of the same volume and price', () => {
    expect(shown(hosted(flat(30_000_000n, '90')).breakEven?.multiple, 3)).toBe('0.667');
    // Accelerators in fractions would cost 2,777.8/700 x $60 = $238 beside $90: never.
    expect(hosted(peaky).breakEven).toBeUndefined();
    // At $8 a million ($240 a day) margin is $1.90: 1 x $60 / 240 = 0.25 times today is reached with one.
    const dear = hosted({ ...peaky, apiCost: dollars('240') });
    expect(shown(dear.breakEven?.multiple, 3)).toBe('0.25');
    // Each step up must pay too: (0 + 60) x 3.968 / (240 - 238.095) = 125 accelerators.
    expect(dear.staysAhead?.accelerators).toBe(125n);
    expect(shown(dear.staysAhead?.multiple, 3)).toBe('31.25');
  });
});

describe('people and machines beside', () => {
  it('are a month over 30.4375 days, and have to be earned first', () => {
    // $3,043.75 a month are $100 a day.
    const found = hosted(flat(30_000_000n, '90'), { month: '3043.75' });
    expect(cents(found.beside)).toBe('100');
    expect(cents(found.total)).toBe('160');
    // 160 / 30 = 5.333
    expect(cents(found.totalPerMillion)).toBe('5.33');
    // One accelerator holds 2.016 times today, where the API takes $181.44: (60 + 100) / 90 = 1.778 times.
    expect(shown(found.breakEven?.multiple, 3)).toBe('1.778');
    expect(cents(perMonthOf(found.total, { start: START, end: START + 24 * HOUR }))).toBe('4870');
  });

  it('need no more accelerators than the least that can run', () => {
    const found = hosted(flat(30_000_000n, '900'), { least: 4n });
    expect(found.accelerators).toBe(4n);
    // 4 x 60 / 900
    expect(shown(found.breakEven?.multiple, 4)).toBe('0.2667');
  });
});

it('input and output may take unlike times', () => {
  const found = selfHosting(day([7_200_000n], '10'), {
    ...machines({}),
    inputPerSecond: decimal('8000'),
    outputPerSecond: decimal('500'),
  });
  // 3.6 M / 8,000 + 3.6 M / 500 = 450 + 7,200 = 7,650 s of work in one hour: 2.125 accelerators.
  expect(found?.accelerators).toBe(3n);
  expect(shown(found?.utilisation, 6)).toBe('0.029514');
});

it('no tokens are nothing to host', () => {
  expect(selfHosting(day([], '0'), machines({}))).toBeUndefined();
  expect(selfHosting(day([0n, 0n], '0'), machines({}))).toBeUndefined();
});

it('at break-even hosting costs what the API does, and a thousandth less traffic makes it dearer', () => {
  const hours = fc.array(fc.bigInt({ min: 0n, max: 50_000_000n }), { minLength: 1, maxLength: 24 });
  const price = fc.bigInt({ min: 1n, max: 2_000n });
  const beside = fc.bigInt({ min: 0n, max: 30_000n });
  fc.assert(
    fc.property(
      hours,
      price,
      beside,
      fc.bigInt({ min: 1n, max: 5n }),
      (volumes, api, fixed, least) => {
        fc.pre(volumes.some((tokens) => tokens > 0n));
        const own = { target: '0.6', month: String(fixed), least };
        const today = hosted(day(volumes, String(api)), own);
        const { breakEven } = today;
        fc.pre(breakEven !== undefined);
        const at = costsAt(volumes, api, own, breakEven.multiple);
        expect(at.self).toBe(at.api);
        const less = costsAt(volumes, api, own, {
          part: breakEven.multiple.part * 999n,
          over: breakEven.multiple.over * 1000n,
        });
        expect(less.self > less.api).toBe(true);
      },
    ),
    { seed: 7, numRuns: 200 },
  );
});

/** Both costs of a day at a multiple of its traffic, worked out anew; whole numbers over one divisor. */
function costsAt(
  volumes: readonly bigint[],
  api: bigint,
  { month, least }: { readonly month: string; readonly least: bigint },
  { part, over }: Fraction,
): { readonly self: bigint; readonly api: bigint } {
  const peak = volumes.reduce((most, tokens) => (tokens > most ? tokens : most), 0n);
  // peak x part / over tokens in 3,600 s of 700 x 0.6 = 420 a second
  const full = 3_600n * 420n * over;
  const needed = (peak * part + full - 1n) / full;
  const accelerators = needed < least ? least : needed;
  // A day of a month's amount: x 86.4 M ms / 2,629.8 M ms
  const scale = over * 2_629_800n;
  return {
    self: accelerators * 60n * scale + BigInt(month) * 86_400n * over,
    api: api * part * 2_629_800n,
  };
}
