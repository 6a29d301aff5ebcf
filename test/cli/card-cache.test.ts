import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cardCacheFolder } from '../../src/commands/places.ts';
import { processRuntime } from '../../src/runtime.ts';
import { call, desk, freshFolder, jsonl, runIn } from '../support/fake-runtime.ts';
import { mustRun } from '../support/processes.ts';

const folderFor = (env: Readonly<Record<string, string>>, cwd = '/work'): string | undefined =>
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
    [{ HOME: home, AICOST_CACHE: 'here' }, '/work/here/cards'],
    [{ HOME: home, AICOST_CACHE: 'off' }, undefined],
    [{ HOME: '/nonexistent' }, undefined],
    [{}, undefined],
  ])('with %o in %s', (env, folder) => expect(folderFor(env)).toBe(folder));
});

const LOG = jsonl(call({ input_tokens: 1_000_000, output_tokens: 0 }));
const cards = (home: string): string => join(home, '.cache/aicost/cards');

describe('a first ingest', () => {
  it('leaves the compiled card of the one provider it met', () => {
    const home = freshFolder();
    writeFileSync(join(home, 'a.jsonl'), LOG);
    mustRun(['ingest', 'a.jsonl', '--ledger', 'a.db'], home);
    expect(readdirSync(cards(home)).length).toBe(1);
    // gpt-4o-mini: $0.15 per million.
    const report = ['report', '--ledger', 'a.db', '--format', 'json'];
    expect(JSON.parse(mustRun(report, home)).totals.cost_usd).toBe('0.15');
  });
});

describe('a report of paths', () => {
  // Processes of their own: what an earlier command of this one remembers must not make it pass.
  it('leaves no file behind, not even a compiled card', () => {
    const home = freshFolder();
    const logs = freshFolder();
    writeFileSync(join(logs, 'a.jsonl'), LOG);
    const out = mustRun(['report', join(logs, 'a.jsonl'), '--format', 'json'], home);
    expect(JSON.parse(out).totals.cost_usd).toBe('0.15');
    expect(readdirSync(home)).toEqual([]);
  });

  it('reads what other commands compiled', () => {
    const home = freshFolder();
    writeFileSync(join(home, 'a.jsonl'), LOG);
    mustRun(['rates', 'list'], home);
    const [one = ''] = readdirSync(cards(home));
    const report = (): string => mustRun(['report', 'a.jsonl', '--format', 'json'], home);
    expect(JSON.parse(report()).totals.cost_usd).toBe('0.15');
    writeFileSync(join(cards(home), one), 'damaged');
    expect(JSON.parse(report()).totals.cost_usd).toBe('0.15');
  });
});

describe('an own card', () => {
  const card = (price: string): string => `rate_card: 1
provider: openai
currency: USD
units: per million tokens
as_of: 2026-11-21
sources: {contract: {note: our own price, read: 2026-11-21}}
models:
  gpt-4o-mini: {prices: [{from: 2024-07-18, source: contract, input: ${price}, output: 9.00}]}
`;

  it('prices by what it says now, also after it was compiled', async () => {
    const { write, must } = desk();
    write('a.jsonl', LOG);
    const cost = async (): Promise<unknown> => {
      const out = await must('report', 'a.jsonl', '--rates', 'own.yaml', '--format', 'json');
      return JSON.parse(out).totals.cost_usd;
    };
    write('own.yaml', card('1.00'));
    await must('rates', 'list', '--rates', 'own.yaml');
    expect(await cost()).toBe('1');
    write('own.yaml', card('2.00'));
    expect(await cost()).toBe('2');
  });

  it('with an error is refused every time', async () => {
    const { write, aicost } = desk();
    write('own.yaml', card('-1.00'));
    for (let n = 0; n < 2; n += 1) {
      const { code, err } = await aicost('rates', 'list', '--rates', 'own.yaml');
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
