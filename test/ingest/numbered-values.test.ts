import { expect, it } from 'vitest';
import { ValueList } from '../../src/ingest/common-values.ts';
import { NumberedValues, UNKNOWN } from '../../src/ingest/numbered-values.ts';
import { viewOf } from '../../src/ingest/same-bytes.ts';

/** Values of one key each, which are all that a line has. */
function listOf(...texts: readonly string[]): ValueList {
  const list = new ValueList();
  list.line = viewOf(Buffer.from(texts.join('')));
  let from = 0;
  for (const [key, text] of texts.entries()) list.add(key, from, (from += text.length));
  return list;
}

it('lists and sequences of lists have numbers of their own, once they were learned', () => {
  const known = new NumberedValues();
  expect([known.numberOf(listOf(), false), known.numberOf(listOf('a'), false)]).toEqual([
    0,
    UNKNOWN,
  ]);
  const [a, b, ab] = [listOf('a'), listOf('b'), listOf('a', 'b')].map((list) =>
    known.numberOf(list, true),
  );
  expect([a, b, ab]).toEqual([1, 2, 3]);
  expect(known.numberOf(listOf('b'), false)).toBe(2);
  expect([known.behind(0, 2, false), known.behind(2, 0, false)]).toEqual([2, 2]);
  expect(known.behind(1, 2, false)).toBe(UNKNOWN);
  expect([known.behind(1, 2, true), known.behind(2, 1, true), known.behind(4, 3, true)]).toEqual([
    4, 5, 6,
  ]);
  expect([known.behind(1, 2, false), known.behind(4, 3, false)]).toEqual([4, 6]);
});

it('numbers end, so that values without end take bounded memory', () => {
  const known = new NumberedValues();
  for (let list = 1; list <= 99_999; list += 1) known.behind(1_000_000, list, true);
  expect(known.isFull).toBe(false);
  expect([known.numberOf(listOf('a'), true), known.isFull]).toEqual([100_000, true]);
  expect(known.numberOf(listOf('b'), true)).toBe(UNKNOWN);
  expect(known.behind(1, 1, true)).toBe(UNKNOWN);
  expect(known.numberOf(listOf('a'), true)).toBe(100_000);
});
