import { describe, expect, it } from 'vitest';
import { deskOf, excluded, taken, whatif } from '../support/whatif-desk.ts';

describe('whatif trim', () => {
  it('is linear in tokens: fresh input saves its whole price', async () => {
    const here = await deskOf({ input_tokens: 5_000 }, { input_tokens: 3_000 });
    const saving = async (tokens: string) =>
      (await whatif(here, 'trim', '--drop-tokens', tokens)).saving_usd.mid;
    // 2 x 700 x 3, and twice as much.
    expect([await saving('700'), await saving('1400')]).toEqual(['0.0042', '0.0084']);
  });

  it('saves a tenth where a cache held what is cut', async () => {
    const here = await deskOf({ cache_read_tokens: 5_000, input_tokens: 10 });
    // 700 x 0.30, not x 3.
    expect((await whatif(here, 'trim', '--drop-tokens', '700')).saving_usd.mid).toBe('0.00021');
  });

  it('cuts what was read first, then what was written, then fresh input', async () => {
    const here = await deskOf({
      cache_read_tokens: 100,
      cache_write_5m_tokens: 200,
      cache_write_1h_tokens: 2_000,
      input_tokens: 50,
    });
    // 100 x 0.30 + 200 x 3.75 + 300 x 6; 1,700 written tokens are left, which is enough to be cached.
    expect((await whatif(here, 'trim', '--drop-tokens', '600')).saving_usd.mid).toBe('0.00258');
  });

  it('loses the cache where what is left of it is too short', async () => {
    const here = await deskOf({ cache_read_tokens: 1_500, input_tokens: 100 });
    // 900 tokens are no longer cached: before 1,500 x 0.30 + 300, then 1,000 x 3.
    const found = await whatif(here, 'trim', '--drop-tokens', '600');
    expect([found.before_usd, found.after_usd.mid]).toEqual(['0.00075', '0.003']);
  });

  it('gets the price of the shorter prompt', async () => {
    // Above 10,000 tokens all of the prompt costs $6; 9,999 cost $3.
    const here = await deskOf({ input_tokens: 10_099 }, { input_tokens: 11_000 });
    const found = await whatif(here, 'trim', '--drop-tokens', '100');
    // 21,099 x 6 before; 9,999 x 3 + 10,900 x 6 after.
    expect([found.before_usd, found.after_usd.mid]).toEqual(['0.126594', '0.095397']);
  });

  it('leaves prompts alone that are shorter than the cut', async () => {
    const here = await deskOf({ input_tokens: 600 }, { input_tokens: 599 });
    const found = await whatif(here, 'trim', '--drop-tokens', '600');
    expect(excluded(found)).toEqual({ 'prompt-too-short': 1 });
    expect(found.saving_usd.mid).toBe('0.0018');
  });

  it('counts a step of a run once', async () => {
    const step = (run: string, name: string, id: string): object => ({
      id,
      input_tokens: 1_000,
      run,
      tags: { step: name },
    });
    const here = await deskOf(
      step('r1', 'plan', 'a'),
      step('r1', 'plan', 'b'),
      step('r1', 'write', 'c'),
      step('r2', 'plan', 'd'),
      { id: 'e', input_tokens: 1_000 },
    );
    const found = await whatif(here, 'trim', '--drop-tokens', '100', '--per', 'step');
    expect(found.requests.changed).toBe(3);
    expect(excluded(found)).toEqual({ 'same-step': 1, 'no-step': 1 });
    expect(found.saving_usd.mid).toBe('0.0009');
  });

  it('shortens the system prompt by a part of what was measured, else of what was declared', async () => {
    const here = await deskOf(
      { input_tokens: 5_000, system_tokens: 2_000 },
      { input_tokens: 5_000 },
      { cache_read_tokens: 5_000, system_tokens: 2_000 },
    );
    // 600 x 3 + 600 x 0.30; the second has no system_tokens.
    const measured = await whatif(here, 'trim', '--system-pct', '30');
    expect(measured.saving_usd.mid).toBe('0.00198');
    expect(excluded(measured)).toEqual({ 'system-tokens-unknown': 1 });
    // The second too: 300 x 3.
    const declared = await whatif(here, 'trim', '--system-pct', '30%', '--system-tokens', '1000');
    expect(declared.saving_usd.mid).toBe('0.00288');
  });

  it.each([
    [[], 'say what is trimmed: --drop-tokens or --system-pct'],
    [
      ['--drop-tokens', '5', '--system-pct', '30'],
      '--drop-tokens and --system-pct are two ways to say the same; give one',
    ],
    [['--drop-tokens', '-5'], '--drop-tokens: expected a whole number, 0 or more, found "-5"'],
    [['--drop-tokens', '5', '--per', 'day'], '--per: expected request or step, found "day"'],
  ])('refuses %j', async (flags, message) => {
    const here = await deskOf({ input_tokens: 600 });
    const { code, err } = await here.aicost('whatif', 'trim', ...flags);
    expect([code, err.split('\n')[0]]).toEqual([2, `aicost: ${message}`]);
  });
});

describe('whatif retrieval', () => {
  it('takes out chunks by their measured size and tells the share that they really have', async () => {
    const here = await deskOf(
      // 10 chunks of 400 in 5,000 tokens; 7 of them go.
      { input_tokens: 5_000, retrieval_count: 10, retrieval_tokens: 4_000 },
      // 5 chunks of 100; 2 go.
      { input_tokens: 5_000, retrieval_count: 5, retrieval_tokens: 500 },
      { input_tokens: 5_000, retrieval_count: 3, retrieval_tokens: 900 },
      { input_tokens: 5_000 },
    );
    const found = await whatif(here, 'retrieval', '--from', '10', '--to', '3');
    // The fourth is taken to have 10 chunks, whose size nobody knows.
    expect(excluded(found)).toEqual({ 'few-already': 1, 'chunk-tokens-unknown': 1 });
    // (2,800 + 200) x 3
    expect(found.saving_usd.mid).toBe('0.009');
    // 5,400 of 15,000 tokens: a saving of 70 % is out of reach.
    expect(taken(found, 'retrieved context')).toBe('36.00 %');
  });

  it('takes declared chunks where nothing was logged, and fresh input before what is cached', async () => {
    const here = await deskOf({ input_tokens: 1_000, cache_read_tokens: 4_000 });
    const flags = ['--from', '10', '--to', '3', '--chunk-tokens', '200'];
    const found = await whatif(here, 'retrieval', ...flags);
    // 1,000 x 3 + 400 x 0.30
    expect(found.saving_usd.mid).toBe('0.00312');
    expect(excluded(await whatif(here, 'retrieval', '--to', '3'))).toEqual({
      'retrieval-unknown': 1,
    });
  });

  it('rounds what a part of the chunks has down to whole tokens', async () => {
    // 2 of 3 chunks of 1,000 tokens in all: 666.
    const here = await deskOf({ input_tokens: 5_000, retrieval_count: 3, retrieval_tokens: 1_000 });
    expect((await whatif(here, 'retrieval', '--to', '1')).saving_usd.mid).toBe('0.001998');
  });

  it.each([
    [[], '--to: say how many chunks would be left'],
    [['--from', '3', '--to', '3'], '--from 3 --to 3: expected fewer chunks than before'],
  ])('refuses %j', async (flags, message) => {
    const here = await deskOf({ input_tokens: 600 });
    const { code, err } = await here.aicost('whatif', 'retrieval', ...flags);
    expect([code, err.split('\n')[0]]).toEqual([2, `aicost: ${message}`]);
  });
});

describe('whatif max-tokens', () => {
  it('cuts longer answers at the limit and names the dearest that would be cut off', async () => {
    const here = await deskOf(
      { id: 'short', output_tokens: 1_000 },
      { id: 'long', output_tokens: 1_500 },
      { id: 'longer', model: 'elm-1', output_tokens: 2_000 },
      { id: 'failed', output_tokens: 9_000, status: 'failure' },
    );
    const found = await whatif(here, 'max-tokens', '1000');
    // 500 x 15 + 1,000 x 8
    expect(found.saving_usd.mid).toBe('0.0155');
    expect(found.requests).toMatchObject({ total: 4, changed: 2, unchanged: 1, excluded: 1 });
    expect(taken(found, 'answers cut off')).toBe('66.67 %');
    // Past the limit the longer answer costs 0.008, the other 0.0075.
    expect(taken(found, 'dearest cut off')).toBe('longer long');
  });

  it('says nothing of answers at risk where none is longer', async () => {
    const here = await deskOf({ output_tokens: 1_000 });
    const found = await whatif(here, 'max-tokens', '1,000');
    expect([found.saving_usd.mid, taken(found, 'dearest cut off')]).toEqual(['0', undefined]);
  });

  it.each([['0'], ['-1'], ['many'], ['1.5']])('refuses a limit of %s', async (limit) => {
    const here = await deskOf({ output_tokens: 10 });
    const { code, err } = await here.aicost('whatif', 'max-tokens', '--', limit);
    expect(code).toBe(2);
    expect(err).toMatch(/^aicost: max-tokens: expected /);
  });
});
