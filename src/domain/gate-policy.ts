import type { Decimal, Money } from './money.ts';
import type { Origin } from './origin.ts';

/** A limit and where it is written. */
export interface Limit<Value> {
  readonly value: Value;
  readonly origin: Origin;
}

/** Limits on the monthly cost of a whole or of a workspace. Any of them alone fails the gate. */
export interface CostLimits {
  readonly maxIncreaseUsd?: Limit<Money>;
  /** `20` is 20 %. */
  readonly maxIncreasePercent?: Limit<Decimal>;
  readonly maxUsd?: Limit<Money>;
  /** Percentages say nothing about changes smaller than this, dollars a month. */
  readonly minEffectUsd?: Limit<Money>;
  /** What to do when one of them does not hold. */
  readonly message?: string;
}

/** Limits on one prompt. */
export interface PromptLimits extends CostLimits {
  readonly maxIncreaseTokens?: Limit<number>;
  /** Tokens of a whole prompt. */
  readonly maxTokens?: Limit<number>;
  /** Dollars that one call may cost at its 95th percentile. */
  readonly maxUsdPerCallP95?: Limit<Money>;
}

/** What a new prompt may have to say for itself. */
export const REQUIRABLE = ['model', 'calls_per_month', 'output_tokens', 'owner', 'id'] as const;
/** One of REQUIRABLE. */
export type Requirable = (typeof REQUIRABLE)[number];

/** Limits on prompts that the base does not have. */
export interface NewPromptLimits {
  readonly maxUsd?: Limit<Money>;
  readonly maxTokens?: Limit<number>;
  readonly maxUsdPerCallP95?: Limit<Money>;
  readonly require: Limit<readonly Requirable[]>;
  readonly message?: string;
}

/** What a change may cost: `gate:` of aicost.yaml. */
export interface GatePolicy {
  readonly mode: 'fail' | 'warn';
  readonly total?: CostLimits;
  /** By the name of the workspace. */
  readonly workspaces: ReadonlyMap<string, CostLimits>;
  readonly prompt?: PromptLimits;
  readonly newPrompt?: NewPromptLimits;
  /** What to do when a limit without a message of its own does not hold. */
  readonly message?: string;
  /** What a prompt without a known cost does. */
  readonly unknown: 'fail' | 'warn' | 'ignore';
  /** Whether waivers count that the change itself adds. */
  readonly selfWaive: 'allow' | 'deny';
  /** Whether trailers of commits (`Aicost-Allow: ...`) waive. */
  readonly allowTrailers: boolean;
  /** Where `gate:` stands; absent for a config without. */
  readonly origin?: Origin;
}

/** An allowance for one prompt, up to an amount and a day. */
export interface Waiver {
  readonly prompt: string;
  /** Increase of the monthly cost that it allows. */
  readonly upToUsd: Money;
  readonly reason: string;
  readonly by?: string;
  /** Last day on which it counts, `2026-12-31`; without end when absent. */
  readonly expires?: string;
  readonly origin: Origin;
}
