import { billedReaches, type BilledTags, type BillTagOf } from '../domain/bill-coverage.ts';
import type { BillLine } from '../domain/bill.ts';
import { ownerOf } from '../domain/ownership.ts';
import { providerName } from '../domain/provider-names.ts';
import { counted } from '../domain/words.ts';
import { ExitCode, UserError } from '../errors.ts';
import type { Note } from '../reports/answer.ts';
import { billAudit, billsBelow } from '../reports/audit-bills.ts';
import { matchesBill } from '../reports/bills-report.ts';
import type { Runtime } from '../runtime.ts';
import type { AuditFlags } from './audit-flags.ts';
import { auditedPolicy, auditedSpan, configuredPolicy } from './audit-subject.ts';
import { alignmentOf } from './bills.ts';
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
    const aligned = await alignmentOf(tagRules, flags);
    const lines = function* () {
      for (const stored of ledger.billLines(span)) {
        const placed = { ...stored, line: aligned(stored.line) };
        if (matchesBill(placed, where)) yield placed;
      }
    };
    const called = ledger.spend({
      by: [{ kind: 'fact', name: 'provider' }],
      span,
      timeZone,
      where: [],
    });
    const calledProviders = new Set(
      called.rows.flatMap(({ key: [provider = null] }) =>
        provider === null ? [] : [providerName(provider)],
      ),
    );
    const { answer, currencies } = billAudit(lines(), {
      span,
      timeZone,
      policy,
      tagOf,
      ownerOf: (line) => ownerOf(tagRules?.owners ?? [], ({ name }) => factOf(line, name)),
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

/** A line's tag; bills keep names that aicost does not know as labels. */
const tagOf: BillTagOf = ({ tags, labels }, name) =>
  tags[name] ??
  labels.find((label) => label.startsWith(`${name}=`))?.slice(name.length + 1) ??
  null;

/** What a line says of a dimension: its facts, else its tags. */
const factOf = (line: BillLine, name: string): string | null => {
  if (name === 'provider') return providerName(line.provider);
  if (name === 'model') return line.model ?? null;
  return tagOf(line, name) ?? (name === 'account' ? (line.account ?? null) : null);
};

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
        message: `${counted(together.missing.lines, 'line', 'lines')} in ${currency} without a required tag`,
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
