import { type Money, money, moneyText } from '../domain/money.ts';
import { MONTH_DAYS, type MonthScale, perMonth } from '../domain/month-scale.ts';
import { spanText } from '../domain/period.ts';
import type { Span } from '../domain/spend.ts';
import { counted } from '../domain/words.ts';
import type { MoneyRange } from '../whatif/run-result.ts';
import type { Comparison, ScenarioResult } from '../whatif/scenario-result.ts';
import type { Answer, Cell, Json, Note, Table } from './answer.ts';

/** What a comparison of scenarios was asked for. */
export interface ScenarioOptions {
  /** The file, as it is shown. */
  readonly file: string;
  readonly span: Span;
  readonly timeZone: string;
  /** How long the requests ran; `undefined` below a day. */
  readonly month: MonthScale | undefined;
  readonly cards: { readonly asOf: string; readonly digest: string };
  /** What `aicost report` says of the same requests, where closed months make it another amount. */
  readonly reported?: { readonly cost: Money; readonly closed: readonly string[] };
}

/** Scenarios side by side with the requests as they are. */
export function scenarioReport(comparison: Comparison, options: ScenarioOptions): Answer {
  const { span, timeZone, cards, file } = options;
  return {
    schema: 'aicost.whatif-scenario/1',
    headline: `Scenarios of ${file}, ${spanText(span, timeZone)} (${timeZone}), list prices as of ${cards.asOf}`,
    facts: factsOf(comparison, options),
    tables: [scenariosTable(comparison, options), leversTable(comparison)],
    notes: notesOf(comparison, options),
  };
}

const UNKNOWN: Cell = { kind: 'unknown' };
const text = (value: string): Cell => ({ kind: 'text', value });
const amount = (value: Money): Cell => ({ kind: 'money', value });
const less = (before: Money, after: Money): Money => money(before - after);

function scenariosTable({ before, scenarios }: Comparison, { month }: ScenarioOptions): Table {
  const assumed = scenarios.some(({ after }) => after.low !== after.high);
  const row = (name: string, after: MoneyRange): readonly Cell[] => {
    const saving = less(before, after.mid);
    return [
      text(name),
      amount(after.mid),
      amount(saving),
      before > 0n ? { kind: 'share', part: saving, whole: before } : UNKNOWN,
      amount(less(before, after.low)),
      amount(less(before, after.high)),
      month === undefined ? UNKNOWN : amount(perMonth(saving, month)),
    ];
  };
  const forAll = assumed ? {} : ({ only: 'programs' } as const);
  return {
    name: 'rows',
    columns: [
      { key: 'scenario', title: 'Scenario', yields: 0, wraps: true },
      { key: 'after_usd', title: 'Cost', yields: 0 },
      { key: 'saving_usd', title: 'Saving', yields: 0 },
      { key: 'saving_ratio', title: 'Of all', yields: 2 },
      { key: 'saving_low_usd', title: 'Least', yields: 3, ...forAll },
      { key: 'saving_high_usd', title: 'Most', yields: 3, ...forAll },
      { key: 'saving_per_month_usd', title: 'A month', yields: 0 },
    ],
    rows: [
      row('unchanged', { low: before, mid: before, high: before }),
      ...scenarios.map(({ name, after }) => row(name, after)),
    ],
  };
}

const leversTable = ({ scenarios }: Comparison): Table => ({
  name: 'levers',
  title: 'Each lever alone; within a scenario they multiply',
  columns: [
    { key: 'scenario', title: 'Scenario', yields: 1, wraps: true },
    { key: 'lever', title: 'Lever', yields: 0, whole: true },
    { key: 'title', title: 'What if', yields: 2, wraps: true },
    { key: 'changed_requests', title: 'Changed', yields: 1 },
    { key: 'excluded_requests', title: 'Left out', yields: 1 },
    { key: 'saving_usd', title: 'Saving', yields: 0 },
  ],
  rows: scenarios.flatMap(({ name, alone }) =>
    alone.map(({ lever, result }): readonly Cell[] => [
      text(name),
      text(lever),
      text(result.title),
      { kind: 'count', value: result.changed.requests },
      {
        kind: 'count',
        value: result.excluded.reduce((sum, { requests }) => sum + requests, 0n),
      },
      amount(less(result.total.before, result.total.after.mid)),
    ]),
  ),
});

function factsOf(
  { before, requests, unpriced, scenarios }: Comparison,
  { span, timeZone, cards, month, reported }: ScenarioOptions,
): Answer['facts'] {
  const iso = (time: number | undefined): string | null =>
    time === undefined ? null : new Date(time).toISOString();
  return {
    period: { start: iso(span.start), end: iso(span.end), timezone: timeZone },
    currency: 'USD',
    rate_card: { as_of: cards.asOf, digest: cards.digest },
    requests: Number(requests),
    unpriced_requests: Number(unpriced),
    before_usd: moneyText(before),
    report_total_usd: moneyText(reported?.cost ?? before),
    days_of_a_month: MONTH_DAYS,
    days: month === undefined ? null : month.days,
    scenarios: scenarios.map((scenario) => scenarioJson(scenario, before)),
  };
}

const scenarioJson = ({ name, after, alone }: ScenarioResult, before: Money): Json => ({
  scenario: name,
  after_usd: { low: moneyText(after.low), mid: moneyText(after.mid), high: moneyText(after.high) },
  saving_usd: {
    low: moneyText(less(before, after.low)),
    mid: moneyText(less(before, after.mid)),
    high: moneyText(less(before, after.high)),
  },
  levers: alone.map(({ lever, result }) => ({
    lever,
    title: result.title,
    saving_usd: moneyText(less(result.total.before, result.total.after.mid)),
    excluded: result.excluded.map(({ reason, requests, before: cost }) => ({
      reason: reason.code,
      message: reason.message,
      requests: Number(requests),
      before_usd: moneyText(cost),
    })),
    assumptions: result.assumptions.map((each) => ({ ...each })),
    caveat: result.caveat,
  })),
});

function notesOf(
  { scenarios, unpriced }: Comparison,
  { month, reported }: ScenarioOptions,
): readonly Note[] {
  const caveats = scenarios.flatMap(({ alone }) => alone.map(({ result }) => result.caveat));
  const found: Note[] = [...new Set(caveats)].map((message) => ({ code: 'quality', message }));
  if (scenarios.some(({ alone }) => alone.length > 1))
    found.push({
      code: 'combined',
      message: 'levers of a scenario multiply: what one has saved, the next cannot save again',
    });
  if (unpriced > 0n)
    found.push({
      code: 'unrated',
      message: `${counted(unpriced, 'request')} without a price now, in no cost here`,
    });
  if (reported !== undefined)
    found.push({
      code: 'closed-live',
      message: `replayed from single calls, which no closing freezes; aicost report says ${moneyText(reported.cost)} USD, with ${reported.closed.join(', ')} as closed`,
    });
  found.push(
    month === undefined
      ? {
          code: 'no-month',
          message: 'these requests took less than a day, so no month is made of them',
        }
      : {
          code: 'month',
          message: `a month is ${MONTH_DAYS} days; these requests took ${month.days}`,
        },
  );
  return found;
}
