import { describe, expect, it } from 'vitest';
import { deskOf, whatif } from '../support/whatif-desk.ts';

/** Whole numbers below a bound, the same in every run. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
}

/** Calls of every kind that levers tell apart: cached, failed, added up, with sound, without time to live or price. */
function calls(count: number): readonly object[] {
  const roll = dice(7);
  const pick = <Value>(...values: readonly Value[]): Value | undefined =>
    values[roll(values.length)];
  return Array.from({ length: count }, (_, index) => ({
    time: new Date(Date.parse('2026-11-02T12:00:00Z') + index * 20_000).toISOString(),
    model: pick('oak-1', 'oak-1', 'elm-1', 'yew-1', 'ash-9'),
    status: pick('success', 'success', 'success', 'failure', 'cancelled'),
    usage: {
      input: 200 + roll(11_000),
      cache_read: pick(0, 0, 4_000),
      cache_write: pick({}, {}, { '1h': 300, '5m': 20 }, { default: 7 }),
      output: roll(3_000),
      audio_input: pick(0, 0, 0, 100),
      fees: pick({}, {}, { cache_storage_token_hour: 5_000 }),
    },
    ...pick({}, {}, {}, { requests: 3, count_source: 'aggregated' }),
    tags: {
      feature: pick('chat', 'mail', 'search') ?? '',
      ...pick({}, { session: 's-1' }, { session: 's-2' }, { run: 'r-1', step: 'plan' }),
      ...pick({}, { prompt_hash: 'p-1', temperature: '0' }, { prompt_hash: 'p-2' }),
      ...pick({}, { prefix_hashes: '1 2 3 4' }, { prefix_hashes: '1 2 9' }),
      ...pick({}, { retrieval_count: '8', retrieval_tokens: '1001', system_tokens: '150' }),
    },
  }));
}

describe('a lever that looks at single calls', () => {
  it('leaves no request and no dollar out, in every group', async () => {
    const here = await deskOf(...calls(400));
    for (const lever of [
      ['prefix-cache'],
      ['prefix-cache', '--ttl', '1h', '--share', '37%'],
      ['exact-cache', '--ttl', '2h'],
      ['trim', '--drop-tokens', '150', '--per', 'step'],
      ['trim', '--system-pct', '33.3'],
      ['retrieval', '--from', '6', '--to', '3', '--chunk-tokens', '90'],
      ['max-tokens', '900', '--share', '50%'],
    ]) {
      const found = await whatif(here, ...lever, '--by', 'feature,model');
      const { total, changed, unchanged, excluded } = found.requests;
      expect([lever, changed > 0]).toEqual([lever, true]);
      expect([lever, changed + unchanged + excluded]).toEqual([lever, total]);
      expect([lever, found.before_usd]).toEqual([lever, found.report_total_usd]);
      const report = await here.must('report', '--format', 'json');
      expect([lever, found.before_usd]).toEqual([lever, JSON.parse(report).totals.cost_usd]);
      expect([lever, total]).toEqual([lever, JSON.parse(report).totals.requests]);
    }
  });
});
