import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitFrontMatter } from '../../../src/prompts/format-contract/front-matter.ts';
import {
  at,
  countAt,
  dataOf,
  entriesAt,
  itemsAt,
  textAt,
} from '../../../src/prompts/format-contract/located.ts';
import { readStructured } from '../../../src/prompts/format-contract/structured-text.ts';
import { told } from '../formats/prompt-files.ts';

/** Data of a text, or what is wrong with it. */
function dataIn(language: 'json' | 'yaml', text: string): unknown {
  const read = readStructured(language, text, 'a');
  return read.kind === 'value' ? dataOf(read.value) : told([read.finding])[0];
}

describe('JSON with places', () => {
  it('has the data that JSON.parse gives', () => {
    fc.assert(
      fc.property(
        fc.json({ depthSize: 'small' }),
        fc.constantFrom('', ' ', '\n\t'),
        (text, blanks) => {
          expect(dataIn('json', blanks + text + blanks)).toEqual(JSON.parse(text));
        },
      ),
      { seed: 6, numRuns: 500 },
    );
  });

  it('refuses what JSON.parse refuses', () => {
    for (const text of [
      '',
      '{',
      '[1,]',
      '{"a":1,}',
      "{'a':1}",
      '01',
      '+1',
      '"\t"',
      '"\\x"',
      'tru',
      'NaN',
      '1 2',
      '[1 2]',
      '{"a" 1}',
      '"a\nb"',
      '// a\n1',
      '.5',
      '1.',
    ]) {
      expect(() => {
        JSON.parse(text);
      }).toThrow(SyntaxError);
      expect(dataIn('json', text)).toMatch(/^error not-json a:\d+ expected /);
    }
  });

  it('knows the line and column of each value', () => {
    const read = readStructured('json', '\uFEFF{"a": [1,\n  "x"],\n "b": {"c": 2}}', 'a');
    const value = read.kind === 'value' ? read.value : undefined;
    expect(at(value, 'a', 1)).toMatchObject({ line: 2, column: 3, value: 'x', escaped: true });
    expect(at(value, 'b', 'c')).toMatchObject({ line: 3, column: 13, value: 2 });
  });

  it('keeps names that objects of JavaScript have as names', () => {
    const read = readStructured('json', '{"__proto__": {"a": 1}, "constructor": 2}', 'a');
    const value = read.kind === 'value' ? read.value : undefined;
    expect(textAt(value, '__proto__', 'a')).toBe('1');
    expect(at(value, 'toString')).toBeUndefined();
    expect([...entriesAt(value).keys()]).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(value === undefined ? null : dataOf(value))).toBe(
      Object.prototype,
    );
  });
});

describe('YAML with places', () => {
  it('knows the line a block of text begins in, and what is written otherwise', () => {
    const read = readStructured(
      'yaml',
      'a: |\n  x\n  y\nb: >\n  z\nc: 7\nd: [yes, true, ~]\n',
      'a',
    );
    const value = read.kind === 'value' ? read.value : undefined;
    expect(at(value, 'a')).toMatchObject({ value: 'x\ny\n', textLine: 2, escaped: false });
    expect(at(value, 'b')).toMatchObject({ value: 'z\n', textLine: 4, escaped: true });
    expect(countAt(value, 'c')).toBe(7);
    expect(itemsAt(value, 'd').map(({ kind }) => kind)).toEqual(['text', 'flag', 'nothing']);
  });

  it('follows references and merge keys', () => {
    expect(dataIn('yaml', 'a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\nc: *a')).toEqual({
      a: { x: 1, y: 2 },
      b: { x: 1, y: 3 },
      c: { x: 1, y: 2 },
    });
  });

  const bomb = [
    'a0: &a0 [x, x]',
    ...Array.from(
      { length: 30 },
      (_, index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}]`,
    ),
  ].join('\n');
  it.each([
    [bomb, 'error not-yaml a:19 has more than 1,000,000 values with its references written out'],
    ['a: &a [*a]', 'error not-yaml a:1 *a refers to itself, or to nothing before it'],
    ['['.repeat(300) + ']'.repeat(300), 'error not-yaml a:1 nests deeper than 200 levels'],
    ['['.repeat(100_000), 'error not-yaml a:1 nests too deeply'],
    [
      'a: 1\n---\nb: 2',
      'error not-yaml a:2 Source contains multiple documents; please use YAML.parseAllDocuments()',
    ],
    ['a:\n\tb: 1', 'error not-yaml a:2 Tabs are not allowed as indentation'],
  ])('%j is an error', (text, expected) => {
    expect(dataIn('yaml', text)).toBe(expected);
  });
});

describe('front matter', () => {
  it('is what stands between two lines of ---', () => {
    expect(splitFrontMatter('---\r\na: 1\r\n--- \r\nbody\n---\n')).toEqual({
      kind: 'found',
      header: 'a: 1\r\n',
      headerLine: 2,
      body: 'body\n---\n',
      bodyLine: 4,
    });
  });

  it('may have empty lines before it, and comments where a format allows them', () => {
    const text = '\uFEFF# Licence\n\n---\na: 1\n---\nbody';
    expect(splitFrontMatter(text)).toEqual({ kind: 'none', body: text, bodyLine: 1 });
    expect(splitFrontMatter(text, { comments: true })).toMatchObject({
      kind: 'found',
      header: 'a: 1\n',
      headerLine: 4,
      body: 'body',
      bodyLine: 6,
    });
  });

  it('is none where a text begins otherwise, and unclosed where it has no end', () => {
    expect(splitFrontMatter('body\n---\na: 1\n---\n')).toMatchObject({ kind: 'none' });
    expect(splitFrontMatter('')).toEqual({ kind: 'none', body: '', bodyLine: 1 });
    expect(splitFrontMatter('\n---\na: 1')).toEqual({ kind: 'unclosed', line: 2 });
  });
});
