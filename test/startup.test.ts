import { spawnSync } from 'node:child_process';
import { accessSync, constants, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { call, freshFolder, jsonl } from './support/fake-runtime.ts';
import { BIN, mustRun, worldOf } from './support/processes.ts';

const HOOK = pathToFileURL(join(import.meta.dirname, 'support/loaded-packages.js')).href;
const folder = freshFolder();

/** What a command line loads: packages, and files of the build by their names (src/build/chunks.ts). */
interface Loaded {
  readonly packages: readonly string[];
  readonly files: readonly string[];
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
  ])('aicost %s loads no package, ledger, card, format or table', (line) => {
    const { packages, files } = loads(...line.split(' '));
    expect(packages).toEqual([]);
    const heavy = ['ledger', 'reading', 'tables', 'writing'];
    expect(files.filter((file) => heavy.includes(file))).toEqual([]);
  });

  it.each(['--help', '--version'])('aicost %s loads two files and what joins them', (line) =>
    expect(loads(line).files).toEqual(['main', 'start', 'rolldown-runtime']),
  );

  // Each command at its lightest, over a ledger that holds what it asks for.
  const LEDGER = ['better-sqlite3'];
  beforeAll(() => {
    writeFileSync(join(folder, 'lean.jsonl'), jsonl(call({ id: 'c1', tags: { run: 'r1' } })));
    mustRun(['ingest', 'lean.jsonl', '--ledger', 'lean.db'], folder);
  });
  it.each<readonly [string, readonly string[], 'a table' | 'no table']>([
    ['ingest lean.jsonl --ledger lean.db --format json', LEDGER, 'no table'],
    ['ingest lean.jsonl --ledger lean.db', LEDGER, 'a table'],
    ['report --ledger lean.db --format json', LEDGER, 'no table'],
    ['report --ledger lean.db --format csv', LEDGER, 'no table'],
    ['report --ledger lean.db', LEDGER, 'a table'],
    ['trace r1 --ledger lean.db --format json', LEDGER, 'no table'],
    ['top --ledger lean.db --format json', LEDGER, 'no table'],
    ['explain c1 --ledger lean.db --format json', LEDGER, 'no table'],
    ['close 2026-10 --ledger lean.db --format json', LEDGER, 'no table'],
    ['export events --ledger lean.db', LEDGER, 'no table'],
    ['audit --ledger lean.db --format json', LEDGER, 'no table'],
    ['init --print --ledger lean.db', LEDGER, 'no table'],
    ['doctor --ledger lean.db --format json', LEDGER, 'no table'],
    ['rates list --format json', [], 'no table'],
    ['rates quote gpt-4o-mini --input 10 --format json', [], 'no table'],
  ])(
    'aicost %s loads the packages %j and %s, in sixteen files at most',
    (line, packages, drawn) => {
      const loaded = loads(...line.split(' '));
      expect(loaded.packages).toEqual(packages);
      expect(loaded.files.includes('tables')).toBe(drawn === 'a table');
      expect(loaded.files.length).toBeLessThanOrEqual(16);
    },
  );

  it('an ingest loads formats when there is something to read, and not before', () => {
    const again = loads('ingest', 'lean.jsonl', '--ledger', 'lean.db', '--format', 'json');
    writeFileSync(join(folder, 'more.jsonl'), jsonl(call({ id: 'c2' })));
    const more = loads('ingest', 'more.jsonl', '--ledger', 'lean.db', '--format', 'json');
    const besides = more.files.filter((file) => !again.files.includes(file));
    expect(besides.sort(byName)).toEqual(['append', 'reading']);
    expect(more.packages).toEqual(LEDGER);
  });

  it('watch loads the screen when there is one to draw', () => {
    const { packages } = loads('watch', '--once', '--ledger', 'lean.db');
    expect(packages).toContain('ink');
    expect(packages).toContain('react');
    for (const heavy of ['yaml', 'csv-parse']) expect(packages).not.toContain(heavy);
  });

  it('a CSV file loads its parser', () => {
    writeFileSync(join(folder, 'a.csv'), 'one,two\n1,2\n');
    const argv = ['ingest', '--ledger', 'lean.db', '--format', 'json', '.'];
    expect(loads(...argv).packages).toEqual([...LEDGER, 'csv-parse']);
  });
});

describe('counting tokens', () => {
  const prompts = freshFolder();
  writeFileSync(join(prompts, 'a.md'), 'Where is my order?');

  it.each([
    ['estimate --tokens-only a.md', ['js-tiktoken']],
    ['estimate --tokens-only --encoding cl100k_base a.md', ['js-tiktoken']],
    ['estimate --tokens-only --model gpt-4o a.md', ['yaml', 'js-tiktoken']],
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
