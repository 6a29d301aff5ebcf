import type { UsageEvent } from '../domain/usage.ts';
import type { Database } from './database.ts';

/** Under which key an event belongs, and in which other rows records of the same call stand so far. */
export interface Settled {
  readonly key: string;
  readonly merges: readonly number[];
}

/** Finds the events that are one call although the ids of their records differ. */
export interface CallFamilies {
  /** Looks whether there are any; called once a transaction, since another process may have added some. */
  readonly look: () => void;
  readonly settle: (event: UsageEvent, key: string) => Settled;
}

interface Member {
  readonly event_key: string;
  readonly exact: number;
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
  const membersOf = database.prepare<[string], Member>(
    'SELECT event_key, exact FROM call_family WHERE family = ? ORDER BY event_key',
  );
  const any = database.prepare<[], { found: number }>('SELECT 1 AS found FROM call_family LIMIT 1');
  const add = database.prepare(
    'INSERT OR IGNORE INTO call_family (family, event_key, exact) VALUES (?, ?, ?)',
  );
  let used = false;
  let last: { readonly family: string; readonly key: string; readonly settled: string } | undefined;

  /** The members of a family, this record among them; none where its id is no family's. */
  const membersWith = (event: UsageEvent, family: string, key: string): readonly Member[] => {
    const before = membersOf.all(family);
    if (before.some(({ event_key }) => event_key === key)) return before;
    if (event.family === undefined && before.length === 0) return [];
    const bare = before.length === 0 && family !== key && rowOf(family) !== undefined;
    if (bare) add.run(family, family, 0);
    const exact = event.family !== undefined && key !== family && event.replay !== true ? 1 : 0;
    add.run(family, key, exact);
    return bare || before.length > 0 ? membersOf.all(family) : [{ event_key: key, exact }];
  };

  return {
    look() {
      used ||= any.get() !== undefined;
      last = undefined;
    },
    settle(event, key) {
      // A tool that knows no request ids may have logged the message under its bare id.
      const family = event.family ?? (used ? event.id : undefined);
      if (family === undefined) return { key, merges: [] };
      // Snapshots of a stream follow each other; the first one settled where they belong.
      if (last?.family === family && last.key === key) return { key: last.settled, merges: [] };
      const members = membersWith(event, family, key);
      if (members.length === 0) return { key, merges: [] };
      used = true;
      const exact = members.filter((member) => member.exact === 1);
      // Only calls whose records all name their request are told apart.
      const allExact = exact.length === members.length;
      const settled = allExact ? key : ((exact[0] ?? members[0])?.event_key ?? key);
      last = { family, key, settled };
      if (allExact || members.length === 1) return { key: settled, merges: [] };
      const others = members.map(({ event_key }) => event_key).filter((each) => each !== settled);
      return { key: settled, merges: others.flatMap((each) => rowOf(each) ?? []) };
    },
  };
}
