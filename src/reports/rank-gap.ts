import { type Choice, combinedAfter } from '../domain/combined-savings.ts';
import type { Money } from '../domain/money.ts';
import { counted } from '../domain/words.ts';
import type { RankedSaving, Ranking } from '../whatif/rank-result.ts';
import type { Cell, Note, Table } from './answer.ts';
import {
  amount,
  ITEM,
  itemCells,
  LEVER,
  leverCells,
  monthly,
  type RankReportOptions,
  text,
  type WantedGap,
} from './rank-cells.ts';
import { dollarsText } from './rounded-text.ts';

/** The steps to a gap in their order; each saves of what the ones before it have left. */
export function gapTable(
  { items }: Ranking,
  { perMonth: wanted, choice }: WantedGap,
  options: RankReportOptions,
): Table {
  const left = new Map(items.map(({ name, before }) => [name, before]));
  const taken = new Map<string, Money[]>();
  const rows = choice.chosen.map((step, index): readonly Cell[] => {
    const afters = [...(taken.get(step.item) ?? []), step.after];
    taken.set(step.item, afters);
    const before = left.get(step.item) ?? step.of.before;
    const after = combinedAfter(step.of.before, afters);
    left.set(step.item, after);
    return [
      { kind: 'count', value: BigInt(index + 1) },
      ...itemCells(step.of),
      ...leverCells(step),
      amount(monthly(before - after, options)),
    ];
  });
  const saving = monthly(choice.saving, options);
  return {
    name: 'gap_steps',
    title:
      saving >= wanted
        ? `The least intrusive way to ${dollarsText({ part: wanted, over: 1n })} a month`
        : `As far as it goes towards ${dollarsText({ part: wanted, over: 1n })} a month`,
    columns: [
      { key: 'step', title: 'Step', yields: 3 },
      ...ITEM,
      ...LEVER,
      { key: 'saving_per_month_usd', title: 'A month', yields: 0 },
    ],
    rows,
    totals: [
      text(''),
      text('Together'),
      text(''),
      text(''),
      text(''),
      text(''),
      text(''),
      amount(saving),
    ],
    empty: 'No step is needed, or none helps.',
  };
}

/** What a choice saves a month where everything that is assumed goes against it. */
export function leastOf(
  { items }: Ranking,
  { chosen }: Choice<RankedSaving>,
  options: RankReportOptions,
): Money {
  const saved = items.reduce((sum, { name, before }) => {
    const afters = chosen.flatMap(({ item, range }) => (item === name ? [range.low] : []));
    return sum + before - combinedAfter(before, afters);
  }, 0n);
  return monthly(saved, options);
}

/** Whether the gap can be closed, and by how much. */
export function gapNote(
  ranking: Ranking,
  { perMonth: wanted, choice }: WantedGap,
  options: RankReportOptions,
): Note {
  const dollars = (value: bigint): string => dollarsText({ part: value, over: 1n });
  const saving = monthly(choice.saving, options);
  const least = leastOf(ranking, choice, options);
  const atLeast = least < saving ? `; at the least ${dollars(least)}` : '';
  return saving >= wanted
    ? {
        code: 'gap-reached',
        message: `${counted(choice.chosen.length, 'step')} save ${dollars(saving)} of the ${dollars(wanted)} a month that are wanted${atLeast}`,
      }
    : {
        code: 'gap-not-reached',
        message: `the gap of ${dollars(wanted)} a month cannot be closed here: ${dollars(saving)} can be saved, ${dollars(wanted - saving)} stay${atLeast}`,
      };
}
