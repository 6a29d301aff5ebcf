import { describe, expect, it } from 'vitest';
import { deskOf, excluded, taken, whatif } from '../support/whatif-desk.ts';

const at = (minutes: number): string =>
  new Date(Date.parse('2026-11-02T12:00:00Z') + minutes * 60_000).toISOString();

describe('whatif prefix-cache, savings so far', () => {
  it.each([
    {
      name: 'A: writing costs 1.50 more',
      usage: {
        input_tokens: 500_000,
        cache_write_5m_tokens: 2_000_000,
        cache_read_tokens: 8_000_000,
      },
      // 31.50 - (1.50 + 7.50 + 2.40)
      saved: '20.1 USD',
    },
    {
      name: 'B: keeping costs 6.00',
      usage: {
        input_tokens: 2_500_000,
        cache_read_tokens: 8_000_000,
        fees: { cache_storage_token_hour: 6_000_000 },
      },
      // 31.50 - (7.50 + 2.40 + 6.00)
      saved: '15.6 USD',
    },
  ])('tells what FOCUS works out for its pair of examples, $name', async ({ usage, saved }) => {
    // Sums over many requests have no context tier.
    const here = await deskOf({ ...usage, requests: 3000, count_source: 'aggregated' });
    expect(taken(await whatif(here, 'prefix-cache'), 'saved so far')).toBe(saved);
  });

  it('tells after how many reads a written token pays', async () => {
    // (3.75 - 3) / (3 - 0.30) = 0.2777...
    const here = await deskOf({ cache_write_5m_tokens: 2_000 });
    expect(taken(await whatif(here, 'prefix-cache'), 'break-even reads')).toBe('0.28');
  });
});

describe('whatif prefix-cache by prefix hashes', () => {
  it('counts blocks that were sent before behind the same blocks, the last one partial', async () => {
    const here = await deskOf(
      // 2 blocks of 512 and one of 376.
      { time: at(0), input_tokens: 1_400, prefix_hashes: [1, 2, 3] },
      // Shares two blocks: 1,024.
      { time: at(1), input_tokens: 1_500, prefix_hashes: [1, 2, 4] },
      // The same prompt as the first, ten minutes after anybody used its third block: 1,400 ever and within 1h.
      { time: at(10), input_tokens: 1_400, prefix_hashes: '1 2 3' },
      // Block 3 behind another beginning is no hit.
      { time: at(11), input_tokens: 1_400, tags: { prefix_hashes: [9, 2, 3] } },
    );
    const found = await whatif(here, 'prefix-cache');
    // 1,024 + 1,400 of 5,700; within 5m only 1,024.
    expect(taken(found, 'sent before, ever')).toBe('42.53 %');
    expect(taken(found, 'sent before, 1h')).toBe('42.53 %');
    expect(taken(found, 'sent before, 5m')).toBe('17.96 %');
  });

  it('reads what is kept and writes the rest; at best it writes only what is read again', async () => {
    const here = await deskOf(
      { time: at(0), input_tokens: 2_000, prefix_hashes: [1, 2], prefix_block_tokens: 1_000 },
      { time: at(4), input_tokens: 3_000, prefix_hashes: [1, 2, 3], prefix_block_tokens: 1_000 },
      { time: at(5), input_tokens: 1_500, prefix_hashes: [1, 5], prefix_block_tokens: 1_000 },
    );
    const found = await whatif(here, 'prefix-cache');
    // Before: 6,500 x 3 = 19,500 millionths of a dollar.
    expect(found.before_usd).toBe('0.0195');
    // Likely: written 2,000 + 1,000 + 500 at 3.75, read 2,000 + 1,000 at 0.30: 13,125 + 900.
    expect(found.after_usd.mid).toBe('0.014025');
    expect(found.after_usd.low).toBe('0.014025');
    // At best the first writes its 2,000, which are read; the 1,500 after them are fresh: 7,500 + 4,500 + 900.
    expect(found.after_usd.high).toBe('0.0129');
  });

  it('forgets a prefix when its time to live is over, and keeps it longer for a higher price', async () => {
    const calls = [0, 6, 12].map((minutes) => ({
      time: at(minutes),
      input_tokens: 2_000,
      prefix_hashes: ['a', 'b'],
      prefix_block_tokens: 1_000,
    }));
    const here = await deskOf(...calls);
    // Every call writes its 2,000 anew at 3.75: 22,500; fresh they cost 18,000.
    const short = await whatif(here, 'prefix-cache');
    expect([short.before_usd, short.after_usd.mid]).toEqual(['0.018', '0.0225']);
    // At best nothing is written.
    expect(short.after_usd.high).toBe('0.018');
    // One write at 6 and two reads at 0.30: 12,000 + 1,200.
    expect((await whatif(here, 'prefix-cache', '--ttl', '1h')).after_usd.mid).toBe('0.0132');
  });

  it('leaves prompts and prefixes below the smallest cached one as they are', async () => {
    const here = await deskOf(
      { time: at(0), input_tokens: 999, prefix_hashes: ['a', 'b'] },
      { time: at(1), input_tokens: 1_600, prefix_hashes: ['a', 'c', 'd', 'e'] },
      { time: at(2), input_tokens: 1_600, prefix_hashes: ['a', 'x', 'y', 'z'] },
    );
    const found = await whatif(here, 'prefix-cache');
    expect(excluded(found)).toEqual({ 'below-minimum': 1 });
    // 512 shared tokens are too few: both prompts are written, none is read.
    expect(found.after_usd.mid).toBe('0.014997'); // 999 x 3 + 3,200 x 3.75
  });

  it('costs nothing more to write where the provider caches by itself', async () => {
    const here = await deskOf(
      { model: 'elm-1', time: at(0), input_tokens: 1_024, prefix_hashes: ['a', 'b'] },
      { model: 'elm-1', time: at(1), input_tokens: 1_024, prefix_hashes: ['a', 'c'] },
    );
    // 2,048 x 2 = 4,096; then 512 of them are read at 0.50: 1,536 x 2 + 256.
    const found = await whatif(here, 'prefix-cache');
    expect([found.before_usd, found.after_usd.mid]).toEqual(['0.004096', '0.003328']);
    expect(found.after_usd.high).toBe(found.after_usd.mid);
  });

  it('still tells the tokens where no price is known', async () => {
    // The first prices are of 2026.
    const here = await deskOf(
      { time: '2025-11-02T12:00:00Z', input_tokens: 512, prefix_hashes: ['a'] },
      { time: '2025-11-02T12:01:00Z', input_tokens: 1_024, prefix_hashes: ['a', 'b'] },
    );
    const found = await whatif(here, 'prefix-cache');
    expect(taken(found, 'sent before, ever')).toBe('33.33 %');
    expect(excluded(found)).toEqual({ 'no-price-now': 2 });
  });
});

describe('whatif prefix-cache by sessions', () => {
  const turn = (minutes: number, input: number, output: number, more: object = {}): object => ({
    time: at(minutes),
    input_tokens: input,
    output_tokens: output,
    session: 's-1',
    ...more,
  });

  it('takes a prompt to repeat the one before it in its session', async () => {
    const here = await deskOf(turn(0, 2_000, 100), turn(1, 2_500, 100), turn(2, 2_550, 0));
    const found = await whatif(here, 'prefix-cache');
    // Before: 7,050 x 3 + 200 x 15 = 24,150.
    expect(found.before_usd).toBe('0.02415');
    // Likely: reads 2,000 + 2,500 at 0.30, writes 2,000 + 500 + 50 at 3.75, answers 3,000: 1,350 + 9,562.5 + 3,000.
    expect(found.after_usd.mid).toBe('0.0139125');
    // Least: the third is too short for the answer between, so it is written whole: 600 + 18,937.5 + 3,000.
    expect(found.after_usd.low).toBe('0.0225375');
    // Most: the last 50 are never read again: 1,350 + 2,500 x 3.75 + 50 x 3 + 3,000.
    expect(found.after_usd.high).toBe('0.013875');
  });

  it('reads whole steps past the smallest prefix where the provider caches so', async () => {
    const openai = { provider: 'openai', model: 'gpt-4o-2024-08-06' };
    const here = await deskOf(turn(0, 2_000, 0, openai), turn(1, 2_500, 0, openai));
    const found = await whatif(here, 'prefix-cache');
    // Of 2,000 shared tokens 1,024 + 7 x 128 = 1,920 are read at 1.25; 2,580 cost 2.50.
    expect([found.before_usd, found.after_usd.mid]).toEqual(['0.01125', '0.00885']);
    expect(taken(found, 'smallest cached')).toBe('1024 tokens, steps of 128');
  });

  it('keeps what is cached already, and does not carry a cache to another model', async () => {
    const here = await deskOf(
      turn(0, 2_000, 0),
      turn(1, 100, 0, { cache_read_tokens: 2_000 }),
      turn(2, 3_000, 0, { model: 'elm-1' }),
      turn(3, 1_000, 0, { model: 'yew-1' }),
    );
    const found = await whatif(here, 'prefix-cache');
    expect(excluded(found)).toEqual({ 'already-cached': 1, 'no-cache-price': 1 });
    expect(found.requests).toMatchObject({ total: 4, changed: 2, excluded: 2 });
  });

  it('says of calls without hashes, session or run that nothing is known', async () => {
    const here = await deskOf({ input_tokens: 5_000 }, { input_tokens: 5_000, status: 'failure' });
    const found = await whatif(here, 'prefix-cache');
    expect(excluded(found)).toEqual({ 'beginning-unknown': 1, 'not-successful': 1 });
    expect(found.after_usd.mid).toBe(found.report_total_usd);
  });

  it('adds up to the report in every group', async () => {
    const here = await deskOf(
      turn(0, 2_000, 100, { tags: { feature: 'chat' } }),
      turn(1, 2_500, 100, { tags: { feature: 'chat' } }),
      turn(2, 9_000, 10, { tags: { feature: 'mail' }, session: 's-2' }),
    );
    const found = await whatif(here, 'prefix-cache', '--by', 'feature');
    expect(found.before_usd).toBe(found.report_total_usd);
  });
});
