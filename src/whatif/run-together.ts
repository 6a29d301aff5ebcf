import type { Fraction } from '../domain/fraction.ts';
import { mergeCuts } from '../domain/replay-question.ts';
import type { Dimension } from '../domain/spend.ts';
import type { LeverPlan, LeverWorld } from './lever-contract/lever.ts';
import { runPlan } from './run.ts';
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

/**
 * Replays the same requests under several plans, each by itself. Plans that judge the ledger's own classes share one
 * scan, in which whatever any of them tells apart is told apart.
 */
export function runTogether(
  plans: readonly SharedPlan[],
  by: readonly Dimension[],
  world: LeverWorld,
): readonly RunResult[] {
  const { span, where, ledger } = world;
  const sharing = plans.filter(({ plan }) => plan.classes === undefined);
  const tallies = new Map(sharing.map((each) => [each, openTally(each.share)]));
  const cuts = mergeCuts(sharing.flatMap(({ plan }) => plan.cuts));
  if (sharing.length > 0)
    for (const requests of ledger.replay({ span, where, by, cuts }))
      for (const [{ plan }, tally] of tallies) tally.add(requests, plan.judge(requests));
  return plans.map((each): RunResult => {
    const { plan, share } = each;
    const tally = tallies.get(each);
    if (tally === undefined) return runPlan(plan, { by, share }, world);
    const { title, caveat } = plan;
    return { title, ...tally.result(), assumptions: plan.assumptions(), caveat };
  });
}
