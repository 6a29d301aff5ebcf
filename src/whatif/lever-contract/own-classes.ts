import { type SummedCalls, sumCalls } from '../../domain/call-sums.ts';
import type { CallKind, OrderedCall } from '../../domain/ordered-call.ts';
import type { RequestClass } from '../../domain/replay-question.ts';
import type { Reason, Verdict } from './lever.ts';

/** Classes of requests that a lever makes itself, because sums by kind and size would not tell what it asks. */
export interface OwnClasses {
  /** Puts a call to those of its kind that stay as they are for this reason. */
  readonly leave: (call: OrderedCall, reason: Reason) => void;
  /** Takes summed calls as a class. */
  readonly add: (calls: SummedCalls, verdict: (requests: RequestClass) => Verdict) => void;
  /** All of them; asked once, at the end. */
  readonly all: () => readonly RequestClass[];
  readonly judge: (requests: RequestClass) => Verdict;
}

/** Begins without classes. */
export function openOwnClasses(): OwnClasses {
  const verdicts = new Map<RequestClass, Verdict>();
  const left = new Map<
    CallKind,
    Map<string, { readonly calls: SummedCalls; readonly reason: Reason }>
  >();
  const add: OwnClasses['add'] = (calls, verdict) => {
    const requests = calls.asClass();
    verdicts.set(requests, verdict(requests));
  };
  return {
    leave(call, reason) {
      const ofKind = left.get(call.kind) ?? new Map();
      left.set(call.kind, ofKind);
      const known = ofKind.get(reason.code) ?? { calls: sumCalls(call.kind), reason };
      ofKind.set(reason.code, known);
      known.calls.add(call);
    },
    add,
    all() {
      for (const ofKind of left.values())
        for (const { calls, reason } of ofKind.values())
          add(calls, () => ({ kind: 'excluded', reason }));
      left.clear();
      return [...verdicts.keys()];
    },
    judge: (requests) => verdicts.get(requests) ?? { kind: 'untouched' },
  };
}
