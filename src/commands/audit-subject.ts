import { policyOf, requiredKeys, type TagPolicy } from '../domain/required-tags.ts';
import type { Filter, Span } from '../domain/spend.ts';
import { localDay, startOfLocalDay } from '../domain/time-zone.ts';
import type { LedgerToRead } from '../ledger/ledger-to-read.ts';
import type { AuditSubject } from '../reports/audit-section.ts';
import type { AuditFlags } from './audit-flags.ts';
import { attributedLedger } from './attributed-ledger.ts';
import { openCostView } from './cost-view.ts';
import type { Session } from './session.ts';
import { filtersOf, spanOf } from './flags.ts';
import { UserError } from '../errors.ts';

/** What aicost.yaml asks where it says nothing of tags. */
const NO_POLICY: TagPolicy = { requirements: [], allowed: new Map() };
/** What every call is held to where neither a flag nor aicost.yaml says it. */
const USUAL_KEYS = ['feature', 'team'];

/** The span of an audit: --days, or what --since, --until and --period mean. Throws UserError. */
export function auditedSpan(flags: AuditFlags, now: number, timeZone: string): Span {
  if (flags.days === undefined) return spanOf(flags, now, timeZone);
  if (flags.period !== undefined || flags.since !== undefined || flags.until !== undefined)
    throw new UserError('--days already says the span', {
      hint: 'Use either --days, or --period, --since and --until.',
    });
  const today = localDay(timeZone, now);
  return {
    start: startOfLocalDay(timeZone, today - flags.days + 1),
    end: startOfLocalDay(timeZone, today + 1),
  };
}

/** What aicost.yaml asks of calls. */
export const configuredPolicy = ({ tagRules }: Session): TagPolicy =>
  tagRules === undefined ? NO_POLICY : policyOf(tagRules);

/** More tags than this, with conditions of --where beside them, cannot be joined in one question. */
const MOST_TAGS = 24;

/** The policy that flags ask for; `configured` is what aicost.yaml says. Throws UserError for too many tags. */
export function auditedPolicy(flags: AuditFlags, configured: TagPolicy): TagPolicy {
  const policy = askedPolicy(flags, configured);
  const found = requiredKeys(policy).length;
  if (found > MOST_TAGS)
    throw new UserError(`at most ${MOST_TAGS} tags can be audited at once, found ${found}`, {
      hint: 'Name fewer with --keys, such as --keys team,feature.',
    });
  return policy;
}

function askedPolicy(flags: AuditFlags, configured: TagPolicy): TagPolicy {
  const keys = flags.require ?? flags.keys;
  if (keys !== undefined) return { ...configured, requirements: [{ where: [], keys }] };
  return requiredKeys(configured).length > 0
    ? configured
    : { ...configured, requirements: [{ where: [], keys: USUAL_KEYS }] };
}

/** What flags choose of the calls. Throws UserError. */
export interface AuditedPart {
  readonly span: Span;
  readonly where: readonly Filter[];
}

/** The part of the ledger that flags ask about, understood before the ledger is opened. Throws UserError. */
export const auditedPart = (flags: AuditFlags, now: number, timeZone: string): AuditedPart => ({
  span: auditedSpan(flags, now, timeZone),
  where: filtersOf(flags.where),
});

/** Binds the questions of an audit to a ledger, the rules of aicost.yaml, and the part of it that is asked about. */
export async function auditSubject(
  flags: AuditFlags,
  session: Session,
  logged: LedgerToRead,
  now: number,
  { span, where }: AuditedPart,
): Promise<AuditSubject> {
  const { timeZone, tagRules } = session;
  const asking = async (ledger: LedgerToRead): Promise<AuditSubject['ask']> => {
    const view = await openCostView(flags.cost, session, ledger, now);
    return (question) =>
      view.spend({ timeZone, span, ...question, where: [...where, ...(question.where ?? [])] });
  };
  const ruled = (infer: boolean): Promise<LedgerToRead> =>
    attributedLedger(logged, session.tagRules, { ...flags, infer });
  const infers =
    (tagRules?.infer.length ?? 0) > 0 && flags.infer !== false && flags.virtual !== false;
  return {
    ask: await asking(await ruled(false)),
    askRaw: await asking(logged),
    askInferring: infers ? await asking(await ruled(true)) : undefined,
    span,
    timeZone,
    asOf: Math.min(span.end ?? now, now),
    policy: auditedPolicy(flags, configuredPolicy(session)),
    owners: tagRules?.owners ?? [],
    tagKeys: logged.tagKeys(),
  };
}
