import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { money } from '../../src/domain/money.ts';
import { columnCells } from '../../src/render/audience.ts';
import { displayColumn, isNumber } from '../../src/render/display.ts';
import { renderTerminal } from '../../src/render/terminal.ts';
import { textWidth, truncateText } from '../../src/render/text-width.ts';
import type { Answer, Cell, Table } from '../../src/reports/answer.ts';

const OPTIONS = { columns: 80, color: false, bars: true, unicode: true };
const answerOf = (...tables: readonly Table[]): Answer => ({
  schema: 'aicost.report/1',
  facts: {},
  notes: [],
  tables,
});
const text = (value: string): Cell => ({ kind: 'text', value });
const count = (value: bigint): Cell => ({ kind: 'count', value });

const amount = fc.bigInt({ min: -(10n ** 26n), max: 10n ** 26n });
const CELLS: readonly fc.Arbitrary<Cell>[] = [
  fc.string({ unit: 'grapheme', maxLength: 60 }).map(text),
  fc.constantFrom<Cell>(
    { kind: 'absent', label: '(untagged)' },
    text('株式会社サポート検索'),
    text('\u001b[2J\n'),
  ),
  fc
    .record({ value: amount, partial: fc.boolean() })
    .map(({ value, partial }) => ({ kind: 'money', value: money(value), partial })),
  fc.bigInt({ min: 0n, max: 10n ** 15n }).map(count),
  fc.bigInt({ min: 0n, max: 1_000n }).map((part) => ({ kind: 'share', part, whole: 1_000n })),
  fc
    .record({ from: amount, to: amount })
    .map(({ from, to }) => ({ kind: 'change', from: from / 10n ** 20n, to: to / 10n ** 20n })),
  fc.double({ min: 0, max: 1e9, noNaN: true }).map((value) => ({ kind: 'milliseconds', value })),
];

/** Any table: each column holds cells of one kind, with dashes among them. */
const anyTable: fc.Arbitrary<Table> = fc
  .record({
    rows: fc.integer({ min: 0, max: 6 }),
    kinds: fc.array(fc.nat(CELLS.length - 1), { minLength: 1, maxLength: 9 }),
  })
  .chain(({ rows, kinds }) =>
    fc.record({
      columns: fc.tuple(
        ...kinds.map((_, index) =>
          fc.record({
            key: fc.constant(`c${index}`),
            title: fc.string({ maxLength: 14 }),
            yields: fc.integer({ min: 0, max: 9 }),
            bar: fc.boolean(),
          }),
        ),
      ),
      lines: fc.array(
        fc.tuple(
          ...kinds.map((kind) =>
            fc.oneof(
              { arbitrary: CELLS[kind] ?? fc.constant<Cell>({ kind: 'unknown' }), weight: 9 },
              { arbitrary: fc.constant<Cell>({ kind: 'unknown' }), weight: 1 },
            ),
          ),
        ),
        { minLength: rows + 1, maxLength: rows + 1 },
      ),
      withTotals: fc.boolean(),
    }),
  )
  .map(({ columns, lines, withTotals }) => ({
    name: 'rows',
    columns,
    rows: lines.slice(1),
    ...(withTotals ? { totals: lines[0] ?? [] } : {}),
  }));

const anyScreen = fc.record({
  columns: fc.constantFrom(40, 60, 80, 120, 200),
  color: fc.boolean(),
  bars: fc.boolean(),
  unicode: fc.boolean(),
});

const isWholeIn = (output: string, number: string): boolean =>
  output.split(/\s{2,}|\n|: +| (?=[▏▎▍▌▋▊▉█#])/).some((piece) => piece.trim() === number);

describe('a table on any screen', () => {
  it('has no line that is wider than the screen', () => {
    fc.assert(
      fc.property(anyTable, anyScreen, (table, screen) => {
        const note = { code: 'unrated', message: `${'word '.repeat(20)}${'x'.repeat(230)}` };
        const output = renderTerminal(
          { ...answerOf(table), headline: 'Spend by feature', notes: [note] },
          screen,
        );
        const widths = stripVTControlCharacters(output).split('\n').map(textWidth);
        expect(Math.max(...widths)).toBeLessThanOrEqual(screen.columns);
      }),
      { seed: 20_261_121, numRuns: 250 },
    );
  });

  it('shows every number whole in the columns that stay', () => {
    fc.assert(
      fc.property(anyTable, anyScreen, (table, screen) => {
        const output = stripVTControlCharacters(renderTerminal(answerOf(table), screen));
        for (const [index, column] of table.columns.entries()) {
          if (column.yields > 0 || table.rows.length === 0) continue;
          const cells = columnCells(table, index);
          const full = displayColumn(cells, screen);
          const compact = displayColumn(cells, { ...screen, compactCounts: true });
          for (const [row, cell] of cells.entries()) {
            if (!isNumber(cell)) continue;
            const whole = [full[row] ?? '', compact[row] ?? ''].some((number) =>
              isWholeIn(output, number),
            );
            expect({ number: full[row], whole }).toEqual({ number: full[row], whole: true });
          }
        }
      }),
      { seed: 20_261_121, numRuns: 250 },
    );
  });
});

const WORDS = [
  { name: 'Chinese', word: '株式会社', width: 8 },
  { name: 'Korean', word: '한국어', width: 6 },
  { name: 'Thai', word: 'สวัสดี', width: 4 },
  { name: 'Hindi', word: 'हिन्दी', width: 5 },
  { name: 'Hebrew with points', word: 'שָׁלוֹם', width: 4 },
  { name: 'marks of their own', word: 'e\u0301te\u0301', width: 3 },
  { name: 'an old emoji', word: '🎉', width: 2 },
  { name: 'a new emoji', word: '🫠', width: 2 },
  { name: 'a flag', word: '🇩🇪', width: 2 },
  { name: 'a heart in colour', word: '❤️', width: 2 },
  { name: 'a skin tone', word: '👍🏽', width: 2 },
];

describe('text of any language', () => {
  it.each(WORDS)('takes the columns it takes on a terminal: $name', ({ word, width }) => {
    expect(textWidth(word)).toBe(width);
    const table: Table = {
      name: 'rows',
      columns: [
        { key: 'a', title: 'Customer', yields: 0 },
        { key: 'b', title: 'Requests', yields: 0 },
      ],
      rows: [[text(word), count(1n)]],
    };
    const [, , row] = renderTerminal(answerOf(table), OPTIONS).split('\n');
    expect(row).toBe(`${word}${' '.repeat(17 - width)}1`);
  });

  it.each(WORDS)('is cut between letters: $name', ({ word }) => {
    const cut = truncateText(word.repeat(9), 7, '…');
    expect(textWidth(cut)).toBeLessThanOrEqual(7);
    expect(textWidth(cut)).toBeGreaterThanOrEqual(5);
  });
});

describe('hostile text', () => {
  it('obeys nothing that a log says, in a cell, a title, a note or a label', () => {
    const evil = '\u001b[2J\u009b1m\u0007\r\n\t\u202e\u200b';
    const output = renderTerminal(
      {
        ...answerOf({
          name: 'rows',
          title: evil,
          columns: [{ key: 'a', title: evil, yields: 0 }],
          rows: [[text(evil)], [{ kind: 'absent', label: evil }]],
        }),
        headline: evil,
        notes: [{ code: 'x', message: evil }],
      },
      OPTIONS,
    );
    expect(output.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe('a table on a screen', () => {
  it('says what it has to say when there is no row', () => {
    const table: Table = {
      name: 'rows',
      columns: [{ key: 'a', title: 'A', yields: 0 }],
      rows: [],
      empty: 'No spend in this period.',
    };
    expect(renderTerminal(answerOf(table), OPTIONS)).toBe('No spend in this period.\n');
  });

  it('shows something even where every column may go and none fits', () => {
    const table: Table = {
      name: 'rows',
      columns: [{ key: 'a', title: 'Requests', yields: 9 }],
      rows: [[count(123_456_789n)]],
    };
    expect(renderTerminal(answerOf(table), { ...OPTIONS, columns: 4 })).toContain('123,456,789');
  });

  it('leaves out what only programs read', () => {
    const table: Table = {
      name: 'rows',
      columns: [
        { key: 'a', title: 'A', yields: 0 },
        { key: 'b', title: 'B', yields: 0, only: 'programs' },
      ],
      rows: [[text('x'), text('y')]],
    };
    expect(renderTerminal(answerOf(table), OPTIONS)).toBe('A\n─\nx\n');
  });

  it('has rows that look the same however far down they stand', () => {
    fc.assert(
      fc.property(anyTable, anyScreen, ({ name, columns, rows: some }, screen) => {
        fc.pre(some.length > 0);
        const linesOf = (times: number): readonly string[] => {
          const rows = Array.from({ length: times }, () => some).flat();
          return renderTerminal(answerOf({ name, columns, rows }), screen).split('\n');
        };
        const [once, often] = [linesOf(1), linesOf(40)];
        // A screen too narrow for a table shows records instead, without a rule below the titles.
        fc.pre(/^[─-]+$/.test(stripVTControlCharacters(once[1] ?? '')));
        const height = some.length;
        const rowsAt = (lines: readonly string[], first: number): readonly string[] =>
          lines.slice(2 + first, 2 + first + height);
        expect(rowsAt(often, 39 * height)).toEqual(rowsAt(once, 0));
      }),
      { seed: 20_261_122, numRuns: 50 },
    );
  });

  it('draws a long table in time that grows with its rows', () => {
    const rows = Array.from({ length: 5_000 }, (_, index) => [
      text(`customer-${index}`),
      count(BigInt(index)),
    ]);
    const table: Table = {
      name: 'rows',
      columns: [
        { key: 'a', title: 'Customer', yields: 0 },
        { key: 'b', title: 'Requests', yields: 0 },
      ],
      rows,
    };
    const lines = renderTerminal(answerOf(table), OPTIONS).split('\n');
    expect(lines).toHaveLength(5_003);
    expect(lines[5_001]).toBe('customer-4999     4,999');
  });
});

describe('a column of short text that is shown whole', () => {
  const days = (columns: number, whole: boolean): string =>
    renderTerminal(
      answerOf({
        name: 'rows',
        columns: [
          { key: 'model', title: 'Model', yields: 0 },
          { key: 'from', title: 'From', yields: 1, ...(whole ? { whole } : {}) },
        ],
        rows: [[text('a-model-with-a-very-long-name'), text('2026-11-01')]],
      }),
      { ...OPTIONS, columns },
    );

  it('is not cut where there is room for it', () => {
    expect(days(30, true)).toMatch(/a-model-with-a-ve… +2026-11-01\n/);
  });

  it('is given up where there is none', () => {
    expect(days(18, true)).not.toContain('2026');
    expect(days(18, true)).toContain('hidden');
    expect(days(18, false)).toMatch(/2026\S*…/);
  });
});
