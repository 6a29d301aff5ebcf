import { describe, expect, it } from 'vitest';
import { type Accrual, accrued, type WrittenTime } from '../../src/domain/accrual.ts';
import { moneyText, parseMoney, sum, ZERO } from '../../src/domain/money.ts';
import { parsePeriod } from '../../src/domain/period.ts';
import { stepsIn } from '../../src/domain/steps.ts';

const day = (text: string): WrittenTime => ({ text, time: Date.parse(text) });
const span = (text: string, timeZone = 'UTC') => {
  const found = parsePeriod(text, { now: 0, timeZone });
  if (found === undefined) throw new Error(text);
  return found;
};
const accrual = (amount: string, more: Partial<Accrual> = {}): Accrual => ({
  label: 'seats',
  amount: parseMoney(amount) ?? ZERO,
  every: 'month',
  from: day('2026-01-01'),
  ...more,
});
const cost = (one: Accrual, period: string, zone = 'UTC'): string =>
  moneyText(accrued(one, span(period, zone), zone));

describe('an amount a month', () => {
  it.each([
    { case: 'is itself in a whole month', period: '2026-11', is: '30' },
    { case: 'is a thirtieth in a day of November', period: '2026-11-07', is: '1' },
    { case: 'is itself each month', period: '2026-10-01..2026-12-01', is: '60' },
    // 30 / 31 = 0.967741935483870967741..., of which the first day gets 18 digits.
    { case: 'is a part of 31 days', period: '2026-10-01', is: '0.967741935483870968' },
  ])('$case', ({ period, is }) => expect(cost(accrual('30.00'), period)).toBe(is));

  it.each(['UTC', 'Europe/Berlin', 'America/New_York'])(
    'is itself as the sum of its days in %s, where clocks change too',
    (zone) => {
      const days = [...stepsIn('day', zone, span('2026-10', zone))];
      expect(days).toHaveLength(31);
      const parts = days.map((each) => accrued(accrual('31.07'), each.span, zone));
      expect(moneyText(sum(parts))).toBe('31.07');
    },
  );

  // From the 16th: 15 of 30 days. Until the 16th of November, half-open: the same.
  it('begins and ends on its days', () => {
    expect(cost(accrual('30.00', { from: day('2026-11-16') }), '2026-11')).toBe('15');
    expect(cost(accrual('30.00', { until: day('2026-11-16') }), '2026-11')).toBe('15');
    expect(cost(accrual('30.00', { until: day('2026-10-01') }), '2026-11')).toBe('0');
  });
});

describe('an amount for one stretch', () => {
  const credit = accrual('-100.00', {
    every: 'once',
    from: day('2026-10-30'),
    until: day('2026-11-03'),
  });

  // Two of its four days lie in each month.
  it('is spread evenly over it, credits too', () => {
    expect(cost(credit, '2026-10')).toBe('-50');
    expect(cost(credit, '2026-11')).toBe('-50');
    expect(cost(credit, '2026-12')).toBe('0');
  });
});
