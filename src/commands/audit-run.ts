import { ExitCode } from '../errors.ts';
import { reaches, type TagCoverage } from '../domain/coverage.ts';
import type { TagRules } from '../domain/tag-rules.ts';
import type { LedgerToRead } from '../ledger/ledger-to-read.ts';
import type { Note } from '../reports/answer.ts';
import { askedOwners } from '../reports/audit-asked.ts';
import {
  auditedCoverage,
  coverageSection,
  coverageText,
  weeksSection,
} from '../reports/audit-coverage.ts';
import { conflictsSection, type ContradictedTag } from '../reports/audit-conflicts.ts';
import { idsSection } from '../reports/audit-ids.ts';
import { inventorySection } from '../reports/audit-inventory.ts';
import { keysSection } from '../reports/audit-keys.ts';
import { newSection } from '../reports/audit-new.ts';
import { readinessSection } from '../reports/audit-readiness.ts';
import { auditReport } from '../reports/audit-report.ts';
import {
  AUDIT_SECTIONS,
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
import type { AuditFlags } from './audit-flags.ts';
import { auditSubject } from './audit-subject.ts';
import { filtersOf } from './flags.ts';
import { shownPath } from './places.ts';
import { printAnswer } from './print-answer.ts';
import type { Session } from './session.ts';

/** What gateways tell of their keys may be contradicted without any rule. */
const NO_RULES: TagRules = {
  required: [],
  requiredWhere: [],
  allowed: new Map(),
  virtual: [],
  keys: [],
  hierarchies: [],
  owners: [],
  infer: [],
  cloud: new Map(),
};

/** Audits the ledger, prints what was found and says how that ended. Throws UserError. */
export async function runAudit(
  flags: AuditFlags,
  session: Session,
  runtime: Runtime,
): Promise<ExitCode> {
  const ledger = await session.openForReading();
  try {
    const subject = await auditSubject(flags, session, ledger, runtime.now());
    if (flags.propose === true) {
      runtime.out(virtualTagsYaml(proposedValues(subject)));
      return ExitCode.ok;
    }
    const coverage = auditedCoverage(subject);
    const { code, notes, asked } = verdictOf(flags, subject, coverage);
    const conflicts = await conflictsIn(flags, session, ledger, subject, runtime.cwd);
    const matched = await matchedIn(flags, session, ledger, subject, runtime.cwd);
    // What has no owner is a question about the inventory.
    const show = flags.show ?? (flags.missingOwner === true ? (['inventory'] as const) : undefined);
    const sections = sectionsOf(flags, subject, coverage, ledger, { conflicts, matched });
    const answer = auditReport(
      subject,
      coverage.together,
      // Findings come from all of them; what is asked for by name is all that is looked at.
      (show ?? AUDIT_SECTIONS).map((name) => sections[name]()),
      { show, whole: flags.format === 'json', verdicts: notes },
    );
    const tables = asked === undefined ? answer.tables : [asked, ...answer.tables];
    await printAnswer({ ...answer, tables }, flags, runtime);
    return code;
  } finally {
    ledger.close();
  }
}

type Sections = Readonly<Record<AuditSectionName, () => AuditSection>>;

const sectionsOf = (
  { profile, minFeatures, missingOwner }: AuditFlags,
  subject: AuditSubject,
  coverage: TagCoverage,
  ledger: LedgerToRead,
  {
    conflicts,
    matched,
  }: { readonly conflicts: () => readonly ContradictedTag[]; readonly matched: () => AuditSection },
): Sections => ({
  coverage: () => coverageSection(subject, coverage),
  weeks: () => weeksSection(subject, coverage),
  unallocated: () => unallocatedSection(subject),
  sources: () => sourcesSection(subject, coverage),
  values: () => valuesSection(subject),
  virtual: matched,
  ids: () => idsSection(subject, ledger.tagValues),
  keys: () => keysSection(subject, minFeatures),
  inventory: () => inventorySection(subject, missingOwner === true),
  new: () => newSection(subject),
  conflicts: () => conflictsSection(conflicts()),
  readiness: () => readinessSection(subject, profile),
});

/** Asks, when it is called, where requests and their keys contradict each other. */
async function conflictsIn(
  flags: AuditFlags,
  { tagRules = NO_RULES }: Session,
  ledger: LedgerToRead,
  { span, timeZone }: AuditSubject,
  cwd: string,
): Promise<() => readonly ContradictedTag[]> {
  const [{ tagConflicts }, { openAttribution }] = await Promise.all([
    import('../attribution/tag-conflicts.ts'),
    import('../attribution/attribution.ts'),
  ]);
  const where = filtersOf(flags.where);
  const attribution = openAttribution({ ...tagRules, infer: [] });
  return () =>
    tagConflicts(ledger.spend, attribution, { span, where, timeZone }).map((conflict) => ({
      ...conflict,
      ...(conflict.rule === undefined
        ? {}
        : { rule: { ...conflict.rule, file: shownPath(conflict.rule.file, cwd) } }),
    }));
}

/** Shows, when it is called, what virtual tags make of the values in the ledger. */
async function matchedIn(
  flags: AuditFlags,
  { tagRules = NO_RULES }: Session,
  ledger: LedgerToRead,
  { span, timeZone }: AuditSubject,
  cwd: string,
): Promise<() => AuditSection> {
  const [{ valueMatches }, { openAttribution }, { virtualSection }] = await Promise.all([
    import('../attribution/value-matches.ts'),
    import('../attribution/attribution.ts'),
    import('../reports/audit-virtual.ts'),
  ]);
  const attribution = openAttribution({ ...tagRules, infer: [] });
  const asked = { span, timeZone, where: filtersOf(flags.where) };
  const tags = [...new Set(tagRules.virtual.map(({ tag }) => tag))];
  return () =>
    virtualSection(
      tags.flatMap((tag) =>
        valueMatches(ledger.spend, attribution, tag, asked).map((one) => ({ tag, ...one })),
      ),
      tagRules.virtual,
      ({ file, line }) => `${shownPath(file, cwd)}:${line ?? 1}`,
    );
}

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
    return undecided('nothing-priced', 'no call has a price, so coverage by spend is not known');
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
