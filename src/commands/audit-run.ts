import { ExitCode } from '../errors.ts';
import { reaches, type TagCoverage } from '../domain/coverage.ts';
import type { LedgerToRead } from '../ledger/ledger-to-read.ts';
import type { Note } from '../reports/answer.ts';
import { askedOwners } from '../reports/audit-asked.ts';
import {
  auditedCoverage,
  coverageSection,
  coverageText,
  weeksSection,
} from '../reports/audit-coverage.ts';
import { conflictsSection } from '../reports/audit-conflicts.ts';
import { filesSection } from '../reports/audit-files.ts';
import { idsSection } from '../reports/audit-ids.ts';
import { inventorySection } from '../reports/audit-inventory.ts';
import { keysSection } from '../reports/audit-keys.ts';
import { newSection } from '../reports/audit-new.ts';
import { readinessSection } from '../reports/audit-readiness.ts';
import { auditReport } from '../reports/audit-report.ts';
import {
  SUMMED_SECTIONS,
  type AuditSection,
  type AuditSectionName,
  type AuditSubject,
  callsThat,
} from '../reports/audit-section.ts';
import { sourcesSection } from '../reports/audit-sources.ts';
import { unallocatedSection } from '../reports/audit-unallocated.ts';
import { proposedValues, valuesSection } from '../reports/audit-values.ts';
import { virtualTagsYaml } from '../reports/virtual-tags-yaml.ts';
import type { Runtime } from '../runtime.ts';
import { type AuditedCalls, auditedCalls } from './audit-calls.ts';
import type { AuditFlags } from './audit-flags.ts';
import { auditedPart, auditSubject } from './audit-subject.ts';
import { printAnswer } from './print-answer.ts';
import type { Session } from './session.ts';

/** Audits the ledger, prints what was found and says how that ended. Throws UserError. */
export async function runAudit(
  flags: AuditFlags,
  session: Session,
  runtime: Runtime,
): Promise<ExitCode> {
  const part = auditedPart(flags, runtime.now(), session.timeZone);
  const ledger = await session.openForReading();
  try {
    const subject = await auditSubject(flags, session, ledger, runtime.now(), part);
    if (flags.propose === true) {
      runtime.out(virtualTagsYaml(proposedValues(subject)));
      return ExitCode.ok;
    }
    const coverage = auditedCoverage(subject);
    const { code, notes, asked } = verdictOf(flags, subject, coverage);
    const calls = await auditedCalls(flags, session, ledger, subject, runtime);
    // What has no owner is a question about the inventory.
    const show = flags.show ?? (flags.missingOwner === true ? (['inventory'] as const) : undefined);
    const sections = sectionsOf(flags, subject, coverage, ledger, calls);
    const answer = auditReport(
      subject,
      coverage.together,
      // Findings come from all of them; what is asked for by name is all that is looked at.
      (show ?? SUMMED_SECTIONS).map((name) => sections[name]()),
      { show, whole: flags.format === 'json', verdicts: notes },
    );
    const tables = asked === undefined ? answer.tables : [asked, ...answer.tables];
    await printAnswer({ ...answer, tables }, flags, runtime);
    return code;
  } finally {
    ledger.close();
  }
}

/** Keys, models and the like that people see of a kind; programs get all. */
const MOST_LISTED = 10;

type Sections = Readonly<Record<AuditSectionName, () => AuditSection>>;

const sectionsOf = (
  { profile, minFeatures, missingOwner, format }: AuditFlags,
  subject: AuditSubject,
  coverage: TagCoverage,
  ledger: LedgerToRead,
  calls: AuditedCalls,
): Sections => {
  const forPeople = format === 'table' || format === 'md';
  return {
    coverage: () => coverageSection(subject, coverage),
    weeks: () => weeksSection(subject, coverage),
    unallocated: () => unallocatedSection(subject),
    sources: () => sourcesSection(subject, coverage),
    files: () => filesSection(calls.placed(), subject.policy),
    values: () => valuesSection(subject),
    virtual: calls.matched,
    ids: () => idsSection(subject, ledger.tagValues),
    keys: () => keysSection(subject, minFeatures),
    inventory: () =>
      inventorySection(
        subject,
        missingOwner === true,
        forPeople ? MOST_LISTED : Number.MAX_SAFE_INTEGER,
      ),
    new: () => newSection(subject),
    conflicts: () => conflictsSection(calls.conflicts()),
    readiness: () => readinessSection(subject, profile),
  };
};

interface Verdict {
  readonly code: ExitCode;
  readonly notes: readonly Note[];
  readonly asked?: ReturnType<typeof askedOwners>['table'];
}

/** Holds the checks that were asked for against what was found. Nothing to judge by is never a pass. */
function verdictOf(flags: AuditFlags, subject: AuditSubject, coverage: TagCoverage): Verdict {
  const { together } = coverage;
  const undecided = (code: string, message: string): Verdict => ({
    code: ExitCode.undecided,
    notes: [{ code, message }],
  });
  if (together.all.requests === 0n)
    return undecided('no-calls', 'no calls in this span, so nothing could be judged');
  const notes: Note[] = [];
  const { minCoverage } = flags;
  const reached = minCoverage === undefined ? true : reaches(together, minCoverage.percent);
  if (reached === undefined)
    return undecided('nothing-priced', 'no spend with a price, so coverage by spend is not known');
  // What lacks a tag and has no price would only lower what was reached.
  if (reached && minCoverage !== undefined && together.missing.unrated > 0n)
    return undecided(
      'untagged-unpriced',
      `${callsThat({ ...together.missing, requests: together.missing.unrated }, 'lacks', 'lack')} a required tag and a price, so coverage by spend may be lower than ${minCoverage.text}%`,
    );
  if (!reached && minCoverage !== undefined)
    notes.push({ code: 'coverage-too-low', message: coverageText(together, minCoverage.text) });
  const asked = flags.require === undefined ? undefined : askedOwners(subject);
  if (asked !== undefined && asked.missing.requests > 0n) {
    const whom = asked.owners.length === 0 ? 'no owner is known' : `ask ${asked.owners.join(', ')}`;
    notes.push({
      code: 'required-tag-missing',
      message: `${callsThat(asked.missing, 'lacks', 'lack')} a required tag: ${whom}`,
    });
  }
  const table = asked === undefined ? {} : { asked: asked.table };
  if (notes.length > 0) return { code: ExitCode.checkFailed, notes, ...table };
  if (flags.strict === true && together.all.unrated > 0n)
    return { ...undecided('unrated', 'some usage has no price (--strict)'), ...table };
  return { code: ExitCode.ok, notes, ...table };
}
