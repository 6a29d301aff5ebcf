import { describe, expect, it } from 'vitest';
import { parseMoney, ZERO } from '../../src/domain/money.ts';
import { displayColumn, isNumeric } from '../../src/render/display.ts';
import type { Cell } from '../../src/reports/answer.ts';

const usd = (text: string): Cell => ({ kind: 'money', value: parseMoney(text) ?? ZERO });
const column = (cells: readonly Cell[], unicode = true): readonly string[] =>
  displayColumn(cells, { unicode });

const MONEY = [
  { name: 'thousands', amounts: ['1234.56', '1234567.891'], shown: ['$1,234.56', '$1,234,567.89'] },
  { name: 'cents alone', amounts: ['0.25', '0.5'], shown: ['$0.25', '$0.50'] },
  { name: 'nothing', amounts: ['0'], shown: ['$0.00'] },
  { name: 'one request', amounts: ['0.0002202'], shown: ['$0.00022'] },
  { name: 'three significant digits', amounts: ['0.0123456'], shown: ['$0.0123'] },
  {
    name: 'a half cent to the even neighbour',
    amounts: ['100.005', '100.015'],
    shown: ['$100.00', '$100.02'],
  },
  { name: 'a large column in cents', amounts: ['500', '0.004'], shown: ['$500.00', '<$0.01'] },
  { name: 'small beside dollars', amounts: ['12.34', '0.0031'], shown: ['$12.3400', '$0.0031'] },
  { name: 'dollars and dimes', amounts: ['12.345', '0.128'], shown: ['$12.34', '$0.13'] },
  { name: 'what would read zero', amounts: ['1.5', '0.00001'], shown: ['$1.5000', '<$0.0001'] },
  {
    name: 'a column below a dollar',
    amounts: ['0.5', '0.00000004'],
    shown: ['$0.500000', '<$0.000001'],
  },
  {
    name: 'prices of one token',
    amounts: ['0.000000075', '0.00000015'],
    shown: ['$0.000000075', '$0.000000150'],
  },
  {
    name: 'credits',
    amounts: ['-1234.5', '-0.001', '0'],
    shown: ['-$1,234.50', '>-$0.01', '$0.00'],
  },
  { name: 'rounding up to a dollar', amounts: ['0.99999'], shown: ['$1.00'] },
];

describe('money', () => {
  it.each(MONEY)('is readable for $name', ({ amounts, shown }) => {
    expect(column(amounts.map(usd))).toEqual(shown);
  });

  it('marks an amount that is only part of the truth', () => {
    expect(column([{ kind: 'money', value: parseMoney('12.34') ?? ZERO, partial: true }])).toEqual([
      '~$12.34',
    ]);
  });

  it('lines up on the point with the totals', () => {
    const shown = column([usd('0.1'), usd('0.0456'), usd('9.95')]);
    expect(shown.map((text) => text.length - text.indexOf('.'))).toEqual([5, 5, 5]);
  });
});

const count = (value: bigint): Cell => ({ kind: 'count', value });
const share = (part: bigint, whole: bigint): Cell => ({ kind: 'share', part, whole });
const change = (from: bigint, to: bigint): Cell => ({ kind: 'change', from, to });
const lasting = (value: number): Cell => ({ kind: 'milliseconds', value });

const CELLS: readonly { readonly name: string; readonly cell: Cell; readonly shown: string }[] = [
  { name: 'a count', cell: count(1_234_567n), shown: '1,234,567' },
  {
    name: 'a count beyond 2^53',
    cell: count(9_007_199_254_740_993n),
    shown: '9,007,199,254,740,993',
  },
  { name: 'a negative count', cell: count(-1_000n), shown: '-1,000' },
  { name: 'a quarter', cell: share(1n, 4n), shown: '25.0%' },
  { name: 'the whole', cell: share(7n, 7n), shown: '100.0%' },
  { name: 'almost the whole', cell: share(9_996n, 10_000n), shown: '99.9%' },
  { name: 'almost nothing', cell: share(1n, 10_000n), shown: '<0.1%' },
  { name: 'nothing', cell: share(0n, 10n), shown: '0.0%' },
  { name: 'a share of nothing', cell: share(0n, 0n), shown: '—' },
  { name: 'more than the whole', cell: share(3n, 2n), shown: '150.0%' },
  { name: 'a rise', cell: change(1_000n, 1_123n), shown: '+12.3%' },
  { name: 'a fall', cell: change(100n, 95n), shown: '-5.0%' },
  { name: 'no change', cell: change(100n, 100n), shown: '0.0%' },
  { name: 'a change too small to round', cell: change(100_000n, 100_001n), shown: '<+0.1%' },
  { name: 'a fall that leaves a little', cell: change(10_000n, 1n), shown: '-99.9%' },
  { name: 'a fall to nothing', cell: change(10n, 0n), shown: '-100.0%' },
  { name: 'a change from nothing', cell: change(0n, 5n), shown: 'new' },
  { name: 'a smaller credit', cell: change(-10n, -5n), shown: '+50.0%' },
  { name: 'milliseconds', cell: lasting(812), shown: '812 ms' },
  { name: 'milliseconds that round to a second', cell: lasting(999.6), shown: '1.0 s' },
  { name: 'seconds', cell: lasting(1_312), shown: '1.3 s' },
  { name: 'seconds that round to a minute', cell: lasting(59_960), shown: '1 m 0 s' },
  { name: 'minutes', cell: lasting(125_000), shown: '2 m 5 s' },
  { name: 'hours', cell: lasting(3_600_000 * 3 + 240_000), shown: '3 h 4 m' },
  { name: 'no time at all', cell: lasting(Number.NaN), shown: '—' },
  {
    name: 'an exact credit',
    cell: { kind: 'exact-money', value: parseMoney('-10.01') ?? ZERO },
    shown: '-$10.01',
  },
  { name: 'what is not known', cell: { kind: 'unknown' }, shown: '—' },
  { name: 'an absent tag', cell: { kind: 'absent', label: '(untagged)' }, shown: '(untagged)' },
  {
    name: 'hostile text',
    cell: { kind: 'text', value: '\u001b[2J' },
    shown: String.raw`\u{1b}[2J`,
  },
];

const COMPACT = [
  { value: 999n, shown: '999' },
  { value: 9_120n, shown: '9,120' },
  { value: 12_345n, shown: '12.3k' },
  { value: 99_960n, shown: '100k' },
  { value: 999_500n, shown: '1.00M' },
  { value: 1_204_113n, shown: '1.20M' },
  { value: -2_911_400_233n, shown: '-2.91B' },
  { value: 5_000_000_000_000n, shown: '5.00T' },
  { value: 5_000_000_000_000_000n, shown: '5,000,000,000,000,000' },
];

describe('displayColumn', () => {
  it.each(CELLS)('shows $name as $shown', ({ cell, shown }) => {
    expect(column([cell])).toEqual([shown]);
  });

  it('keeps to ASCII when asked', () => {
    expect(column([{ kind: 'unknown' }, share(0n, 0n)], false)).toEqual(['-', '-']);
  });

  it.each(COMPACT)('shortens $value to $shown', ({ value, shown }) => {
    expect(displayColumn([count(value)], { unicode: true, compactCounts: true })).toEqual([shown]);
  });
});

describe('isNumeric', () => {
  it.each([
    { name: 'names', cells: [{ kind: 'text', value: '1' }], holds: false },
    {
      name: 'absent names',
      cells: [{ kind: 'absent', label: '-' }, { kind: 'unknown' }],
      holds: false,
    },
    { name: 'nothing but dashes', cells: [{ kind: 'unknown' }], holds: true },
    {
      name: 'numbers with a word',
      cells: [count(1n), { kind: 'text', value: 'n/a' }],
      holds: true,
    },
  ] satisfies readonly { name: string; cells: readonly Cell[]; holds: boolean }[])(
    'is $holds for $name',
    ({ cells, holds }) => {
      expect(isNumeric(cells)).toBe(holds);
    },
  );
});
