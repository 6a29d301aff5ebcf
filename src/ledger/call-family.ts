import type { UsageEvent } from '../domain/usage.ts';
import { type FamilyMember, openFamilyTable } from './call-family-table.ts';
import type { Database } from './database.ts';
import type { IncomingCall } from './incoming-call.ts';

/** Under which key an event belongs, and in which other rows records of the same call stand so far. */
export interface Settled {
  readonly key: string;
  readonly merges: readonly number[];
}

/** Finds the events that are one call although the ids of their records differ. */
export interface CallFamilies {
  /** Looks whether there are any; called once a transaction, since another process may have added some. */
  readonly look: () => void;
  readonly areUsed: () => boolean;
  /** Reads what is known of the families of calls that are settled next, all at once. */
  readonly expect: (calls: readonly Pick<IncomingCall, 'known'>[]) => void;
  readonly settle: (event: UsageEvent, key: string) => Settled;
  /** Writes the families that were found since. */
  readonly write: () => void;
}

/**
 * A record without a request id, or replayed in a sidechain, is the same call as any other record of its
 * family; two records with different request ids are two calls (reference: agent CLIs, Claude Code). So
 * one such record makes the whole family one call, under its smallest exact key, whatever came first.
 * `rowOf` finds the event of a key.
 */
export function openCallFamilies(
  database: Database,
  rowOf: (key: string) => number | undefined,
): CallFamilies {
  const table = openFamilyTable(database);
  let used = false;
  let last: { readonly family: string; readonly key: string; readonly settled: string } | undefined;

  // A tool that knows no request ids may have logged the message under its bare id.
  const familyOf = (event: UsageEvent): string | undefined =>
    event.family ?? (used ? event.id : undefined);

  /** The members of a family, this record among them; none where its id is no family's. */
  const membersWith = (event: UsageEvent, family: string, key: string): readonly FamilyMember[] => {
    const before = table.members(family);
    if (before.some((member) => member.key === key)) return before;
    if (event.family === undefined && before.length === 0) return [];
    if (before.length === 0 && family !== key && rowOf(family) !== undefined)
      table.add(family, { key: family, exact: false });
    const exact = event.family !== undefined && key !== family && event.replay !== true;
    table.add(family, { key, exact });
    return table.members(family);
  };

  return {
    look() {
      used ||= table.isUsed();
      last = undefined;
    },
    areUsed: () => used,
    expect: (calls) => table.expect(calls.flatMap(({ known }) => familyOf(known.event) ?? [])),
    settle(event, key) {
      const family = familyOf(event);
      if (family === undefined) return { key, merges: [] };
      // Snapshots of a stream follow each other; the first one settled where they belong.
      if (last?.family === family && last.key === key) return { key: last.settled, merges: [] };
      const members = membersWith(event, family, key);
      if (members.length === 0) return { key, merges: [] };
      used = true;
      const exact = members.filter((member) => member.exact);
      // Only calls whose records all name their request are told apart.
      const allExact = exact.length === members.length;
      const settled = allExact ? key : ((exact[0] ?? members[0])?.key ?? key);
      last = { family, key, settled };
      if (allExact || members.length === 1) return { key: settled, merges: [] };
      const others = members.map((member) => member.key).filter((each) => each !== settled);
      return { key: settled, merges: others.flatMap((each) => rowOf(each) ?? []) };
    },
    write: table.write,
  };
}
