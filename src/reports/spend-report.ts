import { counted, grouped } from '../domain/words.ts';
import { divideHalfEven, money, type Money } from '../domain/money.ts';
import type { UsedCapacity } from '../domain/own-charges.ts';
import { nearest } from '../domain/nearest.ts';
import { spanText } from '../domain/period.ts';
import {
  type CostKind,
  type InferredSpend,
  NO_SPEND,
  type Spend,
  type SpendAnswer,
} from '../domain/spend.ts';
import { sumOfSpend } from '../domain/spend-sums.ts';
import { SOURCE_DIMENSION } from '../domain/tag-rules.ts';
import { OWNER_TAGS } from '../domain/tags.ts';
import type { Answer, Cell, Json, Note, Table } from './answer.ts';
import { booksFacts, booksNotes, newestCheck } from './books-notes.ts';
import { capacityTable } from './capacity-table.ts';
import {
  inferenceNotes,
  inferredCells,
  NOTHING_INFERRED,
  sumOfInferred,
} from './inferred-spend.ts';
import { keyColumns, measureColumns } from './spend-columns.ts';
import type { SpendOptions } from './spend-options.ts';
import { foldOthers, type Line, linesOf, sortLines, tokens } from './spend-rows.ts';

/** The cards that prices come from. */
export interface RateCardFacts {
  readonly asOf: string;
  readonly digest: string;
}

/** Spend by any dimensions. `base` is the answer for the earlier span of a comparison. */
export function spendReport(
  answer: SpendAnswer,
  options: SpendOptions,
  cards: RateCardFacts,
  base?: SpendAnswer,
  capacity: readonly UsedCapacity[] = [],
): Answer {
  const lines = linesOf(answer, options, base);
  const total = totalOf(lines, answer);
  const inferred = sumOfInferred(lines);
  const baseTotal = base === undefined ? undefined : sumOfSpend(base.rows);
  const shown = foldOthers(sortLines(lines, options), options);
  const columns = [...keyColumns(options), ...measureColumns(options, inferred !== undefined)];
  const row = (
    keys: readonly Cell[],
    { spend, base: before, inferred }: Pick<Line, 'spend' | 'base' | 'inferred'>,
  ): readonly Cell[] => [
    ...keys,
    ...measures(spend, {
      total,
      cost: options.cost,
      inferred: options.inferring === true ? (inferred ?? NOTHING_INFERRED) : undefined,
      base: options.comparison === undefined ? undefined : (before ?? NO_SPEND),
    }),
  ];
  const totalKeys = keyColumns(options).map((_, index): Cell => ({
    kind: 'text',
    value: index === 0 ? 'Total' : '',
  }));
  const table: Table = {
    name: 'rows',
    columns,
    rows: shown.map((line) => row(line.keys, line)),
    totals: row(totalKeys, { spend: total, base: baseTotal, inferred }),
    empty: 'No usage in this period.',
  };
  return {
    schema: 'aicost.report/1',
    headline: headline(options, newestCheck(answer.cards) ?? cards.asOf),
    facts: { ...facts(options, cards), ...booksFacts(answer, options) },
    tables: capacity.length === 0 ? [table] : [table, capacityTable(capacity)],
    notes: [
      ...inferenceNotes(inferred),
      ...notes(answer, options, total),
      ...booksNotes(answer, options),
    ],
  };
}

/** The sum of all lines. A later correction may have priced what an earlier line counts without a price. */
const totalOf = (lines: readonly Line[], { unratedReasons }: SpendAnswer): Spend => ({
  ...sumOfSpend(lines.map(({ spend }) => spend)),
  unrated: unratedReasons.reduce((sum, { requests }) => sum + requests, 0n),
});

/** What a row is measured against. */
interface Beside {
  readonly total: Spend;
  readonly base: Spend | undefined;
  readonly inferred: InferredSpend | undefined;
  readonly cost: CostKind;
}

function measures(spend: Spend, { total, base, inferred, cost }: Beside): readonly Cell[] {
  const count = (value: bigint): Cell => ({ kind: 'count', value });
  const known = isKnown(spend);
  const rated = spend.requests - spend.unrated;
  return [
    count(spend.requests),
    count(spend.errors),
    count(spend.input),
    count(spend.cacheRead),
    count(spend.cacheWrite),
    count(spend.output),
    count(spend.reasoning),
    ...(cost === 'list' ? [] : [listCell(spend)]),
    costCell(spend),
    ...(inferred === undefined ? [] : inferredCells(inferred)),
    ...(base === undefined
      ? []
      : [
          costCell(base),
          known && isKnown(base)
            ? ({ kind: 'change', from: base.cost, to: spend.cost } satisfies Cell)
            : UNKNOWN,
        ]),
    known && total.cost > 0n ? { kind: 'share', part: spend.cost, whole: total.cost } : UNKNOWN,
    known && rated > 0n
      ? { kind: 'money', value: per(spend.cost, rated, 1n), partial: false }
      : UNKNOWN,
    // Tokens of requests without a price cannot be told from the others here, so the ratio is only given without them.
    spend.unrated === 0n && tokens(spend) > 0n
      ? { kind: 'money', value: per(spend.cost, tokens(spend), 1000n) }
      : UNKNOWN,
    count(spend.unrated),
  ];
}

const UNKNOWN: Cell = { kind: 'unknown' };

/** Whether any of it has a price; calls that are not charged, and none at all, cost a known nothing. */
const isKnown = ({ unrated, rated, cost }: Spend): boolean =>
  unrated === 0n || rated !== 0n || cost !== 0n;

const costCell = (spend: Spend): Cell =>
  isKnown(spend)
    ? { kind: 'money', value: spend.cost, partial: spend.unrated > 0n || spend.lowerBound > 0n }
    : UNKNOWN;

/** What the same usage costs at list prices; own hardware has none. */
const listCell = (spend: Spend): Cell =>
  spend.unlisted > 0n && spend.list === 0n
    ? UNKNOWN
    : costCell({ ...spend, cost: spend.list, unrated: spend.unrated + spend.unlisted });

const per = (cost: Money, divisor: bigint, times: bigint): Money =>
  money(divideHalfEven(cost * times, divisor));

const PRICED: Readonly<Record<CostKind, string>> = {
  list: 'list prices',
  contracted: 'contracted cost, list prices',
  effective: 'effective cost, list prices',
};

function headline(
  { by, grain, span, timeZone, comparison, cost }: SpendOptions,
  asOf: string,
): string {
  const groups = [...(grain === undefined ? [] : [grain]), ...by.map(({ name }) => name)].join(
    ', ',
  );
  const period = spanText(comparison?.current ?? span, timeZone);
  const against = comparison === undefined ? '' : ` against ${spanText(comparison.base, timeZone)}`;
  return `Spend${groups === '' ? '' : ` by ${groups}`}, ${period}${against} (${timeZone}), ${PRICED[cost]} as of ${asOf}`;
}

function facts(
  { span, timeZone, comparison, cost }: SpendOptions,
  cards: RateCardFacts,
): { readonly [key: string]: Json } {
  const iso = (time: number | undefined): string | null =>
    time === undefined ? null : new Date(time).toISOString();
  const shown = comparison?.current ?? span;
  return {
    period: { start: iso(shown.start), end: iso(shown.end), timezone: timeZone },
    ...(comparison === undefined
      ? {}
      : {
          base_period: {
            start: iso(comparison.base.start),
            end: iso(comparison.base.end),
            timezone: timeZone,
          },
        }),
    currency: 'USD',
    cost,
    rate_card: { as_of: cards.asOf, digest: cards.digest },
  };
}

const REASONS_SHOWN = 3;

function notes(answer: SpendAnswer, options: SpendOptions, total: Spend): readonly Note[] {
  const found: Note[] = [];
  const requests = (count: bigint): string => counted(count, 'request');
  if (total.unrated > 0n) {
    found.push({
      code: 'unrated',
      message: `${grouped(total.unrated)} of ${requests(total.requests)} without a price, not in these costs`,
    });
    for (const reason of answer.unratedReasons.slice(0, REASONS_SHOWN))
      found.push({
        code: reason.code,
        message: `${requests(reason.requests)}: ${reason.message}`,
      });
    const more = answer.unratedReasons.length - REASONS_SHOWN;
    if (more > 0)
      found.push({
        code: 'unrated',
        message: `${counted(more, 'more reason')}; aicost doctor lists them all`,
      });
  }
  if (total.lowerBound > 0n)
    found.push({
      code: 'lower-bound',
      message: `${requests(total.lowerBound)} priced from sums at base rates; long prompts among them may have cost more`,
    });
  if (answer.undatedLeftOut > 0n)
    found.push({
      code: 'undated',
      message: `${requests(answer.undatedLeftOut)} without a time, left out of the period; give them one with aicost ingest --time`,
    });
  if (options.cost !== 'list' && options.where.length > 0)
    found.push({
      code: 'charges-left-out',
      message: 'capacity and commitments that no call was charged for are left out under --where',
    });
  if (options.comparison?.caution !== undefined)
    found.push({ code: 'unequal-periods', message: options.comparison.caution });
  for (const [index, dimension] of options.by.entries())
    if (
      dimension.kind === 'tag' &&
      total.requests > 0n &&
      answer.rows.every(({ key }) => key[index] === null)
    ) {
      const close = nearest(
        dimension.name,
        OWNER_TAGS.filter((tag) => tag !== dimension.name),
      );
      found.push({
        code: 'tag-not-found',
        message:
          dimension.name === SOURCE_DIMENSION
            ? `${SOURCE_DIMENSION} says where the other values of a row come from by rules of aicost.yaml: ask for a tag beside it, such as --by team,${SOURCE_DIMENSION}`
            : `no request has a tag "${dimension.name}"${close === undefined ? '' : `; did you mean ${close}?`}`,
      });
    }
  return found;
}
