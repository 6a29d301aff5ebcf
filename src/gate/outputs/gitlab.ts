import { jsonText } from '../../render/json-text.ts';
import type { DiffResult, GateFinding } from '../comparison-result.ts';
import type { DiffOutput } from './diff-output.ts';
import { fingerprint } from './fingerprint.ts';
import { failureLine } from './sentences.ts';

/** GitLab's code quality report: https://docs.gitlab.com/ci/testing/code_quality/ (2026-11-21). */
export const gitlabOutput: DiffOutput = (result) =>
  `${jsonText(unique(findingsOf(result)).map(issue), 2)}\n`;

const findingsOf = (result: DiffResult): readonly GateFinding[] =>
  result.verdict === 'error'
    ? [
        {
          level: 'error',
          rule: 'not-compared',
          message: failureLine({ ...result, path: null, line: null }),
          prompt: null,
          path: result.path,
          line: result.line,
          limit: null,
          waived: false,
        },
      ]
    : result.findings;

/** GitLab drops issues of equal fingerprints unseen; the worst, which comes first, is kept. */
const unique = (findings: readonly GateFinding[]): readonly GateFinding[] =>
  [
    ...new Map([...findings].reverse().map((finding) => [fingerprint(finding), finding])).values(),
  ].reverse();

const issue = (finding: GateFinding): unknown => ({
  description: finding.message,
  check_name: finding.rule,
  fingerprint: fingerprint(finding),
  severity: severity(finding),
  location: {
    // GitLab shows no issue without a path, and the config is where limits are.
    path: finding.path ?? 'aicost.yaml',
    lines: { begin: finding.line ?? 1 },
  },
});

function severity({ level, rule }: GateFinding): string {
  if (rule === 'not-compared') return 'blocker';
  if (level === 'error') return 'critical';
  return level === 'warning' ? 'minor' : 'info';
}
