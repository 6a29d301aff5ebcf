import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decimalText,
  divideHalfEven,
  money,
  moneyText,
  parseDecimal,
  parseMoney,
  rescale,
  sum,
  ZERO,
} from '../../src/domain/money.ts';

const SEED = { seed: 20261121, numRuns: 300 };

describe('parseDecimal', () => {
  it.each([
    { name: 'a price', text: '2.50', digits: 250n, scale: 2 },
    { name: 'a whole number', text: '7', digits: 7n, scale: 0 },
    { name: 'a fraction without a whole part', text: '.5', digits: 5n, scale: 1 },
    { name: 'a whole part with a bare point', text: '5.', digits: 5n, scale: 0 },
    { name: 'a small exponent', text: '1.542e-05', digits: 1542n, scale: 8 },
    { name: 'a big exponent', text: '3E+2', digits: 300n, scale: 0 },
    { name: 'an exponent that only moves the point', text: '1.25e1', digits: 125n, scale: 1 },
    { name: 'a debit', text: '-0.30', digits: -30n, scale: 2 },
    { name: 'a written plus', text: '+4', digits: 4n, scale: 0 },
    { name: 'spaces around', text: ' 0.1 ', digits: 1n, scale: 1 },
    {
      name: 'more digits than a float holds',
      text: '0.1000000000000000055',
      digits: 1000000000000000055n,
      scale: 19,
    },
  ])('reads $name', ({ text, digits, scale }) => {
    expect(parseDecimal(text)).toEqual({ digits, scale });
  });

  it.each([
    '',
    '.',
    '-',
    'e5',
    '1,50',
    '$2',
    '1_000',
    '0x10',
    'NaN',
    'Infinity',
    '1e',
    '1.2.3',
    '１',
  ])('does not take %j for a number', (text) => expect(parseDecimal(text)).toBeUndefined());
});

describe('rounding', () => {
  it.each([
    { name: '0.5 to 0', dividend: 1n, divisor: 2n, quotient: 0n },
    { name: '1.5 to 2', dividend: 3n, divisor: 2n, quotient: 2n },
    { name: '2.5 to 2', dividend: 5n, divisor: 2n, quotient: 2n },
    { name: '-0.5 to 0', dividend: -1n, divisor: 2n, quotient: 0n },
    { name: '-1.5 to -2', dividend: -3n, divisor: 2n, quotient: -2n },
    { name: '-2.5 to -2', dividend: -5n, divisor: 2n, quotient: -2n },
    { name: '0.51 to 1', dividend: 51n, divisor: 100n, quotient: 1n },
    { name: '-0.51 to -1', dividend: -51n, divisor: 100n, quotient: -1n },
    { name: '2.49 to 2', dividend: 249n, divisor: 100n, quotient: 2n },
    { name: '7 of 7 to 1', dividend: 7n, divisor: 7n, quotient: 1n },
  ])('takes $name', ({ dividend, divisor, quotient }) => {
    expect(divideHalfEven(dividend, divisor)).toBe(quotient);
  });

  it('never moves a quotient by more than half', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt({ min: 1n, max: 10n ** 30n }), (dividend, divisor) => {
        const off = dividend - divideHalfEven(dividend, divisor) * divisor;
        expect((off < 0n ? -off : off) * 2n <= divisor).toBe(true);
      }),
      SEED,
    );
  });

  it.each([
    { text: '0.0000000000000000005', attodollars: 0n },
    { text: '0.0000000000000000015', attodollars: 2n },
    { text: '0.0000000000000000025', attodollars: 2n },
    { text: '0.00000000000000000250001', attodollars: 3n },
  ])('keeps $text dollars as $attodollars attodollars', ({ text, attodollars }) => {
    expect(parseMoney(text)).toBe(attodollars);
  });
});

describe('decimalText', () => {
  it.each([
    { name: 'nothing', units: 0n, scale: 18, text: '0' },
    { name: 'a whole number', units: 12n * 10n ** 18n, scale: 18, text: '12' },
    { name: 'one unit', units: 1n, scale: 18, text: '0.000000000000000001' },
    { name: 'a debit', units: -2_202n, scale: 7, text: '-0.0002202' },
    { name: 'no trailing zeros', units: 2_500n, scale: 3, text: '2.5' },
    { name: 'no point at scale 0', units: 250n, scale: 0, text: '250' },
  ])('writes $name', ({ units, scale, text }) => {
    expect(decimalText(units, scale)).toBe(text);
  });

  it('is read back as the number it was written from', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.integer({ min: 0, max: 40 }), (units, scale) => {
        const read = parseDecimal(decimalText(units, scale));
        expect(read === undefined ? undefined : rescale(read, scale)).toBe(units);
      }),
      SEED,
    );
  });
});

describe('sum', () => {
  it('is nothing for no amounts', () => expect(sum([])).toBe(ZERO));

  it('keeps an attodollar beside a billion dollars', () => {
    const billion = parseMoney('1000000000') ?? ZERO;
    expect(moneyText(sum([billion, money(1n), billion, money(1n)]))).toBe(
      '2000000000.000000000000000002',
    );
  });

  it('of a million tenths of a cent is exactly a thousand dollars', () => {
    // Floats, added one by one, miss it.
    const tenth = parseMoney('0.001') ?? ZERO;
    expect(moneyText(sum(Array.from({ length: 1_000_000 }, () => tenth)))).toBe('1000');
  });

  it('does not depend on the order or the groups of its amounts', () => {
    const amount = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map(money);
    fc.assert(
      fc.property(fc.array(amount), fc.array(amount), (some, others) => {
        expect(sum([...others, ...some].reverse())).toBe(sum([sum(some), sum(others)]));
      }),
      SEED,
    );
  });
});
