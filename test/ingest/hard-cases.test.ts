import { appendFileSync, chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openLedger } from '../../src/ledger/ledger.ts';
import { call, desk, jsonl } from '../support/fake-runtime.ts';
import { cardsWith, event } from '../support/ledgers.ts';

// Each of these was wrong once.

describe('one hostile number does not end the whole ingest', () => {
  it.each([
    ['dollars past what SQLite holds', { reported_cost_usd: '99999999999' }],
    ['dollars with an absurd exponent', { reported_cost_usd: 1e300 }],
    ['a latency past what SQLite holds', { latency_ms: 1e300 }],
  ])('%s', async (_, more) => {
    const { aicost, write } = desk();
    const { code } = await aicost('ingest', write('a.jsonl', jsonl(call(more), call())));
    expect(code).toBe(0);
  });

  it.each(['1793437200000000', '1000000000000000000000000000000'])(
    'a time in another unit than the mapping says (%s) is a rejected record',
    async (t) => {
      const { ingest, write } = desk();
      const map = write(
        'm.yaml',
        'map: 1\nfields: {time: t, model: m, input: i}\ntime_format: epoch_s\n',
      );
      const log = write('a.jsonl', jsonl({ t, m: 'gpt-4o-mini', i: 5 }));
      expect(await ingest('--map', map, log)).toMatchObject({ new: 0, rejected: 1 });
    },
  );
});

describe('sums past what SQLite and floats add exactly', () => {
  it('doctor adds reported dollars past 9.2 million', async () => {
    const { aicost, must, write } = desk();
    const big = call({ reported_cost_usd: '5000000' });
    await must('ingest', write('a.jsonl', jsonl(big, big)));
    expect((await aicost('doctor')).code).toBe(0);
  });

  it('tokens of one batch past 2^53 are summed exactly', async () => {
    const { aicost, must, write } = desk();
    const most = call({ input_tokens: Number.MAX_SAFE_INTEGER, output_tokens: 0 });
    await must('ingest', write('a.jsonl', jsonl(most, most, most)));
    const { totals } = JSON.parse(await must('report', '--format', 'json'));
    expect(String(totals.input_tokens)).toBe(String(3n * BigInt(Number.MAX_SAFE_INTEGER)));
    expect((await aicost('doctor')).code).toBe(0);
  });
});

describe('files', () => {
  const long = 'x'.repeat(2000);
  const records = (...ids: string[]) => jsonl(...ids.map((id) => call({ id, note: long })));

  it('a file replaced in place is read anew also when its first line is longer than 1 KiB', async () => {
    const { events, must, write } = desk();
    await must('ingest', write('a.jsonl', records('a1', 'a2')));
    await must('ingest', write('a.jsonl', records('b1', 'b2', 'b3')));
    expect((await events()).map(({ id }) => id)).toEqual(['a1', 'a2', 'b1', 'b2', 'b3']);
  });

  it('line numbers stay right when a file ended without a line break before it grew', async () => {
    const { events, must, write } = desk();
    const path = write('a.jsonl', records('a1', 'a2').trimEnd());
    await must('ingest', path);
    appendFileSync(path, `\n${records('a3')}`);
    await must('ingest', path);
    expect((await events()).map(({ source }) => source.line)).toEqual([1, 2, 3]);
  });

  it('a compressed file that has not changed is not read again', async () => {
    const { ingest, write } = desk();
    const path = write('a.jsonl.gz', gzipSync(records('a1', 'a2')));
    await ingest(path);
    expect(await ingest(path)).toMatchObject({ files_unchanged: 1, records: 0 });
  });

  it('a UTF-16 file in a folder is named and the rest is read', async () => {
    const { aicost, write, folder } = desk();
    write('logs/a.log', Buffer.from([0xff, 0xfe, 0x61, 0]));
    write('logs/b.jsonl', records('b1'));
    expect((await aicost('ingest', join(folder, 'logs'))).code).toBe(0);
  });

  it('a link in a folder that leads nowhere does not keep the rest from being read', async () => {
    const { aicost, write, folder } = desk();
    write('logs/b.jsonl', records('b1'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'logs/a.jsonl'));
    expect((await aicost('ingest', join(folder, 'logs'))).code).toBe(0);
  });

  it.each([
    ['a banner in front', Buffer.from(`Listening on :8080\n${records('b1')}`)],
    [
      'NUL bytes in front, as log rotation leaves them',
      Buffer.from(`${'\0'.repeat(64)}\n${records('b1')}`),
    ],
  ])('lines of JSON with %s are read', async (_, content) => {
    const { ingest, write } = desk();
    expect(await ingest(write('a.log', content))).toMatchObject({ new: 1 });
  });

  it('a link in a folder that leads to itself is named and the rest is read', async () => {
    const { aicost, write, folder } = desk();
    write('a.jsonl', jsonl(call()));
    symlinkSync('round.jsonl', join(folder, 'round.jsonl'));
    const { code, out } = await aicost('ingest', '.');
    expect(code).toBe(0);
    expect(out).toContain('note: no known format in round.jsonl (cannot read it (ELOOP))\n');
    expect(out).toContain('1 file, 1 record read');
  });

  // Nothing is locked for root, who runs most containers.
  it.skipIf(process.getuid?.() === 0)(
    'a folder that may not be read is named and the rest is read',
    async () => {
      const { aicost, write, folder } = desk();
      write('a.jsonl', jsonl(call()));
      mkdirSync(join(folder, 'locked'), { mode: 0 });
      const all = await aicost('ingest', '.');
      const one = await aicost('ingest', 'locked');
      chmodSync(join(folder, 'locked'), 0o700);
      expect(all.code).toBe(0);
      expect(all.out).toContain('note: no known format in locked (no permission to read it)\n');
      expect([one.code, one.err]).toEqual([2, 'aicost: locked: no permission to read it\n']);
    },
  );

  it('a file whose only line is still being written is no foreign file', async () => {
    const { ingest, write } = desk();
    const path = write('a.jsonl', records('a1').slice(0, -30));
    expect(await ingest(path)).toMatchObject({ unfinished: 1, new: 0 });
  });

  it('a copy of a call whose reported cost has more than 12 decimals is a duplicate', async () => {
    const { ingest, write } = desk();
    const text = jsonl(call({ id: 'a', reported_cost_usd: 1.23456712e-5 }));
    await ingest(write('a.jsonl', text));
    expect(await ingest(write('b.jsonl', text))).toMatchObject({ duplicate: 1, completed: 0 });
  });
});

describe('a pipe is read as the file would be, however its bytes arrive', () => {
  const lines = jsonl(call({ id: 'a' }), call({ id: 'b' }));
  const pretty = JSON.stringify(call({ id: 'a' }), null, 2);
  it.each([
    ['a document', pretty, 1],
    ['a byte order mark', `\uFEFF${lines}`, 3],
    ['an empty line in front', `\n${lines}`, 1],
    ['gzip', gzipSync(lines), 1],
  ])('%s', async (_, stdin, chunk) => {
    const { aicostIn } = desk();
    const { code, err } = await aicostIn({ stdin, chunk }, 'ingest', '-');
    expect([code, err]).toEqual([0, '']);
  });
});

it('--tag takes its text as tags of a record are taken, without blanks around it', async () => {
  const { events, must, write } = desk();
  await must('ingest', '--tag', 'team = search ', write('a.jsonl', jsonl(call())));
  expect((await events())[0]?.tags).toEqual({ team: 'search' });
});

it('a tag whose name begins with label: stays a tag', async () => {
  const { events, must, write } = desk();
  await must('ingest', write('a.jsonl', jsonl(call({ tags: { 'label:foo': 'bar' } }))));
  expect((await events())[0]?.tags).toEqual({ 'label:foo': 'bar' });
});

it('an ingest that runs while another process re-rates leaves no event without a rate', () => {
  const { folder, write } = desk();
  const path = join(folder, 'two.db');
  const own = write(
    'own.yaml',
    'rate_card: 1\nprovider: openai\ncurrency: USD\nunits: per million tokens\nas_of: 2026-11-21\nsources:\n  mine: {note: own, read: 2026-11-21}\nmodels:\n  gpt-4o-mini:\n    prices:\n      - {from: 2024-01-01, source: mine, input: 1.00, output: 2.00}\n',
  );
  const [shipped, mine] = [cardsWith(), cardsWith(own)];
  const append = (ledger: ReturnType<typeof openLedger>, id: string) =>
    ledger.append(
      [{ event: event({ id }), key: id, format: 'test', fileId: null, line: 1 }],
      undefined,
    );
  const writer = openLedger(path, { book: shipped.book });
  writer.rerate(shipped.book, shipped.cards);
  append(writer, 'a');
  const other = openLedger(path);
  other.rerate(mine.book, mine.cards);
  append(writer, 'b');
  const failed = writer.prove().filter(({ holds }) => !holds);
  writer.close();
  other.close();
  expect(failed).toEqual([]);
});
