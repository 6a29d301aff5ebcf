import { jsonText } from '../../render/json-text.ts';
import { VERSION } from '../../version.ts';
import type { DiffResult, GateFinding } from '../comparison-result.ts';
import type { DiffOutput } from './diff-output.ts';
import { fingerprint } from './fingerprint.ts';
import { failureLine } from './sentences.ts';

/** Code scanning keeps this many results of a run (https://docs.github.com/en/code-security/code-scanning, 2026-11-21). */
const MOST_RESULTS = 5_000;

/** What each rule is about. A rule that is not here says its own name. */
const RULES: Readonly<Record<string, string>> = {
  'prompt-cost-increase': 'A prompt, a workspace or the total costs more than its limits allow.',
  'prompt-cost-absolute': 'A prompt, a workspace or the total is over an absolute limit.',
  'cache-cliff': 'The part of a prompt that a provider caches fell below its minimum, or shrank.',
  'unknown-price': 'The cost of a prompt is unknown, which is never zero.',
  'policy-change': 'The change edits the limits or waivers that it is held against.',
};

/** SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html (2026-11-21). */
export const sarifOutput: DiffOutput = (result) => {
  const findings = result.verdict === 'error' ? [] : result.findings.slice(0, MOST_RESULTS);
  const rules = [...new Set([...Object.keys(RULES), ...findings.map(({ rule }) => rule)])];
  const run = {
    tool: {
      driver: {
        name: 'aicost',
        version: VERSION,
        rules: rules.map((id) => ({ id, shortDescription: { text: RULES[id] ?? id } })),
      },
    },
    invocations: [invocation(result)],
    results: findings.map((finding) => sarifResult(finding, rules)),
  };
  return `${jsonText({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, 2)}\n`;
};

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json';

const invocation = (result: DiffResult): unknown => ({
  executionSuccessful: result.verdict !== 'error' && result.verdict !== 'undecided',
  exitCode: result.code,
  ...(result.verdict === 'error'
    ? {
        toolExecutionNotifications: [{ level: 'error', message: { text: failureLine(result) } }],
      }
    : {}),
});

const sarifResult = (finding: GateFinding, rules: readonly string[]): unknown => ({
  ruleId: finding.rule,
  ruleIndex: rules.indexOf(finding.rule),
  level: finding.level === 'notice' ? 'note' : finding.level,
  message: { text: finding.message },
  locations: [
    {
      physicalLocation: {
        artifactLocation: { uri: uriOf(finding.path ?? 'aicost.yaml') },
        region: { startLine: finding.line ?? 1 },
      },
    },
  ],
  partialFingerprints: { 'aicost/v1': fingerprint(finding) },
  ...(finding.waived ? { suppressions: [{ kind: 'external', justification: 'waived' }] } : {}),
});

/** A path of a tree as a relative URI. Lone surrogates, which no URI can hold, become U+FFFD. */
const uriOf = (path: string): string =>
  path.toWellFormed().split('/').map(encodeURIComponent).join('/');
