import type { CostedPrompt } from '../prompts/costed-prompt.ts';
import type { Finding } from '../prompts/finding.ts';
import type { ComparedPrompt } from './compared-prompt.ts';
import type { GateFinding } from './comparison-result.ts';

/**
 * What was noticed while head's prompt was read and measured. What base's prompt had too is old news, told under
 * `--strict` only; notices are told of prompts that changed.
 */
export function promptFindings(
  { id, status, reading: { base, head } }: ComparedPrompt,
  strict: boolean,
): readonly GateFinding[] {
  if (head === undefined) return [];
  const old = new Set(base?.findings.map(sameness));
  return head.findings
    .filter((finding) => !old.has(sameness(finding)) || (strict && finding.level !== 'notice'))
    .filter((finding) => finding.level !== 'notice' || status !== 'same')
    .map((finding) => ({ ...gateFinding(finding), prompt: id, ...place(finding, head) }));
}

/** A finding about a file that is no prompt. */
export const gateFinding = ({ level, code, message, origin }: Finding): GateFinding => ({
  // Content that is elsewhere makes a cost unknown, which is what a policy judges; alone it fails nothing.
  level: level === 'error' && code.startsWith('unresolved') ? 'warning' : level,
  rule: code,
  message,
  prompt: null,
  path: origin?.file ?? null,
  line: origin?.line ?? null,
  limit: null,
  waived: false,
});

const place = ({ origin }: Finding, { path, line }: CostedPrompt) =>
  origin === undefined ? { path, line } : { path: origin.file, line: origin.line ?? null };

const sameness = ({ level, code, message }: Finding): string =>
  JSON.stringify([level, code, message]);
