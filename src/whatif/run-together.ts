import type { Fraction } from '../domain/fraction.ts';
import { mergeCuts, type RequestClass } from '../domain/replay-question.ts';
import type { Dimension } from '../domain/spend.ts';
import type { LeverPlan, LeverWorld } from './lever-contract/lever.ts';
import { eachOnce } from './run.ts';
import type { RunResult } from './run-result.ts';
import { openTally } from './tally.ts';

/** A plan, and the part of every kind of its requests that it changes. */
export interface SharedPlan {
  readonly plan: LeverPlan;
  readonly share: Fraction;
}

/** All of it. */
export const WHOLE: Fraction = { part: 1n, over: 1n };

/** Requests as they are: what every other result is held against. */
export const UNCHANGED: LeverPlan = {
  title: 'nothing changed',
  cuts: [],
  judge: () => ({ kind: 'untouched' }),
  assumptions: () => [],
  caveat: 'as it was',
};

/** How the results are grouped. */
export interface Grouping {
  /** What is asked of the ledger. */
  readonly by: readonly Dimension[];
  /** The group of a class, where more than that decides it: what every class tells of its sku costs nothing to ask. */
  readonly groupOf?: (requests: RequestClass) => RequestClass['key'];
}

/**
 * Replays the same requests under several plans, each by itself. Plans that judge the ledger's own classes share one
 * scan, in which whatever any of them tells apart is told apart.
 */
export function runTogether(
  plans: readonly SharedPlan[],
  { by, groupOf = ({ key }) => key }: Grouping,
  world: LeverWorld,
): readonly RunResult[] {
  const { span, where, ledger } = world;
  const grouped = (requests: RequestClass): RequestClass => ({
    ...requests,
    key: groupOf(requests),
  });
  const tallies = plans.map((each) => ({ ...each, tally: openTally(each.share) }));
  const sharing = tallies.filter(({ plan }) => plan.classes === undefined);
  const cuts = mergeCuts(sharing.flatMap(({ plan }) => plan.cuts));
  if (sharing.length > 0)
    for (const requests of ledger.replay({ span, where, by, cuts }))
      for (const { plan, tally } of sharing) tally.add(grouped(requests), plan.judge(requests));
  for (const { plan, tally } of tallies)
    for (const requests of plan.classes?.(by) ?? [])
      tally.add(grouped(requests), plan.judge(requests));
  return tallies.map(({ plan, tally }) => ({
    title: plan.title,
    ...tally.result(),
    assumptions: eachOnce(plan.assumptions()),
    caveat: plan.caveat,
  }));
}
