import { counted } from '../../domain/words.ts';
import { cleanText } from '../../render/clean-text.ts';
import type { Comparison, DiffResult, GateFinding, GateLevel } from '../comparison-result.ts';
import type { DiffOutput } from './diff-output.ts';
import { failureLine, headline } from './sentences.ts';

/**
 * GitHub keeps ten annotations of a level for each step, so the worst nine are sent and one that sums up.
 * https://docs.github.com/en/actions/reference/limits (2026-11-21).
 */
const WORST = 9;

/** Workflow commands: annotations at the lines that cost more, worst first, and a last one that sums up. */
export const githubOutput: DiffOutput = (result) => {
  const lines =
    result.verdict === 'error'
      ? [
          command('error', result, 'Prompt cost not compared', [
            failureLine({ ...result, path: null, line: null }),
            ...(result.hint === null ? [] : [result.hint]),
          ]),
        ]
      : [...worst(result).map(annotation), summary(result)];
  return `${lines.join('\n')}\n`;
};

/** Findings that fit, of each level nine at most. */
function worst({ findings }: Comparison): readonly GateFinding[] {
  const sent = new Map<GateLevel, number>();
  return findings.filter(({ level }) => {
    const before = sent.get(level) ?? 0;
    sent.set(level, before + 1);
    return before < WORST;
  });
}

const annotation = (finding: GateFinding): string =>
  command(finding.level, finding, finding.waived ? 'Prompt cost (waived)' : 'Prompt cost', [
    finding.message,
  ]);

function summary(result: Comparison): string {
  const level =
    result.verdict === 'pass' ? 'notice' : result.verdict === 'warn' ? 'warning' : 'error';
  const found = counted(result.findings.length, 'finding');
  const nowhere = { path: null, line: null };
  return command(level, nowhere, 'Prompt cost', [`${headline(result)} (${found})`]);
}

function command(
  level: GateLevel,
  place: { readonly path: string | null; readonly line: number | null },
  title: string,
  lines: readonly string[],
): string {
  const properties = [
    ...(place.path === null ? [] : [`file=${property(place.path)}`]),
    ...(place.path === null || place.line === null ? [] : [`line=${place.line}`]),
    `title=${property(title)}`,
  ];
  return `::${level} ${properties.join(',')}::${data(lines.map(cleanText).join('\n'))}`;
}

// https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts says what has to be escaped (2026-11-21).
const data = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const property = (text: string): string =>
  data(cleanText(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** Lines for the file that `GITHUB_OUTPUT` names: what later steps may ask for. */
export function githubStepOutputs(result: DiffResult): string {
  const change = result.verdict === 'error' ? undefined : result.total;
  return [
    `verdict=${result.verdict}`,
    `delta_usd=${change?.delta_usd ?? ''}`,
    `delta_pct=${change?.delta_pct ?? ''}`,
    '',
  ].join('\n');
}
