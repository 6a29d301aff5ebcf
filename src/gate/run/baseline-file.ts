import { createHash } from 'node:crypto';
import { decimalText } from '../../domain/money.ts';
import type { PromptPlan } from '../../domain/prompt-plan.ts';
import type { CostedPrompt, MeasuredCase, PrefixEnd } from '../../prompts/costed-prompt.ts';
import type { TokenCount } from '../../prompts/counting/token-count.ts';
import type { Estimate } from '../../prompts/estimate-request.ts';
import type { Finding } from '../../prompts/finding.ts';

/** Name and version of the file that `aicost estimate --write-baseline` writes. */
export const BASELINE_SCHEMA = 'aicost.baseline/1';

/** The config that prompts were estimated by. */
export interface BaselineConfig {
  /** Path in the tree. */
  readonly path: string;
  readonly lines: readonly string[];
}

/** Lines of a text, whichever way git checked it out. */
export const linesOf = (text: string): readonly string[] => text.split(/\r?\n/);

/** What numbers of a baseline rest on besides its prompts. */
export interface BaselineFacts {
  /** Undefined where the tree has none. */
  readonly config: BaselineConfig | undefined;
  /** Digest of the prices in force, and version of the counting rules. */
  readonly prices: string;
  readonly rules: string;
}

/**
 * An estimate as text to commit: counts and sources, no text of a prompt. Sorted, one prompt a line, so that two
 * changes of different prompts touch different lines.
 */
export function baselineText(
  { prompts, planned, findings }: Estimate,
  plan: PromptPlan,
  { config, prices, rules }: BaselineFacts,
): string {
  const lines = prompts.map((prompt) => {
    const entry = planned.get(prompt.id)?.entry;
    return JSON.stringify(
      promptRecord(prompt, entry === undefined ? -1 : plan.entries.indexOf(entry)),
    );
  });
  const files = prompts.map(({ files: own }) => [...own]);
  return [
    '{',
    `"schema":${JSON.stringify(BASELINE_SCHEMA)},`,
    `"tree":${JSON.stringify(treeHash(config, files))},`,
    `"prices":${JSON.stringify(prices)},`,
    `"rules":${JSON.stringify(rules)},`,
    `"config":${config === undefined ? 'null' : configText(config)},`,
    `"findings":${JSON.stringify(findings.map(findingRecord))},`,
    `"prompts":[`,
    lines.join(',\n'),
    ']}',
    '',
  ].join('\n');
}

/** Names everything that decides a baseline's counts: the config and each file of each prompt, by its content. */
export const treeHash = (
  config: BaselineConfig | undefined,
  files: readonly (readonly (readonly [path: string, id: string])[])[],
): string =>
  createHash('sha256')
    .update(JSON.stringify([config?.path ?? null, config?.lines ?? [], files]))
    .digest('hex');

const configText = ({ path, lines }: BaselineConfig): string =>
  `{"path":${JSON.stringify(path)},"lines":[\n${lines.map((line) => JSON.stringify(line)).join(',\n')}]}`;

function promptRecord(prompt: CostedPrompt, entry: number) {
  const { id, path, line, format, model, files, inputs } = prompt;
  return {
    id,
    named_by: prompt.namedBy,
    path,
    line,
    format,
    entry: entry < 0 ? null : entry,
    model: model === undefined ? null : { ...model.value, from: model.from },
    reasoning_effort: prompt.reasoningEffort ?? null,
    max_output_tokens: inputs?.maxOutputTokens ?? null,
    cache_ttl: prompt.cacheTtl ?? null,
    counted: prompt.counted ?? '',
    files: [...files].map(([file, content]) => ({ path: file, id: content })),
    findings: prompt.findings.map(findingRecord),
    cases: (inputs?.cases ?? []).map(caseRecord),
  };
}

const findingRecord = ({ level, code, message }: Finding) => ({ level, code, message });

const caseRecord = (measured: MeasuredCase) => ({
  name: measured.name,
  weight: decimalText(measured.weight.digits, measured.weight.scale),
  more_at_p95: measured.moreAtP95,
  prefix_end: endRecord(measured.prefixEnd),
  tokens: countRecord(measured.tokens),
  prefix: countRecord(measured.prefix),
  parts: measured.parts.map(({ part, variable, source, tokens, prefix }) => ({
    part,
    variable: variable ?? null,
    source,
    tokens: countRecord(tokens),
    prefix: countRecord(prefix),
  })),
});

const endRecord = (end: PrefixEnd) => ({
  kind: end.kind,
  what: end.kind === 'variable' ? end.variable : end.kind === 'unresolved' ? end.what : null,
});

const countRecord = ({ tokens, low, high, source, note }: TokenCount) => ({
  tokens,
  low,
  high,
  source,
  note: note ?? null,
});
