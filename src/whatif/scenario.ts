import { combinedAfter } from '../domain/combined-savings.ts';
import { type Money, money } from '../domain/money.ts';
import type { Dimension, Filter } from '../domain/spend.ts';
import { isCallTag } from '../domain/tags.ts';
import { judgeTheSame, type JoinedPlan, replayCombined } from './combined-replay.ts';
import type { LeverPlan, LeverWorld } from './lever-contract/lever.ts';
import type { GroupResult, MoneyRange, RunResult } from './run-result.ts';
import type { Comparison, ScenarioResult } from './scenario-result.ts';
import { runTogether, type SharedPlan, UNCHANGED, WHOLE } from './run-together.ts';

/** A lever that is pulled in a scenario, on the requests that fit its own conditions. */
export interface PulledLever {
  readonly lever: string;
  readonly where: readonly Filter[];
  readonly share: SharedPlan['share'];
  /** Makes its plan for the requests that it is about. Throws UserError. */
  readonly plan: (world: LeverWorld) => Promise<LeverPlan>;
}

/** Levers that are pulled together. */
export interface Scenario {
  readonly name: string;
  readonly levers: readonly PulledLever[];
}

/** What levers that make classes of their own multiply within: they find the same requests there. */
const KINDS: readonly Dimension[] = [
  { kind: 'tag', name: 'feature' },
  { kind: 'fact', name: 'provider' },
  { kind: 'fact', name: 'model' },
];

/** Replays every scenario over the world's requests. Throws UserError where a lever cannot be pulled. */
export async function runScenarios(
  scenarios: readonly Scenario[],
  world: LeverWorld,
): Promise<Comparison> {
  const by = kindsOf(scenarios);
  const [unchanged] = runTogether([{ plan: UNCHANGED, share: WHOLE }], { by }, world);
  const groups = unchanged?.groups ?? [];
  const results: ScenarioResult[] = [];
  for (const { name, levers } of scenarios) {
    const alone: { lever: string; result: RunResult }[] = [];
    const joined: JoinedPlan[] = [];
    for (const { lever, where, share, plan } of levers) {
      const own = { ...world, where: [...world.where, ...where] };
      const made = await plan(own);
      const [result] = runTogether([{ plan: made, share }], { by }, own);
      if (result !== undefined) alone.push({ lever, result });
      joined.push({ plan: made, where, share });
    }
    const byClasses = joined.length > 1 && judgeTheSame(joined.map(({ plan }) => plan));
    const after = byClasses
      ? replayCombined(joined, world)
      : combined(
          groups,
          alone.map(({ result }) => result),
        );
    results.push({ name, after, alone });
  }
  return {
    before: unchanged?.total.before ?? money(0n),
    requests: unchanged?.total.requests ?? 0n,
    unpriced: unchanged?.total.unpriced ?? 0n,
    scenarios: results,
  };
}

/** The usual kinds, and whatever conditions of levers tell apart, so that levers of unlike requests are added. */
function kindsOf(scenarios: readonly Scenario[]): readonly Dimension[] {
  const filtered = scenarios.flatMap(({ levers }) =>
    levers.flatMap(({ where }) =>
      // A run or a session has few calls: groups of them would be nearly as many as calls.
      where.flatMap(({ dimension }) => (isCallTag(dimension.name) ? [] : [dimension])),
    ),
  );
  return [
    ...new Map([...KINDS, ...filtered].map((each) => [`${each.kind} ${each.name}`, each])).values(),
  ];
}

/** Costs after several levers: multiplied within each kind of request, added over kinds. */
function combined(groups: readonly GroupResult[], alone: readonly RunResult[]): MoneyRange {
  const keyed = alone.map(
    ({ groups: own }) => new Map(own.map((group) => [JSON.stringify(group.key), group])),
  );
  const sum = (name: keyof MoneyRange): Money =>
    money(
      groups.reduce((total, { key, before }) => {
        const afters = keyed.flatMap((own) => {
          const group = own.get(JSON.stringify(key));
          // Requests of the kind that the lever is not about stay as they are.
          return group === undefined ? [] : [money(before - group.before + group.after[name])];
        });
        return total + combinedAfter(before, afters);
      }, 0n),
    );
  return { low: sum('low'), mid: sum('mid'), high: sum('high') };
}
