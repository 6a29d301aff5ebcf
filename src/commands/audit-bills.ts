import type { BillLine } from '../domain/bill.ts';
import { billedReaches, type BilledTags, type BillTagOf } from '../domain/bill-coverage.ts';
import { tagKey } from '../domain/tags.ts';
import type { TagRules } from '../domain/tag-rules.ts';
import { ExitCode, UserError } from '../errors.ts';
import type { Note } from '../reports/answer.ts';
import { billAudit, billsBelow } from '../reports/audit-bills.ts';
import { matchesBill } from '../reports/bills-report.ts';
import type { Runtime } from '../runtime.ts';
import type { AuditFlags } from './audit-flags.ts';
import { auditedPolicy, auditedSpan, configuredPolicy } from './audit-subject.ts';
import { filtersOf } from './flags.ts';
import { printAnswer } from './print-answer.ts';
import type { Session } from './session.ts';

/** Days of bills that are audited where no flag says others. */
const BILL_DAYS = 90;

/** Audits the lines of bills, prints what was found and says how that ended. Throws UserError. */
export async function runBillAudit(
  flags: AuditFlags,
  session: Session,
  runtime: Runtime,
): Promise<ExitCode> {
  refuseOthers(flags);
  const { timeZone, tagRules } = session;
  const unbounded = [flags.days, flags.since, flags.until, flags.period].every(
    (flag) => flag === undefined,
  );
  const span = auditedSpan(
    unbounded ? { ...flags, days: BILL_DAYS } : flags,
    runtime.now(),
    timeZone,
  );
  const policy = auditedPolicy(flags, configuredPolicy(session));
  const where = filtersOf(flags.where).map(({ dimension, ...filter }) => ({
    name: dimension.name,
    ...filter,
  }));
  const ledger = await session.openForReading();
  try {
    const tagOf = await billTags(tagRules);
    const lines = function* () {
      for (const placed of ledger.billLines(span)) if (matchesBill(placed, where)) yield placed;
    };
    const called = ledger.spend({
      by: [{ kind: 'fact', name: 'provider' }],
      span,
      timeZone,
      where: [],
    });
    const calledProviders = new Set(called.rows.flatMap(({ key }) => key[0] ?? []));
    const { answer, currencies } = billAudit(lines(), {
      span,
      timeZone,
      policy,
      tagOf,
      calledProviders,
    });
    const { code, notes } = verdictOf(flags, currencies);
    await printAnswer({ ...answer, notes: [...answer.notes, ...notes] }, flags, runtime);
    return code;
  } finally {
    ledger.close();
  }
}

/** Flags that ask for what bills cannot tell. */
function refuseOthers(flags: AuditFlags): void {
  for (const [flag, given] of [
    ['--show', flags.show !== undefined],
    ['--propose', flags.propose === true],
    ['--missing-owner', flags.missingOwner === true],
    ['--strict', flags.strict === true],
  ] as const)
    if (given)
      throw new UserError(`${flag} is about calls, --source bills about bills`, {
        hint: 'Leave one of them out.',
      });
}

/**
 * How a line's tags are read under the names of calls: its own, those that `tags.cloud` renames, and what virtual
 * tags, keys and hierarchies make of them at the time of the charge.
 */
async function billTags(rules: TagRules | undefined): Promise<BillTagOf> {
  const written = (line: BillLine, name: string): string | null =>
    line.tags[name] ?? renamed(line, name, rules?.cloud) ?? null;
  if (rules === undefined) return written;
  const { openAttribution } = await import('../attribution/attribution.ts');
  const attribution = openAttribution({ ...rules, infer: [] });
  const factsOf = (line: BillLine): ReadonlyMap<string, string | undefined> =>
    new Map([
      ['provider', line.provider],
      ['account', line.account],
      ['model', line.model],
      ['service', line.service],
    ]);
  return (line, name) => {
    const facts = factsOf(line);
    const raw = (asked: string): string | null => written(line, asked) ?? facts.get(asked) ?? null;
    return attribution.at(line.start).find(name, raw)?.value ?? null;
  };
}

/** The value of a cloud's tag, which bills keep as labels, under the name that it has among calls. */
function renamed(
  { labels }: BillLine,
  name: string,
  cloud: TagRules['cloud'] = new Map(),
): string | undefined {
  for (const label of labels) {
    // Clouds put colons into keys: `aws:createdBy=ana`.
    const at = label.indexOf('=');
    const [key, value] = [label.slice(0, at), label.slice(at + 1)];
    // A tag without a value became true, which is no owner.
    if (at < 1 || value === '' || value === 'true') continue;
    if ((cloud.get(key) ?? tagKey(key)) === name) return value;
  }
  return undefined;
}

interface Verdict {
  readonly code: ExitCode;
  readonly notes: readonly Note[];
}

/** Holds the checks that were asked for against every currency. Nothing to judge by is never a pass. */
function verdictOf(flags: AuditFlags, currencies: ReadonlyMap<string, BilledTags>): Verdict {
  if (currencies.size === 0)
    return {
      code: ExitCode.undecided,
      notes: [
        {
          code: 'no-lines',
          message: 'no charge for AI on a bill in this span, so nothing could be judged',
        },
      ],
    };
  const { minCoverage } = flags;
  const notes: Note[] = [];
  let undecided = false;
  for (const [currency, { together }] of currencies) {
    const reached = minCoverage === undefined || billedReaches(together, minCoverage.percent);
    if (reached === undefined) undecided = true;
    if (reached === false && minCoverage !== undefined)
      notes.push({
        code: 'coverage-too-low',
        message: billsBelow(currency, together, minCoverage.text),
      });
    if (flags.require !== undefined && together.missing.lines > 0n)
      notes.push({
        code: 'required-tag-missing',
        message: `${together.missing.lines} lines in ${currency} lack a required tag`,
      });
  }
  if (undecided)
    return {
      code: ExitCode.undecided,
      notes: [
        ...notes,
        {
          code: 'nothing-billed',
          message: 'a currency bills nothing, so coverage by spend is not known',
        },
      ],
    };
  return { code: notes.length > 0 ? ExitCode.checkFailed : ExitCode.ok, notes };
}
