import { appendFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { nearest } from '../domain/nearest.ts';
import { UserError } from '../errors.ts';
import type { DiffResult } from '../gate/comparison-result.ts';
import { DIFF_FORMATS, type DiffFormat, loadDiffOutput } from '../gate/diff-formats.ts';
import type { Runtime } from '../runtime.ts';
import { screenOf } from './print-answer.ts';

/** One `--format`: to a file, or to stdout. */
export interface FormatFlag {
  readonly format: DiffFormat;
  readonly file?: string;
}

/** Flags of withFormats. */
export interface FormatFlags {
  readonly format?: readonly FormatFlag[];
  readonly color?: boolean;
  readonly quiet?: boolean;
}

/** Adds the flags that choose outputs of a comparison. */
export const withFormats = (command: Command): Command =>
  command
    .optionsGroup('Output:')
    .option(
      '--format <name[=file]>',
      `${DIFF_FORMATS.join(', ')}; repeatable (default: table)`,
      parseFormat,
    )
    .option('--quiet', 'no notes on stderr')
    .option('--no-color', 'no colours (NO_COLOR does the same)');

/** Collects `--format NAME[=FILE]`. Throws InvalidArgumentError. */
function parseFormat(text: string, before: readonly FormatFlag[] = []): readonly FormatFlag[] {
  const at = text.indexOf('=');
  const name = at < 0 ? text : text.slice(0, at);
  const format = DIFF_FORMATS.find((known) => known === name);
  if (format === undefined) {
    const close = nearest(name, DIFF_FORMATS);
    throw new InvalidArgumentError(
      `expected one of ${DIFF_FORMATS.join(', ')}${close === undefined ? '' : `; did you mean ${close}?`}`,
    );
  }
  if (at < 0) return [...before, { format }];
  const file = text.slice(at + 1);
  if (file === '') throw new InvalidArgumentError('expected a file after "=".');
  return [...before, { format, file }];
}

/** Writes a result in every format that was asked for. Throws UserError when a file cannot be written. */
export async function writeResult(
  result: DiffResult,
  { format: formats = [{ format: 'table' }], color }: FormatFlags,
  runtime: Runtime,
): Promise<void> {
  const screen = screenOf(runtime, color === undefined ? {} : { color });
  for (const { format, file } of formats) {
    const output = await loadDiffOutput(format);
    if (file === undefined) runtime.out(asLog(format, output(result, screen), runtime));
    else writeTo(runtime, file, output(result, { ...screen, color: false }));
    if (format === 'github') await writeGithubFiles(result, runtime);
  }
}

/**
 * Text as the log of a job may have it. GitHub's runner obeys lines that begin with `::`, spaces before it or not, and
 * `##[`; what a stranger named a prompt must not become such a line. Programs read JSON, which has none.
 */
function asLog(format: DiffFormat, text: string, { env }: Runtime): string {
  if (env['GITHUB_ACTIONS'] !== 'true' || !READ_BY_PEOPLE.has(format)) return text;
  return text.replace(/^(\s*):(?=:)/gm, '$1: ').replaceAll('##[', '# #[');
}

const READ_BY_PEOPLE: ReadonlySet<DiffFormat> = new Set(['table', 'md', 'csv', 'junit']);

/** What GitHub shows on the page of a run, and what later steps may ask for: files that the runner names. */
async function writeGithubFiles(result: DiffResult, runtime: Runtime): Promise<void> {
  const { GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: outputs } = runtime.env;
  if (summary !== undefined && summary !== '') {
    const [{ mdOutput }, screen] = [
      await import('../gate/outputs/md.ts'),
      screenOf(runtime, { color: false }),
    ];
    append(runtime, summary, mdOutput(result, screen));
  }
  if (outputs !== undefined && outputs !== '') {
    const { githubStepOutputs } = await import('../gate/outputs/github.ts');
    append(runtime, outputs, githubStepOutputs(result));
  }
}

function writeTo({ cwd }: Runtime, file: string, text: string): void {
  try {
    writeFileSync(resolve(cwd, file), text);
  } catch (cause) {
    throw cannotWrite(file, cause);
  }
}

function append({ cwd }: Runtime, file: string, text: string): void {
  try {
    appendFileSync(resolve(cwd, file), text);
  } catch (cause) {
    throw cannotWrite(file, cause);
  }
}

const cannotWrite = (file: string, cause: unknown): UserError =>
  new UserError(
    `cannot write ${file}${cause instanceof Error && 'code' in cause ? `: ${String(cause.code)}` : ''}`,
    {
      cause,
      hint: 'Does its folder exist, and may you write there?',
    },
  );
