import { type Money, money, ZERO } from '../domain/money.ts';
import { counted } from '../domain/words.ts';
import type { BrokenBudget } from '../prompts/budget.ts';
import type { Amount, CostedPrompt } from '../prompts/costed-prompt.ts';
import type { Finding } from '../prompts/finding.ts';
import { type Answer, type Cell, type Column, optionalText as text, type Table } from './answer.ts';
import {
  amountCell,
  assumptionsBehind,
  countCell,
  decimalCell,
  endCell,
  sourceOf,
  tokensCell,
} from './estimate-cells.ts';
import { estimateNotes } from './estimate-notes.ts';
import { whyTables } from './estimate-why.ts';

/** What was estimated, and what the reader has to know of it. */
export interface EstimateFacts {
  /** Name of the tree: `working tree`. */
  readonly tree: string;
  /** The config that was followed; absent without one. */
  readonly config?: string;
  /** Newest day on which one of the rate cards was checked, and of the counting rules. */
  readonly pricesAsOf: string;
  readonly rulesAsOf: string;
  /** Day whose prices hold, where that is not today. */
  readonly pricesOf?: string;
  /** Several models are compared: rows are alternatives and have no sum. */
  readonly compared: boolean;
  readonly why: boolean;
}

/** What prompts cost: a row each, or one for each model that is compared. */
export function estimateReport(
  prompts: readonly CostedPrompt[],
  findings: readonly Finding[],
  budgets: readonly BrokenBudget[],
  facts: EstimateFacts,
): Answer {
  const all = distinct([...findings, ...prompts.flatMap((prompt) => prompt.findings)]);
  return {
    schema: 'aicost.estimate/1',
    headline: `${counted(new Set(prompts.map(({ id }) => id)).size, 'prompt')} of the ${facts.tree}, cost before they run`,
    facts: {
      currency: 'USD',
      tree: facts.tree,
      config: facts.config ?? null,
      rate_card: { as_of: facts.pricesAsOf, prices_of: facts.pricesOf ?? null },
      counting_rules: { as_of: facts.rulesAsOf },
    },
    tables: [
      mainTable(prompts, facts, findings.some(isMissing)),
      ...(facts.compared ? [modelTable(prompts)] : []),
      ...(facts.why ? whyTables(prompts) : []),
      ...(budgets.length === 0 ? [] : [budgetTable(budgets)]),
      ...(all.length === 0 ? [] : [findingTable(all)]),
    ],
    notes: estimateNotes(prompts),
  };
}

const PROGRAMS = { only: 'programs', yields: 9 } as const;

const COLUMNS: readonly Column[] = [
  { key: 'prompt', title: 'Prompt', yields: 0 },
  { key: 'model', title: 'Model', yields: 5 },
  { key: 'provider', title: 'Provider', ...PROGRAMS },
  { key: 'tokens_in', title: 'Tokens in', yields: 4 },
  { key: 'tokens_low', title: '', ...PROGRAMS },
  { key: 'tokens_high', title: '', ...PROGRAMS },
  { key: 'tokens_source', title: '', ...PROGRAMS },
  { key: 'output_tokens', title: '', ...PROGRAMS },
  { key: 'output_source', title: '', ...PROGRAMS },
  { key: 'calls_per_month', title: '', ...PROGRAMS },
  { key: 'calls_source', title: '', ...PROGRAMS },
  { key: 'prefix_tokens', title: '', ...PROGRAMS },
  { key: 'cached_tokens', title: '', ...PROGRAMS },
  { key: 'hit_ratio', title: '', ...PROGRAMS },
  { key: 'hit_ratio_source', title: '', ...PROGRAMS },
  { key: 'cost_per_call_usd', title: 'Per call', yields: 3 },
  { key: 'cost_per_call_p95_usd', title: '', ...PROGRAMS },
  { key: 'cost_per_month_usd', title: 'Per month', yields: 0 },
  { key: 'cost_per_month_low_usd', title: '', ...PROGRAMS },
  { key: 'cost_per_month_high_usd', title: '', ...PROGRAMS },
  { key: 'cost_bound', title: '', ...PROGRAMS },
  { key: 'unknown', title: '', ...PROGRAMS },
  { key: 'path', title: '', ...PROGRAMS },
  { key: 'line', title: '', ...PROGRAMS },
  { key: 'format', title: '', ...PROGRAMS },
  { key: 'workspace', title: '', ...PROGRAMS },
  { key: 'owner', title: '', ...PROGRAMS },
];

/** A file that no prompt of the table stands for: what it costs is missing from every sum. */
const isMissing = ({ level }: Finding): boolean => level === 'error';

function mainTable(
  prompts: readonly CostedPrompt[],
  { compared }: EstimateFacts,
  missing: boolean,
): Table {
  return {
    name: 'rows',
    columns: compared
      ? COLUMNS.map((column) => (column.key === 'model' ? { ...column, yields: 0 } : column))
      : COLUMNS,
    rows: prompts.map(rowOf),
    ...(compared ? {} : { totals: totalsOf(prompts, missing) }),
    empty: 'No prompt.',
  };
}

function rowOf(prompt: CostedPrompt): readonly Cell[] {
  const { cost, tokens, inputs, model, atLeast } = prompt;
  const { output, callsPerMonth } = inputs?.assumptions ?? {};
  const prefix = heaviestPrefix(prompt);
  const marks = (span: 'call' | 'month') => ({
    assumed: assumptionsBehind(prompt, span).length > 0,
    atLeast,
  });
  return [
    text(prompt.id),
    model === undefined ? { kind: 'unknown', asks: true } : text(model.value.model),
    text(prompt.prices?.provider ?? model?.value.provider),
    tokensCell(tokens),
    countCell(tokens?.low),
    countCell(tokens?.high),
    text(tokens?.source ?? 'unknown'),
    decimalCell(output?.value.mean),
    text(sourceOf(output)),
    decimalCell(callsPerMonth?.value),
    text(sourceOf(callsPerMonth)),
    countCell(prefix),
    countCell(cost.cache.cachedTokens),
    decimalCell(cost.cache.hitRatio?.value),
    text(sourceOf(cost.cache.hitRatio)),
    amountCell(cost.perCall, marks('call')),
    endCell(cost.perCallP95, 'high'),
    amountCell(cost.perMonth, marks('month')),
    endCell(cost.perMonth, 'low'),
    endCell(cost.perMonth, 'high'),
    text(boundOf(prompt)),
    text(cost.perMonth.kind === 'unknown' ? cost.perMonth.why : undefined),
    text(prompt.path),
    countCell(prompt.line),
    text(prompt.format),
    text(prompt.workspace),
    text(prompt.owner),
  ];
}

/** How the monthly cost is to be read: `exact`, `estimated`, `at-least`; nothing where it is not known. */
function boundOf({ cost: { perMonth }, atLeast }: CostedPrompt): string | undefined {
  if (perMonth.kind === 'unknown') return undefined;
  if (atLeast) return 'at-least';
  return perMonth.low === perMonth.high ? 'exact' : 'estimated';
}

/** Stable tokens of the longest case; `undefined` where nothing was counted. */
function heaviestPrefix({ inputs }: CostedPrompt): number | undefined {
  const prefixes = inputs?.cases.map(({ prefix }) => prefix.tokens) ?? [];
  return prefixes.length === 0 ? undefined : Math.max(...prefixes);
}

/** What is known of a sum: at least the sum of what is known, and nothing where nothing is. */
function sumOf(prompts: readonly CostedPrompt[]): {
  readonly amount: Amount;
  readonly atLeast: boolean;
  readonly assumed: boolean;
} {
  let [value, low, high]: [Money, Money, Money] = [ZERO, ZERO, ZERO];
  let known = 0;
  for (const { cost } of prompts) {
    if (cost.perMonth.kind === 'unknown') continue;
    known += 1;
    value = money(value + cost.perMonth.value);
    low = money(low + cost.perMonth.low);
    high = money(high + cost.perMonth.high);
  }
  return {
    amount:
      known === 0 && prompts.length > 0
        ? { kind: 'unknown', why: 'no prompt has a known cost' }
        : { kind: 'known', value, low, high },
    atLeast: known < prompts.length || prompts.some(({ atLeast }) => atLeast),
    assumed: prompts.some((prompt) => assumptionsBehind(prompt, 'month').length > 0),
  };
}

function totalsOf(prompts: readonly CostedPrompt[], missing: boolean): readonly Cell[] {
  const known = sumOf(prompts);
  const sum = { ...known, atLeast: known.atLeast || missing };
  const cells: Readonly<Record<string, Cell>> = {
    prompt: text('Total'),
    cost_per_month_usd: amountCell(sum.amount, sum),
    cost_per_month_low_usd: endCell(sum.amount, 'low'),
    cost_per_month_high_usd: endCell(sum.amount, 'high'),
  };
  return COLUMNS.map(({ key }) => cells[key] ?? { kind: 'absent', label: '' });
}

/** Sums by model, for choosing one. */
function modelTable(prompts: readonly CostedPrompt[]): Table {
  const models = [...new Set(prompts.map(({ model }) => model?.value.model ?? ''))];
  return {
    name: 'models',
    title: 'All prompts by model',
    columns: [
      { key: 'model', title: 'Model', yields: 0 },
      { key: 'prompts', title: 'Prompts', yields: 3 },
      { key: 'cost_per_month_usd', title: 'Per month', yields: 0 },
    ],
    rows: models.map((name) => {
      const of = prompts.filter(({ model }) => (model?.value.model ?? '') === name);
      const sum = sumOf(of);
      return [text(name), countCell(of.length), amountCell(sum.amount, sum)];
    }),
  };
}

function budgetTable(budgets: readonly BrokenBudget[]): Table {
  const cell = (amount: BrokenBudget['allowed']): Cell =>
    amount.kind === 'usd'
      ? { kind: 'money', value: amount.value }
      : { kind: 'count', value: BigInt(amount.value) };
  return {
    name: 'over_budget',
    title: 'Over budget',
    columns: [
      { key: 'prompt', title: 'Prompt', yields: 0 },
      { key: 'limit', title: 'Limit', yields: 0, whole: true },
      { key: 'allowed', title: 'Allowed', yields: 0 },
      { key: 'found', title: 'Is', yields: 0 },
      { key: 'message', title: 'What to do', yields: 0, wraps: true },
      { key: 'where', title: 'Where', yields: 3 },
    ],
    rows: budgets.map(({ prompt, limit, allowed, found, message, origin }) => [
      text(prompt),
      text(limit),
      cell(allowed),
      cell(found),
      text(message),
      text(placeOf(origin)),
    ]),
  };
}

const placeOf = ({ file, line }: { readonly file: string; readonly line?: number }): string =>
  line === undefined ? file : `${file}:${line}`;

/** Every finding once: models that are compared share most of theirs. */
const distinct = (findings: readonly Finding[]): readonly Finding[] => [
  ...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values(),
];

function findingTable(findings: readonly Finding[]): Table {
  const order = ['error', 'warning', 'notice'];
  const sorted = [...findings].sort(
    (one, other) => order.indexOf(one.level) - order.indexOf(other.level),
  );
  return {
    name: 'findings',
    title: 'What to know of them',
    columns: [
      { key: 'level', title: 'Level', yields: 2, whole: true },
      { key: 'code', title: '', ...PROGRAMS },
      { key: 'where', title: 'Where', yields: 0, wraps: true },
      { key: 'message', title: 'What', yields: 0, wraps: true },
    ],
    rows: sorted.map(({ level, code, message, origin }) => [
      text(level),
      text(code),
      text(origin === undefined ? undefined : placeOf(origin)),
      text(message),
    ]),
  };
}
