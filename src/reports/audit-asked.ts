import { added, NO_CALLS, type Sum, callsOf } from '../domain/coverage.ts';
import { distinctDimensions, valuesOf } from '../domain/filter-match.ts';
import { ownedBy, ownerOf } from '../domain/ownership.ts';
import { judgedBy, judgeTags, tagNamed } from '../domain/required-tags.ts';
import type { Table } from './answer.ts';
import { type AuditSubject, costCell, countCell, dearestFirst, textCell } from './audit-section.ts';

/** Calls that break a policy of required tags, and whom to ask about them. */
export interface AskedOwners {
  readonly table: Table;
  readonly missing: Sum;
  /** Owners by name; those of nobody are left out. */
  readonly owners: readonly string[];
}

/** Gathers the calls that lack a required tag by owner and key. */
export function askedOwners({ ask, policy, owners }: AuditSubject): AskedOwners {
  const key = tagNamed('api_key');
  const by = distinctDimensions([...judgedBy(policy), ...ownedBy(owners), key]);
  const groups = new Map<string, { owner?: string; key?: string; calls: Sum }>();
  for (const row of ask({ by }).rows) {
    const valueOf = valuesOf(by, row.key);
    if (judgeTags(policy, valueOf).missing.length === 0) continue;
    const owner = ownerOf(owners, valueOf);
    const through = valueOf(key) ?? undefined;
    const name = JSON.stringify([owner, through]);
    groups.set(name, {
      ...(owner === undefined ? {} : { owner }),
      ...(through === undefined ? {} : { key: through }),
      calls: added(groups.get(name)?.calls ?? NO_CALLS, callsOf(row)),
    });
  }
  const found = dearestFirst(
    [...groups.values()],
    ({ calls }) => calls,
    ({ owner, key: through }) => `${owner ?? ''} ${through ?? ''}`,
  );
  const table: Table = {
    name: 'to_ask',
    title: 'Whom to ask about calls without required tags',
    columns: [
      { key: 'owner', title: 'Owner', yields: 0 },
      { key: 'api_key', title: 'Key', yields: 1 },
      { key: 'requests', title: 'Calls', yields: 0 },
      { key: 'cost_usd', title: 'Spend', yields: 0 },
    ],
    rows: found.map(({ owner, key: through, calls }) => [
      owner === undefined ? { kind: 'absent', label: '(nobody)' } : textCell(owner),
      through === undefined ? { kind: 'absent', label: '(none)' } : textCell(through),
      countCell(calls.requests),
      costCell(calls),
    ]),
    empty: 'Every call carries its required tags.',
  };
  return {
    table,
    missing: found.reduce((sum, { calls }) => added(sum, calls), NO_CALLS),
    owners: [...new Set(found.flatMap(({ owner }) => owner ?? []))].toSorted(),
  };
}
