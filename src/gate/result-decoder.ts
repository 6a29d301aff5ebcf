import { NUMBER_SOURCES } from '../domain/number-source.ts';
import { UserError } from '../errors.ts';
import {
  CAUSES,
  type ComparedTree,
  type Comparison,
  DIFF_SCHEMA,
  type DiffResult,
  type Failure,
  FINDING_LEVELS,
  GATE_VERDICTS,
  PROMPT_VERDICTS,
  STATUSES,
} from './comparison-result.ts';
import {
  type JsonSchema,
  decimal,
  flag,
  instant,
  listOf,
  numberOf,
  object,
  oneOf,
  orNull,
  type Shape,
  ShapeError,
  text,
  whole,
} from './json-shape.ts';

/** A saved result is never larger than this, in bytes: thousands of prompts fit. */
export const MOST_RESULT_BYTES = 32 * 1024 * 1024;

/**
 * Reads the JSON that `aicost diff --format json` wrote. The file may come from the job of a stranger's pull request,
 * so every value is checked. Throws UserError that names the file and the value.
 */
export function decodeResult(content: string, file: string): DiffResult {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (cause) {
    throw notAResult(file, `is no JSON: ${cause instanceof Error ? shortened(cause.message) : ''}`);
  }
  try {
    const { schema } = object({ schema: text })(value, '');
    if (schema !== DIFF_SCHEMA)
      throw new ShapeError(`schema: expected ${DIFF_SCHEMA}, found ${shortened(schema)}`);
    const { verdict } = object({ verdict: text })(value, '');
    return verdict === 'error' ? FAILURE(value, '') : COMPARISON(value, '');
  } catch (error) {
    if (error instanceof ShapeError) throw notAResult(file, error.message);
    throw error;
  }
}

const shortened = (words: string): string => words.split('\n')[0]?.slice(0, 200) ?? '';

const notAResult = (file: string, message: string): UserError =>
  new UserError(message, {
    origin: { file },
    hint: 'Write it with: aicost diff --format json=aicost.json',
  });

const CHANGE = object({
  base_usd: orNull(decimal),
  head_usd: orNull(decimal),
  delta_usd: orNull(decimal),
  delta_pct: orNull(decimal),
  at_least: flag,
});

const NUMBER = object({ value: decimal, source: oneOf(NUMBER_SOURCES), from: text });

const SIDE = object({
  provider: orNull(text),
  model: orNull(text),
  tokens_in: whole,
  tokens_low: whole,
  tokens_high: whole,
  tokens_source: oneOf(NUMBER_SOURCES),
  prefix_tokens: whole,
  cache_minimum: orNull(whole),
  calls_per_month: orNull(NUMBER),
  output_tokens: orNull(NUMBER),
  per_call_usd: orNull(decimal),
  per_call_p95_usd: orNull(decimal),
  monthly_usd: orNull(decimal),
  monthly_low_usd: orNull(decimal),
  monthly_high_usd: orNull(decimal),
  unknown: orNull(text),
});

const PROMPT = object({
  id: text,
  path: text,
  line: whole,
  base_path: orNull(text),
  workspace: orNull(text),
  owner: orNull(text),
  status: oneOf(STATUSES),
  base: orNull(SIDE),
  head: orNull(SIDE),
  change: CHANGE,
  causes: listOf(object({ cause: oneOf(CAUSES), detail: orNull(text), delta_usd: decimal })),
  changed_inputs: listOf(text),
  own_monthly_usd: orNull(decimal),
  assumptions_usd: orNull(decimal),
  prices_usd: orNull(decimal),
  verdict: oneOf(PROMPT_VERDICTS),
});

const FINDING = object({
  level: oneOf(FINDING_LEVELS),
  rule: text,
  message: text,
  prompt: orNull(text),
  path: orNull(text),
  line: orNull(whole),
  limit: orNull(text),
  waived: flag,
});

const WAIVER = object({
  prompt: text,
  up_to_usd: orNull(decimal),
  reason: text,
  by: orNull(text),
  expires: orNull(text),
  from: text,
  self_waived: flag,
});

const TREE: Shape<ComparedTree> = object({ name: text, commit: orNull(text) });

const COMPARISON: Shape<Comparison> = object({
  schema: oneOf([DIFF_SCHEMA]),
  verdict: oneOf(GATE_VERDICTS),
  code: numberOf([0, 1, 3]),
  id: text,
  valid_at: instant,
  base: orNull(TREE),
  head: TREE,
  how: text,
  prices: text,
  rules: text,
  policy: object({
    source: oneOf(['base', 'head']),
    mode: oneOf(['fail', 'warn']),
    message: orNull(text),
    limits: listOf(text),
  }),
  total: CHANGE,
  workspaces: listOf(object({ name: text, change: CHANGE })),
  prompts: listOf(PROMPT),
  apart: object({ assumptions_usd: decimal, prices_usd: decimal }),
  findings: listOf(FINDING),
  waivers: listOf(WAIVER),
});

const FAILURE: Shape<Failure> = object({
  schema: oneOf([DIFF_SCHEMA]),
  verdict: oneOf(['error']),
  code: numberOf([2, 3, 70]),
  id: text,
  valid_at: instant,
  message: text,
  hint: orNull(text),
  path: orNull(text),
  line: orNull(whole),
});

/** What a saved result looks like, for checks elsewhere; `aicost render --schema` prints it. */
export const RESULT_SCHEMA: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'aicost.diff-1.schema.json',
  title: 'What aicost diff found',
  description:
    'Written by aicost diff --format json. Money is exact decimal text in US dollars; null is not known. Keys may be added.',
  oneOf: [COMPARISON.schema, FAILURE.schema],
};
