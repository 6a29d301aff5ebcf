import type { AllocationPlan, AskedSignal, RulePlan } from '../domain/allocation-plan.ts';
import type { DirectUse, Measured } from '../domain/allocation-weights.ts';
import { measuredCounts, measuredRuns, measuredTimes, RUN_TAGS } from '../domain/call-signals.ts';
import {
  costOfRows,
  gathered,
  type KeyedRow,
  partCalls,
  poolDimensions,
} from '../domain/direct-spend.ts';
import { distinctDimensions } from '../domain/filter-match.ts';
import type { Dimension, Span, SpendAnswer, SpendQuery, SpendRow } from '../domain/spend.ts';
import { SOURCE_DIMENSION } from '../domain/tag-rules.ts';
import { UserError } from '../errors.ts';
import { sumCalls } from './allocate-call-sums.ts';
import type { AttributedLedger } from './attributed-ledger.ts';

/** The calls of the ledger as an allocation looks at them. */
export interface LedgerCalls {
  readonly dimensions: readonly Dimension[];
  readonly answer: SpendAnswer;
  /** Calls that their tags charge directly, over all dimensions. */
  readonly direct: readonly SpendRow[];
  /** Calls that some pool takes. */
  readonly taken: readonly SpendRow[];
  /** Whether the tags of a row are only inferred. */
  readonly isInferred: (row: SpendRow) => boolean;
  /** Calls that a pool takes, in a step of time. */
  readonly pooled: (pool: string, step: Required<Span>) => readonly SpendRow[];
  readonly directUse: (rule: RulePlan, step: Required<Span>) => readonly DirectUse[];
  readonly measured: (asked: AskedSignal, rule: RulePlan, step: Required<Span>) => Measured;
}

/** What the calls are asked with. */
export interface CallsOptions {
  readonly ask: (query: SpendQuery) => SpendAnswer;
  readonly ledger: AttributedLedger;
  readonly span: Required<Span>;
  readonly timeZone: string;
  /** What the answer will be by, beside what pools and rules need. */
  readonly by: readonly Dimension[];
  /** Whether some rule splits the span into several steps. */
  readonly inSteps: boolean;
}

/** Where a call's tags come from, asked for like a tag. */
const SOURCE: Dimension = { kind: 'tag', name: SOURCE_DIMENSION };

/** More dimensions than this cannot be asked for in one question. */
const MOST_DIMENSIONS = 8;

/** Opens the calls of a span: one question, so that whatever is charged directly or taken by a pool adds up to its total. */
export function openCalls(plan: AllocationPlan, options: CallsOptions): LedgerCalls {
  const { ask, ledger, span, timeZone, by, inSteps } = options;
  const taken = poolDimensions(plan.pools);
  const infers = ledger.infers([...by, ...taken, ...plan.rules.flatMap((rule) => rule.by)]);
  const dimensions = distinctDimensions([
    ...by,
    ...taken,
    ...plan.rules.flatMap((rule) => rule.by),
    ...(infers ? [SOURCE] : []),
  ]);
  if (dimensions.length > MOST_DIMENSIONS)
    throw new UserError(
      `--by, the rules' by: and the pools' spend: name ${dimensions.length} tags together, of which ${MOST_DIMENSIONS} can be told apart at once`,
      { hint: `They are ${dimensions.map(({ name }) => name).join(', ')}.` },
    );
  const question = { span, timeZone, where: [] };
  // Days are parts of weeks and months; a step that begins within a day begins with the span.
  const answer = ask({ ...question, by: dimensions, ...(inSteps ? { grain: 'day' } : {}) });
  const parted = partCalls(answer.rows, dimensions, plan.pools);
  const direct = rowsByStep(parted.direct, options);
  const pooled = new Map(
    [...parted.pooled].map(([pool, rows]) => [pool, rowsByStep(rows, options)]),
  );
  /** Calls that no pool takes, of a step and under other dimensions. */
  const untaken = <Row extends KeyedRow>(
    rows: readonly Row[],
    asked: readonly Dimension[],
  ): readonly Row[] => partCalls(rows, asked, plan.pools).direct;
  const countedBy = (rule: RulePlan, asked: AskedSignal, step: Required<Span>): Measured => {
    const { name, where } = asked;
    if (name === 'compute_time' || name === 'retries') {
      const by = distinctDimensions([...rule.by, ...(where.length === 0 ? taken : [])]);
      const rows = sumCalls(ledger, { span: step, by, where });
      return measuredTimes(name, where.length === 0 ? untaken(rows, by) : rows, by, rule);
    }
    if (name === 'runs' || name === 'steps') {
      const by = distinctDimensions([
        ...rule.by,
        ...(where.length === 0 ? taken : []),
        ...RUN_TAGS[name],
      ]);
      const { rows } = ask({ ...question, span: step, by, where });
      return measuredRuns(name, where.length === 0 ? untaken(rows, by) : rows, by, rule);
    }
    const rows =
      where.length === 0 ? direct(step) : ask({ ...question, span: step, by: rule.by, where }).rows;
    return measuredCounts(name, gathered(rows, where.length === 0 ? dimensions : rule.by, rule.by));
  };
  return {
    dimensions,
    answer,
    direct: parted.direct,
    isInferred: ({ key }) => infers && key[dimensions.indexOf(SOURCE)] === 'inferred',
    taken: [...parted.pooled.values()].flat(),
    pooled: (pool, step) => pooled.get(pool)?.(step) ?? [],
    directUse: (rule, step) =>
      gathered(direct(step), dimensions, rule.by).map(({ key, rows }) => ({
        key,
        cost: costOfRows(rows),
        requests: rows.reduce((sum, { requests }) => sum + requests, 0n),
      })),
    measured: (asked, rule, step) => countedBy(rule, asked, step),
  };
}

/** Rows by the step that they lie in: those of a day, or all of them where the span is one step of every rule. */
function rowsByStep(
  rows: readonly SpendRow[],
  { span, inSteps }: CallsOptions,
): (step: Required<Span>) => readonly SpendRow[] {
  if (!inSteps) return () => rows;
  const byDay = new Map<number, SpendRow[]>();
  for (const row of rows) {
    const time = Math.max(row.step ?? span.start, span.start);
    const present = byDay.get(time);
    if (present === undefined) byDay.set(time, [row]);
    else present.push(row);
  }
  return ({ start, end }) =>
    [...byDay].flatMap(([time, own]) => (time >= start && time < end ? own : []));
}
