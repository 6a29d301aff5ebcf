import { describe, expect, it } from 'vitest';
import type { OrderedCall } from '../../src/domain/ordered-call.ts';
import { promptOf, shortened, withoutCache } from '../../src/domain/shortened-call.ts';

const call: OrderedCall = {
  kind: {
    key: [],
    sku: {
      provider: 'acorn',
      model: 'oak-1',
      requestModel: undefined,
      operation: 'chat',
      serviceTier: undefined,
      region: undefined,
      inferenceGeo: undefined,
      billable: true,
      countSource: 'reported',
    },
    rate: { kind: 'not-billable' },
    status: 'success',
  },
  time: 0,
  requests: 1,
  input: 50,
  cacheRead: 100,
  cacheWrite: 300,
  output: 7,
  reasoning: 0,
  // 30 of the 300 written tokens have no time to live.
  extra: { 'cache_write@5m': 200, 'cache_write@1h': 70, 'fee:web_search': 2 },
  facts: [],
};

describe('a call with a shorter prompt', () => {
  it.each([
    ['beginning', 40, { cacheRead: 60, cacheWrite: 300, input: 50 }, [200, 70]],
    ['beginning', 125, { cacheRead: 0, cacheWrite: 275, input: 50 }, [200, 70]],
    ['beginning', 150, { cacheRead: 0, cacheWrite: 250, input: 50 }, [180, 70]],
    ['beginning', 430, { cacheRead: 0, cacheWrite: 0, input: 20 }, [undefined, undefined]],
    ['end', 60, { cacheRead: 100, cacheWrite: 290, input: 0 }, [200, 70]],
    ['end', 999, { cacheRead: 0, cacheWrite: 0, input: 0 }, [undefined, undefined]],
  ] as const)('of which the %s lacks %d tokens', (end, tokens, counts, [short, long]) => {
    const cut = shortened(call, tokens, end);
    expect(cut).toMatchObject(counts);
    expect(cut.extra?.['cache_write@5m']).toBe(short);
    expect(cut.extra?.['cache_write@1h']).toBe(long);
    expect(cut.extra?.['fee:web_search']).toBe(2);
    expect(promptOf(cut)).toBe(Math.max(0, 450 - tokens));
  });

  it('has all of it as fresh input without a cache', () => {
    expect(withoutCache(call)).toMatchObject({ input: 450, cacheRead: 0, cacheWrite: 0 });
  });
});
