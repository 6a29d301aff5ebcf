import { grouped } from '../domain/words.ts';
import {
  type Dimension,
  type InferredSpend,
  NO_SPEND,
  type Spend,
  type SpendAnswer,
  type SpendRow,
} from '../domain/spend.ts';
import { sumOfSpend } from '../domain/spend-sums.ts';
import type { Cell } from './answer.ts';
import type { SpendOptions } from './spend-options.ts';
import { sumOfInferred } from './inferred-spend.ts';
import { movedStep, placeName, stepCell } from './spend-steps.ts';

/** One row of a spend report before it is cells: what was spent, and before in a comparison. */
export interface Line {
  readonly spend: Spend;
  readonly base: Spend | undefined;
  /** What of it is here by inference. */
  readonly inferred: InferredSpend | undefined;
  readonly keys: readonly Cell[];
  readonly order: { readonly step: number; readonly name: string; readonly absent: boolean };
}

/** The rows of an answer, with those of the earlier span beside or between them. */
export function linesOf(
  answer: SpendAnswer,
  options: SpendOptions,
  base: SpendAnswer | undefined,
): readonly Line[] {
  const { comparison } = options;
  const before = new Map(
    base?.rows.map((row) => [placeName(row, comparison?.base.start, options), row]),
  );
  const lines = answer.rows.map((row): Line => {
    const name = placeName(row, comparison?.current.start, options);
    const earlier = before.get(name);
    before.delete(name);
    return lineOf(row, row, earlier, options);
  });
  // What was spent before and not now is part of the comparison, in the step of now that it belongs to.
  for (const row of before.values())
    lines.push(lineOf({ key: row.key, ...movedStep(row, options) }, NO_SPEND, row, options));
  const [only] = options.by;
  const hasUntagged = lines.some(({ order }) => order.absent);
  if (
    only?.kind === 'tag' &&
    options.by.length === 1 &&
    options.grain === undefined &&
    !hasUntagged &&
    lines.length > 0
  )
    lines.push(lineOf({ key: [null] }, NO_SPEND, undefined, options));
  return lines;
}

function lineOf(
  row: Pick<SpendRow, 'key' | 'step' | 'inferred'>,
  spend: Spend,
  base: Spend | undefined,
  options: SpendOptions,
): Line {
  const step = row.step === undefined || row.step === null ? Number.NEGATIVE_INFINITY : row.step;
  return {
    spend,
    base,
    inferred: row.inferred,
    keys: [
      ...(options.grain === undefined ? [] : [stepCell(row.step, options)]),
      ...row.key.map((value, index) => keyCell(value, options.by[index])),
    ],
    order: {
      step,
      name: row.key.map((value) => value ?? '\uffff').join('\0'),
      absent: row.key.every((value) => value === null) && row.key.length > 0,
    },
  };
}

const keyCell = (value: string | null, dimension: Dimension | undefined): Cell =>
  value === null
    ? { kind: 'absent', label: dimension?.kind === 'tag' ? '(untagged)' : '(none)' }
    : { kind: 'text', value };

/** All tokens of a group, in and out. */
export const tokens = (spend: Spend): bigint =>
  spend.input + spend.cacheRead + spend.cacheWrite + spend.output;

/** Rows in the order asked for. */
export function sortLines(lines: readonly Line[], { sort, grain }: SpendOptions): readonly Line[] {
  const size = ({ spend }: Line): bigint => {
    if (sort === 'requests') return spend.requests;
    if (sort === 'errors') return spend.errors;
    return sort === 'tokens' ? tokens(spend) : spend.cost;
  };
  const bySize = (a: Line, b: Line): number => {
    const one = size(a);
    const other = size(b);
    return one === other ? 0 : one > other ? -1 : 1;
  };
  const byName = (a: Line, b: Line): number =>
    a.order.name < b.order.name ? -1 : a.order.name > b.order.name ? 1 : 0;
  const byStep = (a: Line, b: Line): number => a.order.step - b.order.step || 0;
  const inTime = sort === 'time' || (grain !== undefined && sort === 'cost');
  return [...lines].sort(
    (a, b) =>
      (inTime ? byStep(a, b) : 0) ||
      (sort === 'name' ? byName(a, b) : bySize(a, b)) ||
      Number(b.spend.requests - a.spend.requests) ||
      byName(a, b),
  );
}

/** With --top, sums what is left out into one row, so that the rows still add up. Untagged spend always stays. */
export function foldOthers(
  lines: readonly Line[],
  { top, by, grain }: SpendOptions,
): readonly Line[] {
  if (top === undefined || lines.length <= top) return lines;
  const kept = lines.filter(({ order }, index) => index < top || order.absent);
  const rest = lines.filter(({ order }, index) => index >= top && !order.absent);
  if (rest.length === 0) return lines;
  const label = `(${grouped(rest.length)} more)`;
  const width = by.length + (grain === undefined ? 0 : 1);
  const bases = rest.flatMap(({ base }) => (base === undefined ? [] : [base]));
  return [
    ...kept,
    {
      spend: sumOfSpend(rest.map(({ spend }) => spend)),
      base: bases.length === 0 ? undefined : sumOfSpend(bases),
      inferred: sumOfInferred(rest),
      keys: Array.from({ length: width }, (_, index): Cell => ({
        kind: 'text',
        value: index === 0 ? label : '',
      })),
      order: { step: 0, name: '', absent: false },
    },
  ];
}
