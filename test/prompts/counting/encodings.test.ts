import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { countTokens as cl100kOracle } from 'gpt-tokenizer/encoding/cl100k_base';
import { countTokens as o200kOracle } from 'gpt-tokenizer/encoding/o200k_base';
import { countTokens as p50kOracle } from 'gpt-tokenizer/encoding/p50k_base';
import { countTokens as r50kOracle } from 'gpt-tokenizer/encoding/r50k_base';
import { Tiktoken } from 'js-tiktoken/lite';
import cl100kRanks from 'js-tiktoken/ranks/cl100k_base';
import o200kRanks from 'js-tiktoken/ranks/o200k_base';
import p50kRanks from 'js-tiktoken/ranks/p50k_base';
import r50kRanks from 'js-tiktoken/ranks/r50k_base';
import { describe, expect, it } from 'vitest';
import { ENCODINGS, loadEncoding } from '../../../src/prompts/counting/encodings.ts';
import { mergedCount } from '../../../src/prompts/counting/merge.ts';
import {
  NO_RANK,
  readVocabulary,
  type Vocabulary,
} from '../../../src/prompts/counting/vocabulary.ts';
import { TEXTS } from '../../support/tokenizer-texts.ts';

const golden = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/golden-tokens.json'), 'utf8'),
);

const FAMILIES = [
  { name: 'o200k_base', ranks: o200kRanks, oracle: o200kOracle },
  { name: 'cl100k_base', ranks: cl100kRanks, oracle: cl100kOracle },
  { name: 'p50k_base', ranks: p50kRanks, oracle: p50kOracle },
  { name: 'r50k_base', ranks: r50kRanks, oracle: r50kOracle },
] as const;

const ordinary = { disallowedSpecial: new Set<string>() };
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('counts that three or more tokenizers agreed on', () => {
  it.each(ENCODINGS)('hold for %s', async (name) => {
    const { countText } = await loadEncoding(name);
    // p50k_edit has the ranks and the pattern of p50k_base.
    const key = name === 'p50k_edit' ? 'p50k_base' : name;
    const counted = golden.cases.map((one: { name: string; text: string }) => [
      one.name,
      countText(one.text),
    ]);
    const wanted = golden.cases.map((one: { name: string; counts: Record<string, number> }) => [
      one.name,
      one.counts[key],
    ]);
    expect(counted).toEqual(wanted);
    expect(wanted.length).toBe(20);
  });

  it('hold where JavaScript and Rust differ in what white space is', async () => {
    const { countText } = await loadEncoding('o200k_base');
    const cases: { text: string; o200k_base: { tiktoken: number } }[] = golden.whitespaceEdge.cases;
    expect(cases.map(({ text }) => countText(text))).toEqual(
      cases.map((one) => one.o200k_base.tiktoken),
    );
    expect(cases.length).toBe(5);
  });
});

describe.each(FAMILIES)('$name', ({ name, ranks, oracle }) => {
  const tiktoken = new Tiktoken(ranks);

  it.each(Object.entries(TEXTS))(
    'counts %s as js-tiktoken and gpt-tokenizer do',
    async (_, text) => {
      const { countText, countBytes } = await loadEncoding(name);
      const counted = countText(text);
      expect(counted).toBe(tiktoken.encode(text, [], []).length);
      expect(counted).toBe(oracle(text, ordinary));
      expect(countBytes(utf8(text))).toBe(counted);
    },
  );

  it('cuts any text into the pieces of its pattern, with the white space of Unicode', async () => {
    const { eachPiece } = await loadEncoding(name);
    const pattern = new RegExp(withUnicodeSpace(ranks.pat_str), 'gu');
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...CHARACTERS), { maxLength: 16 }), (characters) => {
        const bytes = utf8(characters.join(''));
        const ends: number[] = [];
        eachPiece(bytes, (_, __, end) => void ends.push(end));
        let at = 0;
        const wanted = [...decoded(bytes).matchAll(pattern)].map(
          ([piece]) => (at += Buffer.byteLength(piece)),
        );
        expect(ends).toEqual(wanted);
      }),
      { seed: 6, numRuns: 2_000 },
    );
  });

  it('merges any piece as the plain method does, short or long', () => {
    const vocabulary = readVocabulary(ranks.bpe_ranks);
    // Long ones are of few characters, so that pairs overlap and come back.
    const letters = fc.constantFrom('a', 'b', 'e', ' ', 'the', 'ing', '人', 'の', '\u0301', '=');
    fc.assert(
      fc.property(fc.array(letters, { minLength: 1, maxLength: 220 }), (parts) => {
        const bytes = utf8(parts.join(''));
        expect(mergedCount(vocabulary, bytes, 0, bytes.length)).toBe(plainCount(vocabulary, bytes));
      }),
      { seed: 6, numRuns: 300 },
    );
  });

  it('has no token but what its own bytes merge to, which merging by lists relies on', () => {
    const vocabulary = readVocabulary(ranks.bpe_ranks);
    let tokens = 0;
    for (const line of ranks.bpe_ranks.split('\n')) {
      const [, first, ...words] = line.split(' ');
      for (const [index, word] of words.entries()) {
        const bytes = Uint8Array.from(Buffer.from(word, 'base64'));
        tokens += 1;
        if (vocabulary.rankOf(bytes, 0, bytes.length) !== Number(first) + index)
          throw new Error(`${word} is not found under its rank`);
        if (plainCount(vocabulary, bytes) !== 1)
          throw new Error(`${word} does not merge to itself`);
      }
    }
    expect(tokens).toBe(TOKENS[name]);
  });
});

/** Tokens without the special ones: the ranks of the published files. */
const TOKENS = { o200k_base: 199_998, cl100k_base: 100_256, p50k_base: 50_280, r50k_base: 50_256 };

/** The text of bytes, with a byte order mark as a character like any other. */
const decoded = (bytes: Uint8Array): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

/** Every class of characters and every special sign that the patterns tell apart. */
const CHARACTERS = [
  ...'a b C D é É ǅ ʰ ª 人 の ー ไ ็ \u0301 𝐀 𝐚 1 23 ٣ ½ Ⅷ ! / // _ 👍 \u200d \ufeff \0 \ud83d'.split(
    ' ',
  ),
  ..."'s 'S 'LL 'Ve 're ' \t \n \r\n \r \u0085 \u00a0 \u3000 \u2003".split(' '),
  ' ',
  '  ',
];

/** A pattern with Unicode's White_Space for `\s`, which JavaScript takes for something else. */
function withUnicodeSpace(pattern: string): string {
  const spaces = '\\p{White_Space}';
  return pattern
    .replaceAll('[^\\s', `[^${spaces}`)
    .replaceAll('\\S', `\\P{White_Space}`)
    .replaceAll('\\s', spaces);
}

/** Byte pair merging as it is defined: the lowest rank, leftmost first, one pair at a time. */
function plainCount({ rankOf }: Vocabulary, bytes: Uint8Array): number {
  const ends = Array.from({ length: bytes.length + 1 }, (_, index) => index);
  for (;;) {
    let [best, lowest] = [-1, NO_RANK];
    for (let at = 0; at + 2 < ends.length; at += 1) {
      const rank = rankOf(bytes, ends[at] ?? 0, ends[at + 2] ?? 0);
      if (rank < lowest) [best, lowest] = [at, rank];
    }
    if (best < 0) return ends.length - 1;
    ends.splice(best + 1, 1);
  }
}

describe('a hostile text of one piece is counted whole', () => {
  const long = (text: string): Promise<number> =>
    loadEncoding('o200k_base').then(({ countText }) => countText(text));

  // Eight letters a are one token, and no token has more.
  it('a million times the letter a', async () => {
    expect(await long('a'.repeat(1_000_000))).toBe(125_000);
    expect(await long('a'.repeat(1_000_001))).toBe(125_001);
  });

  it('a million Chinese characters of which no two are a token', async () => {
    expect(await long('龘'.repeat(1_000_000))).toBe(1_000_000 * (await long('龘')));
  });

  it('a megabyte of base64: digits and signs cut it', async () => {
    let state = 7;
    const next = (): number => (state = (state * 48_271) % 2_147_483_647);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const text = Array.from({ length: 1_000_000 }, () => alphabet[next() % 64]).join('');
    expect(await long(text)).toBe(o200kOracle(text, ordinary));
  });

  it('4.2 million letters, at which regular expressions give up', async () => {
    const text = '人'.repeat(4_200_000);
    expect(() => /[\p{Lu}\p{Lo}]*[\p{Ll}\p{Lo}]+/u.exec(text)).toThrow(RangeError);
    // Two of this character are one token.
    expect(await long(text)).toBe(2_100_000);
  });
});
