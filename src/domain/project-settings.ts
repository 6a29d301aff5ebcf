import type { Deployments } from './deployments.ts';
import type { GatePolicy } from './gate-policy.ts';
import type { PromptPlan, Written } from './prompt-plan.ts';

/** Which prices hold: a rate card or a folder of them over the shipped ones, or the shipped ones as of a day. */
export type PricesPlan =
  | { readonly kind: 'snapshot'; readonly path: Written<string> }
  | { readonly kind: 'bundled'; readonly day: Written<string> };

/** What aicost.yaml of one tree says of prompts and their gate. Paths are those of the tree. */
export interface ProjectSettings {
  /** Path of the config; `undefined` where the tree has none. */
  readonly file: string | undefined;
  readonly prices?: PricesPlan;
  /** Day whose counting rules hold, `2026-11-15`. */
  readonly countingRules?: Written<string>;
  /** What changes are compared with, outside CI. */
  readonly base?: Written<string>;
  readonly plan: PromptPlan;
  readonly gate: GatePolicy;
  readonly policySource: 'base' | 'head';
  /** Own rate cards of `rates:`; those outside the tree as they are written, relative to the config's folder. */
  readonly rates: readonly (Written<string> & { readonly outside: boolean })[];
  /** The account's own names for models, by provider. */
  readonly deployments: Deployments;
}
