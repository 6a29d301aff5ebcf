import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { call, desk, jsonl } from '../support/fake-runtime.ts';

// Each of these was wrong once.

const nested = (more: Readonly<Record<string, unknown>>): Record<string, unknown> => ({
  time: '2026-11-02T09:00:00.000Z',
  provider: 'openai',
  model: 'gpt-4o-mini',
  usage: { input: 1000, output: 100 },
  ...more,
});

describe('questions', () => {
  it('--where on a bare label means the same to export as to report', async () => {
    const { must, write } = desk();
    await must('ingest', write('a.jsonl', jsonl(nested({ id: 'y', labels: ['sidechain'] }))));
    const where = ['--where', 'sidechain=true'];
    const { totals } = JSON.parse(await must('report', ...where, '--format', 'json'));
    expect(totals.requests).toBe(1);
    expect((await must('export', 'events', ...where)).split('\n')).toHaveLength(2);
  });

  it('explain takes an id that many others begin with', async () => {
    const { aicost, must, write } = desk();
    const longer = Array.from({ length: 8 }, (_, n) =>
      call({ id: `req_1${n}`, time: '2026-11-01T00:00:00Z' }),
    );
    await must('ingest', write('a.jsonl', jsonl(...longer, call({ id: 'req_1' }))));
    expect((await aicost('explain', 'req_1')).code).toBe(0);
  });

  it('--until without --since is not forgotten by --compare', async () => {
    const { aicost, must, write } = desk();
    await must('ingest', write('a.jsonl', jsonl(call(), call({ time: '2026-11-15T00:00:00Z' }))));
    const asked = ['report', '--until', '2026-11-10', '--compare', 'previous', '--format', 'json'];
    const { code, out } = await aicost(...asked);
    // Either it counts only what is before the 10th, or it says that it needs --since.
    expect(code === 2 || JSON.parse(out).totals.requests === 1).toBe(true);
  });

  it('requests without a time that --where leaves out are not told about', async () => {
    const { must, write } = desk();
    const undated = nested({ time: null, tags: { team: 'other' } });
    await must('ingest', write('a.jsonl', jsonl(call({ tags: { team: 'search' } }), undated)));
    const out = await must(
      'report',
      '--period',
      'this-month',
      '--where',
      'team=search',
      '--format',
      'json',
    );
    expect(JSON.parse(out).notes).toEqual([]);
  });

  it('a tag named like a measure does not lose its values in JSON', async () => {
    const { must, write } = desk();
    await must('ingest', write('a.jsonl', jsonl(call({ tags: { requests: 'many' } }))));
    expect(await must('report', '--by', 'requests', '--format', 'json')).toContain('many');
  });

  it('one time in the year 1 does not take seconds to report by day', async () => {
    const { must, write } = desk();
    await must('ingest', write('a.jsonl', jsonl(call(), call({ time: '0001-01-01T00:00:00Z' }))));
    const began = process.cpuUsage();
    await must('report', '--by', 'day', '--timezone', 'Europe/Berlin');
    expect(process.cpuUsage(began).user / 1e6).toBeLessThan(1.5);
  });
});

describe('nothing hostile or secret gets out', () => {
  const key = 'sk-proj-abcdefghijklmnopqrstuv';

  it('a note of report PATH shows the control characters of a file name', async () => {
    const { aicost, write, folder } = desk();
    write('logs/\u001b[31mx.log', 'hello\n');
    write('logs/b.jsonl', jsonl(call()));
    expect((await aicost('report', join(folder, 'logs'))).err).not.toContain('\u001b');
  });

  it.each([
    [['report', '--x\u001b[31m']],
    [['\u001b[31m']],
    [['report', '--format', '\u001b[31m']],
  ])('an error about the command line %j is printable', async (argv) =>
    expect((await desk().aicost(...argv)).err).not.toContain('\u001b'),
  );

  it.each([
    ['in an id', { id: key }],
    ['in a requested model', { request_model: key }],
    ['behind an underscore', { tags: { api_key: `prod_${key}` } }],
    ['in the name of a tag', { tags: { [key]: '1' } }],
  ])('a key %s does not reach the ledger', async (_, more) => {
    const { must, write } = desk();
    await must('ingest', write('a.jsonl', jsonl(call(more))));
    expect(await must('export', 'events')).not.toContain(key);
  });

  it('a key where a count belongs is not quoted in the rejects file', async () => {
    const { must, write, folder } = desk();
    const rejects = join(folder, 'rejects.txt');
    const log = write('a.jsonl', jsonl(call(), call({ input_tokens: 'sk-abcdefghijklmnop' })));
    await must('ingest', '--rejects', rejects, log);
    expect(readFileSync(rejects, 'utf8')).not.toContain('sk-abc');
  });
});
