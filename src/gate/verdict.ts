import type { GateFinding, GateVerdict } from './comparison-result.ts';
import type { Judged } from './judgement.ts';
import type { GateRules } from './policy-changes.ts';

/** What decides the end of a comparison. */
export interface Evidence {
  readonly rules: GateRules;
  readonly judged: readonly Judged[];
  readonly findings: readonly GateFinding[];
  /** `--strict`: nothing may be unknown or doubtful. */
  readonly strict: boolean;
}

/** How it ended, and the exit code of it before `--exit-zero`. */
export interface Ending {
  readonly verdict: GateVerdict;
  readonly code: 0 | 1 | 3;
}

/**
 * Undecided comes before failed: a gate that could not look at everything never says that it did, and `--exit-zero`
 * must not hide it. What is over a limit comes next; warnings of limits and of unknown costs last.
 */
export function endingOf({ rules, judged, findings, strict }: Evidence): Ending {
  if (isUndecided({ rules, judged, findings, strict })) return { verdict: 'undecided', code: 3 };
  if (findings.some(isBreach('error'))) return { verdict: 'fail', code: 1 };
  const doubtful =
    judged.some(({ verdict, prompt }) => verdict === 'unknown' && prompt.status !== 'same') ||
    findings.some(({ rule }) => rule === 'no-prompts');
  if (doubtful || findings.some(isBreach('warning'))) return { verdict: 'warn', code: 0 };
  return { verdict: 'pass', code: 0 };
}

function isUndecided({ rules, judged, findings, strict }: Evidence): boolean {
  const unknown = judged.some(({ prompt }) => prompt.unknown !== undefined);
  if (unknown && (strict || rules.policy.unknown === 'fail')) return true;
  if (findings.some(isUnreadable)) return true;
  return (
    strict &&
    findings.some(({ level, limit, rule }) => isDoubt(level) && limit === null && !SURE.has(rule))
  );
}

const isBreach =
  (level: GateFinding['level']) =>
  (finding: GateFinding): boolean =>
    finding.limit !== null && finding.level === level && !finding.waived;

const isDoubt = (level: GateFinding['level']): boolean => level !== 'notice';

/**
 * An error of a prompt's own text: nobody knows what it would send, which no policy of unknown prices excuses.
 * Content that is elsewhere (a pointer of git LFS, tools of a server) is unknown and not unreadable.
 */
const isUnreadable = ({ level, limit, rule }: GateFinding): boolean =>
  level === 'error' && limit === null && rule !== 'unknown-price' && !rule.startsWith('unresolved');

/** Warnings that say how a cost came about, not that it is in doubt. */
const SURE: ReadonlySet<string> = new Set([
  'cache-cliff',
  'context-tier',
  'self-waived',
  'waiver-expired',
  'waiver-denied',
  'policy-change',
]);
