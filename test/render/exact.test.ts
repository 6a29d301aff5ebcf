import { describe, expect, it } from 'vitest';
import { parseMoney, ZERO } from '../../src/domain/money.ts';
import { exact } from '../../src/render/exact.ts';
import { loadRenderer } from '../../src/render/formats.ts';
import type { Answer, Cell } from '../../src/reports/answer.ts';

const EXACT: readonly {
  readonly name: string;
  readonly cell: Cell;
  readonly value: string | number | null;
}[] = [
  {
    name: 'money to the last digit',
    cell: { kind: 'money', value: parseMoney('0.000000000000000001') ?? ZERO },
    value: '0.000000000000000001',
  },
  { name: 'a count', cell: { kind: 'count', value: 42n }, value: 42 },
  {
    name: 'a count beyond 2^53 as text',
    cell: { kind: 'count', value: 9_007_199_254_740_993n },
    value: '9007199254740993',
  },
  { name: 'a third', cell: { kind: 'share', part: 1n, whole: 3n }, value: 0.333333 },
  { name: 'a share of nothing', cell: { kind: 'share', part: 0n, whole: 0n }, value: null },
  { name: 'a fall', cell: { kind: 'change', from: 8n, to: 7n }, value: -0.125 },
  { name: 'a change from nothing', cell: { kind: 'change', from: 0n, to: 7n }, value: null },
  { name: 'a time', cell: { kind: 'milliseconds', value: 812.5 }, value: 812.5 },
  { name: 'an endless time', cell: { kind: 'milliseconds', value: Infinity }, value: null },
  { name: 'an absent tag', cell: { kind: 'absent', label: '(untagged)' }, value: null },
  { name: 'what is not known', cell: { kind: 'unknown' }, value: null },
];

describe('exact', () => {
  it.each(EXACT)('gives $name', ({ cell, value }) => {
    expect(exact(cell)).toBe(value);
  });
});

const OPTIONS = { columns: 80, color: false, bars: false, unicode: true };

const answerOf = (
  cells: readonly Cell[],
  keys: readonly string[] = cells.map((_, index) => `c${index}`),
): Answer => ({
  schema: 'aicost.report/1',
  facts: {},
  notes: [],
  tables: [
    { name: 'rows', columns: keys.map((key) => ({ key, title: key, yields: 0 })), rows: [cells] },
  ],
});

const text = (value: string): Cell => ({ kind: 'text', value });

const FIELDS = [
  { name: 'a formula', value: '=1+1', field: "'=1+1" },
  {
    name: 'a formula with quotes',
    value: '=HYPERLINK("x","y")',
    field: `"'=HYPERLINK(""x"",""y"")"`,
  },
  { name: 'a plus, a minus, an at', value: '@a', field: "'@a" },
  { name: 'a formula behind a tab', value: '\t=1', field: String.raw`'\t=1` },
  { name: 'a formula in full width', value: '＝1', field: "'＝1" },
  { name: 'a comma', value: 'a,b', field: '"a,b"' },
  { name: 'a line break', value: 'a\nb', field: String.raw`a\nb` },
  { name: 'a screen clear', value: '\u001b[2J', field: String.raw`\u{1b}[2J` },
  { name: 'outer spaces', value: ' a', field: '" a"' },
];

describe('csv', () => {
  it.each(FIELDS)('disarms $name', async ({ value, field }) => {
    const render = await loadRenderer('csv');
    expect(render(answerOf([text(value), text('x')]), OPTIONS)).toBe(`c0,c1\n${field},x\n`);
  });

  it('leaves a negative number a number', async () => {
    const render = await loadRenderer('csv');
    const cell: Cell = { kind: 'money', value: parseMoney('-1.5') ?? ZERO };
    expect(render(answerOf([cell]), OPTIONS)).toBe('c0\n-1.5\n');
  });

  it('keeps tables apart by an empty line, and nothing else by one', async () => {
    const render = await loadRenderer('csv');
    const answer = answerOf([{ kind: 'unknown' }]);
    expect(render({ ...answer, tables: [...answer.tables, ...answer.tables] }, OPTIONS)).toBe(
      'c0\n""\n\nc0\n""\n',
    );
  });
});

describe('json', () => {
  it('keeps text exact and shows a terminal nothing to obey', async () => {
    const render = await loadRenderer('json');
    const hostile = '\u001b[2J\u009b\u007f\u202e\u{e0041}\ud800\n';
    const output = render(answerOf([text(hostile)]), OPTIONS);
    expect(output).toMatch(/^[\n -~]*$/);
    expect(JSON.parse(output)).toMatchObject({ rows: [{ c0: hostile }] });
  });

  it('takes a tag called __proto__ for a name like any other', async () => {
    const render = await loadRenderer('json');
    expect(render(answerOf([text('x')], ['__proto__']), OPTIONS)).toContain('"__proto__": "x"');
  });

  it('names the totals of a second table after it', async () => {
    const render = await loadRenderer('json');
    const [table] = answerOf([{ kind: 'count', value: 1n }]).tables;
    if (table === undefined) throw new Error('the answer has a table');
    const answer = {
      ...answerOf([]),
      tables: [{ ...table, name: 'models', totals: [{ kind: 'count', value: 1n } as const] }],
    };
    expect(JSON.parse(render(answer, OPTIONS))).toMatchObject({
      models: [{ c0: 1 }],
      models_totals: { c0: 1 },
    });
  });
});

const MARKDOWN = [
  { name: 'a pipe', value: 'a|b', shown: String.raw`a\|b` },
  { name: 'code', value: '`rm`', shown: '\\`rm\\`' },
  { name: 'HTML', value: '<img src=x>', shown: '&lt;img src=x&gt;' },
  { name: 'an entity', value: '&lt;', shown: '&amp;lt;' },
  { name: 'a link', value: '[a](https://x.test)', shown: String.raw`\[a\](https://x.test)` },
  { name: 'emphasis', value: '**a** _b_', shown: String.raw`\*\*a\*\* \_b\_` },
  { name: 'a name with an underscore', value: 'customer_id', shown: 'customer_id' },
  { name: 'a line break', value: 'a\nb', shown: String.raw`a\\nb` },
];

describe('markdown', () => {
  it.each(MARKDOWN)('shows $name as text', async ({ value, shown }) => {
    const render = await loadRenderer('md');
    expect(render(answerOf([text(value)]), OPTIONS)).toBe(`| c0 |\n| --- |\n| ${shown} |\n`);
  });
});
