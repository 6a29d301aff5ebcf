import type { Fraction } from '../domain/fraction.ts';
import { money } from '../domain/money.ts';
import type { Reason } from './lever-contract/lever.ts';
import type { Remark } from './run-result.ts';
import {
  descending,
  found,
  rounded,
  scaled,
  shareOf,
  type Sums,
  type Weighted,
  weighted,
} from './weighted-sums.ts';

/** Reasons with the requests that they are about. */
export interface Remarks {
  readonly add: (reason: Reason, one: Sums, share: Fraction) => void;
  readonly found: (share: Fraction) => readonly Remark[];
}

/** Gathers reasons; each is told once, with all its requests. */
export function openRemarks(): Remarks {
  const remarks = new Map<string, { readonly reason: Reason; readonly part: Weighted }>();
  return {
    add(reason, { requests, before }, share) {
      const { part } = found(remarks, `${reason.code}|${reason.message}`, () => ({
        reason,
        part: weighted(),
      }));
      part.requests.add(shareOf(requests, share));
      part.before.add(shareOf(before, share));
    },
    found: (share) =>
      [...remarks.values()]
        .map(({ reason, part }) => ({
          reason,
          requests: rounded(scaled(part.requests, share)),
          before: money(rounded(scaled(part.before, share))),
        }))
        .sort((a, b) => descending(a.before, b.before) || descending(a.requests, b.requests)),
  };
}
