import type { Fraction } from '../domain/fraction.ts';
import { mergeCuts } from '../domain/replay-question.ts';
import type { Dimension } from '../domain/spend.ts';
import type { Assumption, LeverPlan, LeverWorld } from './lever-contract/lever.ts';
import type { RunResult } from './run-result.ts';
import { openTally } from './tally.ts';

/** What is asked of every lever alike, beside the requests that the world tells. */
export interface RunOptions {
  readonly by: readonly Dimension[];
  /** The part of every kind of request that is changed; 1 for all. */
  readonly share: Fraction;
}

/** Replays the requests of the world's span and filters under a plan. */
export function runPlan(plan: LeverPlan, { by, share }: RunOptions, world: LeverWorld): RunResult {
  const { span, where, ledger } = world;
  const tally = openTally(share);
  const classes =
    plan.classes?.(by) ?? ledger.replay({ span, where, by, cuts: mergeCuts(plan.cuts) });
  for (const requests of classes) tally.add(requests, plan.judge(requests));
  return {
    title: plan.title,
    ...tally.result(),
    assumptions: eachOnce(plan.assumptions()),
    caveat: plan.caveat,
  };
}

/** Parts of a plan may rest on the same; it is told once. */
export const eachOnce = (assumptions: readonly Assumption[]): readonly Assumption[] => [
  ...new Map(assumptions.map((each) => [JSON.stringify(each), each])).values(),
];
