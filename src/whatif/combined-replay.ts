import { exactSum } from '../domain/exact-sum.ts';
import { asMoney, dividedBy, type Fraction, minus, plus, times } from '../domain/fraction.ts';
import { type Money, ZERO } from '../domain/money.ts';
import { costAt } from '../domain/position.ts';
import { mergeCuts } from '../domain/replay-question.ts';
import type { Filter } from '../domain/spend.ts';
import type { CostRange, LeverPlan, LeverWorld, Verdict } from './lever-contract/lever.ts';
import type { MoneyRange } from './run-result.ts';

/** A plan on the requests that fit its own conditions, and the part of each kind of them that it changes. */
export interface JoinedPlan {
  readonly plan: LeverPlan;
  readonly where: readonly Filter[];
  readonly share: Fraction;
}

/** Costs of all requests after several plans that judge the ledger's own classes: multiplied class by class. */
export function replayCombined(plans: readonly JoinedPlan[], world: LeverWorld): MoneyRange {
  const { span, where, ledger } = world;
  const cuts = mergeCuts(
    plans.flatMap(({ plan, where: filters }) => [
      ...plan.cuts,
      ...(filters.length === 0 ? [] : [{ kind: 'where', filters } as const]),
    ]),
  );
  const sums = { low: exactSum(), mid: exactSum(), high: exactSum() };
  for (const requests of ledger.replay({ span, where, by: [], cuts })) {
    const { rate, usage, requests: count } = requests;
    const before = rate.kind === 'rated' ? costAt(rate.prices, usage, count) : ZERO;
    const verdicts = plans.flatMap(({ plan, where: filters, share }) =>
      filters.length === 0 || requests.sample.holds(filters)
        ? [{ verdict: plan.judge(requests), share }]
        : [],
    );
    for (const name of ['low', 'mid', 'high'] as const)
      sums[name].add(
        product(
          before,
          verdicts.map(({ verdict, share }) =>
            shared(before, costAfter(verdict, before, name), share),
          ),
        ),
      );
  }
  const total = (name: keyof CostRange): Money => asMoney(sums[name].total());
  return { low: total('low'), mid: total('mid'), high: total('high') };
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

/** Whether plans judge the classes that the ledger makes, so that one class is the same to each of them. */
export const judgeTheSame = (plans: readonly LeverPlan[]): boolean =>
  plans.every(({ classes }) => classes === undefined);
