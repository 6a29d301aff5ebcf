import { afterEach, describe, expect, it } from 'vitest';
import { decodeCase } from '../../src/config/quote-lines.ts';

const CASE = {
  id: 'q1',
  provider: 'openai',
  model: 'gpt-4o',
  at: '2026-11-01T12:00:00Z',
  context: {},
  buckets: { input: 2000, output: 500 },
  fees: {},
};
const decode = (more: Readonly<Record<string, unknown>>) =>
  decodeCase(JSON.stringify({ ...CASE, ...more }));

const zoneBefore = process.env['TZ'];
afterEach(() => {
  process.env['TZ'] = zoneBefore;
});

describe('a case of rates quote --stdin', () => {
  it('says who is called, when, and what was used', () => {
    expect(
      decode({ buckets: { input: 2000, 'cache_write@1h': 5 }, fees: { web_search: 2 } }),
    ).toEqual({
      id: 'q1',
      wanted: {
        provider: 'openai',
        model: 'gpt-4o',
        time: Date.UTC(2026, 10, 1, 12),
        buckets: new Map([
          ['input', 2000n],
          ['cache_write@1h', 5n],
        ]),
        fees: new Map([['web_search', 2n]]),
      },
      contracts: [],
    });
  });

  it.each([
    { name: 'a service tier', context: { service_tier: 'flex' }, tier: 'flex' },
    { name: 'a speed', context: { speed: 'fast' }, tier: 'fast' },
    {
      name: 'the usual speed',
      context: { speed: 'standard', service_tier: 'batch' },
      tier: 'batch',
    },
    { name: 'none', context: {}, tier: undefined },
  ])('has $name', ({ context, tier }) => {
    expect(decode({ context }).wanted.serviceTier).toBe(tier);
  });

  it('may bring a discount along', () => {
    const [contract] = decode({ context: { contract: { discount_pct: 12.5 } } }).contracts;
    expect(contract?.terms[0]?.factor).toEqual({ digits: 875n, scale: 3 });
  });

  it('has the same time wherever it is read', () => {
    process.env['TZ'] = 'America/New_York';
    const read = (): number | string => {
      try {
        return decode({ at: '2026-11-01T12:00:00' }).wanted.time;
      } catch {
        return 'refused';
      }
    };
    expect(['refused', Date.UTC(2026, 10, 1, 12)]).toContain(read());
  });

  it.each([
    { name: 'no JSON', message: 'not valid JSON', line: '{' },
    { name: 'no object', message: 'expected an object', line: '[1]' },
    {
      name: 'no model',
      message: 'model: expected text',
      line: JSON.stringify({ ...CASE, model: '' }),
    },
    { name: 'no time', message: 'at: expected', line: JSON.stringify({ ...CASE, at: undefined }) },
    {
      name: 'a time in words',
      message: 'at: expected',
      line: JSON.stringify({ ...CASE, at: 'yesterday' }),
    },
    {
      name: 'a day that there is not',
      message: 'at: expected',
      line: JSON.stringify({ ...CASE, at: '2026-02-30' }),
    },
    {
      name: 'a time of a day that there is not',
      message: 'at: expected',
      line: JSON.stringify({ ...CASE, at: '2026-02-30T00:00:00Z' }),
    },
    {
      name: 'a negative count',
      message: 'buckets.input: expected a whole number',
      line: JSON.stringify({ ...CASE, buckets: { input: -1 } }),
    },
    {
      name: 'half a token',
      message: 'buckets.input: expected a whole number',
      line: JSON.stringify({ ...CASE, buckets: { input: 0.5 } }),
    },
    {
      name: 'a count as text',
      message: 'buckets.input: expected a whole number',
      line: JSON.stringify({ ...CASE, buckets: { input: '5' } }),
    },
    {
      name: 'a count beyond 2^53',
      message: 'buckets.input: expected a whole number',
      line: JSON.stringify({ ...CASE, buckets: { input: 2 ** 53 } }),
    },
    {
      name: 'a meter that there is not',
      message: 'prompt_tokens',
      line: JSON.stringify({ ...CASE, buckets: { prompt_tokens: 5 } }),
    },
    {
      name: 'a misspelt meter',
      message: 'input_audoi',
      line: JSON.stringify({ ...CASE, buckets: { input_audoi: 5 } }),
    },
    {
      name: 'no counts',
      message: 'buckets',
      line: JSON.stringify({ ...CASE, buckets: undefined }),
    },
    {
      name: 'a discount in words',
      message: 'discount_pct',
      line: JSON.stringify({ ...CASE, context: { contract: { discount_pct: 'some' } } }),
    },
    {
      name: 'a discount above 100',
      message: 'discount_pct',
      line: JSON.stringify({ ...CASE, context: { contract: { discount_pct: 101 } } }),
    },
  ])('is refused with $name', ({ line, message }) => {
    expect(() => decodeCase(line)).toThrow(message);
  });
});
