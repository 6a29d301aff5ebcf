import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ENCODINGS } from '../../src/prompts/counting/encodings.ts';
import { desk, type Ended } from '../support/fake-runtime.ts';

const here = desk();
const count = (...argv: readonly string[]): Promise<Ended> =>
  here.aicost('estimate', '--tokens-only', ...argv);
const golden: {
  readonly cases: readonly {
    readonly name: string;
    readonly text: string;
    readonly counts: Readonly<Record<string, number>>;
  }[];
} = JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/golden-tokens.json'), 'utf8'));

here.write('hello.txt', 'hello world');
here.write('title.md', '\ufeff# Title\n');
here.write('broken.txt', Buffer.from([0x61, 0xff, 0xe2, 0x82, 0x62]));

describe('aicost estimate --tokens-only', () => {
  it.each(ENCODINGS)('prints the golden counts of %s, and nothing else', async (encoding) => {
    for (const { name, text, counts } of golden.cases) {
      // A file holds UTF-8, which has no lone surrogates: what is written is U+FFFD, which counts the same.
      const file = here.write(`${name}.txt`, text);
      const tokens = counts[encoding === 'p50k_edit' ? 'p50k_base' : encoding];
      expect([name, await count('--encoding', encoding, file)]).toEqual([
        name,
        { code: 0, out: `${tokens}\n`, err: '' },
      ]);
    }
  });

  it('counts a byte order mark as text', async () => {
    expect(await count('title.md')).toEqual({ code: 0, out: '3\n', err: '' });
  });

  it('reads standard input', async () => {
    const world = { stdin: '人人生而自由,在尊严和权利上一律平等。', chunk: 2 };
    const { out } = await here.aicostIn(world, 'estimate', '--tokens-only', '-');
    expect(out).toBe('16\n');
  });

  it('says that bytes which are no UTF-8 count as U+FFFD, each beginning of a character as one', async () => {
    // a, one for 0xff, one for 0xe2 0x82 that is cut off, b.
    writeFileSync(join(here.folder, 'mended.txt'), 'a\ufffd\ufffdb');
    const mended = await count('mended.txt');
    expect(await count('broken.txt')).toEqual({
      ...mended,
      err: 'aicost: broken.txt: bytes that are no UTF-8 count as the character U+FFFD\n',
    });
    expect((await count('broken.txt', '--quiet')).err).toBe('');
  });

  it('counts nothing for an empty file', async () => {
    here.write('empty.txt', '');
    expect((await count('empty.txt')).out).toBe('0\n');
  });

  it('prints a table of several files, with their sum', async () => {
    const { out } = await count('hello.txt', 'title.md');
    expect(out).toBe(
      `Tokens by o200k_base:

File       Tokens  Source
──────────────────────────
hello.txt       2  counted
title.md        3  counted
──────────────────────────
total           5
`,
    );
  });

  it('prints rows for programs, of one file too', async () => {
    expect((await count('hello.txt', '--format', 'csv')).out).toBe(
      'file,tokens,low,high,source\nhello.txt,2,2,2,counted\n',
    );
    expect(JSON.parse((await count('hello.txt', '--format', 'json')).out)).toEqual({
      schema: 'aicost.tokens/1',
      encoding: 'o200k_base',
      model: null,
      rows: [{ file: 'hello.txt', tokens: 2, low: 2, high: 2, source: 'counted' }],
      totals: { tokens: 2, low: 2, high: 2 },
      notes: [],
    });
  });

  it('counts for a model by its own tokenizer', async () => {
    expect(await count('--model', 'gpt-4', 'hello.txt')).toEqual({ code: 0, out: '2\n', err: '' });
    const own = await count('--model', 'search-prod', '--provider', 'azure', 'hello.txt');
    expect(own.out).toBe('2\n');
  });

  it('says on stderr that a number is an estimate, and how far off it may be', async () => {
    const estimate = await count('--model', 'claude-opus-4-7', 'hello.txt');
    // low: 0.8973 + 0.4068 + 5 x 0.0405 = 1.51; spaced_lower: 1.9158 - 0.7015 - 6 x 0.8921 is below zero, so that
    // the whole is worked out in the test of estimates; here the form counts.
    expect(estimate.out).toMatch(/^\d+\n$/);
    expect(estimate.err).toMatch(
      /^aicost: \d+ is an estimate, \d+ to \d+: Claude: estimated from o200k_base; [^\n]+\n$/,
    );
    expect((await count('--model', 'claude-opus-4-7', 'hello.txt', '--quiet')).err).toBe('');
  });

  it('shows low and high of estimates in a table', async () => {
    const { out } = await count('--model', 'llama-3.1-8b', 'hello.txt', 'title.md');
    expect(out).toContain('File       Tokens  Low  High  Source');
    expect(out).toContain('note: Llama 3: English and code count as cl100k_base');
  });

  it('counts 20 MB', async () => {
    here.write('long.txt', 'hello world\n'.repeat(1_700_000));
    // "hello", " world", "\n".
    expect((await count('long.txt')).out).toBe('5100000\n');
  });

  it('keeps control characters of names from the terminal', async () => {
    const { code, err } = await count('a\u001b[31m.txt');
    expect([code, err]).toEqual([2, 'aicost: a\\u{1b}[31m.txt: no such file\n']);
  });
});
