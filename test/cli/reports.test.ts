import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { desk, freshFolder, linesOf, runIn } from '../support/fake-runtime.ts';

const GOLDEN = join(import.meta.dirname, 'golden');
const here = desk();
/** A copy beside the ledger: what is printed of its path must not depend on where the project lies. */
const LOG = here.write(
  'shop.jsonl',
  readFileSync(join(import.meta.dirname, '../fixtures/logs/shop.jsonl')),
);

/** What depends on where and when a test runs, by a name that does not. */
const settled = (text: string): string =>
  text
    .replaceAll(here.folder, '/home/ana')
    .replaceAll(/"digest": "[0-9a-f]+"/g, '"digest": "..."')
    .replaceAll(/digest [0-9a-f]{16}/g, 'digest 0123456789abcdef');

/** What a command prints at a width, once it ended well and without a word on stderr. */
const shown = async (columns: number, ...argv: string[]): Promise<string> => {
  const { code, out, err } = await here.aicostIn({ columns }, ...argv);
  if (code !== 0 || err !== '') throw new Error(`ended with ${code}: ${err}`);
  return settled(out);
};

const json = async (...argv: string[]) =>
  JSON.parse(await here.must('report', '--format', 'json', ...argv));

beforeAll(async () => {
  await here.must('ingest', LOG);
});

// gpt-4o-mini costs $0.15 in and $0.60 out per million tokens, gpt-4o $2.50 and $10.00.
// s1 1 M in, 0.1 M out: 0.15 + 0.06 = 0.21     s2 twice that: 0.42     search: 0.63
// s3 0.1 M in, 10 K out: 0.25 + 0.10 = 0.35    s4 twice that: 0.70     s8 failed, nothing used: 0
// chat: 1.05     s6 0.5 M in, untagged: 0.075  s7 has no price
// s5 claude-sonnet-4-5, $3.00 in, 0.30 read, 3.75 written for 5 minutes, 15.00 out:
//    0.03 + 0.012 + 0.075 + 0.075 = 0.192
// November: 0.63 + 1.05 + 0.075 + 0.192 = 1.947
// s9 in October: 4 M in, 0.4 M out: 0.60 + 0.24 = 0.84     s10: 0.1 M in of gpt-4o: 0.25
const NOVEMBER = ['--period', '2026-11'];

describe('money', () => {
  it.each([
    ['search', '0.63'],
    ['chat', '1.05'],
    ['summary', '0.192'],
    ['beta', null],
    [null, '0.075'],
  ])('feature %s cost %s in November', async (feature, cost) => {
    const { rows } = await json('--by', 'feature', ...NOVEMBER);
    expect(rows.find((row: { feature: string | null }) => row.feature === feature).cost_usd).toBe(
      cost,
    );
  });

  it.each([
    ['everything', [], '3.037'],
    ['November', NOVEMBER, '1.947'],
    ['a tag', [...NOVEMBER, '--where', 'team=search'], '0.63'],
    ['all but a tag', [...NOVEMBER, '--where', 'team!=search'], '1.317'],
    ['a pattern', [...NOVEMBER, '--where', 'feature=*a*', '--where', 'model=gpt-*'], '1.68'],
    ['untagged', [...NOVEMBER, '--where', 'feature='], '0.075'],
    ['tagged', [...NOVEMBER, '--where', 'feature!='], '1.872'],
    [
      'two conditions',
      [...NOVEMBER, '--where', 'team=support', '--where', 'provider=openai'],
      '1.05',
    ],
    ['one run', ['--where', 'run=r-1'], '0.98'],
    [
      'a span within a day',
      ['--since', '2026-11-02T09:00:01Z', '--until', '2026-11-02T09:00:06Z'],
      '0.42',
    ],
    ['nothing', ['--where', 'team=nobody'], '0'],
  ])('%s', async (_, argv, cost) => {
    expect((await json(...argv)).totals.cost_usd).toBe(cost);
  });

  it('days are those of the asked zone', async () => {
    const byDay = async (zone: string) => {
      const { rows } = await json(
        '--by',
        'day',
        '--where',
        'model=gpt-4o',
        '--timezone',
        zone,
        ...NOVEMBER,
      );
      return rows.map(({ day, cost_usd }: { day: string; cost_usd: string }) => [day, cost_usd]);
    };
    // s3 at 23:30 UTC on the 2nd, s4 at 00:30 on the 3rd, s8 on the 4th.
    expect(await byDay('UTC')).toEqual([
      ['2026-11-02', '0.35'],
      ['2026-11-03', '0.7'],
      ['2026-11-04', '0'],
    ]);
    // One hour ahead, both are on the 3rd; five hours behind, both on the 2nd.
    expect(await byDay('Europe/Berlin')).toEqual([
      ['2026-11-03', '1.05'],
      ['2026-11-04', '0'],
    ]);
    expect(await byDay('America/New_York')).toEqual([
      ['2026-11-02', '1.05'],
      ['2026-11-04', '0'],
    ]);
  });

  it('a day ends where a half-hour zone ends it', async () => {
    // The 3rd begins in Kathmandu (UTC+5:45) at 18:15 UTC of the 2nd: s3, s4, s5 and s6 are in it.
    const asked = ['--period', '2026-11-03', '--timezone', 'Asia/Kathmandu'];
    expect((await json(...asked)).totals.cost_usd).toBe('1.317');
  });
});

describe('report', () => {
  it.each([
    ['report-feature-60.txt', 60, ['--by', 'feature', ...NOVEMBER]],
    ['report-feature-80.txt', 80, ['--by', 'feature', ...NOVEMBER]],
    ['report-feature-120.txt', 120, ['--by', 'feature', ...NOVEMBER]],
    ['report-day-team-80.txt', 80, ['--by', 'day,team', ...NOVEMBER]],
    ['report-day.json', 80, ['--by', 'day', '--format', 'json', ...NOVEMBER]],
    ['report-day.csv', 80, ['--by', 'day', '--format', 'csv', ...NOVEMBER]],
    ['report-day.md', 80, ['--by', 'day', '--format', 'md', ...NOVEMBER]],
    [
      'report-compare-80.txt',
      80,
      ['--by', 'feature', '--period', 'this-month', '--compare', 'previous'],
    ],
    [
      'report-compare-october-80.txt',
      80,
      ['--by', 'team', '--period', '2026-11', '--compare', '2026-10'],
    ],
    ['report-top-80.txt', 80, ['--by', 'feature', '--top', '2', ...NOVEMBER]],
    ['report-nothing-80.txt', 80, ['--period', '2025-01']],
    ['report-unknown-tag-80.txt', 80, ['--by', 'featrue', ...NOVEMBER]],
  ])('%s', async (name, columns, argv) => {
    await expect(await shown(columns, 'report', ...argv)).toMatchFileSnapshot(join(GOLDEN, name));
  });

  it('the same answer as ASCII where the terminal cannot show more', async () => {
    const world = {
      terminal: { in: true, out: true, err: true },
      env: { LANG: 'C', NO_COLOR: '1' },
    };
    const { out } = await here.aicostIn(world, 'report', '--by', 'feature', ...NOVEMBER);
    expect(out).toMatch(/^[\x20-\x7e\n]+$/);
  });

  it('with paths leaves no file behind, wherever a ledger might have gone', async () => {
    const [home, cwd, data] = [freshFolder(), freshFolder(), freshFolder()];
    const world = { cwd, env: { HOME: home, XDG_DATA_HOME: data, XDG_CONFIG_HOME: data } };
    const argv = ['report', LOG, '--by', 'feature', '--format', 'json', ...NOVEMBER];
    const { code, out } = await runIn(world, argv);
    expect(code).toBe(0);
    expect(JSON.parse(out).totals.cost_usd).toBe('1.947');
    expect([home, cwd, data].flatMap((folder) => readdirSync(folder, { recursive: true }))).toEqual(
      [],
    );
  });

  it('and every other question without a ledger ends with 2 and says what to do', async () => {
    const [home, cwd] = [freshFolder(), freshFolder()];
    for (const argv of [
      ['report'],
      ['top'],
      ['doctor'],
      ['trace', 'r'],
      ['explain', 'x'],
      ['export', 'events'],
    ]) {
      const { code, err } = await runIn({ cwd, env: { HOME: home } }, argv);
      expect([argv[0], code]).toEqual([argv[0], 2]);
      expect(err).toMatch(/no ledger at .*\nRun aicost ingest/);
    }
    expect(readdirSync(home)).toEqual([]);
  });
});

describe('other questions', () => {
  it.each([
    ['ingest-again-80.txt', ['ingest', LOG]],
    ['trace-80.txt', ['trace', 'r-1']],
    ['trace.csv', ['trace', 'r-1', '--format', 'csv']],
    ['top-80.txt', ['top', '--limit', '5']],
    ['top-latency-80.txt', ['top', '--by', 'latency', '--limit', '3']],
    ['explain-80.txt', ['explain', 's5']],
    ['explain-unrated-80.txt', ['explain', 's7']],
    ['explain-failed-80.txt', ['explain', 's8']],
    ['doctor-80.txt', ['doctor']],
    ['rates-show-80.txt', ['rates', 'show', 'claude-sonnet-4-5']],
    [
      'rates-quote-80.txt',
      ['rates', 'quote', 'gpt-4o-mini', '--input', '1000000', '--output', '100000'],
    ],
    [
      'rates-quote.json',
      ['rates', 'quote', 'gpt-4o-mini', '--input', '1000000', '--format', 'json'],
    ],
    ['export-events.jsonl', ['export', 'events', ...NOVEMBER]],
  ])('%s', async (name, argv) => {
    await expect(await shown(80, ...argv)).toMatchFileSnapshot(join(GOLDEN, name));
  });

  it('rates list has a line for every model of a provider', async () => {
    const { rows } = JSON.parse(
      await here.must('rates', 'list', '--provider', 'anthropic', '--format', 'json'),
    );
    expect(rows.length).toBeGreaterThan(10);
    expect(new Set(rows.map(({ provider }: { provider: string }) => provider))).toEqual(
      new Set(['anthropic']),
    );
  });

  it('what is exported is ingested back and exported the same, byte for byte but for its place', async () => {
    const [first, second] = [desk(), desk()];
    const samples = join(import.meta.dirname, '../fixtures/adapters');
    await first.must('ingest', samples, LOG);
    const text = await first.must('export', 'events');
    const facts = await second.ingest(second.write('events.jsonl', text));
    expect(facts).toMatchObject({ rejected: 0, skipped: 0, duplicate: 0, completed: 0 });
    const placeless = (lines: string) =>
      linesOf(lines).map((event) => ({ ...event, source: undefined }));
    const again = await second.must('export', 'events');
    expect(placeless(again)).toEqual(placeless(text));
    const third = desk();
    await third.must('ingest', third.write('events.jsonl', again));
    expect((await third.must('export', 'events')).replaceAll(third.folder, second.folder)).toBe(
      again,
    );
  });
});
