import { appendFileSync, existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { call, desk, jsonl, NOW } from '../support/fake-runtime.ts';

const at = (id: string, more: object = {}): object =>
  call({ id, time: new Date(NOW - 60_000).toISOString(), tags: { feature: 'search' }, ...more });

describe('watch --once', () => {
  it('reads what is there into the ledger and prints one frame', async () => {
    const { write, aicost, must } = desk();
    write('app.jsonl', jsonl(at('a'), at('b', { tags: {} })));
    const { code, out, err } = await aicost('watch', 'app.jsonl', '--once');
    expect([code, err]).toEqual([0, '']);
    const lines = out.split('\n');
    expect(lines.length).toBe(25);
    expect(lines[0]).toMatch(/^aicost watch {2}2026-11-21 12:00:00 UTC {2}ledger\.db +● live$/);
    expect(out).toMatch(/│> (search|\(untagged\)) +\$0\.\d+ 50\.0%/);
    const report = JSON.parse(await must('report', '--format', 'json'));
    expect(report.totals.requests).toBe(2);
    // The second time there is nothing new, and the frame is the same.
    expect((await aicost('watch', 'app.jsonl', '--once')).out).toBe(out);
  });

  it('keeps nothing with --no-ledger', async () => {
    const { write, aicost, ledger } = desk();
    write('app.jsonl', jsonl(at('a')));
    const { code, out } = await aicost('watch', 'app.jsonl', '--once', '--no-ledger');
    expect([code, out.includes('in memory'), out.includes('search')]).toEqual([0, true, true]);
    expect(existsSync(ledger)).toBe(false);
  });

  it('shows the ledger where no path is named, at any width', async () => {
    const { write, must, aicostIn } = desk();
    await must('ingest', write('app.jsonl', jsonl(at('a'))));
    for (const columns of [40, 60, 80, 133]) {
      const { out } = await aicostIn({ columns }, 'watch', '--once', '--by', 'model');
      expect(out).toContain('gpt-4o-mini');
      expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(columns);
    }
  });

  it('shows tags as the rules of aicost.yaml have them', async () => {
    const { write, aicost } = desk();
    write('app.jsonl', jsonl(at('a'), at('b', { tags: { feature: 'Search' } })));
    write('aicost.yaml', 'tags:\n  virtual: [{tag: feature, value: search, match: [Search]}]\n');
    const { out } = await aicost('watch', 'app.jsonl', '--once');
    expect(out).toMatch(/│> search +\$0\.\d+ 100\.0%/);
  });

  it('says what it does not read', async () => {
    const { write, aicost } = desk();
    write('app.jsonl', jsonl(at('a')));
    write('diary.jsonl', '{"dear": "diary"}\n');
    const { code, out } = await aicost('watch', '.', '--once');
    expect([code, out.includes('! not read: diary.jsonl')]).toEqual([0, true]);
  });

  it('does not wait for what is not there', async () => {
    const { code, out, err } = await desk().aicost('watch', 'soon.jsonl', '--once');
    expect([code, out, err]).toEqual([2, '', 'aicost: soon.jsonl: no such file or folder\n']);
  });
});

describe('watch prints a line for what came since the last one, until it is interrupted', () => {
  it.each([
    ['in a pipe', {}],
    ['on a terminal that nobody types at', { terminal: { in: false, out: true, err: true } }],
  ])('%s', async (_, world) => {
    const { write, aicostIn } = desk();
    const log = write('app.jsonl', jsonl(at('a')));
    let stop = (): void => undefined;
    let waits = 0;
    const { code, out } = await aicostIn(
      {
        ...world,
        interrupts: (interrupt) => void (stop = interrupt),
        waited() {
          waits += 1;
          if (waits === 1) appendFileSync(log, jsonl(at('b'), at('c', { id: 'c' })));
          if (waits === 3) stop();
        },
        // Every look at the clock is a second later than the one before.
        ticks: 1_000,
      },
      'watch',
      log,
      '--interval',
      '0.1',
    );
    expect(code).toBe(130);
    // gpt-4o-mini: 1,000 input at $0.15 and 100 output at $0.60 a million are $0.00021 a call.
    expect(out.split('\n').map((line) => line.slice(21))).toEqual([
      'today $0.00  month $0.00',
      '+1 call $0.00021  today $0.00021  month $0.00021',
      '+2 calls $0.00042  today $0.00063  month $0.00063',
      '',
    ]);
  });
});

describe('watch refuses', () => {
  it.each([
    ['a pipe', ['-'], 'aicost: a pipe cannot be watched\nRead it: ... | aicost ingest -\n'],
    [
      'nothing without a ledger',
      ['--no-ledger'],
      'aicost: nothing to watch\nName files or folders: aicost watch logs/\n',
    ],
    [
      'an interval of nothing',
      ['logs', '--interval', '0'],
      "aicost: option '--interval <seconds>' argument '0' is invalid. expected seconds from 0.1 to 86400.\n",
    ],
    [
      'a dimension that no key shows',
      ['logs', '--by', 'colour'],
      "aicost: option '--by <name>' argument 'colour' is invalid. Allowed choices are feature, team, model, customer, api_key, run.\n",
    ],
  ])('%s', async (_, argv, text) => {
    const { code, err } = await desk().aicost('watch', ...argv);
    expect([code, err]).toEqual([2, text]);
  });
});

describe('ingest --follow', () => {
  it('goes on with what is added, and counts all of it when it is interrupted', async () => {
    const { write, aicostIn, must } = desk();
    const log = write('app.jsonl', jsonl(at('a')));
    let stop = (): void => undefined;
    let waits = 0;
    const { code, out } = await aicostIn(
      {
        interrupts: (interrupt) => void (stop = interrupt),
        waited() {
          waits += 1;
          if (waits === 1) appendFileSync(log, jsonl(at('b'), at('c')));
          if (waits === 2) stop();
        },
      },
      'ingest',
      log,
      '--follow',
      '--format',
      'json',
    );
    expect(code).toBe(130);
    expect(JSON.parse(out)).toMatchObject({ records: 3, new: 3, duplicate: 0 });
    expect(JSON.parse(await must('report', '--format', 'json')).totals.requests).toBe(3);
  });

  it('refuses a pipe', async () => {
    const { code, err } = await desk().aicost('ingest', '-', '--follow');
    expect([code, err]).toEqual([
      2,
      'aicost: a pipe cannot be followed\nIt is read to its end: ... | aicost ingest -\n',
    ]);
  });
});
