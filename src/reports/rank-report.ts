import { combinedAfter } from '../domain/combined-savings.ts';
import { money, moneyText } from '../domain/money.ts';
import { MONTH_DAYS } from '../domain/month-scale.ts';
import { spanText } from '../domain/period.ts';
import { counted } from '../domain/words.ts';
import type { Ranking } from '../whatif/rank-result.ts';
import type { Answer, Cell, Json, Note, Table } from './answer.ts';
import {
  amount,
  ITEM,
  itemCells,
  LEVER,
  leverCells,
  monthly,
  type RankReportOptions,
  text,
} from './rank-cells.ts';
import { gapNote, gapTable, leastOf } from './rank-gap.ts';
import { dollarsText } from './rounded-text.ts';

/** Levers by what they would save of the dearest line items. */
export function rankReport(ranking: Ranking, options: RankReportOptions): Answer {
  const { span, timeZone, cards, gap } = options;
  return {
    schema: 'aicost.whatif-rank/1',
    headline: `Savings by dollars a month, ${spanText(span, timeZone)} (${timeZone}), list prices as of ${cards.asOf}`,
    facts: factsOf(ranking, options),
    tables: [
      savingsTable(ranking, options),
      itemsTable(ranking, options),
      ...(gap === undefined ? [] : [gapTable(ranking, gap, options)]),
    ],
    notes: notesOf(ranking, options),
  };
}

const savingsTable = ({ savings }: Ranking, options: RankReportOptions): Table => ({
  name: 'rows',
  columns: [
    ...ITEM,
    ...LEVER,
    { key: 'title', title: 'What if', yields: 9, only: 'programs' },
    { key: 'changed_requests', title: 'Requests', yields: 9, only: 'programs' },
    { key: 'saving_ratio', title: 'Of it', yields: 1 },
    { key: 'saving_low_per_month_usd', title: 'Least', yields: 6 },
    { key: 'saving_per_month_usd', title: 'A month', yields: 0 },
    { key: 'saving_high_per_month_usd', title: 'Most', yields: 4, only: 'programs' },
  ],
  rows: savings.map((saving): readonly Cell[] => {
    const { of, run, range, changed, after } = saving;
    return [
      ...itemCells(of),
      ...leverCells(saving),
      text(run.title),
      { kind: 'count', value: changed },
      { kind: 'share', part: of.before - after, whole: of.before },
      amount(monthly(of.before - range.low, options)),
      amount(monthly(of.before - after, options)),
      amount(monthly(of.before - range.high, options)),
    ];
  }),
  empty: 'No lever saves anything on these line items.',
});

function itemsTable({ items }: Ranking, options: RankReportOptions): Table {
  const { chosen } = options.everything;
  return {
    name: 'items',
    title: 'The line items, and what all their levers leave together',
    columns: [
      ...ITEM,
      { key: 'requests', title: 'Requests', yields: 3 },
      { key: 'cost_per_month_usd', title: 'A month', yields: 0 },
      { key: 'together_saving_per_month_usd', title: 'Together', yields: 0 },
      { key: 'together_ratio', title: 'Of it', yields: 1 },
    ],
    rows: items.map((item): readonly Cell[] => {
      const afters = chosen.flatMap((each) => (each.item === item.name ? [each.after] : []));
      const saved = item.before - combinedAfter(item.before, afters);
      return [
        ...itemCells(item),
        { kind: 'count', value: item.requests },
        amount(monthly(item.before, options)),
        amount(monthly(saved, options)),
        { kind: 'share', part: saved, whole: item.before },
      ];
    }),
    empty: 'None reaches the floor.',
  };
}

function factsOf(ranking: Ranking, options: RankReportOptions): Answer['facts'] {
  const { span, timeZone, cards, month, floorPerMonth, everything, gap } = options;
  const iso = (time: number | undefined): string | null =>
    time === undefined ? null : new Date(time).toISOString();
  const hidden = ({ items, before }: Ranking['belowFloor']): Json => ({
    items,
    cost_per_month_usd: moneyText(monthly(before, options)),
  });
  const reached = gap === undefined ? undefined : monthly(gap.choice.saving, options);
  return {
    period: { start: iso(span.start), end: iso(span.end), timezone: timeZone },
    currency: 'USD',
    rate_card: { as_of: cards.asOf, digest: cards.digest },
    days: month.days,
    days_of_a_month: MONTH_DAYS,
    floor_per_month_usd: moneyText(floorPerMonth),
    below_floor: hidden(ranking.belowFloor),
    not_looked_at: hidden(ranking.notLookedAt),
    not_tried: ranking.notTried,
    lacking: ranking.lacking.map(({ lever, facts }) => ({ lever, facts })),
    together_saving_per_month_usd: moneyText(monthly(everything.saving, options)),
    gap:
      gap === undefined || reached === undefined
        ? null
        : {
            wanted_per_month_usd: moneyText(gap.perMonth),
            saving_per_month_usd: moneyText(reached),
            saving_low_per_month_usd: moneyText(leastOf(ranking, gap.choice, options)),
            reached: reached >= gap.perMonth,
            short_per_month_usd: moneyText(
              reached >= gap.perMonth ? money(0n) : money(gap.perMonth - reached),
            ),
          },
    runs: ranking.savings.map((saving) => ({
      feature: saving.of.feature,
      provider: saving.of.provider,
      model: saving.of.model,
      lever: saving.lever,
      flags: saving.flags,
      assumptions: saving.run.assumptions.map((each) => ({ ...each })),
      caveat: saving.run.caveat,
    })),
  };
}

function notesOf(ranking: Ranking, options: RankReportOptions): readonly Note[] {
  const { floorPerMonth, floorGiven, month, gap, everything } = options;
  const { belowFloor, notLookedAt, savings, notTried, lacking } = ranking;
  const dollars = (value: bigint): string => dollarsText({ part: value, over: 1n });
  const found: Note[] = [];
  if (gap !== undefined) found.push(gapNote(ranking, gap, options));
  found.push({
    code: 'floor',
    message: `floor ${dollars(floorPerMonth)} a month${floorGiven ? '' : ' (a twentieth of the spend, $500 at most)'}: ${counted(belowFloor.items, 'line item')} below it, ${dollars(monthly(belowFloor.before, options))} a month`,
  });
  if (notLookedAt.items > 0)
    found.push({
      code: 'not-looked-at',
      message: `${counted(notLookedAt.items, 'smaller line item')} above it not looked at, ${dollars(monthly(notLookedAt.before, options))} a month; --top shows more`,
    });
  if (everything.chosen.length > 1) {
    const added = everything.chosen.reduce((sum, { of, after }) => sum + of.before - after, 0n);
    found.push({
      code: 'combined',
      message: `savings on one line item multiply: the best of each lever come to ${dollars(monthly(everything.saving, options))} a month together, added up to ${dollars(monthly(added, options))}; begin with what changes nothing, then what makes wait, then what changes answers`,
    });
  }
  for (const caveat of new Set(savings.map(({ run }) => run.caveat)))
    found.push({ code: 'quality', message: caveat });
  if (notTried.length > 0)
    found.push({
      code: 'not-tried',
      message: `not tried, since they need a number or a file of yours: ${notTried.join(', ')}`,
    });
  for (const { lever, facts } of lacking)
    found.push({
      code: 'not-tried',
      message: `${lever} not tried: no call has ${facts.join(' or ')}`,
    });
  found.push({
    code: 'month',
    message: `a month is ${MONTH_DAYS} days; these requests took ${month.days}; --format json has every assumption`,
  });
  return found;
}
