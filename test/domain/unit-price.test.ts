import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Decimal, moneyText, parseDecimal } from '../../src/domain/money.ts';
import { multiply, priceOf, QUOTED_FOR, unitPrice } from '../../src/domain/unit-price.ts';

const MS_PER_HOUR = 3_600_000;

const decimal = (text: string): Decimal => {
  const read = parseDecimal(text);
  if (read === undefined) throw new Error(`no number: ${text}`);
  return read;
};

describe('unitPrice', () => {
  it.each([
    // 2.50 / 1,000,000 tokens = 0.0000025 a token.
    { name: '2.50 a million', price: '2.50', quotedFor: QUOTED_FOR.million, each: '0.0000025' },
    // 10 / 1,000 calls = 0.01 a call.
    { name: '10 a thousand', price: '10.00', quotedFor: QUOTED_FOR.thousand, each: '0.01' },
    { name: '0.04 each', price: '0.04', quotedFor: QUOTED_FOR.one, each: '0.04' },
    // The eighth decimal of a price per million is the fourteenth of a price per token.
    {
      name: '0.00000001 a million',
      price: '0.00000001',
      quotedFor: QUOTED_FOR.million,
      each: '0.00000000000001',
    },
    // 0.003625 / 1,000,000: half of it has to stay exact, see multiply.
    {
      name: '0.003625 a million',
      price: '0.003625',
      quotedFor: QUOTED_FOR.million,
      each: '0.000000003625',
    },
  ])('of $name is exact', ({ price, quotedFor, each }) => {
    expect(moneyText(priceOf(1n, unitPrice(decimal(price), quotedFor)))).toBe(each);
  });

  it('times a million is the published price, for all prices of 8 decimals', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 13n }), (digits) => {
        const price = unitPrice({ digits, scale: 8 }, QUOTED_FOR.million);
        expect(priceOf(1_000_000n, price)).toBe(digits * 10n ** 10n);
      }),
      { seed: 20261121, numRuns: 300 },
    );
  });
});

describe('multiply', () => {
  it.each([
    // 0.003625 x 0.5 = 0.0018125 a million.
    { name: 'half of 0.003625', price: '0.003625', factor: '0.5', million: '0.0018125' },
    // 2.50 x 1.1 = 2.75
    { name: 'a tenth more than 2.50', price: '2.50', factor: '1.1', million: '2.75' },
    // 0.00000001 x 0.0001 = 0.000000000001: the smallest price times the smallest factor.
    {
      name: 'a ten-thousandth of 0.00000001',
      price: '0.00000001',
      factor: '0.0001',
      million: '0.000000000001',
    },
    { name: 'nothing of 5', price: '5', factor: '0', million: '0' },
  ])('makes $name exactly', ({ price, factor, million }) => {
    const scaled = multiply(unitPrice(decimal(price), QUOTED_FOR.million), decimal(factor));
    expect(moneyText(priceOf(1_000_000n, scaled))).toBe(million);
  });

  it.each([
    { name: '1.5 attodollars become 2', amount: 3n, expected: 2n },
    { name: '2.5 attodollars become 2', amount: 5n, expected: 2n },
  ])('rounds half to even: $name', ({ amount, expected }) => {
    expect(multiply({ amount, per: 1 }, decimal('0.5')).amount).toBe(expected);
  });

  it('keeps what the price is for', () => {
    expect(multiply({ amount: 4n, per: MS_PER_HOUR }, decimal('0.5'))).toEqual({
      amount: 2n,
      per: MS_PER_HOUR,
    });
  });
});

describe('an hour of audio', () => {
  const hour = unitPrice(decimal('0.36'), QUOTED_FOR.one, MS_PER_HOUR);

  it.each([
    { name: 'an hour', milliseconds: 3_600_000n, cost: '0.36' },
    // 0.36 / 3600 = 0.0001 a second, half of it for half a second.
    { name: 'half a second', milliseconds: 500n, cost: '0.00005' },
    // 0.36 / 3,600,000 = 0.0000001 a millisecond.
    { name: 'a millisecond', milliseconds: 1n, cost: '0.0000001' },
    { name: 'silence', milliseconds: 0n, cost: '0' },
  ])('charges $name', ({ milliseconds, cost }) => {
    expect(moneyText(priceOf(milliseconds, hour))).toBe(cost);
  });

  it('rounds once, at the end', () => {
    // 1 / 3,600,000 = 0.000000277777...; three of them are 0.000000833333..., not 3 x 0.000000277777777778.
    const odd = unitPrice(decimal('1'), QUOTED_FOR.one, MS_PER_HOUR);
    expect(moneyText(priceOf(3n, odd))).toBe('0.000000833333333333');
  });
});
