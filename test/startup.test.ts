import { spawnSync } from 'node:child_process';
import { accessSync, constants, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { call, freshFolder, jsonl } from './support/fake-runtime.ts';
import { BIN, mustRun, worldOf } from './support/processes.ts';

const HOOK = pathToFileURL(join(import.meta.dirname, 'support/loaded-packages.js')).href;
const folder = freshFolder();

const loads = (...argv: readonly string[]): unknown => loadsIn(folder, ...argv);

const loadsIn = (home: string, ...argv: readonly string[]): unknown => {
  const { status, stderr } = spawnSync(process.execPath, ['--import', HOOK, BIN, ...argv], {
    cwd: home,
    env: worldOf(home),
    encoding: 'utf8',
  });
  expect([status, stderr.split('\n').slice(0, -2).join('')]).toEqual([0, '']);
  return JSON.parse(stderr.split('\n').at(-2) ?? '');
};

const OWN_CARD = `rate_card: 1
provider: openai
currency: USD
units: per million tokens
as_of: 2026-11-21
sources: {page: {note: a page, read: 2026-11-21}}
models:
  oak-1: {prices: [{from: 2026-01-01, source: page, input: 1.00, output: 9.00}]}
`;

const COMMANDS = [
  'demo',
  'ingest',
  'report',
  'trace',
  'top',
  'explain',
  'close',
  'export',
  'doctor',
  'rates',
];
const NESTED = [
  'export events',
  'rates list',
  'rates show',
  'rates quote',
  'rates diff',
  'rates lint',
  'rates update',
  'rates schema',
];

describe('what a command loads', () => {
  it.each([
    '--help',
    '--version',
    ...[...COMMANDS, ...NESTED].map((command) => `${command} --help`),
  ])('aicost %s loads commander and nothing else', (line) =>
    expect(loads(...line.split(' '))).toEqual(['commander']),
  );

  it('a report as JSON loads the ledger, and neither cards nor tables', () => {
    writeFileSync(join(folder, 'a.jsonl'), jsonl(call()));
    mustRun(['ingest', 'a.jsonl', '--ledger', 'a.db'], folder);
    const packages = loads('report', '--format', 'json', '--ledger', 'a.db');
    expect(packages).toContain('better-sqlite3');
    for (const heavy of ['yaml', 'cli-table3', 'chalk', 'csv-parse'])
      expect(packages).not.toContain(heavy);
  });
});

describe('rate cards', () => {
  const own = freshFolder();
  const calls = [call(), call({ model: 'claude-sonnet-4-5', provider: 'anthropic' })];
  writeFileSync(join(own, 'a.jsonl'), jsonl(...calls));
  writeFileSync(join(own, 'own.yaml'), OWN_CARD);

  it.each([
    'ingest a.jsonl --ledger a.db',
    'report a.jsonl --format json',
    'rates list --format json',
    'rates quote gpt-5.4 --input 1000 --format json',
  ])('that came with aicost are read without the YAML parser: aicost %s', (line) =>
    expect(loadsIn(own, ...line.split(' '))).not.toContain('yaml'),
  );

  it('of the user need the parser once, and not again until they change', () => {
    const argv = ['ingest', 'a.jsonl', '--ledger', 'b.db', '--rates', 'own.yaml'];
    expect(loadsIn(own, ...argv)).toContain('yaml');
    expect(loadsIn(own, ...argv)).not.toContain('yaml');
    writeFileSync(join(own, 'own.yaml'), OWN_CARD.replace('1.00', '2.00'));
    expect(loadsIn(own, ...argv)).toContain('yaml');
  });
});

/** A `node` of the machine that is older than aicost needs; none on most. */
const oldNode = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((place) => !place.includes('node_modules'))
  .map((place) => join(place, 'node'))
  .find((node) => {
    try {
      accessSync(node, constants.X_OK);
    } catch {
      return false;
    }
    const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout;
    return Number(/^v(\d+)/.exec(version)?.[1] ?? 99) < 22;
  });

describe('on an old Node', () => {
  const SENTENCE = /^aicost needs Node 22\.12 or newer; this is Node [\d.]+\.\n$/;

  it.each(['20.1.0', '22.11.9', '8.0.0'])('%s: says in one sentence what it needs', (version) => {
    const preload = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'${version}'})`;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', preload, BIN, 'report'],
      {
        encoding: 'utf8',
      },
    );
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(SENTENCE);
    expect(stderr).toContain(version);
  });

  it.skipIf(oldNode === undefined)('a real one says the same', () => {
    const { status, stderr } = spawnSync(oldNode ?? '', [BIN, '--help'], { encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr).toMatch(SENTENCE);
  });
});
