import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { follow, type Look } from '../../src/ingest/follow.ts';
import { logsOf } from '../../src/ingest/rotated-names.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { call, freshFolder, jsonl, NOW } from '../support/fake-runtime.ts';
import { cardsWith, inMemory } from '../support/ledgers.ts';

const { book } = cardsWith();

/** What happens to the followed folder between two looks. */
type Happening = () => void;

interface Followed {
  readonly ledger: Ledger;
  readonly looks: readonly Look[];
  /** Requests and input tokens of everything. */
  readonly sums: readonly [requests: bigint, input: bigint];
}

/** Follows paths of a folder while things happen to it, one between two looks, and stops after the last look. */
async function following(
  folder: string,
  paths: readonly string[],
  ...happenings: readonly Happening[]
): Promise<Followed> {
  const ledger = inMemory(book);
  const looks: Look[] = [];
  const left = [...happenings];
  await follow(
    {
      paths,
      cwd: folder,
      additions: { tags: {} },
      interval: 1_000,
      now: () => NOW + looks.length * 60_000,
      stopped: () => looks.length > happenings.length,
      wait: async () => left.shift()?.(),
      onLook: (look) => void looks.push(look),
    },
    ledger,
  );
  return { ledger, looks, sums: sumsOf(ledger) };
}

function sumsOf(ledger: Ledger): readonly [bigint, bigint] {
  const { rows } = ledger.spend({ span: {}, by: [], timeZone: 'UTC', where: [] });
  return [rows[0]?.requests ?? 0n, rows[0]?.input ?? 0n];
}

/** Calls by their ids, of 100 input tokens each; those without an id by their latency. */
const calls = (...ids: readonly string[]): string =>
  jsonl(...ids.map((id) => call({ id, input_tokens: 100 })));
const nameless = (...latencies: readonly number[]): string =>
  jsonl(...latencies.map((latency_ms) => call({ latency_ms, input_tokens: 100 })));

const hundreds = (count: number): readonly [bigint, bigint] => [BigInt(count), BigInt(count * 100)];

describe('a name', () => {
  it.each([
    ['app.log.1', ['app.log']],
    ['app.log.12.gz', ['app.log.12', 'app.log']],
    ['app.log-20261122', ['app.log']],
    ['app.log.2026-11-22T10:00', ['app.log']],
    ['app-2026-11-22.log', ['app.log']],
    ['app.1.log.zst', ['app.1.log', 'app.log']],
    ['app.log.old', ['app.log']],
    ['app.log', []],
    ['app-debug.log', []],
    ['app.log.notes', []],
  ])('%s is what a rotation makes of %j', (name, logs) => expect(logsOf(name)).toEqual(logs));
});

describe('following', () => {
  it('reads what is there, and then only what is appended', async () => {
    const folder = freshFolder();
    const log = join(folder, 'app.jsonl');
    writeFileSync(log, calls('a', 'b'));
    const { sums, looks } = await following(
      folder,
      [log],
      () => appendFileSync(log, calls('c')),
      () => undefined,
      () => appendFileSync(log, calls('d', 'e')),
    );
    expect(sums).toEqual(hundreds(5));
    expect(looks.map(({ counts, files }) => [counts.records, files.length])).toEqual([
      [2, 1],
      [1, 1],
      [0, 0],
      [2, 1],
    ]);
  });

  it('waits for the end of a line that is half written', async () => {
    const folder = freshFolder();
    const log = join(folder, 'app.jsonl');
    const line = calls('b');
    writeFileSync(log, calls('a') + line.slice(0, 40));
    const { sums, looks } = await following(
      folder,
      [log],
      () => appendFileSync(log, line.slice(40, 60)),
      () => appendFileSync(log, line.slice(60)),
    );
    expect(sums).toEqual(hundreds(2));
    expect(looks.map(({ counts }) => counts.added)).toEqual([1, 0, 1]);
    expect(looks.every(({ counts }) => counts.rejected.size === 0)).toBe(true);
  });

  it('finds new files in a folder, and in folders that are made in it', async () => {
    const folder = freshFolder();
    const { sums } = await following(
      folder,
      ['.'],
      () => writeFileSync(join(folder, 'one.jsonl'), calls('a')),
      () => {
        mkdirSync(join(folder, 'deep/er'), { recursive: true });
        writeFileSync(join(folder, 'deep/er/two.jsonl'), calls('b', 'c'));
      },
    );
    expect(sums).toEqual(hundreds(3));
  });

  it.each([
    ['calls with ids', calls],
    [
      'calls without',
      (...ids: readonly string[]) => nameless(...ids.map((id) => id.charCodeAt(0))),
    ],
  ])('reads a log that is rotated by renaming to its end: %s', async (_, lines) => {
    const folder = freshFolder();
    const log = join(folder, 'app.log');
    writeFileSync(log, lines('a', 'b'));
    const { sums } = await following(
      folder,
      [log],
      () => {
        // Written after the last look, and set aside before the next.
        appendFileSync(log, lines('c'));
        renameSync(log, `${log}.1`);
        writeFileSync(log, lines('d'));
      },
      () => appendFileSync(log, lines('e')),
    );
    expect(sums).toEqual(hundreds(5));
  });

  it('goes through two rotations and a gap without the log', async () => {
    const folder = freshFolder();
    const log = join(folder, 'app.log');
    writeFileSync(log, calls('a'));
    const { sums } = await following(
      folder,
      [log],
      () => {
        appendFileSync(log, calls('b'));
        renameSync(log, `${log}.1`);
      },
      () => writeFileSync(log, calls('c')),
      () => {
        appendFileSync(log, calls('d'));
        renameSync(`${log}.1`, `${log}.2`);
        renameSync(log, `${log}.1`);
        writeFileSync(log, calls('e'));
      },
    );
    expect(sums).toEqual(hundreds(5));
  });

  it.each([
    ['and grows again', (log: string) => truncateSync(log)],
    ['and is longer at once', (log: string) => writeFileSync(log, '')],
  ])('reads a log that is copied and cut %s', async (_, cut) => {
    const folder = freshFolder();
    const log = join(folder, 'app.log');
    writeFileSync(log, calls('a', 'b'));
    const { sums } = await following(folder, [log], () => {
      appendFileSync(log, calls('c'));
      copyFileSync(log, `${log}.1`);
      cut(log);
      appendFileSync(log, calls('d', 'e', 'f', 'g'));
    });
    expect(sums).toEqual(hundreds(7));
  });

  it('leaves alone what is only named alike, and what was set aside before', async () => {
    const folder = freshFolder();
    const log = join(folder, 'app.log');
    writeFileSync(`${log}.1`, calls('long ago'));
    writeFileSync(log, calls('a'));
    const { sums } = await following(
      folder,
      [log],
      () => {
        writeFileSync(join(folder, 'app-debug.log'), calls('other'));
        appendFileSync(log, calls('b'));
      },
      () => appendFileSync(log, calls('c')),
    );
    expect(sums).toEqual(hundreds(3));
  });

  it('reads a log that was packed when it was set aside', async () => {
    const folder = freshFolder();
    const log = join(folder, 'app.log');
    writeFileSync(log, calls('a'));
    const { sums } = await following(folder, [log], () => {
      appendFileSync(log, calls('b'));
      writeFileSync(`${log}.1.gz`, gzipSync(readFileSync(log)));
      unlinkSync(log);
      writeFileSync(log, calls('c'));
    });
    expect(sums).toEqual(hundreds(3));
  });

  it('keeps what it has when a folder goes, says so, and goes on when it comes back', async () => {
    const folder = freshFolder();
    const logs = join(folder, 'logs');
    const write = (name: string, text: string) => (): void => {
      mkdirSync(logs, { recursive: true });
      writeFileSync(join(logs, name), text);
    };
    write('a.jsonl', calls('a', 'b'))();
    const { sums, looks } = await following(
      folder,
      ['logs'],
      () => rmSync(logs, { recursive: true }),
      write('a.jsonl', calls('a', 'b', 'c')),
    );
    expect(sums).toEqual(hundreds(3));
    expect(looks.map(({ missing }) => missing)).toEqual([[], ['logs'], []]);
  });

  it('waits for a file that is not there yet', async () => {
    const folder = freshFolder();
    const { sums, looks } = await following(folder, ['soon.jsonl'], () =>
      writeFileSync(join(folder, 'soon.jsonl'), calls('a')),
    );
    expect(sums).toEqual(hundreds(1));
    expect(looks.map(({ missing }) => missing)).toEqual([['soon.jsonl'], []]);
  });

  it('is not stopped by a file in no known format, nor looks at it again before it changes', async () => {
    const folder = freshFolder();
    const diary = join(folder, 'diary.jsonl');
    writeFileSync(diary, '{"dear": "diary"}\n');
    const log = join(folder, 'app.jsonl');
    writeFileSync(log, calls('a'));
    const { sums, looks } = await following(
      folder,
      [diary, log],
      () => appendFileSync(log, calls('b')),
      () => appendFileSync(diary, '{"more": 1}\n'),
    );
    expect(sums).toEqual(hundreds(2));
    expect(looks.map(({ counts }) => counts.foreignFiles)).toEqual([
      ['diary.jsonl'],
      [],
      ['diary.jsonl'],
    ]);
  });

  it('is not stopped by a link that leads to itself, and reads what takes its place', async () => {
    const folder = freshFolder();
    const log = join(folder, 'app.jsonl');
    symlinkSync('app.jsonl', log);
    const { looks, sums } = await following(
      folder,
      ['.'],
      () => undefined,
      () => (unlinkSync(log), writeFileSync(log, calls('a', 'b'))),
    );
    expect(looks.map(({ counts }) => counts.foreignFiles.length)).toEqual([1, 0, 0]);
    expect(sums).toEqual(hundreds(2));
  });

  it('reads sessions, which start over when they grow, to the sums of one ingest', async () => {
    const folder = freshFolder();
    const source = join(import.meta.dirname, '../fixtures/adapters/codex-rollout');
    const [name = ''] = readdirSync(source).filter((each) => each.endsWith('.jsonl'));
    const lines = readFileSync(join(source, name), 'utf8').split('\n').slice(0, -1);
    const log = join(folder, name);
    writeFileSync(log, '');
    const whole = join(folder, 'whole');
    mkdirSync(whole);
    writeFileSync(join(whole, name), `${lines.join('\n')}\n`);
    const grown = await following(
      folder,
      [log],
      ...lines.map((line) => () => appendFileSync(log, `${line}\n`)),
    );
    const once = await following(whole, [join(whole, name)]);
    expect(grown.sums).toEqual(once.sums);
    expect(once.sums[0]).toBeGreaterThan(0n);
  });
});
