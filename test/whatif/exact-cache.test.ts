import { describe, expect, it } from 'vitest';
import { deskOf, excluded, taken, whatif } from '../support/whatif-desk.ts';

const at = (minutes: number): string =>
  new Date(Date.parse('2026-11-02T12:00:00Z') + minutes * 60_000).toISOString();

/** A call of 1,000 tokens in and 100 out: $0.003 + $0.0015. */
const asked = (minutes: number, more: object = {}): object => ({
  time: at(minutes),
  input_tokens: 1_000,
  output_tokens: 100,
  prompt_hash: 'p-1',
  temperature: 0,
  ...more,
});

describe('whatif exact-cache', () => {
  it('saves two of three identical calls within the time to live', async () => {
    const here = await deskOf(asked(0), asked(10), asked(59));
    const found = await whatif(here, 'exact-cache', '--ttl', '1h');
    expect(found.requests).toMatchObject({ total: 3, changed: 2, excluded: 1 });
    expect(excluded(found)).toEqual({ 'asked-first': 1 });
    expect([found.before_usd, found.after_usd.mid]).toEqual(['0.0135', '0.0045']);
    expect(found.saving_usd.mid).toBe('0.009');
  });

  it('asks again once the answer is older than its time to live, however often it was given', async () => {
    const here = await deskOf(asked(0), asked(40), asked(80), asked(120));
    // The answer of 12:00 serves 12:40; that of 13:20 serves 14:00.
    expect((await whatif(here, 'exact-cache', '--ttl', '1h')).requests.changed).toBe(2);
    expect((await whatif(here, 'exact-cache', '--ttl', '30m')).requests.changed).toBe(0);
    expect((await whatif(here, 'exact-cache', '--ttl', '1d')).requests.changed).toBe(3);
  });

  it('saves nothing at another temperature, and counts unknown ones apart', async () => {
    const { temperature: _, ...unknown } = { temperature: 0, ...asked(5) };
    const here = await deskOf(
      asked(0, { temperature: 0.7 }),
      asked(1, { temperature: 0.7 }),
      asked(2, { temperature: '0.0' }),
      asked(3, { model: 'elm-1' }),
      asked(4, { prompt_hash: undefined }),
      unknown,
      asked(6, { temperature: '' }),
      asked(7),
    );
    const found = await whatif(here, 'exact-cache', '--ttl', '1h');
    expect(found.requests.changed).toBe(1);
    expect(excluded(found)).toEqual({
      'temperature-above-0': 2,
      'asked-first': 2,
      'prompt-unknown': 1,
      'temperature-unknown': 2,
    });
  });

  it('does not let a failed call answer anybody', async () => {
    const here = await deskOf(asked(0, { status: 'failure' }), asked(1), asked(2));
    expect(excluded(await whatif(here, 'exact-cache'))).toEqual({
      'not-successful': 1,
      'asked-first': 1,
    });
  });
});

describe('whatif exact-cache --semantic', () => {
  it.each([
    [['--semantic'], '--hit-rate'],
    [['--semantic', '--hit-rate', '30%'], '--false-hit'],
    [['--semantic', '--false-hit', '2'], '--hit-rate'],
  ])('refuses to guess either rate: %j', async (flags, missing) => {
    const here = await deskOf(asked(0));
    const { code, err } = await here.aicost('whatif', 'exact-cache', ...flags);
    expect(code).toBe(2);
    expect(err).toContain(`aicost: --semantic: ${missing} is missing`);
  });

  it.each(['-1', '101%', 'many', '1e9'])('refuses a hit rate of %s', async (rate) => {
    const here = await deskOf(asked(0));
    const flags = ['--semantic', `--hit-rate=${rate}`, '--false-hit', '2'];
    const { code, err } = await here.aicost('whatif', 'exact-cache', ...flags);
    expect([code, err.split('\n')[0]]).toEqual([
      2,
      `aicost: --hit-rate: expected a percentage from 0% to 100%, found "${rate}"`,
    ]);
  });

  it('tells a range: false hits cost nothing, the call they saved, or twice that', async () => {
    // 10 calls of $0.0045.
    const here = await deskOf(...Array.from({ length: 10 }, (_, minute) => asked(minute)));
    const found = await whatif(
      here,
      'exact-cache',
      '--semantic',
      '--hit-rate',
      '30%',
      '--false-hit',
      '10%',
    );
    // 0.045 x (70 % + 30 % x 10 % x 0, 1, 2)
    expect(found.after_usd).toEqual({ high: '0.0315', mid: '0.03285', low: '0.0342' });
    expect([taken(found, 'hit rate'), taken(found, 'false hits')]).toEqual(['30%', '10%']);
  });

  it('takes the rates only with --semantic', async () => {
    const here = await deskOf(asked(0));
    const { code, err } = await here.aicost('whatif', 'exact-cache', '--hit-rate', '30%');
    expect([code, err.split('\n')[0]]).toEqual([
      2,
      'aicost: --hit-rate and --false-hit belong to --semantic',
    ]);
  });
});
