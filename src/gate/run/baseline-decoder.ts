import { parseDecimal } from '../../domain/money.ts';
import { NUMBER_SOURCES } from '../../domain/number-source.ts';
import { ExitCode, UserError } from '../../errors.ts';
import { type MeasuredCase, PARTS, type PrefixEnd } from '../../prompts/costed-prompt.ts';
import { COUNT_SOURCES, type TokenCount } from '../../prompts/counting/token-count.ts';
import type { Finding } from '../../prompts/finding.ts';
import type { CountedPrompt } from '../../prompts/priced-prompt.ts';
import {
  count,
  decimal,
  listOf,
  object,
  oneOf,
  optional,
  orNull,
  type Shape,
  ShapeError,
  text,
} from '../json-shape.ts';
import { BASELINE_SCHEMA, type BaselineFacts, treeHash } from './baseline-file.ts';

/** A baseline as it was written down. */
export interface Baseline extends BaselineFacts {
  /** What was noticed of files that no prompt stands for. */
  readonly findings: readonly Finding[];
  /** Each id once. */
  readonly prompts: readonly BaselinePrompt[];
}

/** One prompt of a baseline. */
export interface BaselinePrompt {
  readonly namedBy: 'config' | 'file' | 'path';
  /** Which entry of the config speaks of it, from 0; null where none does. */
  readonly entry: number | null;
  readonly counted: CountedPrompt;
}

/** What makes a baseline anew. */
export const REWRITE = 'Write it anew on the base branch: aicost estimate --write-baseline';

/** Reads a baseline. Every value is checked. Throws UserError (3) that names the file and the value: nothing can be compared with it. */
export function decodeBaseline(content: string, file: string): Baseline {
  try {
    const value: unknown = JSON.parse(content);
    const { schema } = object({ schema: text })(value, '');
    if (schema !== BASELINE_SCHEMA)
      throw new ShapeError(`schema: expected ${BASELINE_SCHEMA}, found ${schema.slice(0, 40)}`);
    return baselineOf(FILE(value, ''));
  } catch (error) {
    if (!(error instanceof ShapeError || error instanceof SyntaxError)) throw error;
    const what =
      error instanceof SyntaxError ? `is no JSON: ${firstLine(error.message)}` : error.message;
    throw new UserError(what, { origin: { file }, hint: REWRITE, exitCode: ExitCode.undecided });
  }
}

const firstLine = (words: string): string => words.split('\n')[0]?.slice(0, 200) ?? '';

const COUNT = object({
  tokens: count,
  low: count,
  high: count,
  source: oneOf(COUNT_SOURCES),
  note: optional(text),
});

const CASE = object({
  name: text,
  weight: decimal,
  more_at_p95: count,
  prefix_end: object({
    kind: oneOf(['whole', 'variable', 'unresolved', 'breakpoint', 'not-asked']),
    what: orNull(text),
  }),
  tokens: COUNT,
  prefix: COUNT,
  parts: listOf(
    object({
      part: oneOf(PARTS),
      variable: orNull(text),
      source: oneOf(NUMBER_SOURCES),
      tokens: COUNT,
      prefix: COUNT,
    }),
  ),
});

const FINDINGS = listOf(
  object({ level: oneOf(['error', 'warning', 'notice']), code: text, message: text }),
);

const PROMPT = object({
  id: text,
  named_by: oneOf(['config', 'file', 'path']),
  path: text,
  line: count,
  format: text,
  entry: orNull(count),
  model: orNull(object({ provider: optional(text), model: text, from: text })),
  reasoning_effort: orNull(text),
  max_output_tokens: orNull(count),
  cache_ttl: orNull(text),
  counted: text,
  files: listOf(object({ path: text, id: text })),
  findings: FINDINGS,
  cases: listOf(CASE),
});

const FILE = object({
  schema: text,
  tree: text,
  prices: text,
  rules: text,
  config: orNull(object({ path: text, lines: listOf(text) })),
  findings: FINDINGS,
  prompts: listOf(PROMPT),
});

type Read<Of> = Of extends Shape<infer Value> ? Value : never;

function baselineOf({ tree, config, prompts, ...read }: Read<typeof FILE>): Baseline {
  const { prices, rules, findings } = read;
  const facts = { prices, rules, findings, config: config ?? undefined };
  const files = prompts.map((prompt) => prompt.files.map(({ path, id }) => [path, id] as const));
  if (tree !== treeHash(facts.config, files))
    throw new ShapeError(
      'tree: it does not fit the config and the files below it, as after a merge',
    );
  const ids = new Set<string>();
  return {
    ...facts,
    prompts: prompts.map((prompt, index) => {
      if (ids.has(prompt.id))
        throw new ShapeError(`prompts[${index}].id: "${prompt.id}" is there twice`);
      ids.add(prompt.id);
      return promptOf(prompt, `prompts[${index}]`);
    }),
  };
}

function promptOf(prompt: Read<typeof PROMPT>, at: string): BaselinePrompt {
  const { id, path, line, format, model } = prompt;

  return {
    namedBy: prompt.named_by,
    entry: prompt.entry,
    counted: {
      id,
      prompt: {
        path,
        line,
        format,
        ...(prompt.max_output_tokens === null ? {} : { maxOutputTokens: prompt.max_output_tokens }),
        ...(prompt.reasoning_effort === null ? {} : { reasoningEffort: prompt.reasoning_effort }),
      },
      counted: prompt.counted,
      cases: prompt.cases.map((each, index) => caseOf(each, `${at}.cases[${index}]`)),
      findings: prompt.findings,
      files: new Map(prompt.files.map((file) => [file.path, file.id])),
      ...(prompt.cache_ttl === null ? {} : { cacheTtl: prompt.cache_ttl }),
      ...(model === null
        ? {}
        : {
            model: {
              value: { provider: model.provider ?? undefined, model: model.model },
              source: 'declared' as const,
              from: model.from,
            },
          }),
    },
  };
}

function caseOf(each: Read<typeof CASE>, at: string): MeasuredCase {
  const weight = parseDecimal(each.weight);
  if (weight === undefined || weight.digits <= 0n)
    throw new ShapeError(`${at}.weight: expected a decimal above 0, found "${each.weight}"`);
  for (const field of ['tokens', 'prefix'] as const) {
    const sum = each.parts.reduce((total, part) => total + part[field].tokens, 0);
    if (sum !== each[field].tokens)
      throw new ShapeError(
        `${at}.${field}: ${each[field].tokens}, while its parts add up to ${sum}`,
      );
  }
  return {
    name: each.name,
    weight,
    moreAtP95: each.more_at_p95,
    prefixEnd: endOf(each.prefix_end),
    tokens: countOf(each.tokens, `${at}.tokens`),
    prefix: countOf(each.prefix, `${at}.prefix`),
    parts: each.parts.map(({ part, variable, source, tokens, prefix }, index) => ({
      part,
      source,
      tokens: countOf(tokens, `${at}.parts[${index}].tokens`),
      prefix: countOf(prefix, `${at}.parts[${index}].prefix`),
      ...(variable === null ? {} : { variable }),
    })),
  };
}

function endOf({ kind, what }: Read<typeof CASE>['prefix_end']): PrefixEnd {
  if (kind === 'variable') return { kind, variable: what ?? '' };
  return kind === 'unresolved' ? { kind, what: what ?? '' } : { kind };
}

function countOf({ note, ...read }: Read<typeof COUNT>, at: string): TokenCount {
  if (read.low > read.tokens || read.tokens > read.high)
    throw new ShapeError(`${at}: ${read.tokens} is not between ${read.low} and ${read.high}`);
  return { ...read, ...(note === null ? {} : { note }) };
}
