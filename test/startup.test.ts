import { spawnSync } from 'node:child_process';
import { accessSync, constants, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { call, freshFolder, jsonl } from './support/fake-runtime.ts';
import { BIN, mustRun, worldOf } from './support/processes.ts';

const HOOK = pathToFileURL(join(import.meta.dirname, 'support/loaded-packages.js')).href;
const folder = freshFolder();

/** What a command line loads: packages, and rooms of our own code. */
interface Loaded {
  readonly packages: readonly string[];
  readonly rooms: readonly string[];
}

const loads = (...argv: readonly string[]): Loaded => loadsIn(folder, ...argv);

const loadsIn = (home: string, ...argv: readonly string[]): Loaded => {
  const { status, stderr } = spawnSync(process.execPath, ['--import', HOOK, BIN, ...argv], {
    cwd: home,
    env: worldOf(home),
    encoding: 'utf8',
  });
  expect([status, stderr.split('\n').slice(0, -2).join('')]).toEqual([0, '']);
  return JSON.parse(stderr.split('\n').at(-2) ?? '');
};

const byName = (a: string, b: string): number => (a < b ? -1 : 1);

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
  'init',
  'ingest',
  'report',
  'watch',
  'trace',
  'top',
  'explain',
  'audit',
  'gateway',
  'allocate',
  'close',
  'estimate',
  'export',
  'doctor',
  'whatif',
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
    expect(loads(...line.split(' ')).packages).toEqual(['commander']),
  );

  // Each command at its lightest, over a ledger that holds what it asks for.
  const LEDGER = ['commander', 'better-sqlite3'];
  const TABLES = [
    'chalk',
    'cli-table3',
    'string-width',
    'strip-ansi',
    'ansi-regex',
    'is-fullwidth-code-point',
    'emoji-regex',
  ];
  beforeAll(() => {
    writeFileSync(join(folder, 'lean.jsonl'), jsonl(call({ id: 'c1', tags: { run: 'r1' } })));
    mustRun(['ingest', 'lean.jsonl', '--ledger', 'lean.db'], folder);
  });
  it.each<readonly [string, readonly string[]]>([
    ['ingest lean.jsonl --ledger lean.db --format json', LEDGER],
    ['ingest lean.jsonl --ledger lean.db', [...LEDGER, ...TABLES]],
    ['report --ledger lean.db --format json', LEDGER],
    ['report --ledger lean.db --format csv', LEDGER],
    ['report --ledger lean.db', [...LEDGER, ...TABLES]],
    ['trace r1 --ledger lean.db --format json', LEDGER],
    ['top --ledger lean.db --format json', LEDGER],
    ['explain c1 --ledger lean.db --format json', LEDGER],
    ['close 2026-10 --ledger lean.db --format json', LEDGER],
    ['export events --ledger lean.db', LEDGER],
    ['audit --ledger lean.db --format json', LEDGER],
    ['init --print --ledger lean.db', LEDGER],
    ['doctor --ledger lean.db --format json', LEDGER],
    ['rates list --format json', ['commander']],
    ['rates quote gpt-4o-mini --input 10 --format json', ['commander']],
  ])('aicost %s loads the packages %j', (line, packages) =>
    expect(loads(...line.split(' ')).packages).toEqual(packages),
  );

  it('an ingest loads formats when there is something to read, and not before', () => {
    const again = ['ingest', 'lean.jsonl', '--ledger', 'lean.db', '--format', 'json'];
    const rooms = ['commands', 'config', 'domain', 'ingest', 'ledger', 'render', 'reports'];
    expect([...loads(...again).rooms].sort(byName)).toEqual(rooms);
    writeFileSync(join(folder, 'more.jsonl'), jsonl(call({ id: 'c2' })));
    const more = loads('ingest', 'more.jsonl', '--ledger', 'lean.db', '--format', 'json');
    expect([...more.rooms].sort(byName)).toEqual([
      'adapters',
      'adapters/bills',
      'adapters/bills-contract',
      'adapters/contract',
      ...rooms,
    ]);
    expect(more.packages).toEqual(LEDGER);
  });

  it('watch loads the screen when there is one to draw', () => {
    const { packages } = loads('watch', '--once', '--ledger', 'lean.db');
    expect(packages).toContain('ink');
    expect(packages).toContain('react');
    for (const heavy of ['yaml', 'cli-table3', 'csv-parse']) expect(packages).not.toContain(heavy);
  });

  it('a CSV file loads its parser', () => {
    writeFileSync(join(folder, 'a.csv'), 'one,two\n1,2\n');
    const argv = ['ingest', '--ledger', 'lean.db', '--format', 'json', '.'];
    expect(loads(...argv).packages).toEqual([...LEDGER, 'csv-parse']);
  });

  it('a report as JSON loads the ledger, and neither cards nor tables', () => {
    writeFileSync(join(folder, 'a.jsonl'), jsonl(call()));
    mustRun(['ingest', 'a.jsonl', '--ledger', 'a.db'], folder);
    const { packages } = loads('report', '--format', 'json', '--ledger', 'a.db');
    expect(packages).toContain('better-sqlite3');
    for (const heavy of ['yaml', 'cli-table3', 'chalk', 'csv-parse'])
      expect(packages).not.toContain(heavy);
  });
});

describe('counting tokens', () => {
  const prompts = freshFolder();
  writeFileSync(join(prompts, 'a.md'), 'Where is my order?');

  it.each([
    ['estimate --tokens-only a.md', ['commander', 'js-tiktoken']],
    ['estimate --tokens-only --encoding cl100k_base a.md', ['commander', 'js-tiktoken']],
    ['estimate --tokens-only --model gpt-4o a.md', ['commander', 'yaml', 'js-tiktoken']],
  ])('aicost %s loads %j', (line, packages) =>
    expect(loadsIn(prompts, ...line.split(' ')).packages).toEqual(packages),
  );
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
    expect(loadsIn(own, ...line.split(' ')).packages).not.toContain('yaml'),
  );

  it('of the user need the parser once, and not again until they change', () => {
    const argv = ['ingest', 'a.jsonl', '--ledger', 'b.db', '--rates', 'own.yaml'];
    expect(loadsIn(own, ...argv).packages).toContain('yaml');
    expect(loadsIn(own, ...argv).packages).not.toContain('yaml');
    writeFileSync(join(own, 'own.yaml'), OWN_CARD.replace('1.00', '2.00'));
    expect(loadsIn(own, ...argv).packages).toContain('yaml');
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
