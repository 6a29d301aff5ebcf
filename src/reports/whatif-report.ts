import { decimalText, divideHalfEven, type Money, moneyText } from '../domain/money.ts';
import { MONTH_DAYS, type MonthScale, perMonth } from '../domain/month-scale.ts';
import { spanText } from '../domain/period.ts';
import type { Dimension, Span } from '../domain/spend.ts';
import { counted } from '../domain/words.ts';
import type { MoneyRange, Part, RunResult } from '../whatif/run-result.ts';
import type { Answer, Cell, Json, Note, Table } from './answer.ts';
import {
  AFTER,
  amount,
  BEFORE,
  destinationsTable,
  groupsTable,
  isPriced,
  partsTable,
  remarkTables,
  SAVING,
  savingOf,
  text,
  UNKNOWN,
} from './whatif-tables.ts';

/** What a what-if was asked besides the lever's own flags. */
export interface WhatifOptions {
  /** The lever's name. */
  readonly lever: string;
  /** The flags as they were given, for programs. */
  readonly asked: { readonly [flag: string]: Json };
  readonly span: Span;
  readonly timeZone: string;
  readonly by: readonly Dimension[];
  /** As it was written: `60%`; absent for all. */
  readonly share?: string;
  /** Groups of --by that save less are summed into one; all are shown when absent. */
  readonly minSaving?: Money;
  /** How long the requests ran; `undefined` where they took less than a day, so that no month can be told. */
  readonly month: MonthScale | undefined;
  readonly cards: { readonly asOf: string; readonly digest: string };
  /** What `aicost report` says of the same requests, where closed months make it another amount. */
  readonly reported?: { readonly cost: Money; readonly closed: readonly string[] };
}

/** What a lever would change: the saving, what it is made of, groups, assumptions. */
export function whatifReport(result: RunResult, options: WhatifOptions): Answer {
  const { span, timeZone, cards, share } = options;
  const part = share === undefined ? '' : ` for ${share} of them`;
  return {
    schema: 'aicost.whatif/1',
    headline: `What if ${result.title}${part}, ${spanText(span, timeZone)} (${timeZone}), list prices as of ${cards.asOf}`,
    facts: facts(result, options),
    tables: [
      savingTable(result, options.month),
      partsTable(result),
      ...(options.by.length === 0 ? [] : [groupsTable(result, options)]),
      ...(result.destinations.length < 2 ? [] : [destinationsTable(result)]),
      ...remarkTables(result),
      assumptionsTable(result),
    ],
    notes: notes(result, options),
  };
}

const iso = (time: number | undefined): string | null =>
  time === undefined ? null : new Date(time).toISOString();

const CASES = [
  ['mid', 'likely'],
  ['low', 'least'],
  ['high', 'most'],
] as const;

function facts(result: RunResult, options: WhatifOptions): Answer['facts'] {
  const { span, timeZone, cards, month, reported } = options;
  const { total } = result;
  const priced = isPriced(total);
  const range = (of: (name: keyof MoneyRange) => Money | undefined): Json =>
    Object.fromEntries(
      (['low', 'mid', 'high'] as const).map((name) => {
        const amount = priced ? of(name) : undefined;
        return [name, amount === undefined ? null : moneyText(amount)];
      }),
    );
  return {
    lever: options.lever,
    asked: options.asked,
    period: { start: iso(span.start), end: iso(span.end), timezone: timeZone },
    share: options.share ?? null,
    currency: 'USD',
    cost: 'list',
    rate_card: { as_of: cards.asOf, digest: cards.digest },
    requests: {
      total: Number(total.requests),
      changed: Number(result.changed.requests),
      unchanged: Number(result.unchanged.requests),
      excluded: Number(total.requests - result.changed.requests - result.unchanged.requests),
      no_longer_made: Number(result.saved),
      unpriced: Number(total.unpriced),
    },
    // Every reason by itself: the table has one row a code.
    excluded: result.excluded.map((part) => ({
      reason: part.reason.code,
      why: part.reason.message,
      requests: Number(part.requests),
      unpriced_requests: Number(part.unpriced),
      before_usd: isPriced(part) ? moneyText(part.before) : null,
    })),
    before_usd: priced ? moneyText(total.before) : null,
    after_usd: range((name) => total.after[name]),
    saving_usd: range((name) => savingOf(total, name)),
    saving_per_month_usd: range((name) =>
      month === undefined ? undefined : perMonth(savingOf(total, name), month),
    ),
    days: month === undefined ? null : month.days,
    days_of_a_month: MONTH_DAYS,
    report_total_usd: priced ? moneyText(reported?.cost ?? total.before) : null,
    changed_cost_ratio: Object.fromEntries(
      CASES.map(([name]) => [name, ratioOf(result.changed, name) ?? null]),
    ),
    caveat: result.caveat,
  };
}

const isRange = ({ after: { low, high } }: Part): boolean => low !== high;

/** The answer in one line, or three where behaviour is assumed. */
function savingTable(result: RunResult, month: MonthScale | undefined): Table {
  const { total } = result;
  const assumed = isRange(total);
  return {
    name: 'saving',
    columns: [
      { key: 'case', title: 'Case', yields: 0, ...(assumed ? {} : { only: 'programs' }) },
      BEFORE,
      AFTER,
      SAVING,
      { key: 'saving_ratio', title: 'Of all', yields: 2 },
      { key: 'saving_per_month_usd', title: 'A month', yields: 0 },
    ],
    rows: CASES.filter(([name]) => assumed || name === 'mid').map(
      ([name, words]): readonly Cell[] => {
        const saving = savingOf(total, name);
        if (!isPriced(total)) return [text(words), UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN];
        return [
          text(words),
          amount(total.before),
          amount(total.after[name]),
          amount(saving),
          total.before > 0n ? { kind: 'share', part: saving, whole: total.before } : UNKNOWN,
          month === undefined ? UNKNOWN : amount(perMonth(saving, month)),
        ];
      },
    ),
  };
}

const assumptionsTable = ({ assumptions }: RunResult): Table => ({
  name: 'assumptions',
  title: 'Assumptions',
  columns: [
    { key: 'name', title: 'What', yields: 0 },
    { key: 'value', title: 'Taken', yields: 0, wraps: true },
    { key: 'source', title: 'From', yields: 2 },
    { key: 'note', title: 'Note', yields: 0, wraps: true },
  ],
  rows: assumptions.map(({ name, value, source, note }) => [name, value, source, note].map(text)),
  empty: 'None: nothing had to be assumed.',
});

/** How many times as much requests cost now as then, to two decimals; `undefined` where one of both is nothing. */
function ratioOf({ before, after }: Part, name: keyof MoneyRange): string | undefined {
  if (before <= 0n || after[name] <= 0n) return undefined;
  return decimalText(divideHalfEven(before * 100n, after[name]), 2);
}

/** The ratio of prices by the requests' own mix of tokens, which price lists alone do not tell. */
function ratioNotes({ changed }: RunResult): readonly Note[] {
  const [least, likely, most] = [
    ratioOf(changed, 'low'),
    ratioOf(changed, 'mid'),
    ratioOf(changed, 'high'),
  ];
  if (likely === undefined || least === undefined || most === undefined) return [];
  const band = least === most ? '' : ` (${least} to ${most})`;
  return [
    {
      code: 'cost-ratio',
      message: `what changes costs ${likely} times as much now as it would then${band}, by its own mix of tokens`,
    },
  ];
}

function notes(result: RunResult, { month, reported }: WhatifOptions): readonly Note[] {
  const found: Note[] = [...ratioNotes(result), { code: 'quality', message: result.caveat }];
  if (result.total.requests === 0n)
    found.push({
      code: 'no-requests',
      message:
        'no request is in this selection; aicost report with the same --where and period shows what there is',
    });
  if (month === undefined)
    found.push({
      code: 'no-month',
      message: 'these requests took less than a day, so no month is made of them',
    });
  else
    found.push({
      code: 'month',
      message: `a month is ${MONTH_DAYS} days; these requests took ${month.days}`,
    });
  if (result.total.unpriced > 0n)
    found.push({
      code: 'unrated',
      message: `${counted(result.total.unpriced, 'request')} without a price now, in no cost here`,
    });
  if (result.lowerBound > 0n)
    found.push({
      code: 'lower-bound',
      message: `${counted(result.lowerBound, 'request')} priced from sums at base rates; long prompts among them may cost more`,
    });
  if (reported !== undefined)
    found.push({
      code: 'closed-live',
      message: `replayed from single calls, which no closing freezes; aicost report says ${moneyText(reported.cost)} USD, with ${reported.closed.join(', ')} as closed`,
    });
  return found;
}
