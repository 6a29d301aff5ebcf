import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearRegex } from '../../src/domain/linear-regex.ts';

const RUNS = { seed: 20_261_122, numRuns: 400 };

/** Sources of the part of JavaScript's expressions that is read here. */
const source: fc.Arbitrary<string> = fc.letrec<{ readonly part: string }>((tie) => ({
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('a', 'b', 'B', '.', '\\d', '[ab]', '[^a]', '[a-c\\w]', '^', '$', '-', 'é', ''),
    fc.tuple(tie('part'), tie('part')).map(([one, other]) => `${one}${other}`),
    fc.tuple(tie('part'), tie('part')).map(([one, other]) => `(${one}|${other})`),
    fc
      .tuple(tie('part'), fc.constantFrom('*', '+', '?', '{2}', '{0,2}', '{1,}', '*?'))
      .map(([part, times]) => `(?:${part})${times}`),
  ),
})).part;

describe('a regular expression of a config', () => {
  it('matches what JavaScript matches', () => {
    fc.assert(
      fc.property(
        source,
        fc.array(fc.constantFrom('a', 'b', 'B', 'A', '1', '-', 'é', 'É'), { maxLength: 8 }),
        fc.boolean(),
        (written, characters, ignoreCase) => {
          const text = characters.join('');
          const own = linearRegex(written, { ignoreCase }).matches(text);
          expect([written, text, own]).toEqual([
            written,
            text,
            new RegExp(written, ignoreCase ? 'iu' : 'u').test(text),
          ]);
        },
      ),
      RUNS,
    );
  });

  it('that makes backtracking explode answers at once, on a text of 20,000 letters', () => {
    const slow = linearRegex('^(a+)+$');
    expect(slow.matches(`${'a'.repeat(20_000)}b`)).toBe(false);
    expect(slow.matches('a'.repeat(20_000))).toBe(true);
  });

  it.each([
    ['(?=a)', 'lookaround and named groups are not read here; write ( ) or (?: )'],
    ['(a)\\1', '\\1 refers back, which needs backtracking'],
    ['\\p', '\\p is not known here'],
    ['a\\', 'ends in a backslash'],
    ['(a', 'a ( is not closed'],
    ['a)', 'a ) closes nothing'],
    ['[a', 'a [ is not closed'],
    ['[z-a]', 'the range z-a is empty'],
    ['+a', 'nothing to repeat'],
    ['a**', 'nothing to repeat'],
    ['a{3,2}', '{3,2} counts down'],
    ['a{1001}', 'repeats more than 1000 times'],
    ['((a{1000}){1000}){1000}', 'too large; write several patterns'],
  ])('%s is refused: %s', (written, problem) =>
    expect(() => linearRegex(written)).toThrow(problem),
  );
});
