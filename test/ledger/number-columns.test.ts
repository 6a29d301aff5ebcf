import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Column, packColumns, unpackColumns } from '../../src/ledger/number-columns.ts';

const columnOf = (values: readonly number[]): Column => Column.of(Float64Array.from(values));

describe('numbers of a column', () => {
  it('are the same again, absent ones too, however far apart', () => {
    const number = fc.oneof(
      fc.integer({ min: 0, max: 300 }),
      fc.integer({ min: 0, max: 70_000 }),
      fc.maxSafeInteger(),
      fc.constant(Number.NaN),
    );
    const check = fc.property(
      fc.integer({ min: 0, max: 40 }).chain((count) =>
        fc
          .array(
            fc.oneof(
              fc.array(number, { minLength: count, maxLength: count }),
              number.map((same) => Array<number>(count).fill(same)),
            ),
            { maxLength: 5 },
          )
          .map((columns) => ({ count, columns })),
      ),
      ({ count, columns }) => {
        const put = columns.map((values) => columnOf(values));
        // Taken from between others, where -2^53 is none, in the other order.
        const taken = columns.map((values) => {
          const column = new Column(count);
          const rows = Float64Array.from(
            values.flatMap((value) => [7, Number.isNaN(value) ? -(2 ** 53) : value]),
          );
          column.take(rows, 2, 1, Int32Array.from(values.keys()).reverse(), -(2 ** 53));
          return column;
        });
        const again = unpackColumns(packColumns(put, count), columns.length, count);
        expect(again.map((column) => [...column])).toEqual(columns);
        const turned = unpackColumns(packColumns(taken, count), columns.length, count);
        expect(turned.map((column) => [...column].reverse())).toEqual(columns);
      },
    );
    fc.assert(check, { seed: 20_261_122, numRuns: 500 });
  });

  it('take no byte where they are alike, and as few as their distance needs elsewhere', () => {
    const sizeOf = (...values: readonly number[]): number =>
      packColumns([columnOf(values)], values.length).length - 16;
    expect(sizeOf(7, 7, 7, 7, 7, 7, 7, 7)).toBe(0);
    // A byte each: 255 values and "absent". Then two, four and eight.
    expect(sizeOf(1e12, 1e12 + 253, 1e12, 1e12, 1e12, 1e12, 1e12, 1e12)).toBe(8);
    expect(sizeOf(1e12, 1e12 + 255, 1e12, 1e12, 1e12, 1e12, 1e12, 1e12)).toBe(16);
    expect(sizeOf(0, 70_000, Number.NaN, 1, 1, 1, 1, 1)).toBe(32);
    expect(sizeOf(0, 2 ** 40, Number.NaN, 1, 1, 1, 1, 1)).toBe(64);
  });
});
