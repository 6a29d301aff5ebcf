import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MarkerSearch } from '../../src/ingest/marker-search.ts';

it('a marker is in the lines that hold it, in whichever of them it is asked for', () => {
  const piece = fc.constantFrom('usage"', 'usage', 'ge"', 'e"', 'message"', '"', 'us', 'ä', 'n');
  const line = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(''));
  const lines = fc.array(fc.tuple(line, fc.boolean()), { maxLength: 8 });
  let found = 0;
  const check = fc.property(fc.array(lines, { maxLength: 3 }), (chunks) => {
    const search = new MarkerSearch('usage"');
    for (const some of chunks) {
      // Without a break between them, so that a marker may begin in one line and end in the next.
      const chunk = Buffer.from(some.map(([text]) => text).join(''));
      let to = 0;
      for (const [text, isAsked] of some) {
        const from = to;
        to += Buffer.byteLength(text);
        if (!isAsked) continue;
        const isIn = text.includes('usage"');
        expect(search.isIn({ chunk, from, to })).toBe(isIn);
        if (isIn) found += 1;
      }
    }
  });
  fc.assert(check, { seed: 20_261_122, numRuns: 300 });
  expect(found).toBeGreaterThan(100);
});

it('a line may be asked for again', () => {
  const chunk = Buffer.from('"usage":1,"usage":2');
  const search = new MarkerSearch('usage"');
  const asked = [
    [0, 10],
    [10, 19],
    [0, 10],
    [0, 6],
    [2, 10],
  ] as const;
  expect(asked.map(([from, to]) => search.isIn({ chunk, from, to }))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});
