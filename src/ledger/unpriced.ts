import { commonFirst, type UnratedReason } from '../domain/spend.ts';
import type { StoredRate } from './stored-rate.ts';

/** What has no price, by group and by reason. */
export interface Unpriced<Group> {
  readonly add: (group: Group, rate: StoredRate, requests: bigint) => void;
  /**
   * Requests of a group without a price. A correction that prices calls of a closed month takes back its own
   * reason only, and never below nothing: it does not price what else the group holds.
   */
  readonly of: (group: Group) => bigint;
  /** Why, with what corrections took back. */
  readonly reasonsOf: (group: Group) => readonly UnratedReason[];
  /** Over all groups, most requests first. */
  readonly reasons: () => readonly UnratedReason[];
}

/** Counts what has no price. */
export function countUnpriced<Group>(): Unpriced<Group> {
  const groups = new Map<Group, Map<string, bigint>>();
  const reasons = new Map<string, { code: string; message: string; requests: bigint }>();
  return {
    add(group, rate, requests) {
      if (rate.kind !== 'unrated') return;
      const { code, message } = rate;
      const reason = reasons.get(message) ?? { code, message, requests: 0n };
      reason.requests += requests;
      reasons.set(message, reason);
      const ofGroup = groups.get(group) ?? new Map<string, bigint>();
      ofGroup.set(message, (ofGroup.get(message) ?? 0n) + requests);
      groups.set(group, ofGroup);
    },
    of(group) {
      let requests = 0n;
      for (const each of groups.get(group)?.values() ?? []) if (each > 0n) requests += each;
      return requests;
    },
    reasonsOf: (group) =>
      [...(groups.get(group) ?? [])].map(([message, requests]) => ({
        code: reasons.get(message)?.code ?? '',
        message,
        requests,
      })),
    reasons: () => commonFirst([...reasons.values()]),
  };
}
