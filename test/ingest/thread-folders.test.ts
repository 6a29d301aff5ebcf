import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { findFiles } from '../../src/ingest/find-files.ts';
import { bytesRead } from '../../src/ingest/ingest-files.ts';
import { bytesToRead } from '../../src/ingest/thread-start.ts';
import { call, freshFolder, jsonl } from '../support/fake-runtime.ts';
import { type Outcome, outcomeOf } from '../support/ingest-outcomes.ts';
import { cardsWith, inMemory } from '../support/ledgers.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures');
const { book } = cardsWith();
/** Patience with a machine that is busy with other things. */
const SLOW_MS = 120_000;
/** Bytes from which a thread reads: with one, and without. */
const [THREADED, ALONE] = [0, Infinity];

const numbered = (count: number) =>
  Array.from({ length: count }, (_, n) => call({ id: `numbered-${n}` }));

/** More files than a thread knows of before they are written, each sharing calls with the next. */
function manyFiles(folder = freshFolder()): string {
  for (let n = 0; n < 45; n += 1) {
    const calls = Array.from({ length: n === 20 ? 1_700 : 1 + ((n * 7) % 50) }, (_, index) =>
      call({ id: `call-${n * 20 + index}`, tags: { feature: `f${n % 3}`, user: `u${index % 5}` } }),
    );
    writeFileSync(join(folder, `${100 + n}.jsonl`), jsonl(...calls));
  }
  return folder;
}

/** Many files, and between them every kind that is read in a way of its own or not at all. */
function mixedFiles(empty = freshFolder()): string {
  const folder = manyFiles(empty);
  const put = (name: string, content: string | Buffer): void =>
    writeFileSync(join(folder, name), content);
  put('101a.jsonl', Buffer.from([0xff, 0xfe, 0x7b, 0x00]));
  put('102a.jsonl', '{"a":1}\n{"a":2}\n');
  put('103a.jsonl', '');
  put('104a.jsonl', `${jsonl(call({ id: 'good' }))}{"broken\n{"time":"2026-11-0`);
  put('105a.jsonl.gz', gzipSync(jsonl(call({ id: 'packed' }), call({}), call({}))));
  put('106a.jsonl.gz', gzipSync(jsonl(...numbered(900))).subarray(0, 2_000));
  put('107a.jsonl', 'nonsense\n'.repeat(2_500));
  put('108a.jsonl', jsonl(call({ id: 'wrong', output_tokens: -1 }), call({}), call({})));
  symlinkSync(join(folder, 'nowhere'), join(folder, '109a.jsonl'));
  const formats = [
    'adapters/claude-code',
    'adapters/codex-rollout',
    'adapters/langfuse-blob-traces',
    'adapters/openai-chat-stream-chunks',
    'adapters/openai-usage-csv',
    'bills/openai-costs',
  ];
  for (const format of formats)
    for (const name of readdirSync(join(FIXTURES, format)))
      if (!name.endsWith('.expected.json'))
        copyFileSync(
          join(FIXTURES, format, name),
          join(folder, `110-${format.split('/')[1]}-${name}`),
        );
  return folder;
}

describe('a folder that a thread reads leaves what it leaves without one', () => {
  it('of many files that share calls', { timeout: SLOW_MS }, async () => {
    const folder = manyFiles();
    const threaded = await outcomeOf([folder], THREADED);
    expect(threaded).toEqual(await outcomeOf([folder], ALONE));
    expect(threaded.counts).toMatchObject({ files: 45, unchangedFiles: 0 });
  });

  it('of files of every kind, some of which cannot be read', { timeout: SLOW_MS }, async () => {
    const folder = mixedFiles();
    const threaded = await outcomeOf([folder], THREADED);
    expect(threaded).toEqual(await outcomeOf([folder], ALONE));
    expect(threaded.counts).toMatchObject({
      foreignFiles: [
        `${folder}/101a.jsonl (this is UTF-16 text, not JSON or CSV text)`,
        `${folder}/102a.jsonl`,
        `${folder}/107a.jsonl`,
        `${folder}/109a.jsonl (no such file or folder)`,
      ],
    });
  });

  it('that has changed since it was read', { timeout: SLOW_MS }, async () => {
    const outcomes: Outcome[] = [];
    const folder = freshFolder();
    for (const threadFrom of [THREADED, ALONE]) {
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
      mixedFiles(folder);
      const ledger = inMemory(book);
      await outcomeOf([folder], threadFrom, {}, ledger);
      const add = (name: string, id: string, flag = 'a'): void =>
        writeFileSync(join(folder, name), jsonl(call({ id })), { flag });
      add('100.jsonl', 'late');
      add('120.jsonl', 'later');
      add('121.jsonl', 'in its place', 'w');
      add('102a.jsonl', 'known now', 'w');
      truncateSync(join(folder, '122.jsonl'), 100);
      outcomes.push(await outcomeOf([folder], threadFrom, {}, ledger));
    }
    const [threaded, alone] = outcomes.map(({ counts, rejected, events }) => [
      counts,
      rejected,
      events,
    ]);
    expect(threaded).toEqual(alone);
    expect(threaded?.[0]).toMatchObject({ added: 4 });
  });

  it(
    'up to a named file that cannot be read, or is in no known format',
    { timeout: SLOW_MS },
    async () => {
      const folder = mixedFiles();
      for (const [name, message] of [
        ['101a.jsonl', 'this is UTF-16 text, not JSON or CSV text'],
        ['102a.jsonl', 'no known usage format in this file'],
      ] as const) {
        const paths = [folder, join(folder, name)];
        const [threaded, alone] = [await outcomeOf(paths, THREADED), await outcomeOf(paths, ALONE)];
        const readSoFar = ({ counts, rejected, events }: typeof alone) => [
          counts,
          rejected,
          events,
        ];
        expect(readSoFar(threaded)).toEqual(readSoFar(alone));
        expect(threaded.counts).toContain(message);
        expect(threaded.events.length).toBeGreaterThan(0);
      }
    },
  );
});

it.each([THREADED, ALONE])(
  'a mistake in the rate cards ends the run instead of being told of every file (thread from %s)',
  { timeout: SLOW_MS },
  async (threadFrom) => {
    const wrong = new UserError('expected a price as text', { origin: { file: 'card.yaml' } });
    const { counts, events } = await outcomeOf([manyFiles()], threadFrom, {
      ready: () => Promise.reject(wrong),
    });
    expect([counts, events]).toEqual([
      '["expected a price as text",{"file":"card.yaml"},null]',
      [],
    ]);
  },
);

describe('a file that changes after it was found, while those before it are read', () => {
  /** A first file that keeps the thread busy until its parts are written, and one that comes after it. */
  const twoFiles = (): readonly [folder: string, second: string] => {
    const folder = freshFolder();
    const second = join(folder, 'second.jsonl');
    writeFileSync(join(folder, 'first.jsonl'), jsonl(...numbered(6_000)));
    writeFileSync(second, jsonl(call({ id: 'one' }), call({ id: 'two' }), call({ id: 'three' })));
    return [folder, second];
  };

  it.each([THREADED, ALONE])(
    'and is gone is told (thread from %s)',
    { timeout: SLOW_MS },
    async (threadFrom) => {
      const [folder, second] = twoFiles();
      const { counts, events } = await outcomeOf([folder], threadFrom, {
        onProgress: () => rmSync(second, { force: true }),
      });
      expect(counts).toMatchObject({
        files: 1,
        foreignFiles: [`${second} (no such file or folder)`],
      });
      expect(events).toHaveLength(6_000);
    },
  );

  it.each([THREADED, ALONE])(
    'and is shorter now is read as far as it goes (thread from %s)',
    { timeout: SLOW_MS },
    async (threadFrom) => {
      const [folder, second] = twoFiles();
      const line = jsonl(call({ id: 'one' })).length;
      const ledger = inMemory(book);
      const { counts, events } = await outcomeOf(
        [folder],
        threadFrom,
        { onProgress: () => truncateSync(second, line) },
        ledger,
      );
      expect(counts).toMatchObject({ files: 2, added: 6_001 });
      expect(events).toHaveLength(6_001);
      writeFileSync(second, jsonl(call({ id: 'one' }), call({ id: 'four' })));
      const again = await outcomeOf([folder], threadFrom, {}, ledger);
      expect(again.counts).toMatchObject({ unchangedFiles: 1, added: 1 });
    },
  );
});

it('what there is to read is what the ledger does not have', async () => {
  const folder = freshFolder();
  const [one, two] = [join(folder, 'one.jsonl'), join(folder, 'two.jsonl')];
  const line = jsonl(call({ id: 'a' }));
  writeFileSync(one, line.repeat(3));
  writeFileSync(two, line.repeat(5));
  const ledger = inMemory(book);
  await outcomeOf([folder], ALONE, {}, ledger);
  const options = ledger.sourceFile(one)?.options ?? '';
  const files = await findFiles([folder], folder);
  const lines = (as: string, enough = Infinity): number =>
    bytesToRead(files, bytesRead({ ledger, options: as }), enough) / line.length;
  expect(lines(options)).toBe(0);
  // Read in another way, it is read anew.
  expect(lines('another')).toBe(3 + 5);
  expect(lines('another', line.length)).toBe(3);
  writeFileSync(one, line.repeat(2), { flag: 'a' });
  expect(lines(options)).toBe(2);
  writeFileSync(one, line);
  rmSync(two);
  expect(lines(options)).toBe(1);
});
