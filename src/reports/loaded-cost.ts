import { COST_PARTS, type CostPart } from '../domain/allocation-plan.ts';
import { type ChargebackRow, costByPart } from '../domain/chargeback.ts';
import type { Dimension } from '../domain/spend.ts';
import { divideHalfEven, type Money, money, sum, ZERO } from '../domain/money.ts';
import {
  allocateReport,
  askedFacts,
  type Chargeback,
  type ChargebackOptions,
  headlineEnd,
  nameCells,
  nameColumns,
  partsOf,
  totalNames,
} from './allocate-report.ts';
import type { Answer, Cell, Table } from './answer.ts';

/** The fully loaded cost of an inference: five parts that add up, by request and by a thousand, whole and by consumer. */
export function loadedCostReport(found: Chargeback, options: ChargebackOptions): Answer {
  const requests = found.rows.reduce((all, row) => all + row.requests, 0n);
  const { notes } = allocateReport(found, options);
  return {
    schema: 'aicost.loaded-inference/1',
    headline: `Fully loaded cost per inference, ${headlineEnd(options)}`,
    facts: { ...askedFacts(options), requests: Number(requests) },
    tables: [partTable(found, requests), consumerTable(found, options.by, requests)],
    notes,
  };
}

function partTable(found: Chargeback, requests: bigint): Table {
  const total = totalOf(found);
  const parts = partsOf(found.rows);
  const recorded = recordedParts(found);
  const costs = (amount: Money): readonly Cell[] => [
    { kind: 'money', value: amount },
    per(amount, requests, 1n),
    per(amount, requests, 1000n),
    total > 0n ? { kind: 'share', part: amount, whole: total } : UNKNOWN,
  ];
  const none: readonly Cell[] = [
    { kind: 'absent', label: 'none recorded' },
    UNKNOWN,
    UNKNOWN,
    UNKNOWN,
  ];
  return {
    name: 'parts',
    columns: [
      { key: 'part', title: 'Part', yields: 0 },
      { key: 'cost_usd', title: 'Cost', yields: 0 },
      { key: 'cost_per_request_usd', title: '$/request', yields: 1 },
      { key: 'cost_per_1k_requests_usd', title: '$/1,000', yields: 2 },
      { key: 'cost_share', title: 'Share', yields: 3 },
      { key: 'recorded', title: 'Recorded', yields: 9, only: 'programs' },
    ],
    rows: COST_PARTS.map((part) => [
      text(part),
      ...(recorded.has(part) ? costs(parts.get(part) ?? ZERO) : none),
      text(recorded.has(part) ? 'yes' : 'none recorded'),
    ]),
    totals: [text('Total'), ...costs(total), text('')],
  };
}

function consumerTable(found: Chargeback, by: readonly Dimension[], requests: bigint): Table {
  const recorded = recordedParts(found);
  const amounts = (
    parts: ReadonlyMap<CostPart, Money>,
    total: Money,
    calls: bigint,
  ): readonly Cell[] => [
    ...byPart(parts, recorded),
    { kind: 'money', value: total },
    { kind: 'count', value: calls },
    per(total, calls, 1n),
  ];
  return {
    name: 'rows',
    title: `By ${by.map(({ name }) => name).join(', ')}`,
    columns: [
      ...nameColumns(by),
      ...COST_PARTS.map((part, index) => ({
        key: `${part}_usd`,
        title: part.charAt(0).toUpperCase() + part.slice(1),
        yields: 4 + index,
      })),
      { key: 'total_usd', title: 'Total', yields: 0 },
      { key: 'requests', title: 'Requests', yields: 2 },
      { key: 'cost_per_request_usd', title: '$/request', yields: 1 },
      { key: 'kind', title: 'Kind', yields: 9, only: 'programs' },
    ],
    rows: found.rows.map((row) => [
      ...nameCells(row, by),
      ...amounts(costByPart(row), row.total, row.requests),
      text(row.kind),
    ]),
    totals: [
      ...totalNames(by),
      ...amounts(partsOf(found.rows), totalOf(found), requests),
      text(''),
    ],
  };
}

const totalOf = ({ rows }: Chargeback): Money => sum(rows.map((row) => row.total));
const text = (value: string): Cell => ({ kind: 'text', value });
const UNKNOWN: Cell = { kind: 'unknown' };

const byPart = (
  parts: ReadonlyMap<CostPart, Money>,
  recorded: ReadonlySet<CostPart>,
): readonly Cell[] =>
  COST_PARTS.map((part) =>
    recorded.has(part) ? { kind: 'money', value: parts.get(part) ?? ZERO } : UNKNOWN,
  );

/** Parts that anything in the period says something of: a pool with a cost, or calls for the models. */
function recordedParts({ rows, pools, allocation }: Chargeback): ReadonlySet<CostPart> {
  const found = new Set(
    pools
      .filter(({ name }) => (allocation.costs.get(name) ?? ZERO) !== ZERO)
      .map(({ part }) => part),
  );
  if (rows.some((row: ChargebackRow) => row.requests > 0n || row.direct !== ZERO))
    found.add('model');
  return found;
}

const per = (amount: Money, requests: bigint, times: bigint): Cell =>
  requests === 0n
    ? UNKNOWN
    : { kind: 'money', value: money(divideHalfEven(amount * times, requests)) };
