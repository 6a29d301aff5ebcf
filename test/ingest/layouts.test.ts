import { join } from 'node:path';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { splitLines } from '../../src/ingest/split-lines.ts';
import { loadAdapters } from '../../src/ingest/registry.ts';
import { call, desk, jsonl } from '../support/fake-runtime.ts';

const one = call({ id: 'a' });
const two = call({ id: 'b' });
const pretty = (value: unknown) => JSON.stringify(value, null, 2);

describe('a file of any layout', () => {
  it.each([
    ['lines', jsonl(one, two), [1, 2]],
    ['lines with empty ones between', `\n${jsonl(one)}\n\n  \n${jsonl(two)}\n`, [2, 6]],
    ['a list on one line', JSON.stringify([one, two]), [1, 1]],
    ['a pretty-printed list', pretty([one, two]), [2, 10]],
    ['a pretty-printed record after another', `${pretty(one)}\n${pretty(two)}\n`, [1, 9]],
    ['records put together', `${pretty(one)}${pretty(two)}`, [1, 8]],
    ['records with commas between', `${pretty(one)},\n${pretty(two)}`, [1, 9]],
    [
      'braces and quotes inside text',
      `[${pretty({ ...one, note: '}]"{[\\' })},${JSON.stringify(two)}]`,
      [1, 9],
    ],
  ])('%s: is read record by record, at its lines', async (_, content, lines) => {
    const { events, ingest, write } = desk();
    expect(await ingest(write('a.json', content))).toMatchObject({ new: 2, rejected: 0 });
    expect((await events()).map(({ id, source }) => [id, source.line])).toEqual([
      ['a', lines[0]],
      ['b', lines[1]],
    ]);
  });

  it.each([
    ['between lines', `${jsonl(one)}not json\n${jsonl(two)}`, 'a.jsonl:2: not valid JSON'],
    ['a broken first line', `{"id":\n${jsonl(one, two)}`, 'a.jsonl:1: not valid JSON'],
    [
      'between records of a document',
      `[${pretty(one)} oops, ${pretty(two)}]`,
      'a.jsonl:8: not valid JSON',
    ],
    [
      'a record cut off',
      `[${pretty(one)},${pretty(two)},{"id":`,
      'a.jsonl:15: the document ends in the middle of a record',
    ],
  ])('garbage %s is one rejected record with its line', async (_, content, reject) => {
    const { ingest, write, folder } = desk();
    const rejects = join(folder, 'rejects.txt');
    const log = write('a.jsonl', content);
    expect(await ingest('--rejects', rejects, log)).toMatchObject({ new: 2, rejected: 1 });
    expect(readFileSync(rejects, 'utf8')).toBe(`${reject}\n`);
  });

  it('formats mixed in one file are each read as what they are', async () => {
    const { events, ingest, write } = desk();
    const fixtures = join(import.meta.dirname, '../fixtures/adapters');
    const formats = (await loadAdapters()).filter(
      ({ id, refuses }) => refuses === undefined && existsSync(join(fixtures, id, 'basic.jsonl')),
    );
    const first = formats.map(
      ({ id }) => readFileSync(join(fixtures, id, 'basic.jsonl'), 'utf8').split('\n')[0],
    );
    await ingest(write('mixed.jsonl', `${first.join('\n')}\n`));
    const read = new Set((await events()).map(({ source }) => source.format));
    // Some formats begin with a record that uses nothing.
    expect([...read].every((format) => formats.some(({ id }) => id === format))).toBe(true);
    expect(read.size).toBeGreaterThan(formats.length / 2);
  });
});

describe('bytes that are no clean text', () => {
  it.each([
    ['NUL', 'a\0b'],
    ['a terminal escape', '\u001b[31mred'],
    ['a bidi override', '\u202Egnp.exe'],
    ['a line separator', 'a\u2028b'],
    ['half a surrogate pair', '\uD800'],
    ['a name out of every range', '日本語 🧮 ñ'],
  ])('%s in a tag is kept as it is and counts as one call', async (_, feature) => {
    const { events, ingest, write } = desk();
    await ingest(write('a.jsonl', jsonl(call({ tags: { feature } }))));
    const kept = (await events())[0]?.tags['feature'];
    expect(kept?.toWellFormed()).toBe(feature.toWellFormed());
  });

  it('broken UTF-8 becomes the replacement character and loses no record', async () => {
    const { events, ingest, write } = desk();
    const text = Buffer.from(jsonl(call({ tags: { feature: 'XX' } }), two));
    text[text.indexOf('XX')] = 0xff;
    text[text.indexOf('X')] = 0xc3;
    expect(await ingest(write('a.jsonl', text))).toMatchObject({ new: 2, rejected: 0 });
    expect((await events())[0]?.tags['feature'] ?? (await events())[1]?.tags['feature']).toBe(
      '\uFFFD\uFFFD',
    );
  });

  it('__proto__ and constructor are names like any other', async () => {
    const { events, ingest, must, write } = desk();
    const line = `{"__proto__":{"input_tokens":9},${JSON.stringify(call({ id: 'p' })).slice(1, -1)},"tags":{"__proto__":"x","constructor":"y"}}\n`;
    expect(await ingest(write('a.jsonl', line))).toMatchObject({ new: 1 });
    const [event] = await events();
    expect(Object.entries(event?.tags ?? {})).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    expect(event?.usage['input']).toBe(1000);
    const { rows } = JSON.parse(await must('report', '--by', 'constructor', '--format', 'json'));
    expect(rows[0]).toMatchObject({ constructor: 'y', requests: 1 });
    expect(Object.hasOwn(Object.prototype, 'input_tokens')).toBe(false);
  });

  it('a line of 2 MB is read like a short one', async () => {
    const { ingest, write } = desk();
    const long = jsonl(one, { ...two, prompt: 'word '.repeat(400_000) }, call({ id: 'c' }));
    expect(await ingest(write('a.jsonl', long))).toMatchObject({ new: 3, rejected: 0 });
  });
});

describe('splitLines', () => {
  const read = async (text: string, size: number, limit: number) => {
    const bytes = Buffer.from(text);
    const chunks = async function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    };
    const lines = [];
    for await (const batch of splitLines(chunks(), { offset: 0, lines: 0 }, limit))
      lines.push(...batch);
    return lines.map(({ text: line, number, end, finished }) => [line, number, end, finished]);
  };
  const text = 'ab\r\n\nlonger than ten\nöüß\nlast';

  it.each([1, 2, 3, 5, 7, 100])(
    'in chunks of %i bytes, cuts alike and drops what is over the limit',
    async (size) => {
      expect(await read(text, size, 10)).toEqual([
        ['ab', 1, 4, true],
        ['', 2, 5, true],
        [undefined, 3, 21, true],
        ['öüß', 4, 28, true],
        ['last', 5, 32, false],
      ]);
    },
  );

  it('a line of exactly the limit is kept', async () => {
    expect((await read('1234567890\n', 3, 10))[0]?.[0]).toBe('1234567890');
    expect((await read('12345678901\n', 3, 10))[0]?.[0]).toBeUndefined();
  });
});

describe('CSV', () => {
  const MAP =
    'map: 1\nname: bills\nfields: {id: Id, time: When, model: Model, input: In, output: Out}\ntags: {feature: Feature}\n';
  const rows = (d: string, end = '\n', quoted = '"a ""quoted""; name, with\ttabs"') =>
    [
      ['Id', 'When', 'Model', 'Feature', 'In', 'Out'].join(d),
      ['r1', '2026-11-02T09:00:00Z', 'gpt-4o-mini', quoted, '10', '1'].join(d),
      ['r2', '2026-11-02T09:00:00Z', 'gpt-4o-mini', '"two\nlines"', '20', '2'].join(d),
      ['r3', '2026-11-02T09:00:00Z', 'gpt-4o-mini', '', '30', '3'].join(d),
    ].join(end) + end;

  it.each([
    ['commas', rows(',')],
    ['semicolons', rows(';')],
    ['tabs', rows('\t')],
    ['a byte order mark', `\uFEFF${rows(',')}`],
    ['CRLF', rows(',', '\r\n')],
    ['no last line break', rows(',').trimEnd()],
  ])('with %s keeps quotes, separators and line breaks within fields', async (_, content) => {
    const { events, ingest, write } = desk();
    const map = write('map.yaml', MAP);
    expect(await ingest('--map', map, write('a.csv', content))).toMatchObject({
      new: 3,
      rejected: 0,
    });
    const read = await events();
    expect(read.map(({ id, tags, usage }) => [id, tags['feature'], usage['input']])).toEqual([
      ['r1', 'a "quoted"; name, with\ttabs', 10],
      ['r2', 'two\nlines', 20],
      ['r3', undefined, 30],
    ]);
    expect(read[0]?.source.format).toBe('bills');
  });

  it('a file that grew counts its old rows once', async () => {
    const { ingest, write } = desk();
    const map = write('map.yaml', MAP);
    await ingest('--map', map, write('a.csv', rows(',')));
    const grown = `${rows(',')}r4,2026-11-02T09:00:00Z,gpt-4o-mini,x,40,4\n`;
    expect(await ingest('--map', map, write('a.csv', grown))).toMatchObject({
      new: 1,
      duplicate: 3,
    });
  });

  it('a quote that is never closed is a rejected row, not a crash', async () => {
    const { ingest, write } = desk();
    const map = write('map.yaml', MAP);
    const open = `${rows(',')}r9,2026-11-02T09:00:00Z,"gpt,1,1,1\n`;
    const facts = await ingest('--map', map, write('a.csv', open));
    expect(facts).toMatchObject({ new: 3, rejected: 1 });
  });
});
