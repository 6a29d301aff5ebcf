import { requiredKeys, type TagPolicy } from '../domain/required-tags.ts';
import type { Span, SpendQuery } from '../domain/spend.ts';
import { localDay, startOfLocalDay } from '../domain/time-zone.ts';
import type { LedgerToRead } from '../ledger/ledger-to-read.ts';
import type { AuditQuestion, AuditSubject } from '../reports/audit-section.ts';
import type { AuditFlags } from './audit-flags.ts';
import type { CostView } from './cost-view.ts';
import { filtersOf, spanOf } from './flags.ts';
import { UserError } from '../errors.ts';

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

/** The policy that flags ask for; `configured` is what aicost.yaml says. */
export function auditedPolicy(flags: AuditFlags, configured: TagPolicy): TagPolicy {
  const keys = flags.require ?? flags.keys;
  if (keys !== undefined) return { ...configured, requirements: [{ where: [], keys }] };
  return requiredKeys(configured).length > 0
    ? configured
    : { ...configured, requirements: [{ where: [], keys: USUAL_KEYS }] };
}

/** What a subject is made of, besides flags. */
export interface AuditWorld {
  readonly ledger: LedgerToRead;
  readonly view: CostView;
  readonly timeZone: string;
  readonly now: number;
  readonly configured: TagPolicy;
  readonly owners: AuditSubject['owners'];
}

/** Binds the questions of an audit to a ledger, its span and its conditions. Throws UserError. */
export function auditSubject(flags: AuditFlags, world: AuditWorld): AuditSubject {
  const { ledger, view, timeZone, now, configured, owners } = world;
  const span = auditedSpan(flags, now, timeZone);
  const where = filtersOf(flags.where);
  const queryOf = (question: AuditQuestion): SpendQuery => ({
    by: question.by,
    timeZone,
    span: question.span ?? span,
    where: [...where, ...(question.where ?? [])],
    ...(question.grain === undefined ? {} : { grain: question.grain }),
  });
  return {
    ask: (question) => view.spend(queryOf(question)),
    askInferring: undefined,
    span,
    timeZone,
    asOf: Math.min(span.end ?? now, now),
    policy: auditedPolicy(flags, configured),
    owners,
    tagKeys: ledger.tagKeys(),
  };
}
