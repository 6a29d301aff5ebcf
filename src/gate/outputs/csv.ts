import { parseMoney } from '../../domain/money.ts';
import type { Cell, Column } from '../../reports/answer.ts';
import { renderCsv } from '../../render/csv.ts';
import type { DiffResult, PromptChange, Side, Usd } from '../comparison-result.ts';
import type { DiffOutput } from './diff-output.ts';
import { whyText } from './sentences.ts';

/** Every prompt of either tree, a line each, with exact amounts. A failed comparison has a header and no line. */
export const csvOutput: DiffOutput = (result, options) =>
  renderCsv(
    {
      schema: 'aicost.diff/1',
      facts: {},
      tables: [{ name: 'rows', columns: COLUMNS, rows: promptsOf(result).map(row) }],
      notes: [],
    },
    options,
  );

const promptsOf = (result: DiffResult): readonly PromptChange[] =>
  result.verdict === 'error' ? [] : result.prompts;

const COLUMNS: readonly Column[] = [
  'prompt',
  'path',
  'base_path',
  'workspace',
  'status',
  'verdict',
  'base_model',
  'head_model',
  'base_tokens_in',
  'head_tokens_in',
  'base_usd',
  'head_usd',
  'delta_usd',
  'assumptions_usd',
  'prices_usd',
  'own_monthly_usd',
  'why',
].map((key) => ({ key, title: key, yields: 0 }));

const row = (prompt: PromptChange): readonly Cell[] => [
  text(prompt.id),
  text(prompt.path),
  text(prompt.base_path),
  text(prompt.workspace),
  text(prompt.status),
  text(prompt.verdict),
  text(prompt.base?.model ?? null),
  text(prompt.head?.model ?? null),
  tokens(prompt.base),
  tokens(prompt.head),
  usd(prompt.change.base_usd),
  usd(prompt.change.head_usd),
  usd(prompt.change.delta_usd),
  usd(prompt.assumptions_usd),
  usd(prompt.prices_usd),
  usd(prompt.own_monthly_usd),
  text(whyText(prompt)),
];

const text = (value: string | null): Cell =>
  value === null ? { kind: 'absent', label: '' } : { kind: 'text', value };

const tokens = (side: Side | null): Cell =>
  side === null || side.tokens_source === 'unknown'
    ? { kind: 'unknown' }
    : { kind: 'count', value: BigInt(side.tokens_in) };

const usd = (amount: Usd | null): Cell => {
  const value = amount === null ? undefined : parseMoney(amount);
  return value === undefined ? { kind: 'unknown' } : { kind: 'exact-money', value };
};
