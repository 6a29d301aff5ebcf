import { describe, expect, it } from 'vitest';
import { type Fraction, asMoney } from '../../src/domain/fraction.ts';
import { parseMoney, money, ZERO, type Money } from '../../src/domain/money.ts';
import {
  accruedOver,
  type HardwarePool,
  hourlyCost,
  type Serving,
} from '../../src/domain/own-hardware.ts';

const dollars = (text: string): Money => parseMoney(text) ?? ZERO;
const day = (text: string): number => Date.parse(text);

/** Eight accelerators bought for $300,000, worth $30,000 after 48 months. */
const H100: HardwarePool = {
  name: 'h100-a',
  accelerators: 8,
  bought: { price: dollars('300000'), residualValue: dollars('30000'), months: 48 },
  inService: day('2026-02-01'),
  supportPercent: { digits: 9n, scale: 0 },
  power: {
    kilowatts: { digits: 102n, scale: 1 },
    overhead: { digits: 13n, scale: 1 },
    kilowattHour: dollars('0.12'),
  },
  hostingPerMonth: dollars('1500'),
  file: 'gpu.yaml',
  line: 4,
};

/** Dollars to four decimals, as finance would write them. */
const shown = (amount: Fraction): string =>
  (Number(asMoney(amount) / 10n ** 14n) / 10 ** 4).toFixed(4);

describe('an hour of bought machines', () => {
  // (300,000 - 30,000) / (48 x 730) = 7.70547...; 300,000 x 9 % / 8,760 = 3.08219...
  // 10.2 kW x 1.3 x 0.12 = 1.5912; 1,500 / 730 = 2.05479...; together 14.43366...
  it.each([
    ['capital', '7.7054'],
    ['support', '3.0821'],
    ['power', '1.5912'],
    ['hosting', '2.0547'],
    ['staff', '0.0000'],
    ['rent', '0.0000'],
    ['total', '14.4336'],
  ] as const)('costs for %s $%s', (part, expected) => {
    expect(shown(hourlyCost(H100, day('2026-11-01'))[part])).toBe(expected);
  });

  it('costs nothing before it is in service', () => {
    expect(hourlyCost(H100, day('2026-01-31T23:59:59Z')).total.part).toBe(0n);
  });

  it('is written off after its last month, and still needs power, support and a room', () => {
    const after = hourlyCost(H100, day('2030-02-01'));
    expect([shown(after.capital), shown(after.total)]).toEqual(['0.0000', '6.7281']);
    expect(shown(hourlyCost(H100, day('2030-01-31T23:59:59Z')).capital)).toBe('7.7054');
  });
});

describe('a serving', () => {
  const serving: Serving = {
    name: 'hardware h100-a/llama-3.3-70b',
    models: ['llama-3.3-70b'],
    pool: H100,
    accelerators: 4,
    span: {},
    weights: new Map(),
  };

  it('is charged all clock hours of its accelerators', () => {
    // Half the pool for a day: 14.43366... / 2 x 24 = 173.2039...
    const span = { start: day('2026-11-01'), end: day('2026-11-02') };
    expect(shown(accruedOver(serving, span))).toBe('173.2039');
  });

  it('is charged capital only for the part of a span before it is written off', () => {
    // One day with 14.43366... and one with 6.72819... an hour: (14.43366 + 6.72819) / 2 x 24 = 253.9422...
    const span = { start: day('2030-01-31'), end: day('2030-02-02') };
    expect(shown(accruedOver(serving, span))).toBe('253.9422');
  });

  it('rented costs its rent and nothing else', () => {
    const pool: HardwarePool = {
      name: 'rented',
      accelerators: 2,
      hourlyPerAccelerator: money(dollars('2.50')),
      file: 'gpu.yaml',
      line: 1,
    };
    const span = { start: day('2026-11-01'), end: day('2026-11-01T10:00:00Z') };
    // 2 accelerators x 2.50 x 10 hours
    expect(shown(accruedOver({ ...serving, pool, accelerators: 2 }, span))).toBe('50.0000');
  });
});
