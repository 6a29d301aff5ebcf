import type { Share } from '../domain/allocation-shares.ts';
import type { ChargebackRow } from '../domain/chargeback.ts';
import { type Money, sum } from '../domain/money.ts';
import { spanText } from '../domain/period.ts';
import { utcText } from '../domain/utc-time.ts';
import { counted } from '../domain/words.ts';
import type { RulePlan } from '../domain/allocation-plan.ts';
import {
  askedFacts,
  type Chargeback,
  type ChargebackOptions,
  headlineEnd,
  rowLabel,
  together,
} from './allocate-report.ts';
import { quantityText } from './allocate-records.ts';
import type { Answer, Cell, Table } from './answer.ts';

/** A part of what a pool costs, and where it was read. */
export interface PoolEvidence {
  readonly pool: string;
  readonly what: string;
  /** `undefined` for calls of the ledger. */
  readonly place: string | undefined;
  readonly cost: Money;
}

/** Most lines of evidence that are shown; more are counted. */
const MOST_LINES = 40;

/**
 * How rows of a chargeback came about: every share with its rule and weights, and what the money of its pools is.
 * `asked` are the words that asked for them.
 */
export function explainRows(
  rows: readonly ChargebackRow[],
  asked: string,
  { allocation }: Chargeback,
  options: ChargebackOptions,
  evidence: readonly PoolEvidence[],
  shown: (path: string) => string,
): Answer {
  const row = together(rows);
  const pools = new Set(row.shares.map(({ of }) => of.name));
  const loads = allocation.loads.filter(({ of, to }) =>
    row.shares.some((share) => share.of.name === of.name && share.via === to.name),
  );
  const rules = new Set(row.shares.flatMap(({ rule }) => rule ?? []));
  const backing = evidence.filter(({ pool }) => pools.has(pool));
  return {
    schema: 'aicost.allocation-explained/1',
    headline: `${asked}, ${headlineEnd(options)}`,
    facts: { ...askedFacts(options), explained: asked },
    tables: [
      shareTable(rows, options),
      ...(loads.length === 0 ? [] : [loadTable(loads, options.timeZone)]),
      poolTable(backing),
      ruleTable([...rules, ...loads.map(({ rule }) => rule)], shown),
    ],
    notes:
      backing.length > MOST_LINES
        ? [
            {
              code: 'limited',
              message: `${counted(backing.length - MOST_LINES, 'more line')} of cost not shown`,
            },
          ]
        : [],
  };
}

const text = (value: string): Cell => ({ kind: 'text', value });

/** Who is explained, in the words that ask for it. */
export const explainedName = (row: ChargebackRow, { by }: ChargebackOptions): string =>
  row.kind === 'consumer'
    ? by.map((dimension, index) => `${dimension.name}=${row.key[index] ?? ''}`).join(', ')
    : rowLabel(row);

/** A word of a command line as a shell reads it back; a * in a value would stand for any text. */
const quoted = (word: string): string =>
  /^[\w.@:/=+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** The command that shows the calls behind direct spend. */
function reportLine(row: ChargebackRow, options: ChargebackOptions): string {
  const where = options.by.map(
    ({ name }, index) => `--where ${quoted(`${name}=${row.key[index] ?? ''}`)}`,
  );
  const { span, timeZone, cost } = options;
  return [
    'aicost report',
    ...where,
    `--since ${utcText(span.start)} --until ${utcText(span.end)}`,
    `--timezone ${timeZone} --cost ${cost}`,
  ].join(' ');
}

/** The calls of a row and every share of a pool, which add up to it. */
const shareTable = (rows: readonly ChargebackRow[], options: ChargebackOptions): Table => ({
  name: 'rows',
  columns: [
    { key: 'what', title: 'What', yields: 0 },
    { key: 'via', title: 'Via', yields: 5 },
    { key: 'period', title: 'Period', yields: 8 },
    { key: 'rule', title: 'Rule', yields: 7 },
    { key: 'quantity', title: 'Quantity', yields: 2 },
    { key: 'unit', title: 'Unit', yields: 3 },
    { key: 'ratio', title: 'Ratio', yields: 4 },
    { key: 'amount_usd', title: 'Amount', yields: 0 },
    { key: 'from', title: 'From', yields: 1, wraps: true },
  ],
  rows: rows.flatMap((row) => [
    ...callLine(row, options),
    ...row.shares.map((share) => shareLine(share, options.timeZone)),
  ]),
  totals: [
    text('Total'),
    ...Array.from({ length: 6 }, () => text('')),
    { kind: 'exact-money', value: together(rows).total },
    text(''),
  ],
});

/** Calls that a row is charged for directly; rows that stand for no tags have none. */
const callLine = (row: ChargebackRow, options: ChargebackOptions): readonly (readonly Cell[])[] =>
  row.kind === 'consumer' || row.kind === 'untagged'
    ? [
        [
          text('calls'),
          text(''),
          text(spanText(options.span, options.timeZone)),
          text(''),
          text(row.requests.toString()),
          text('Requests'),
          UNKNOWN,
          { kind: 'exact-money', value: row.direct },
          text(reportLine(row, options)),
        ],
      ]
    : [];

const UNKNOWN: Cell = { kind: 'unknown' };

function shareLine(share: Share, timeZone: string): readonly Cell[] {
  const { of, via, rule, step, unit, quantity, weight, weights, amount, places } = share;
  return [
    text(of.name),
    text(via ?? ''),
    text(spanText(step, timeZone)),
    text(rule?.name ?? ''),
    quantity === undefined ? UNKNOWN : text(quantityText(quantity)),
    text(unit ?? ''),
    { kind: 'share', part: weight, whole: weights },
    { kind: 'exact-money', value: amount },
    text(places.join(', ')),
  ];
}

/** The rules behind the shares, with where they stand and what they rest on. */
const ruleTable = (rules: readonly RulePlan[], shown: (path: string) => string): Table => ({
  name: 'rules',
  title: 'The rules that split them',
  columns: [
    { key: 'rule', title: 'Rule', yields: 0, whole: true },
    { key: 'pool', title: 'Pool', yields: 6 },
    { key: 'method', title: 'Method', yields: 7 },
    { key: 'owner', title: 'Owner', yields: 3, whole: true },
    { key: 'last_reviewed', title: 'Reviewed', yields: 5, whole: true },
    { key: 'place', title: 'Where', yields: 0, whole: true },
    { key: 'evidence', title: 'Evidence', yields: 0, wraps: true },
  ],
  rows: [...new Set(rules)].map((rule) =>
    [
      rule.name,
      rule.pool,
      rule.method.kind,
      rule.owner,
      utcText(rule.lastReviewed),
      `${shown(rule.origin.file)}:${rule.origin.line ?? 1}`,
      rule.evidence.join(', '),
    ].map(text),
  ),
  empty: 'No rule has a part in it.',
});

const loadTable = (loads: Chargeback['allocation']['loads'], timeZone: string): Table => ({
  name: 'loads',
  title: 'Overhead that its pools have to carry',
  columns: [
    { key: 'pool', title: 'Overhead', yields: 0 },
    { key: 'to_pool', title: 'Onto', yields: 0 },
    { key: 'period', title: 'Period', yields: 3 },
    { key: 'rule', title: 'Rule', yields: 2 },
    { key: 'ratio', title: 'Ratio', yields: 1 },
    { key: 'amount_usd', title: 'Amount', yields: 0 },
  ],
  rows: loads.map(({ of, to, step, rule, weight, weights, amount }) => [
    text(of.name),
    text(to.name),
    text(spanText(step, timeZone)),
    text(rule.name),
    { kind: 'share', part: weight, whole: weights },
    { kind: 'exact-money', value: amount },
  ]),
});

const poolTable = (lines: readonly PoolEvidence[]): Table => ({
  name: 'pools',
  title: 'What its pools cost',
  columns: [
    { key: 'pool', title: 'Pool', yields: 0 },
    { key: 'what', title: 'What', yields: 1, wraps: true },
    { key: 'place', title: 'Where', yields: 0 },
    { key: 'cost_usd', title: 'Cost', yields: 0 },
  ],
  rows: lines
    .slice(0, MOST_LINES)
    .map(({ pool, what, place, cost }) => [
      text(pool),
      text(what),
      place === undefined ? { kind: 'unknown' } : text(place),
      { kind: 'exact-money', value: cost },
    ]),
  totals: [
    text('Total'),
    text(''),
    text(''),
    { kind: 'exact-money', value: sum(lines.map(({ cost }) => cost)) },
  ],
  empty: 'No pool has a part in it.',
});
