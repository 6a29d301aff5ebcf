import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CommonValues, ValueList } from '../../src/ingest/common-values.ts';
import { viewOf } from '../../src/ingest/same-bytes.ts';

/** Values one behind the other in a line. */
function placed(values: readonly (readonly [key: number, text: string])[]): ValueList {
  const list = new ValueList();
  let line = Buffer.from('>');
  for (const [key, text] of values) {
    const from = line.length;
    line = Buffer.concat([line, Buffer.from(text), Buffer.from('|')]);
    list.add(key, from, line.length - 1);
  }
  list.line = viewOf(line);
  return list;
}

it('lists of values are found by their keys and bytes, and by nothing less', () => {
  const value = fc.tuple(
    fc.nat(2),
    fc.string({ unit: fc.constantFrom('a', 'b', '|', 'ä'), maxLength: 3 }),
  );
  const lists = fc.array(fc.array(value, { maxLength: 3 }), { maxLength: 400 });
  const check = fc.property(lists, (all) => {
    const [known, expected] = [new CommonValues(), new Map<string, number>()];
    for (const [number, values] of all.entries()) {
      const name = JSON.stringify(values);
      const present = expected.get(name);
      expect(known.find(placed(values))).toBe(present ?? -1);
      if (present !== undefined) continue;
      known.learn(placed(values), number);
      expected.set(name, number);
    }
  });
  fc.assert(check, { seed: 20_261_122, numRuns: 50 });
});

it('hostile values take bounded memory: long lists are not remembered, and all are forgotten in the end', () => {
  const known = new CommonValues();
  const long = placed([[1, 'x'.repeat(5_000)]]);
  known.learn(long, 7);
  expect(known.find(long)).toBe(-1);
  const first = placed([[1, 'first'.padEnd(4_000, '.')]]);
  known.learn(first, 8);
  expect(known.find(first)).toBe(8);
  for (let n = 0; n < 2_200; n += 1) known.learn(placed([[1, `${n}`.padEnd(4_000, '.')]]), n);
  expect(known.find(first)).toBe(-1);
  expect(known.find(placed([[1, '2199'.padEnd(4_000, '.')]]))).toBe(2_199);
});
