import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { charge, costOf } from '../../src/domain/charge.ts';
import { totalsOf } from '../../src/domain/meters.ts';
import { NO_USAGE } from '../../src/domain/usage.ts';

const METERS = [
  'input',
  'cache_read',
  'cache_write',
  'cache_write@1h',
  'output',
  'reasoning',
  'input_audio',
  'fee:request',
  'fee:web_search',
];
const prices = fc
  .subarray(METERS)
  .map(
    (meters) =>
      new Map(meters.map((meter, index) => [meter, { amount: BigInt(7 ** index), per: 1 }])),
  );
const count = fc.constantFrom(0, 0, 1, 1_000_003);
const usage = fc
  .record({
    input: count,
    cacheRead: count,
    write: count,
    hour: count,
    output: count,
    audio: count,
    search: count,
  })
  .map(({ write, hour, audio, search, ...counts }) =>
    totalsOf({
      ...NO_USAGE,
      ...counts,
      input: counts.input + audio,
      reasoning: Math.floor(counts.output / 2),
      cacheWrite: { ...(write > 0 && { default: write }), ...(hour > 0 && { '1h': hour }) },
      parts: audio > 0 ? { audio_input: audio } : {},
      fees: search > 0 ? { web_search: search } : {},
    }),
  );

describe('the cost of usage', () => {
  it('is what its lines sum to, and unknown where a line has no price', () =>
    fc.assert(
      fc.property(usage, prices, (used, listed) => {
        expect(costOf(used, listed, 3n)).toBe(charge(used, listed, 3n).cost);
      }),
      { seed: 11, numRuns: 500 },
    ));

  it('of 2,000 tokens in at 5 and 10 out at 7 attodollars is 10,070', () => {
    const used = totalsOf({ ...NO_USAGE, input: 2_000, output: 10 });
    const listed = new Map([
      ['input', { amount: 5n, per: 1 }],
      ['output', { amount: 7n, per: 1 }],
    ]);
    expect(costOf(used, listed, 1n)).toBe(10_070n);
  });
});
