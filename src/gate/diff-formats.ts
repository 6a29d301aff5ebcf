import type { DiffOutput } from './outputs/diff-output.ts';

/** Names that `--format` of diff and render takes, the default first. */
export const DIFF_FORMATS = [
  'table',
  'json',
  'md',
  'github',
  'junit',
  'sarif',
  'gitlab',
  'csv',
] as const;
/** One of DIFF_FORMATS. */
export type DiffFormat = (typeof DIFF_FORMATS)[number];

/** Loads one output and nothing of the others. */
export async function loadDiffOutput(format: DiffFormat): Promise<DiffOutput> {
  switch (format) {
    case 'table':
      return (await import('./outputs/table.ts')).tableOutput;
    case 'json':
      return (await import('./outputs/json.ts')).jsonOutput;
    case 'md':
      return (await import('./outputs/md.ts')).mdOutput;
    case 'github':
      return (await import('./outputs/github.ts')).githubOutput;
    case 'junit':
      return (await import('./outputs/junit.ts')).junitOutput;
    case 'sarif':
      return (await import('./outputs/sarif.ts')).sarifOutput;
    case 'gitlab':
      return (await import('./outputs/gitlab.ts')).gitlabOutput;
    case 'csv':
      return (await import('./outputs/csv.ts')).csvOutput;
  }
}
