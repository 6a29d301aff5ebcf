import type { UsageTotals } from './meters.ts';
import type { CallKind, OrderedCall } from './ordered-call.ts';
import type { RequestClass } from './replay-question.ts';
import { PARTS, type Part } from './usage.ts';

/** A sum of whole numbers that are added one at a time, exact however many there are. */
export interface WholeSum {
  readonly add: (count: number) => void;
  readonly total: () => bigint;
}

/** Half of what a number holds exactly: below it, adding another safe integer loses nothing. */
const SPILL = 2 ** 52;

/** Begins at nothing. Numbers are added as numbers, which takes a tenth of what bigints take. */
export function wholeSum(): WholeSum {
  let whole = 0n;
  let sum = 0;
  return {
    add(count) {
      if (count >= SPILL || count <= -SPILL) whole += BigInt(count);
      else sum += count;
      if (sum < SPILL && sum > -SPILL) return;
      whole += BigInt(sum);
      sum = 0;
    },
    total: () => whole + BigInt(sum),
  };
}

const NOTHING: Readonly<Record<string, number>> = {};

/** Calls of one kind that are to be treated alike, summed. */
export interface SummedCalls {
  readonly kind: CallKind;
  readonly add: (call: OrderedCall) => void;
  /** Their sums as a class of requests. Its sample knows no sizes, since nothing was cut by size. */
  readonly asClass: () => RequestClass;
}

/** Begins a sum of calls of a kind. */
export function sumCalls(kind: CallKind): SummedCalls {
  const [requests, input, cacheRead, cacheWrite, output, reasoning] = [
    wholeSum(),
    wholeSum(),
    wholeSum(),
    wholeSum(),
    wholeSum(),
    wholeSum(),
  ];
  const extras = new Map<string, WholeSum>();
  let earliest: number | undefined;
  const totals = (): UsageTotals => {
    const writes = new Map<string, bigint>();
    const parts = new Map<Part, bigint>();
    const fees = new Map<string, bigint>();
    let rest = cacheWrite.total();
    for (const [name, sum] of extras) {
      const quantity = sum.total();
      const part = PARTS.find((each) => each === name);
      if (part !== undefined) parts.set(part, quantity);
      else if (name.startsWith('fee:')) fees.set(name.slice('fee:'.length), quantity);
      else {
        writes.set(name.slice('cache_write@'.length), quantity);
        rest -= quantity;
      }
    }
    if (rest !== 0n) writes.set('default', rest);
    return {
      input: input.total(),
      cacheRead: cacheRead.total(),
      cacheWrite: writes,
      output: output.total(),
      reasoning: reasoning.total(),
      parts,
      fees,
    };
  };
  return {
    kind,
    add(call) {
      requests.add(call.requests);
      input.add(call.input);
      cacheRead.add(call.cacheRead);
      if (call.cacheWrite !== 0) cacheWrite.add(call.cacheWrite);
      output.add(call.output);
      reasoning.add(call.reasoning);
      if (call.time !== undefined && (earliest === undefined || call.time < earliest))
        earliest = call.time;
      for (const [name, quantity] of Object.entries(call.extra ?? NOTHING)) {
        const sum = extras.get(name) ?? wholeSum();
        extras.set(name, sum);
        sum.add(quantity);
      }
    },
    asClass: () => ({
      ...kind,
      requests: requests.total(),
      usage: totals(),
      sample: {
        time: earliest,
        size: () => {
          throw new Error('these calls were not told apart by size');
        },
        holds: () => {
          throw new Error('these calls were not told apart by conditions');
        },
      },
    }),
  };
}
