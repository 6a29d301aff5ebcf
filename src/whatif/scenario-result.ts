import type { Money } from '../domain/money.ts';
import type { MoneyRange, RunResult } from './run-result.ts';

/** What a scenario comes to. */
export interface ScenarioResult {
  readonly name: string;
  readonly after: MoneyRange;
  /** Each lever by itself, in the scenario's order; what they save does not add up to what the scenario saves. */
  readonly alone: readonly { readonly lever: string; readonly result: RunResult }[];
}

/** Scenarios beside the requests as they are. */
export interface Comparison {
  readonly before: Money;
  readonly requests: bigint;
  readonly unpriced: bigint;
  readonly scenarios: readonly ScenarioResult[];
}
