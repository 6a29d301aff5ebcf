import { money, sum } from '../domain/money.ts';
import type { SpendRow } from '../domain/spend.ts';
import { counted, grouped } from '../domain/words.ts';
import { type Answer, type Cell, type Note, optionalText as text, type Table } from './answer.ts';
import { tokens } from './spend-rows.ts';

/** Something wrong in a card, with its place as text: `rates/openai.yaml:12:7`. */
export interface LintProblem {
  readonly severity: 'error' | 'warning';
  readonly place: string;
  readonly message: string;
}

/** What the ledger says about the cards: all usage by provider and model. */
export interface LedgerUsage {
  readonly ledger: string;
  readonly rows: readonly SpendRow[];
}

/** What was found wrong with rate cards, and how much of a ledger rests on them. */
export function ratesLintReport(
  problems: readonly LintProblem[],
  {
    files,
    overlays,
    models,
  }: { readonly files: number; readonly overlays: number; readonly models: number },
  usage: LedgerUsage | undefined,
): Answer {
  const count = (severity: LintProblem['severity']): number =>
    problems.filter((problem) => problem.severity === severity).length;
  const sides = usage === undefined ? undefined : coverage(usage.rows);
  return {
    schema: 'aicost.rates-lint/1',
    headline: `${counted(files, 'card')}, ${counted(models, 'model')}${overlays === 0 ? '' : `, ${counted(overlays, 'overlay')}`}: ${counted(count('error'), 'error')}, ${counted(count('warning'), 'warning')}`,
    facts: {
      files,
      overlays,
      models,
      errors: count('error'),
      warnings: count('warning'),
      ledger: usage?.ledger ?? null,
    },
    tables: [
      problemsTable(problems),
      ...(usage === undefined ? [] : [unpricedTable(usage.rows), weakTable(usage.rows)]),
    ].filter(({ name, rows }) => name === 'rows' || rows.length > 0),
    notes: usage === undefined || sides === undefined ? [] : ledgerNotes(usage.ledger, sides),
  };
}

function problemsTable(problems: readonly LintProblem[]): Table {
  return {
    name: 'rows',
    columns: [
      { key: 'severity', title: '', yields: 1 },
      { key: 'place', title: 'Where', yields: 0 },
      { key: 'message', title: 'What', yields: 0, wraps: true },
    ],
    rows: problems.map(({ severity, place, message }) => [
      text(severity),
      text(place),
      text(message),
    ]),
    empty: 'Nothing to mend.',
  };
}

interface Coverage {
  readonly requests: bigint;
  readonly unrated: bigint;
  readonly cost: bigint;
  readonly weak: bigint;
}

const coverage = (rows: readonly SpendRow[]): Coverage => ({
  requests: rows.reduce((total, row) => total + row.requests, 0n),
  unrated: rows.reduce((total, row) => total + row.unrated, 0n),
  cost: sum(rows.map(({ cost }) => cost)),
  weak: sum(rows.map(({ weaklyPriced }) => weaklyPriced)),
});

function* notesOf(ledger: string, { requests, unrated, cost, weak }: Coverage): Generator<Note> {
  if (requests === 0n) yield { code: 'ledger', message: `${ledger} holds no usage yet` };
  else if (unrated === 0n)
    yield { code: 'ledger', message: `every request of ${ledger} has a price` };
  else
    yield {
      code: 'unrated',
      message: `${grouped(unrated)} of ${counted(requests, 'request')} in ${ledger} without a price`,
    };
  if (cost > 0n)
    yield {
      code: 'weak',
      message:
        weak === 0n
          ? 'no spend rests on prices that are observed, single-source or disputed'
          : `${percent(weak, cost)} of its spend rests on prices that are observed, single-source or disputed`,
    };
}

const ledgerNotes = (ledger: string, sides: Coverage): readonly Note[] => [
  ...notesOf(ledger, sides),
];

/** A share with one decimal, cut and not rounded up to a whole that it is not. */
function percent(part: bigint, whole: bigint): string {
  const tenths = (part * 1000n) / whole;
  return `${tenths / 10n}.${tenths % 10n} %`;
}

/**
 * Models whose usage has no price. Without a price their cost is not known: their weight is told by
 * requests, by tokens, and by what the sources themselves said they cost, where they said so.
 */
function unpricedTable(rows: readonly SpendRow[]): Table {
  const unpriced = rows.filter(({ unrated }) => unrated > 0n);
  const all = {
    requests: rows.reduce((total, row) => total + row.requests, 0n),
    tokens: rows.reduce((total, row) => total + tokens(row), 0n),
    reported: sum(rows.map(({ reported }) => reported)),
  };
  return {
    name: 'unpriced_models',
    title: 'Models in the ledger without a price',
    columns: [
      ...NAMED,
      { key: 'unrated_requests', title: 'Unpriced', yields: 0 },
      { key: 'requests_share', title: 'Of requests', yields: 0 },
      { key: 'tokens', title: 'Tokens', yields: 3 },
      { key: 'tokens_share', title: 'Of tokens', yields: 0 },
      { key: 'reported_cost_usd', title: 'Reported cost', yields: 2 },
      { key: 'reported_share', title: 'Of reported', yields: 4 },
    ],
    rows: [...unpriced]
      .sort((a, b) => (a.unrated === b.unrated ? byName(a, b) : a.unrated > b.unrated ? -1 : 1))
      .map((row): readonly Cell[] => [
        ...names(row),
        { kind: 'count', value: row.unrated },
        { kind: 'share', part: row.unrated, whole: all.requests },
        // Tokens are counted by model: where part of them has a price, those without are not known.
        ...(row.rated > 0n
          ? [UNKNOWN, UNKNOWN]
          : [
              { kind: 'count' as const, value: tokens(row) },
              { kind: 'share' as const, part: tokens(row), whole: all.tokens },
            ]),
        row.reportedRequests === 0n
          ? { kind: 'unknown' }
          : {
              kind: 'money',
              value: row.reported,
              partial: row.reportedRequests < row.requests,
            },
        row.reportedRequests === 0n
          ? { kind: 'unknown' }
          : { kind: 'share', part: row.reported, whole: all.reported },
      ]),
  };
}

/** Models whose spend rests on prices that somebody should confirm, dearest first. */
function weakTable(rows: readonly SpendRow[]): Table {
  const cost = sum(rows.map((row) => row.cost));
  return {
    name: 'weak_models',
    title: 'Spend on prices that are observed, single-source or disputed',
    columns: [
      ...NAMED,
      { key: 'weak_cost_usd', title: 'Cost', yields: 0 },
      { key: 'cost_share', title: 'Of spend', yields: 0 },
    ],
    rows: rows
      .filter(({ weaklyPriced }) => weaklyPriced > 0n)
      .sort((a, b) =>
        a.weaklyPriced === b.weaklyPriced ? byName(a, b) : a.weaklyPriced > b.weaklyPriced ? -1 : 1,
      )
      .map((row): readonly Cell[] => [
        ...names(row),
        { kind: 'money', value: money(row.weaklyPriced) },
        { kind: 'share', part: row.weaklyPriced, whole: cost },
      ]),
  };
}

const UNKNOWN: Cell = { kind: 'unknown' };

const NAMED = [
  { key: 'provider', title: 'Provider', yields: 1 },
  { key: 'model', title: 'Model', yields: 0 },
];

const names = ({ key }: SpendRow): readonly Cell[] => [
  text(key[0] ?? undefined),
  text(key[1] ?? undefined),
];

const byName = (a: SpendRow, b: SpendRow): number => (a.key.join('\0') < b.key.join('\0') ? -1 : 1);
