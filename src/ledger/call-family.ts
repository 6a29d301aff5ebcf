import type { UsageEvent } from '../domain/usage.ts';
import { type FamilyMember, type FamilyTable, memberOf } from './call-family-table.ts';
import type { EventBlocks } from './event-blocks.ts';
import type { EventKeys } from './event-keys.ts';
import type { IncomingEvent } from './event-placement.ts';

/** Under which key an event belongs, and in which other rows records of the same call stand so far. */
export interface Settled {
  readonly key: string;
  readonly merges: readonly number[];
}

/** Finds the events that are one call although the ids of their records differ. */
export interface CallFamilies {
  /** Begins a transaction, or goes on in it after somebody else made rows of blocks. */
  readonly look: () => void;
  /** Reads what is known of the families of events that are settled next, all at once. */
  readonly expect: (events: readonly IncomingEvent[]) => void;
  readonly settle: (event: UsageEvent, key: string) => Settled;
}

/**
 * A record without a request id, or replayed in a sidechain, is the same call as any other record of its
 * family; two records with different request ids are two calls (reference: agent CLIs, Claude Code). So
 * one such record makes the whole family one call, under its smallest exact key, whatever came first. A family that
 * only a block knows has one event; it comes into the table when rows are made of the block for a record of another key.
 */
export function openCallFamilies(
  table: FamilyTable,
  { rowOf, rowOfFamily }: Pick<EventKeys, 'rowOf' | 'rowOfFamily'>,
  blocks: Pick<EventBlocks, 'namesOf' | 'settle'>,
): CallFamilies {
  let last: { readonly family: string; readonly key: string; readonly settled: string } | undefined;

  /** The members of a family, this record among them; none where its id is no family's. */
  const membersWith = (event: UsageEvent, family: string, key: string): readonly FamilyMember[] => {
    const before = table.members(family);
    if (before.some((member) => member.key === key)) return before;
    if (event.family === undefined && before.length === 0) return [];
    if (before.length === 0 && family !== key && rowOf(family) !== undefined)
      table.add(family, { key: family, exact: false });
    table.add(
      family,
      event.family === undefined
        ? { key, exact: false }
        : memberOf(key, family, event.replay === true),
    );
    return table.members(family);
  };

  return {
    look() {
      table.look();
      last = undefined;
    },
    expect: (events) => table.expect(events.flatMap(({ event }) => familyOf(event) ?? [])),
    settle(event, key) {
      const family = familyOf(event);
      if (family === undefined) return { key, merges: [] };
      const inBlock = rowOfFamily(family);
      if (inBlock !== undefined) {
        if (blocks.namesOf(inBlock)?.key === key) return { key, merges: [] };
        blocks.settle(inBlock);
      }
      // Snapshots of a stream follow each other; the first one settled where they belong.
      if (last?.family === family && last.key === key) return { key: last.settled, merges: [] };
      const members = membersWith(event, family, key);
      if (members.length === 0) return { key, merges: [] };
      const exact = members.filter((member) => member.exact);
      // Only calls whose records all name their request are told apart.
      const allExact = exact.length === members.length;
      const settled = allExact ? key : ((exact[0] ?? members[0])?.key ?? key);
      last = { family, key, settled };
      if (allExact || members.length === 1) return { key: settled, merges: [] };
      const others = members.map((member) => member.key).filter((each) => each !== settled);
      return { key: settled, merges: others.flatMap((each) => rowOf(each) ?? []) };
    },
  };
}

/** A tool that knows no request ids may have logged the message under its bare id. */
const familyOf = (event: UsageEvent): string | undefined => event.family ?? event.id;
