import { exactSum } from '../domain/exact-sum.ts';
import { asMoney, dividedBy, type Fraction, minus, plus, times } from '../domain/fraction.ts';
import type { Money } from '../domain/money.ts';
import type { CostRange, Verdict } from './lever-contract/lever.ts';
import type { MoneyRange } from './run-result.ts';

/** What a plan makes of a class, and the part of the class that it makes that of. */
export interface SharedVerdict {
  readonly verdict: Verdict;
  readonly share: Fraction;
}

/** Sums up what requests cost after several plans that judge the same classes: multiplied class by class. */
export interface Combination {
  /** A class by what it costs now, with the verdicts of the plans that are about it. */
  readonly add: (before: Money, verdicts: readonly SharedVerdict[]) => void;
  readonly result: () => MoneyRange;
}

/** A new sum. */
export function openCombination(): Combination {
  const sums = { low: exactSum(), mid: exactSum(), high: exactSum() };
  const total = (name: keyof CostRange): Money => asMoney(sums[name].total());
  return {
    add(before, verdicts) {
      for (const name of ['low', 'mid', 'high'] as const) {
        const afters = verdicts.map(({ verdict, share }) =>
          shared(before, costAfter(verdict, before, name), share),
        );
        sums[name].add(product(before, afters));
      }
    },
    result: () => ({ low: total('low'), mid: total('mid'), high: total('high') }),
  };
}

const whole = (amount: bigint): Fraction => ({ part: amount, over: 1n });

/** What a class costs after a verdict on it. */
function costAfter(verdict: Verdict, before: bigint, name: keyof CostRange): Fraction {
  switch (verdict.kind) {
    case 'untouched':
    case 'excluded':
      return whole(before);
    case 'changed':
      return verdict.after[name];
    case 'split':
      return verdict.parts.reduce(
        (sum, { share, verdict: part }) =>
          plus(
            sum,
            times(minus(costAfter(part, before, name), whole(before)), share.part, share.over),
          ),
        whole(before),
      );
  }
}

/** The share of a cost that changes, and the rest that does not. */
const shared = (before: bigint, after: Fraction, { part, over }: Fraction): Fraction =>
  part === over ? after : plus(whole(before), times(minus(after, whole(before)), part, over));

/** A cost times what each lever leaves of it. Where more than one leaves another part, rounded to the attodollar. */
function product(before: bigint, afters: readonly Fraction[]): Fraction {
  const changed = afters.filter(({ part, over }) => part !== before * over);
  const [only, another] = changed;
  if (only === undefined) return whole(before);
  if (another === undefined) return only;
  // Of nothing no part can be told, so what is added to it stays as it is.
  if (before === 0n) return changed.reduce(plus, whole(0n));
  const left = changed
    .slice(1)
    .reduce((cost, after) => dividedBy(times(cost, after.part, after.over), whole(before)), only);
  return whole(asMoney(left));
}
