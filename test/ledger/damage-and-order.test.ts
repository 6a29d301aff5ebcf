import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { NO_USAGE } from '../../src/domain/usage.ts';
import type { IncomingEvent } from '../../src/ledger/event-placement.ts';
import { call, desk, jsonl } from '../support/fake-runtime.ts';
import { cardsWith, cardText, event, inMemory } from '../support/ledgers.ts';
import { BIN } from '../support/processes.ts';

// Each case is the smallest one that shows what is wrong.

describe('what programs read', () => {
  const steps = jsonl(
    call({ id: 's1', tags: { run: 'r-1', agent: 'planner', step: 'plan' } }),
    call({ id: 's2', tags: { run: 'r-1', agent: 'planner', step: 'answer' } }),
  );

  it.each(['csv', 'json'])('the costs of a trace as %s add up to the run, once', async (format) => {
    const { must, write } = desk();
    await must('ingest', write('a.jsonl', steps));
    const out = await must('trace', 'r-1', '--format', format);
    // Each call 1,000 in at 0.15 and 100 out at 0.60 per million: 0.00021.
    const costs =
      format === 'csv'
        ? out
            .trimEnd()
            .split('\n')
            .slice(1)
            .map((line) => Number(line.split(',').at(-1)))
        : JSON.parse(out).rows.map((row: { cost_usd: string }) => Number(row.cost_usd));
    expect(costs.reduce((sum: number, cost: number) => sum + cost, 0)).toBeCloseTo(0.00042, 10);
  });

  it.each([['trace', 'r-1'], ['top']])('%s gives whole times', async (...command) => {
    const { must, write } = desk();
    await must('ingest', write('a.jsonl', steps));
    const out = await must(...command, '--format', 'csv');
    expect(out).toMatch(/2026-11-02T09:00:00(\.000)?Z/);
  });

  it.each([
    ['quote', ['rates', 'quote', 'gpt-4o-mini', '--input', '1000000']],
    ['explain', ['explain', 's1']],
  ])('money of %s is decimal text without a sign of dollars', async (_, argv) => {
    const { must, write } = desk();
    await must('ingest', write('a.jsonl', steps));
    expect(await must(...argv, '--format', 'json')).not.toContain('"$');
    expect(await must(...argv, '--format', 'csv')).not.toContain('$');
  });

  it('a report by more tags than one join holds is an answer or a UserError', async () => {
    const { aicost, must, write } = desk();
    await must('ingest', write('a.jsonl', steps));
    const many = Array.from({ length: 32 }, (_, n) => `tag${n}`).join();
    expect((await aicost('report', '--by', many)).code).not.toBe(70);
  });
});

describe('as a process', () => {
  const run = (cwd: string, argv: readonly string[], closed: boolean) => {
    const child = spawn(process.execPath, [BIN, ...argv], {
      cwd,
      env: { ...process.env, HOME: cwd },
      timeout: 20_000,
      killSignal: 'SIGKILL',
    });
    if (closed) child.stderr.destroy();
    return new Promise((resolve) => {
      child.on('close', (code, signal) => resolve(code ?? signal));
    });
  };

  it('an error that nobody listens to keeps its exit code', async () => {
    expect(await run(desk().folder, ['ingest', 'nothing.jsonl'], true)).toBe(2);
  });

  it('a named pipe in a folder of logs does not hang the ingest', async () => {
    const { folder, write } = desk();
    write('logs/a.jsonl', jsonl(call()));
    execFileSync('mkfifo', [join(folder, 'logs/x.log')]);
    expect(await run(folder, ['ingest', 'logs'], false)).toBe(0);
  });
});

it('an own card that adds a model re-rates no call of the models it leaves alone', async () => {
  const { aicost, must, write } = desk();
  await must('ingest', write('a.jsonl', jsonl(call())));
  const own = write(
    'own.yaml',
    cardText('openai', { 'my-model': { input: '1', output: '2' } }).replace(
      /service_tiers:\n.*\n/,
      '',
    ),
  );
  expect((await aicost('report', '--rates', own)).err).toBe('');
});

it('records of one message add up to the same in every order', () => {
  const { book } = cardsWith();
  const part = (id: string, output: number): IncomingEvent => ({
    event: { ...event({ id, usage: { ...NO_USAGE, output } }), family: 'm' },
    key: id,
    format: 'test',
    fileId: null,
    line: 1,
  });
  const [first, second, loose] = [part('m:r0', 0), part('m:r1', 1), part('m', 2)];
  const outputs = (...parts: readonly IncomingEvent[]): bigint | undefined => {
    const ledger = inMemory(book);
    ledger.append(parts, undefined);
    const { rows } = ledger.spend({ span: {}, by: [], timeZone: 'UTC', where: [] });
    ledger.close();
    return rows[0]?.output;
  };
  expect(outputs(second, loose, first)).toBe(outputs(first, loose, second));
});

it.each([
  ['a rate that is gone', 'DELETE FROM rate WHERE id = 1'],
  [
    'a sum of a model that is gone',
    'INSERT INTO cube SELECT 99, hour, 999, rate_id, tag_set_id, status, 1, 0, 0, 0, 0, 0, 0, 0, 0 FROM cube WHERE id = 1',
  ],
])('doctor --rebuild, which doctor names as the remedy, mends %s', async (_, sql) => {
  const { aicost, must, write, ledger } = desk();
  await must('ingest', write('a.jsonl', jsonl(call())));
  const database = new Sqlite(ledger);
  database.pragma('foreign_keys = OFF');
  database.exec(sql);
  database.close();
  expect((await aicost('doctor')).code).toBe(1);
  expect((await aicost('doctor', '--rebuild')).code).toBe(0);
});

it('--rejects never writes over a file that is read', async () => {
  const { aicost, write } = desk();
  const text = jsonl(call(), call({ input_tokens: -1 }));
  const log = write('a.jsonl', text);
  const { code } = await aicost('ingest', '--rejects', log, log);
  expect(readFileSync(log, 'utf8')).toBe(text);
  expect(code).toBe(2);
});

it('--compare previous alone is this month beside the same part of the last', async () => {
  const { must, write } = desk();
  await must('ingest', write('a.jsonl', jsonl(call(), call({ time: '2026-10-02T09:00:00Z' }))));
  const bases = async (...argv: string[]): Promise<unknown> =>
    JSON.parse(await must('report', '--compare', 'previous', '--format', 'json', ...argv))
      .base_period;
  expect(await bases()).toEqual(await bases('--period', 'this-month'));
});
