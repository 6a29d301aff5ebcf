import { appendFileSync, copyFileSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { call, desk, jsonl, placeless } from '../support/fake-runtime.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/adapters');
const LOG = join(import.meta.dirname, '../fixtures/logs/shop.jsonl');
const three = [call({ id: 'a' }), call({ id: 'b' }), call({ id: 'c' })];
// Without an id, a record is known by its text alone.
const same = call({ input_tokens: 7 });

describe('ingesting twice counts once', () => {
  it('every format again changes no byte of the export and no sum', async () => {
    const { must, ingest } = desk();
    const report = ['report', '--by', 'day,model,status', '--format', 'json'];
    await must('ingest', FIXTURES, LOG);
    const [events, sums] = [await must('export', 'events'), await must(...report)];
    const again = await ingest(FIXTURES, LOG);
    expect(again).toMatchObject({ new: 0, completed: 0 });
    expect(await must('export', 'events')).toBe(events);
    expect(await must(...report)).toBe(sums);
    await must('doctor');
  });

  it('a file that was touched and not changed is read again for nothing', async () => {
    const { ingest, write } = desk();
    const path = write('a.jsonl', jsonl(...three));
    await ingest(path);
    utimesSync(path, 1, 1);
    expect(await ingest(path)).toMatchObject({ new: 0, completed: 0 });
  });

  it('another --tag reads a file anew and adds the tag to the calls that are there', async () => {
    const { events, ingest, write } = desk();
    const path = write('a.jsonl', jsonl(...three));
    await ingest(path);
    const again = await ingest('--tag', 'team=search', path);
    expect(again).toMatchObject({ new: 0, completed: 3 });
    expect((await events()).map(({ tags }) => tags['team'])).toEqual(Array(3).fill('search'));
  });
});

describe('files that change', () => {
  it('of a file that grew only what is new is read', async () => {
    const { ingest, write } = desk();
    const path = write('a.jsonl', jsonl(...three));
    await ingest(path);
    expect(await ingest(path)).toMatchObject({ files_unchanged: 1, records: 0 });
    appendFileSync(path, jsonl(call({ id: 'd' })));
    expect(await ingest(path)).toMatchObject({ files_unchanged: 0, records: 1, new: 1 });
  });

  it('a file with other content under the same name is read anew', async () => {
    const { events, must, write } = desk();
    await must('ingest', write('a.jsonl', jsonl(...three)));
    await must('ingest', write('a.jsonl', jsonl(call({ id: 'x' }), ...three, call({ id: 'y' }))));
    expect((await events()).map(({ id }) => id)).toEqual(['a', 'b', 'c', 'x', 'y']);
  });

  it('a file that became shorter is read anew', async () => {
    const { ingest, write } = desk();
    await ingest(write('a.jsonl', jsonl(...three)));
    const shorter = write('a.jsonl', jsonl(call({ id: 'x' })));
    expect(await ingest(shorter)).toMatchObject({ records: 1, new: 1 });
  });

  it('a last line that is still being written is read once it is finished', async () => {
    const { ingest, write, events } = desk();
    const whole = jsonl(...three);
    const path = write('a.jsonl', whole.slice(0, -30));
    expect(await ingest(path)).toMatchObject({ new: 2, unfinished: 1, rejected: 0 });
    appendFileSync(path, whole.slice(-30));
    expect(await ingest(path)).toMatchObject({ records: 1, new: 1, unfinished: 0 });
    expect((await events()).map(({ source }) => source.line)).toEqual([1, 2, 3]);
  });

  it('a file cut anywhere and ingested twice is the whole file', async () => {
    const text = readFileSync(LOG);
    const whole = desk();
    await whole.must('ingest', LOG);
    const wanted = placeless(await whole.events());
    // A step that is no divisor of the line lengths, so that cuts fall in and between lines.
    for (let cut = 300; cut < text.length; cut += 797) {
      const { events, must, write } = desk();
      const path = write('shop.jsonl', text.subarray(0, cut));
      await must('ingest', path);
      appendFileSync(path, text.subarray(cut));
      await must('ingest', path);
      expect(placeless(await events()), `cut at byte ${cut}`).toEqual(wanted);
    }
  }, 30_000);
});

describe('calls without an id', () => {
  it('equal lines of one file are two calls, and stay two when the file is copied', async () => {
    const { ingest, folder, write, events } = desk();
    const path = write('a.jsonl', jsonl(same, call({ id: 'b' }), same));
    expect(await ingest(path)).toMatchObject({ new: 3 });
    copyFileSync(path, join(folder, 'copy.jsonl'));
    const copied = await ingest(join(folder, 'copy.jsonl'));
    expect(copied).toMatchObject({ new: 0, duplicate: 3, completed: 0 });
    expect((await events()).map(({ source }) => source.file)).toEqual(Array(3).fill(path));
  });

  it('equal lines before and after a resume are two calls', async () => {
    const { ingest, write } = desk();
    const path = write('a.jsonl', jsonl(same));
    await ingest(path);
    appendFileSync(path, jsonl(same, same));
    expect(await ingest(path)).toMatchObject({ records: 2, new: 2 });
    const copy = write('copy.jsonl', jsonl(same, same, same));
    expect(await ingest(copy)).toMatchObject({ new: 0, duplicate: 3 });
  });
});

describe('one content, however it comes', () => {
  const text = readFileSync(LOG);
  const crlf = Buffer.from(text.toString().replaceAll('\n', '\r\n'));
  const bom = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), text]);
  it.each([
    ['a .gz file', 'shop.jsonl.gz', gzipSync(text)],
    ['a .zst file', 'shop.jsonl.zst', zstdCompressSync(text)],
    [
      'two .gz files put together',
      'shop.jsonl.gz',
      Buffer.concat([gzipSync(text.subarray(0, 900)), gzipSync(text.subarray(900))]),
    ],
    ['a .gz file under a plain name', 'shop.jsonl', gzipSync(text)],
    ['a byte order mark', 'shop.jsonl', bom],
    ['CRLF', 'shop.jsonl', crlf],
  ])('%s is the plain file', async (_, name, bytes) => {
    const [plain, other] = [desk(), desk()];
    await plain.must('ingest', LOG);
    await other.must('ingest', other.write(name, bytes));
    expect(placeless(await other.events())).toEqual(placeless(await plain.events()));
    // The second one adds nothing to a ledger that has the first.
    const facts = await plain.ingest(plain.write(name, bytes));
    expect(facts).toMatchObject({ new: 0, completed: 0 });
  });

  it.each([
    ['plain', text],
    ['packed', gzipSync(text)],
    ['packed by zstd', zstdCompressSync(text)],
  ])('a pipe, %s, is the file', async (_, stdin) => {
    const [plain, piped] = [desk(), desk()];
    await plain.must('ingest', LOG);
    const { code, err } = await piped.aicostIn({ stdin, chunk: 1000 }, 'ingest', '-');
    expect([code, err]).toEqual([0, '']);
    expect(placeless(await piped.events())).toEqual(placeless(await plain.events()));
    expect((await piped.events())[0]?.source.file).toBeNull();
  });

  it('a folder gives its logs packed and plain', async () => {
    const { ingest, write, folder } = desk();
    const line = (id: string): string => jsonl(call({ id }));
    write('logs/a.jsonl.gz', gzipSync(line('a')));
    write('logs/b.jsonl.zst', zstdCompressSync(line('b')));
    write('logs/c.json', line('c'));
    write('logs/d.jsonl', line('d'));
    write('logs/e.csv', 'time,model,input_tokens,output_tokens\n2026-11-01T00:00:00Z,gpt-5,7,1\n');
    write('logs/f.csv.zst', zstdCompressSync('time,model,input_tokens,output_tokens\n'));
    write('logs/g.parquet', line('g'));
    expect(await ingest(join(folder, 'logs'))).toMatchObject({ new: 5, rejected: 0 });
  });

  it.each(['gz', 'zst'])('a short .%s file that ends early is no bug', async (extension) => {
    const { aicost, write } = desk();
    const packed = extension === 'gz' ? gzipSync(text) : zstdCompressSync(text);
    const { err } = await aicost('ingest', write(`a.${extension}`, packed.subarray(0, 300)));
    expect(err).not.toMatch(/bug/);
  });

  it('a .gz file that ends early gives what it holds, and the rest once it is whole', async () => {
    const { ingest, write } = desk();
    const lines = jsonl(...Array.from({ length: 3000 }, (_, n) => call({ id: `c${n * 7919}` })));
    const packed = gzipSync(lines);
    const cut = await ingest(write('a.jsonl.gz', packed.subarray(0, packed.length / 2)));
    expect(cut).toMatchObject({ rejected: 1 });
    const rest = await ingest(write('a.jsonl.gz', packed));
    expect(cut.new + rest.new).toBe(3000);
  });
});
