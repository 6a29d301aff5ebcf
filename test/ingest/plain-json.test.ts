import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIsoTime } from '../../src/adapters/contract/fields.ts';
import { putWholeNumber, usualTime, valueEnd } from '../../src/ingest/plain-json.ts';

const SEED = 20_261_122;

/** Letters that JSON escapes, some that it may, and halves of others. */
const letters = fc.constantFrom(
  'a',
  '"',
  '\\',
  '/',
  '\n',
  '\u0001',
  '\u007f',
  'ä',
  '€',
  '😀',
  '\ud800',
);

const parses = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const isValue = (text: string): boolean => {
  const bytes = Buffer.from(text);
  return valueEnd(bytes, 0) === bytes.length;
};

describe('what is passed over as a JSON value is what JSON.parse takes for one', () => {
  it('of any content', () => {
    const check = fc.property(
      fc.json({ stringUnit: letters, maxDepth: 3 }),
      fc.nat(3),
      (text, indent) => {
        expect(isValue(text)).toBe(true);
        expect(isValue(JSON.stringify(JSON.parse(text), null, indent))).toBe(true);
      },
    );
    fc.assert(check, { seed: SEED, numRuns: 50 });
  });

  it('or of pieces that are none', () => {
    const pieces =
      '{ } [ ] , : " "a" "\\u12aB" "\\n" \\ 0 -1 01 1.5 1. .5 1e3 1E+2 1e -0 - true null nul \t'.split(
        ' ',
      );
    let values = 0;
    const check = fc.property(
      fc.array(fc.constantFrom(...pieces, '\u0001', 'ä', ' '), { maxLength: 6 }),
      (some) => {
        const text = some.join('');
        // Blanks around a value are not part of it.
        const expected = parses(text) && !/^[ \t]|[ \t]$/.test(text);
        values += expected ? 1 : 0;
        expect(isValue(text)).toBe(expected);
      },
    );
    fc.assert(check, { seed: SEED, numRuns: 5_000 });
    expect(values).toBeGreaterThan(300);
  });

  it('but for values that are nested deeper than anybody means', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    expect([isValue(nested(64)), isValue(nested(65)), isValue(nested(1_000_000))]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('plain values of bytes', () => {
  it('are the whole numbers that digits write', () => {
    const check = fc.property(
      fc.oneof(fc.maxSafeNat().map(String), fc.stringMatching(/^\d{0,17}$/)),
      (text) => {
        const numbers = Float64Array.of(-1, -1);
        const isPlain = /^(0|[1-9]\d{0,14})$/.test(text);
        const end = putWholeNumber(Buffer.from(`:${text},`), 1, numbers, 1);
        expect([end, ...numbers]).toEqual(
          isPlain ? [1 + text.length, -1, Number(text)] : [-1, -1, -1],
        );
      },
    );
    fc.assert(check, { seed: SEED, numRuns: 500 });
  });

  it('are the times that the careful reading finds in the usual spelling', () => {
    const time = fc
      .date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString());
    const spelling = fc
      .tuple(time, fc.nat(23), fc.stringMatching(/^[0-9:.TZ +-]$/), fc.boolean(), fc.boolean())
      .map(([iso, at, character, changes, cuts]) => {
        const changed = changes ? iso.slice(0, at) + character + iso.slice(at + 1) : iso;
        return cuts ? `${changed.slice(0, 19)}Z` : changed;
      });
    let found = 0;
    const check = fc.property(spelling, (text) => {
      const bytes = Buffer.from(text);
      const read = usualTime(bytes, 0, bytes.length);
      if (Number.isNaN(read)) return;
      found += 1;
      expect(read).toBe(parseIsoTime(text));
    });
    fc.assert(check, { seed: SEED, numRuns: 2_000 });
    expect(found).toBeGreaterThan(1_000);
  });
});
