import { totalsOf } from '../domain/meters.ts';
import { ZERO } from '../domain/money.ts';
import type { TagRules } from '../domain/tag-rules.ts';
import type { LedgerToRead } from '../ledger/ledger-to-read.ts';
import type { ContradictedTag } from '../reports/audit-conflicts.ts';
import type { PlacedCall } from '../reports/audit-files.ts';
import type { AuditSection, AuditSubject } from '../reports/audit-section.ts';
import type { Runtime } from '../runtime.ts';
import type { AuditFlags } from './audit-flags.ts';
import { openCostView } from './cost-view.ts';
import { filtersOf } from './flags.ts';
import { shownPath } from './places.ts';
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

/** What an audit asks that sums by tags do not tell. */
export interface AuditedCalls {
  /** Where requests and their keys contradict each other. */
  readonly conflicts: () => readonly ContradictedTag[];
  /** What virtual tags make of the values in the ledger. */
  readonly matched: () => AuditSection;
  /** The calls one by one, with what rules make of them without inference. */
  readonly placed: () => Iterable<PlacedCall>;
}

/** Opens what is asked of calls beside their sums. */
export async function auditedCalls(
  flags: AuditFlags,
  session: Session,
  ledger: LedgerToRead,
  { span, timeZone }: AuditSubject,
  runtime: Runtime,
): Promise<AuditedCalls> {
  const [
    { tagConflicts },
    { openAttribution },
    { attributedCalls },
    { openVerdicts },
    { valueMatches },
    { virtualSection },
  ] = await Promise.all([
    import('../attribution/tag-conflicts.ts'),
    import('../attribution/attribution.ts'),
    import('../attribution/attributed-calls.ts'),
    import('../attribution/verdicts.ts'),
    import('../attribution/value-matches.ts'),
    import('../reports/audit-virtual.ts'),
  ]);
  const where = filtersOf(flags.where);
  const { virtual } = session.tagRules ?? NO_RULES;
  const attribution = openAttribution({ ...(session.tagRules ?? NO_RULES), infer: [] });
  const view = await openCostView(flags.cost, session, ledger, runtime.now());
  const shown = (file: string): string => shownPath(file, runtime.cwd);
  return {
    conflicts: () =>
      tagConflicts(ledger.spend, attribution, { span, where, timeZone }).map((conflict) => ({
        ...conflict,
        ...(conflict.rule === undefined
          ? {}
          : { rule: { ...conflict.rule, file: shown(conflict.rule.file) } }),
      })),
    matched: () =>
      virtualSection(
        [...new Set(virtual.map(({ tag }) => tag))].flatMap((tag) =>
          valueMatches(ledger.spend, attribution, tag, { span, timeZone, where }).map((one) => ({
            tag,
            ...one,
          })),
        ),
        virtual,
        ({ file, line }) => `${shown(file)}:${line ?? 1}`,
      ),
    *placed() {
      const { find, fitting } = attributedCalls(
        attribution,
        openVerdicts(ledger.countCalls, attribution),
      );
      for (const stored of ledger.events({ span, where: [], order: 'time' })) {
        if (fitting([stored], where).length === 0) continue;
        const { event, rate, file, line } = stored;
        const requests = BigInt(event.requests);
        yield {
          file: file === null ? null : shown(file),
          line,
          calls: {
            requests,
            unrated: rate.kind === 'unrated' ? requests : 0n,
            cost: view.costOf(rate, totalsOf(event.usage), requests) ?? ZERO,
          },
          valueOf: ({ name }) => find(stored, name)?.value ?? null,
        };
      }
    },
  };
}
