import type {
  CachePlan,
  CasePlan,
  OutputPlan,
  Turns,
  VariablePlan,
  VolumePlan,
  Written,
} from '../domain/prompt-plan.ts';
import type { EstimateFlags, PlannedPrompt } from './estimate-request.ts';

/** What is assumed of a prompt's calls, once entries, another tree's basket and flags are laid over each other. */
export interface AssumedCalls {
  readonly variables: ReadonlyMap<string, VariablePlan>;
  readonly cases: readonly CasePlan[];
  readonly volume?: VolumePlan;
  readonly turns?: Written<Turns>;
  readonly output?: OutputPlan;
  readonly cache?: CachePlan;
}

/**
 * Lays what is said of a prompt over each other. A basket decides volumes, turns, cases, answers and cache
 * alone; variables that it does not know keep the prompt's own values.
 */
export function assumedCalls(
  own: PlannedPrompt,
  basket: PlannedPrompt | undefined,
  flags: EstimateFlags | undefined,
): AssumedCalls {
  const deciding = basket ?? own;
  const { entry } = deciding;
  return {
    variables: new Map([
      ...(own.entry?.variables ?? []),
      ...(entry?.variables ?? []),
      ...(flags?.variables ?? []),
    ]),
    cases: (entry?.cases ?? []).map((each) => ({
      ...each,
      // A flag goes over everything, so a case must not bring the config's value back.
      variables: new Map([...each.variables, ...(flags?.variables ?? [])]),
    })),
    ...(entry?.callsPerMonth === undefined ? {} : { volume: entry.callsPerMonth }),
    ...(entry?.turns === undefined ? {} : { turns: entry.turns }),
    ...(entry?.output === undefined ? {} : { output: entry.output }),
    ...cacheOf(deciding),
  };
}

const cacheOf = ({ entry, defaults }: PlannedPrompt): { readonly cache?: CachePlan } => {
  const cache = entry?.cache ?? defaults.cache;
  return cache === undefined ? {} : { cache };
};
