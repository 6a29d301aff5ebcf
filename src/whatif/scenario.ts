import { combinedAfter } from '../domain/combined-savings.ts';
import { type Money, money, ZERO } from '../domain/money.ts';
import { costAt } from '../domain/position.ts';
import { mergeCuts } from '../domain/replay-question.ts';
import type { Dimension, Filter } from '../domain/spend.ts';
import { isCallTag } from '../domain/tags.ts';
import { type Combination, openCombination, type SharedVerdict } from './combination.ts';
import type { LeverPlan, LeverWorld } from './lever-contract/lever.ts';
import type { GroupResult, MoneyRange, RunResult, RunSums } from './run-result.ts';
import type { Comparison, ScenarioResult } from './scenario-result.ts';
import { eachOnce, runPlan } from './run.ts';
import { type SharedPlan, WHOLE } from './run-together.ts';
import { openTally, type Tally } from './tally.ts';

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

/** A lever with its plan, and what it comes to by itself. */
interface Pulled extends PulledLever {
  readonly made: LeverPlan;
  /** The requests that it is about. */
  readonly world: LeverWorld;
  readonly tally: Tally;
}

interface Pulling {
  readonly name: string;
  readonly levers: readonly Pulled[];
  /** Where all its levers judge the classes that the ledger makes: one class is the same to each of them. */
  readonly combination: Combination | undefined;
}

/** Replays every scenario over the world's requests. Throws UserError where a lever cannot be pulled. */
export async function runScenarios(
  scenarios: readonly Scenario[],
  world: LeverWorld,
): Promise<Comparison> {
  const pulling = await Promise.all(scenarios.map((scenario) => pullingOf(scenario, world)));
  const byGroups = pulling.some(({ combination }) => combination === undefined);
  const by = byGroups ? kindsOf(scenarios) : [];
  const { total, groups } = replayClasses(pulling, by, world);
  return {
    before: total.before,
    requests: total.requests,
    unpriced: total.unpriced,
    scenarios: pulling.map(({ name, levers, combination }): ScenarioResult => {
      const alone = levers.map((each) => ({ lever: each.lever, result: resultOf(each, by) }));
      const after =
        combination?.result() ??
        combined(
          groups,
          alone.map(({ result }) => result),
        );
      return { name, after, alone };
    }),
  };
}

async function pullingOf({ name, levers }: Scenario, world: LeverWorld): Promise<Pulling> {
  const pulled = await Promise.all(
    levers.map(async (lever): Promise<Pulled> => {
      const own = { ...world, where: [...world.where, ...lever.where] };
      return { ...lever, made: await lever.plan(own), world: own, tally: openTally(lever.share) };
    }),
  );
  const judging = pulled.every(({ made }) => made.classes === undefined);
  return { name, levers: pulled, combination: judging ? openCombination() : undefined };
}

/** One scan for all levers that judge the ledger's own classes, and for the requests as they are. */
function replayClasses(
  pulling: readonly Pulling[],
  by: readonly Dimension[],
  { span, where, ledger }: LeverWorld,
): RunSums {
  const judging = pulling
    .flatMap(({ levers }) => levers)
    .filter(({ made }) => made.classes === undefined);
  const cuts = mergeCuts(
    judging.flatMap(({ made, where: filters }) => [
      ...made.cuts,
      ...(filters.length === 0 ? [] : [{ kind: 'where', filters } as const]),
    ]),
  );
  const unchanged = openTally(WHOLE);
  for (const requests of ledger.replay({ span, where, by, cuts })) {
    unchanged.add(requests, { kind: 'untouched' });
    const verdicts = new Map<Pulled, SharedVerdict>();
    for (const each of judging) {
      if (each.where.length > 0 && !requests.sample.holds(each.where)) continue;
      const verdict = each.made.judge(requests);
      each.tally.add(requests, verdict);
      verdicts.set(each, { verdict, share: each.share });
    }
    const { rate, usage } = requests;
    const before = rate.kind === 'rated' ? costAt(rate.prices, usage, requests.requests) : ZERO;
    for (const { levers, combination } of pulling)
      combination?.add(
        before,
        levers.flatMap((each) => verdicts.get(each) ?? []),
      );
  }
  return unchanged.result();
}

/** What a lever comes to by itself; one that follows calls in their order replays them now. */
function resultOf({ made, world, share, tally }: Pulled, by: readonly Dimension[]): RunResult {
  if (made.classes !== undefined) return runPlan(made, { by, share }, world);
  const { title, caveat } = made;
  return { title, ...tally.result(), assumptions: eachOnce(made.assumptions()), caveat };
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
