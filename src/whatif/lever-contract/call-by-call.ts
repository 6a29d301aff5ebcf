import { type SummedCalls, sumCalls } from '../../domain/call-sums.ts';
import { charge } from '../../domain/charge.ts';
import type { CallKind, OrderedCall, OrderQuery } from '../../domain/ordered-call.ts';
import type { Prices } from '../../domain/rate-card.ts';
import type { RequestClass } from '../../domain/replay-question.ts';
import type { CostRange, LeverPlan, LeverWorld, Reason, Verdict } from './lever.ts';
import { openOwnClasses } from './own-classes.ts';

/** What a lever makes of one call. Calls of a kind with the same `name` share everything but their counts. */
export type CallVerdict =
  | { readonly kind: 'excluded'; readonly reason: Reason }
  /** The call is no longer made. */
  | { readonly kind: 'saved' }
  | {
      readonly kind: 'changed';
      readonly name: string;
      /** The call with the counts it would have had. */
      readonly after: OrderedCall;
      readonly prices: Prices;
    };

interface Alike {
  readonly before: SummedCalls;
  readonly after: SummedCalls;
  readonly verdict: Exclude<CallVerdict, { readonly kind: 'excluded' }>;
}

/**
 * The part of a plan that looks at each call by itself and in order, where sums of calls would not tell. `begin` is
 * asked for a fresh judge each time that the calls are looked at.
 */
export function callByCall(
  world: LeverWorld,
  facts: OrderQuery['facts'],
  begin: () => (call: OrderedCall) => CallVerdict,
): Required<Pick<LeverPlan, 'cuts' | 'classes' | 'judge'>> {
  let own = openOwnClasses();
  return {
    cuts: [],
    classes(by) {
      own = openOwnClasses();
      const judgeCall = begin();
      const found = new Map<CallKind, Map<string, Alike>>();
      const { span, where, ledger } = world;
      for (const call of ledger.calls({ span, where, by, facts })) {
        const verdict = judgeCall(call);
        if (verdict.kind === 'excluded') {
          own.leave(call, verdict.reason);
          continue;
        }
        const ofKind = found.get(call.kind) ?? new Map<string, Alike>();
        found.set(call.kind, ofKind);
        const name = verdict.kind === 'saved' ? '' : `to ${verdict.name}`;
        const alike = ofKind.get(name) ?? {
          before: sumCalls(call.kind),
          after: sumCalls(call.kind),
          verdict,
        };
        ofKind.set(name, alike);
        alike.before.add(call);
        if (verdict.kind === 'changed') alike.after.add(verdict.after);
      }
      for (const ofKind of found.values())
        for (const { before, after, verdict } of ofKind.values())
          own.add(before, (requests) => verdictOf(verdict, requests, after));
      return own.all();
    },
    judge: (requests) => own.judge(requests),
  };
}

/** One cost, whatever happens. */
const certain = (part: bigint): CostRange => {
  const cost = { part, over: 1n };
  return { low: cost, mid: cost, high: cost };
};

function verdictOf(verdict: Alike['verdict'], requests: RequestClass, after: SummedCalls): Verdict {
  if (verdict.kind === 'saved')
    return { kind: 'changed', after: certain(0n), doubts: [], saved: requests.requests };
  const { cost, missing } = charge(after.asClass().usage, verdict.prices, requests.requests);
  return cost === undefined
    ? {
        kind: 'excluded',
        reason: {
          code: 'no-price-there',
          message: `what they would use then has no price: ${missing.join(', ')}`,
        },
      }
    : { kind: 'changed', after: certain(cost), doubts: [] };
}
