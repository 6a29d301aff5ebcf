import { NO_COVERAGE, tagCoverage } from '../domain/coverage.ts';
import { judgedBy } from '../domain/required-tags.ts';
import {
  chargebackGates,
  GATES,
  isReady,
  type Profile,
  type ReadinessFacts,
  type WeekCovered,
} from '../domain/readiness.ts';
import { dayText, firstDayOf, localDay, startOfLocalDay } from '../domain/time-zone.ts';
import type { Table } from './answer.ts';
import { type AuditSection, type AuditSubject, textCell } from './audit-section.ts';
import { allocationOf } from './audit-unallocated.ts';

const VERDICTS = {
  ready: 'ready for chargeback',
  'not-ready': 'not ready for chargeback',
  undecided: 'nothing speaks against chargeback, but not everything is known',
};
const STATES = { holds: 'ok', fails: 'FAILS', unknown: 'unknown' };

/** Whether teams can be charged by these numbers: every gate of a profile, and what each that fails lacks. */
export function readinessSection(subject: AuditSubject, profile: Profile): AuditSection {
  const gates = chargebackGates(readinessFacts(subject, profile), profile);
  const verdict = isReady(gates);
  const table: Table = {
    name: 'readiness',
    title: `Profile ${profile}: ${VERDICTS[verdict]}`,
    columns: [
      { key: 'gate', title: 'Gate', yields: 4, only: 'programs' },
      { key: 'state', title: '', yields: 0 },
      { key: 'needs', title: 'Needs', yields: 0, wraps: true },
      { key: 'found', title: 'Found', yields: 0, wraps: true },
    ],
    rows: gates.map(({ code, needs, state, found }) => [
      textCell(code),
      textCell(STATES[state]),
      textCell(needs),
      textCell(found),
    ]),
  };
  return {
    name: 'readiness',
    tables: [table],
    findings: [],
    facts: { profile, readiness_verdict: verdict },
  };
}

/** Full weeks up to the moment of the audit, whatever span it looks at: readiness is about the last ones. */
function readinessFacts(subject: AuditSubject, profile: Profile): ReadinessFacts {
  const { ask, policy, asOf, timeZone } = subject;
  const startOf = (day: number): number => startOfLocalDay(timeZone, day);
  const thisWeek = firstDayOf('week', localDay(timeZone, asOf));
  const end = startOf(thisWeek);
  const days = ask({ by: [], grain: 'day', span: { end } }).rows.flatMap(({ step }) =>
    step === null || step === undefined ? [] : [localDay(timeZone, step)],
  );
  const firstDay = days.reduce((least, day) => Math.min(least, day), Number.POSITIVE_INFINITY);
  const by = judgedBy(policy);
  const weeks: WeekCovered[] = [];
  const wanted = GATES[profile].weeks;
  const firstWeek = thisWeek - 7 * wanted;
  const covered = tagCoverage(
    ask({ by, grain: 'week', span: { start: startOf(firstWeek), end } }).rows,
    by,
    policy,
  );
  for (let week = thisWeek - 7; week >= firstDay; week -= 7)
    weeks.unshift({
      week: dayText(week),
      coverage: covered.weeks.get(startOf(week)) ?? NO_COVERAGE,
    });
  const { nobody, all } = allocationOf(subject, { span: { start: startOf(firstWeek), end } });
  return { weeks, allocated: { all, missing: nobody } };
}
