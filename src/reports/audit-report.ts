import { type Coverage, covered } from '../domain/coverage.ts';
import { shareText } from '../domain/share-text.ts';
import { spanText } from '../domain/period.ts';
import { requiredKeys } from '../domain/required-tags.ts';
import { counted } from '../domain/words.ts';
import type { Answer, Json, Note, Table } from './answer.ts';
import {
  AUDIT_SECTIONS,
  type AuditSection,
  type AuditSectionName,
  type AuditSubject,
  costCell,
  countCell,
  dearestFirst,
  type Finding,
  textCell,
} from './audit-section.ts';

/** Findings that are listed before the rest is only counted. */
const MOST_FINDINGS = 8;

/** What is printed of an audit. */
export interface AuditOptions {
  /** Sections whose tables are shown; the findings of all stand in front where none is named. */
  readonly show: readonly AuditSectionName[] | undefined;
  /** For programs: every table, and every finding. */
  readonly whole: boolean;
  /** What gates that were asked for found. */
  readonly verdicts: readonly Note[];
}

/** What people see where they ask for nothing in particular. */
const SHOWN: readonly AuditSectionName[] = ['coverage', 'readiness'];

/** All sections of an audit as one answer. `together` is the coverage by all required tags. */
export function auditReport(
  subject: AuditSubject,
  together: Coverage,
  sections: readonly AuditSection[],
  options: AuditOptions,
): Answer {
  const shown = options.show ?? (options.whole ? AUDIT_SECTIONS : SHOWN);
  const tables = AUDIT_SECTIONS.filter((name) => shown.includes(name)).flatMap((name) =>
    sections.filter((section) => section.name === name).flatMap((section) => section.tables),
  );
  const findings = findingsTable(sections, options.whole);
  const [coverage, ...others] = tables;
  const ordered =
    options.show !== undefined
      ? tables
      : [...(coverage === undefined ? [] : [coverage]), findings, ...others];
  return {
    schema: 'aicost.audit/1',
    headline: headline(subject, together),
    facts: facts(subject, sections),
    tables: ordered,
    notes: [...notes(together), ...options.verdicts],
  };
}

function headline(subject: AuditSubject, together: Coverage): string {
  const { span, timeZone, policy } = subject;
  const { all } = together;
  const complete = covered(together);
  const spend = shareText(complete.cost, all.cost) ?? 'an unknown part';
  const count = shareText(complete.requests, all.requests);
  const keys = requiredKeys(policy).join(', ');
  const period = `Tags, ${spanText(span, timeZone)} (${timeZone})`;
  if (count === undefined) return `${period}: no calls`;
  return `${period}: ${spend} of spend and ${count} of calls carry ${keys}`;
}

function facts(
  { span, timeZone, policy }: AuditSubject,
  sections: readonly AuditSection[],
): { readonly [key: string]: Json } {
  const iso = (time: number | undefined): string | null =>
    time === undefined ? null : new Date(time).toISOString();
  return {
    period: { start: iso(span.start), end: iso(span.end), timezone: timeZone },
    currency: 'USD',
    required: requiredKeys(policy),
    ...Object.assign({}, ...sections.map((section) => section.facts ?? {})),
  };
}

/** What somebody should look into, the dearest first, and where each is told in full. */
function findingsTable(sections: readonly AuditSection[], whole: boolean): Table {
  const found = dearestFirst(
    sections.flatMap(({ findings }) => findings),
    ({ calls }) => calls,
    ({ message }) => message,
  );
  const shown = whole ? found : found.slice(0, MOST_FINDINGS);
  const more = found.length - shown.length;
  return {
    name: 'findings',
    title: `To look into, dearest first${more > 0 ? ` (${more} more in --format json)` : ''}`,
    columns: [
      { key: 'code', title: 'Code', yields: 9, only: 'programs' },
      { key: 'cost_usd', title: 'Spend', yields: 0 },
      { key: 'requests', title: 'Calls', yields: 3, only: 'programs' },
      { key: 'finding', title: 'Finding', yields: 0, wraps: true },
      { key: 'show', title: '--show', yields: 1, whole: true },
    ],
    rows: shown.map(({ code, calls, message, show }: Finding) => [
      textCell(code),
      costCell(calls),
      countCell(calls.requests),
      textCell(message),
      textCell(show),
    ]),
    empty: 'Nothing to look into.',
  };
}

const notes = ({ all, missing }: Coverage): readonly Note[] =>
  all.unrated === 0n
    ? []
    : [
        {
          code: 'unrated',
          message: `${counted(all.unrated, 'call')} without a price count in calls and not in spend${
            missing.unrated === 0n
              ? ''
              : `; ${counted(missing.unrated, 'lacks', 'lack')} a required tag`
          }`,
        },
      ];
