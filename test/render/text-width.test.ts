import { describe, expect, it } from 'vitest';
import { textWidth, truncateText } from '../../src/render/text-width.ts';

/** The characters of the planes that every terminal has, without the halves of others. */
const characters = Array.from({ length: 0x2600 - 0x20 }, (_, at) =>
  String.fromCodePoint(at + 0x20),
);

describe('the columns of a text', () => {
  it('are the same whether graphemes are asked for or not, for every character and its neighbour', () => {
    // A wide character has no short cut, and joins with nothing before it: 漢 is 2 columns.
    const apart = characters.filter((one) => textWidth(`${one}漢`) !== textWidth(one) + 2);
    expect(apart).toEqual([]);
    const pairs = characters.map((one) => `—${one}é`).filter((text) => textWidth(text) === 3);
    expect(pairs.filter((text) => textWidth(`${text}漢`) !== 5)).toEqual([]);
    // All but marks, joiners, halves of flags and what a terminal draws wide, as watches and clocks.
    expect(pairs.length).toBeGreaterThan(8_000);
  });

  it.each([
    ['—', 1],
    ['Zürich → Kraków', 15],
    ['e\u0301', 1],
    ['©', 1],
    ['©\u{fe0f}', 2],
    ['⌚', 2],
    ['日本', 4],
  ])('of %j are %i', (text, columns) => expect(textWidth(text)).toBe(columns));

  it.each([
    ['Zürich → Kraków', 8, 'Zürich…'],
    ['日本語', 5, '日本…'],
  ])('%j in %i is %j', (text, columns, cut) => expect(truncateText(text, columns, '…')).toBe(cut));
});
