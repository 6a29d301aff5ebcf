import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { call, desk, freshFolder, jsonl, linesOf } from '../support/fake-runtime.ts';
import { BIN, manyCalls, mustRun, start } from '../support/processes.ts';

const NASTY = [
  ['an escape sequence', '\u001b]0;owned\u0007\u001b[2J'],
  ['a C1 control', '\u009b31m'],
  ['a line break', 'one\ntwo\rthree'],
  ['a bidi override', 'gpt\u202Egnp'],
  ['an isolate', '\u2066x\u2069'],
  ['nothing that can be seen', 'a\u200Bb\u00ADc'],
  ['a formula', "=cmd|' /C calc'!A0"],
  ['a formula behind a tab', '\t=1+1'],
  ['a formula behind a minus', '-2+3'],
  ['a separator and quotes', 'a,"b"|c'],
] as const;

/** What moves the cursor, reorders the line or cannot be seen; the line's own end is none of it. */
const RAW = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

describe('what a log carries never reaches the reader raw', () => {
  const here = desk();
  beforeAll(async () => {
    const calls = NASTY.flatMap(([, text], n) => [
      call({
        id: `t${n}${text}`,
        tags: { feature: text, run: `r${text}`, agent: text, step: text },
      }),
      call({
        id: `m${n}`,
        model: `gpt-4o${text}`,
        status: 'failure',
        error_code: text,
        tags: { feature: text },
      }),
    ]);
    await here.must('ingest', here.write('a.jsonl', jsonl(...calls)));
  });

  const questions = [
    ['report', '--by', 'feature,model'],
    ['report', '--by', 'run,step'],
    ['top', '--limit', '50'],
    ['doctor'],
    ...NASTY.map(([, text]) => ['trace', `r${text}`]),
    // Each explain reads the cards: every third text will do.
    ...NASTY.flatMap(([, text], n) => (n % 3 === 0 ? [['explain', `t${n}${text}`]] : [])),
  ];

  it.each(['table', 'md', 'csv', 'json'])('as %s', async (format) => {
    for (const argv of questions) {
      const { code, out, err } = await here.aicost(...argv, '--format', format);
      expect([argv, code, err]).toEqual([argv, 0, '']);
      expect([argv, RAW.exec(out)]).toEqual([argv, null]);
    }
  });

  it('as events, whose text is exact all the same', async () => {
    const out = await here.must('export', 'events');
    expect(RAW.exec(out)).toBeNull();
    const features = linesOf(out).map(({ tags }) => tags['feature']);
    // A tag is read without the space around it.
    expect(new Set(features)).toEqual(new Set(NASTY.map(([, text]) => text.trim())));
  });

  it.each(NASTY)('as the answer to a quoted case with %s', async (_, text) => {
    const asked = JSON.stringify({
      id: text,
      provider: 'openai',
      model: `gpt-4o${text}`,
      at: '2026-11-01',
      buckets: { input: 1 },
    });
    const { out, err } = await here.aicostIn({ stdin: `${asked}\n` }, 'rates', 'quote', '--stdin');
    expect(RAW.exec(out + err)).toBeNull();
    expect(JSON.parse(out).id).toBe(text);
  });

  it('no field of a CSV begins a formula', async () => {
    for (const argv of questions.slice(0, 4)) {
      const { out } = await here.aicost(...argv, '--format', 'csv');
      expect(out).not.toMatch(/(^|,)"?[=+@\t]/m);
      expect(out).not.toMatch(/(^|,)"?-(?!\d+(\.\d+)?(,|$))/m);
    }
  });

  it('errors that quote what was asked for are printable', async () => {
    for (const [, text] of [NASTY[0], NASTY[2], NASTY[3]])
      for (const argv of [
        ['trace', `x${text}`],
        ['explain', `x${text}`],
        ['ingest', `no${text}.jsonl`],
        ['report', '--since', text],
        ['report', '--timezone', text],
        ['report', '--where', text],
        ['report', '--ledger', `no${text}.db`],
        ['ingest', '--tag', text, 'a.jsonl'],
        ['rates', 'show', text],
        ['rates', 'list', '--provider', text],
      ]) {
        const { code, out, err } = await here.aicost(...argv);
        expect([argv, code, out]).toEqual([argv, 2, '']);
        // What is invisible but moves nothing may pass; what moves the cursor or reorders may not.
        const raw = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/;
        expect([argv, raw.exec(err)]).toEqual([argv, null]);
      }
  });
});

describe('as a process', () => {
  const folder = freshFolder();
  const slowMs = 60_000;
  beforeAll(() => {
    writeFileSync(join(folder, 'calls.jsonl'), manyCalls(8_000));
    mustRun(['ingest', 'calls.jsonl', '--ledger', 'a.db'], folder);
  }, slowMs);

  it(
    'a reader that has seen enough ends it quietly with 0',
    async () => {
      const child = spawn(process.execPath, [BIN, 'export', 'events', '--ledger', 'a.db'], {
        cwd: folder,
      });
      let err = '';
      child.stderr.on('data', (text: Buffer) => void (err += String(text)));
      child.stdout.once('data', () => child.stdout.destroy());
      const code = await new Promise((resolve) => child.on('close', resolve));
      expect([code, err]).toEqual([0, '']);
    },
    slowMs,
  );

  it(
    'an interrupt ends an ingest with 130, and the next one finishes it',
    async () => {
      writeFileSync(join(folder, 'more.jsonl'), manyCalls(20_000).replaceAll('call-', 'more-'));
      const { child, ended } = start(['ingest', 'more.jsonl', '--ledger', 'b.db'], folder);
      // The ledger appears once the command is at work.
      while (!existsSync(join(folder, 'b.db')))
        await new Promise((resolve) => setImmediate(resolve));
      child.kill('SIGINT');
      const { code, out, err } = await ended;
      expect([code, out, err]).toEqual([130, '', '']);
      const rest = JSON.parse(
        mustRun(['ingest', 'more.jsonl', '--ledger', 'b.db', '--format', 'json'], folder),
      );
      expect(rest.new).toBeGreaterThan(0);
      mustRun(['doctor', '--ledger', 'b.db'], folder);
    },
    slowMs,
  );

  it(
    'an interrupt ends an export with 130',
    async () => {
      const child = spawn(process.execPath, [BIN, 'export', 'events', '--ledger', 'a.db'], {
        cwd: folder,
      });
      let bytes = 0;
      child.stdout.on('data', (text: Buffer) => {
        if (bytes === 0) child.kill('SIGINT');
        bytes += text.length;
      });
      const code = await new Promise((resolve) => child.on('close', resolve));
      expect(code).toBe(130);
    },
    slowMs,
  );
});

describe('help', () => {
  it.each([
    [],
    ['ingest'],
    ['report'],
    ['trace'],
    ['top'],
    ['explain'],
    ['export'],
    ['doctor'],
    ['demo'],
    ['rates'],
    ['rates', 'quote'],
  ])('%s --help fits 80 columns, ends with 0 and shows examples', async (...command) => {
    const { code, out, err } = await desk().aicost(...command.flat(), '--help');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('$ aicost');
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it.each([
    [['reprot']],
    [['report', '--by', '']],
    [['report', '--top', '0']],
    [['report', '--format', 'xml']],
    [['top', '--by', 'beauty']],
    [['--nope']],
  ])('%j ends with 2 and one or two lines on stderr', async (argv) => {
    const { code, out, err } = await desk().aicost(...argv);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^aicost: /);
    expect(err.trimEnd().split('\n').length).toBeLessThanOrEqual(3);
  });
});
