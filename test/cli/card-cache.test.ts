import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cardCacheFolder } from '../../src/commands/places.ts';
import { processRuntime } from '../../src/runtime.ts';
import { call, desk, freshFolder, jsonl, runIn } from '../support/fake-runtime.ts';
import { mustRun } from '../support/processes.ts';

const folderFor = (env: Readonly<Record<string, string>>, cwd = '/project'): string | undefined =>
  cardCacheFolder({ ...processRuntime(), env, cwd });

describe('compiled cards lie', () => {
  const home = freshFolder();
  const mac = freshFolder();
  mkdirSync(join(mac, 'Library/Caches'), { recursive: true });

  it.each([
    [{ HOME: home }, join(home, '.cache/aicost/cards')],
    [{ HOME: mac }, join(mac, 'Library/Caches/aicost/cards')],
    [{ HOME: home, XDG_CACHE_HOME: '/var/caches' }, '/var/caches/aicost/cards'],
    // The rule of XDG: a relative path is no path.
    [{ HOME: home, XDG_CACHE_HOME: 'caches' }, join(home, '.cache/aicost/cards')],
    [{ HOME: home, XDG_CACHE_HOME: '' }, join(home, '.cache/aicost/cards')],
    [{ LOCALAPPDATA: '/c/local' }, '/c/local/aicost/cards'],
    [{ HOME: home, AICOST_CACHE: '/fast' }, '/fast/cards'],
    [{ HOME: home, AICOST_CACHE: 'here' }, '/project/here/cards'],
    [{ HOME: home, AICOST_CACHE: 'off' }, undefined],
    [{ HOME: '/nonexistent' }, undefined],
    [{}, undefined],
  ])('with %o in %s', (env, folder) => expect(folderFor(env)).toBe(folder));
});

/** A million tokens of a model that costs $0.15 for them at OpenAI. */
const LOG = jsonl(call({ input_tokens: 1_000_000, output_tokens: 0 }));
const CARD = (price: string): string => `rate_card: 1
provider: openai
currency: USD
units: per million tokens
as_of: 2026-11-21
sources: {contract: {note: our own price, read: 2026-11-21}}
models:
  gpt-4o-mini: {prices: [{from: 2024-07-18, source: contract, input: ${price}, output: 9.00}]}
`;

/** A home with a log and an own card, in which commands run as processes of their own: nothing is remembered. */
function home() {
  const folder = freshFolder();
  const kept = join(folder, '.cache/aicost/cards');
  writeFileSync(join(folder, 'a.jsonl'), LOG);
  writeFileSync(join(folder, 'own.yaml'), CARD('1.00'));
  return {
    folder,
    kept: () => (existsSync(kept) ? readdirSync(kept).map((name) => join(kept, name)) : []),
    write: (name: string, content: string) => writeFileSync(join(folder, name), content),
    cost: (...argv: string[]): unknown =>
      JSON.parse(mustRun([...argv, '--format', 'json'], folder)).totals.cost_usd,
    run: (...argv: string[]) => mustRun(argv, folder),
  };
}

const OWN = ['--rates', 'own.yaml'];

describe('the shipped cards', () => {
  it('come compiled, so that a first run keeps nothing of them', () => {
    const { run, kept, cost } = home();
    run('ingest', 'a.jsonl', '--ledger', 'a.db');
    expect(cost('report', '--ledger', 'a.db')).toBe('0.15');
    expect(kept()).toEqual([]);
  });
});

describe('an own card', () => {
  it('is compiled by the first ingest that reads it', () => {
    const { run, kept, cost } = home();
    run('ingest', 'a.jsonl', '--ledger', 'a.db', ...OWN);
    expect(kept().length).toBe(1);
    expect(cost('report', '--ledger', 'a.db', ...OWN)).toBe('1');
    expect(kept().length).toBe(1);
  });

  it('leaves nothing behind when a report of paths reads it, nor does anything else of that report', () => {
    const { folder, cost } = home();
    expect(cost('report', 'a.jsonl', ...OWN)).toBe('1');
    expect(readdirSync(folder).sort()).toEqual(['a.jsonl', 'own.yaml']);
  });

  it('nor when the ledger is in memory', () => {
    const { folder, run } = home();
    run('ingest', 'a.jsonl', '--ledger', ':memory:', ...OWN);
    expect(readdirSync(folder).sort()).toEqual(['a.jsonl', 'own.yaml']);
  });

  it('prices by what it says now, also after it was compiled', () => {
    const { run, write, cost, kept } = home();
    run('rates', 'list', ...OWN);
    expect(cost('report', 'a.jsonl', ...OWN)).toBe('1');
    write('own.yaml', CARD('2.00'));
    expect(cost('report', 'a.jsonl', ...OWN)).toBe('2');
    run('rates', 'list', ...OWN);
    expect(kept().length).toBe(2);
  });

  it('is compiled again when its compiled form was damaged', () => {
    const { run, cost, kept } = home();
    run('rates', 'list', ...OWN);
    for (const file of kept()) writeFileSync(file, 'damaged');
    expect(cost('report', 'a.jsonl', ...OWN)).toBe('1');
    run('rates', 'list', ...OWN);
    expect(kept().map((file) => readFileSync(file, 'utf8'))).not.toContain('damaged');
  });

  it('with an error is refused every time', async () => {
    const { write, aicost } = desk();
    write('own.yaml', CARD('-1.00'));
    for (let n = 0; n < 2; n += 1) {
      const { code, err } = await aicost('rates', 'list', ...OWN);
      expect(code).toBe(2);
      expect(err).toMatch(/own\.yaml:8:\d+: .*expected a number like 2\.50, found "-1\.00"/);
    }
  });
});

describe('without a place for compiled cards', () => {
  it.each([{}, { AICOST_CACHE: 'off' }, { AICOST_CACHE: '/dev/null' }])(
    '%o: a command says the same',
    async (env) => {
      const home = freshFolder();
      const world = { cwd: home, env: { HOME: '/nonexistent', ...env } };
      const argv = ['rates', 'quote', 'gpt-4o-mini', '--input', '1000000'];
      const { code, out, err } = await runIn(world, argv);
      expect([code, err]).toEqual([0, '']);
      expect(out).toContain('0.15');
      expect([readdirSync(home), existsSync('/nonexistent')]).toEqual([[], false]);
    },
  );
});
