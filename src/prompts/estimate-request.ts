import type { Decimal } from '../domain/money.ts';
import type { Sourced } from '../domain/number-source.ts';
import type {
  LedgerPlan,
  OutputSize,
  PromptDefaults,
  PromptEntry,
  PromptPlan,
  VariablePlan,
} from '../domain/prompt-plan.ts';
import type { CostedPrompt, ModelPrices } from './costed-prompt.ts';
import type { ImportedCounts } from './counting/imported-count.ts';
import type { TokenCounter, ToolDefinition } from './counting/token-count.ts';
import type { FileTree } from './file-tree.ts';
import type { Finding } from './finding.ts';
import type { Engine } from './format-contract/prompt-format.ts';
import type { ImageSize } from './measured-segments.ts';
import type { Prompt } from './prompt.ts';
import type { ReadOptions } from './read-prompts.ts';

/** A model, and who sells it where somebody says. */
export interface NamedModel {
  readonly provider: string | undefined;
  readonly model: string;
}

/** What a plan says of one prompt: its entry, where one names it, and what holds without. */
export interface PlannedPrompt {
  readonly entry?: PromptEntry;
  readonly defaults: PromptDefaults;
}

/** What a ledger knows of the calls of one prompt; at least one call. */
export interface MeasuredCalls {
  /** A month's worth: those of the span, scaled to 30.4375 days. */
  readonly callsPerMonth: Decimal;
  /** Tokens of an answer, reasoning included. */
  readonly outputMean: Decimal;
  readonly outputP95?: number;
  /** Tokens of a call, on average, that were read from a cache and written to one. */
  readonly cacheReadMean: Decimal;
  readonly cacheWriteMean: Decimal;
  /** `ledger, 30 days`. */
  readonly from: string;
}

/** Reads the prompts of one file of a tree, and knows which files hold some where nobody says. */
export interface PromptReader {
  readonly read: (
    tree: FileTree,
    path: string,
    options: ReadOptions,
  ) => Promise<{ readonly prompts: readonly Prompt[]; readonly findings: readonly Finding[] }>;
  /** Paths of a tree that hold prompts by the usual names. */
  readonly conventional: (paths: readonly string[]) => readonly string[];
  /** Definitions of tools in a file of their own. */
  readonly tools: (
    tree: FileTree,
    path: string,
  ) => Promise<{
    readonly tools: readonly ToolDefinition[];
    readonly findings: readonly Finding[];
  }>;
  /** Pixels from the header of an image, its bytes or a `data:` URL; `undefined` for what is none. */
  readonly imageSize: (image: Uint8Array | string) => ImageSize | undefined;
}

/** What a command line says over file and plan, for every prompt. */
export interface EstimateFlags {
  readonly callsPerMonth?: Sourced<Decimal>;
  readonly output?: Sourced<OutputSize>;
  readonly engine?: Engine;
  readonly model?: Sourced<NamedModel>;
  readonly variables: ReadonlyMap<string, VariablePlan>;
}

/** Where numbers come from that a tree does not hold. Two trees that are compared share counters, counts and ledger. */
export interface EstimateWorld {
  readonly reader: PromptReader;
  readonly counterFor: (provider: string | undefined, model: string) => Promise<TokenCounter>;
  /** Counts of providers' own endpoints; none when absent. */
  readonly counts?: ImportedCounts;
  /** Never throws: a model without a price has a rating that says why. */
  readonly pricesFor: (provider: string | undefined, model: string) => ModelPrices;
  /** Absent without a ledger; answers `undefined` for calls that it does not know. */
  readonly callsOf?: (wanted: LedgerPlan, promptId: string) => MeasuredCalls | undefined;
}

/** What to estimate. */
export interface EstimateRequest {
  readonly tree: FileTree;
  readonly plan: PromptPlan;
  readonly world: EstimateWorld;
  /** Ids to estimate; all when absent. */
  readonly only?: ReadonlySet<string>;
  /** Files to estimate, whether the plan names them or not; all that it names, or the usual ones, when absent. */
  readonly paths?: readonly string[];
  /** Leaves out entries that fit no file instead of refusing them: what a base lacks nobody can mend any more. */
  readonly mayLackFiles?: true;
  readonly flags?: EstimateFlags;
  /**
   * Another tree's plan for prompts by id: volumes, turns, variables, cases, answers and cache are taken from
   * it; which files there are, models, engines, tools and budgets are not. This is the same basket of a comparison.
   */
  readonly basket?: ReadonlyMap<string, PlannedPrompt>;
  /** Models that prompts are to be counted and priced for, by id, whatever file and plan say. */
  readonly models?: ReadonlyMap<string, NamedModel>;
  /** Shares work between requests: what an equal file, read with equal files around it, came to. */
  readonly memo?: EstimateMemo;
}

/**
 * Work that requests share, by what it is. Opaque: make one with `estimateMemo()` and pass it to every request of
 * a run that has the same counters.
 */
export interface EstimateMemo {
  readonly remembered: Map<string, readonly RememberedWork[]>;
}

/** Work that was done, and what of a tree it rests on. */
export interface RememberedWork {
  /** Ids of the files that were asked for. */
  readonly read: ReadonlyMap<string, string>;
  /** All paths of the tree, where they were looked at. */
  readonly listed: string | undefined;
  readonly result: unknown;
}

/** What the prompts of a tree cost. */
export interface Estimate {
  /** Sorted by id. */
  readonly prompts: readonly CostedPrompt[];
  /** Ids of all prompts of the tree, whether they were asked for or not. */
  readonly ids: readonly string[];
  /** By prompt id, for `basket` of another request. */
  readonly planned: ReadonlyMap<string, PlannedPrompt>;
  /** What was noticed of files that no prompt stands for: unreadable ones, a pattern without files. */
  readonly findings: readonly Finding[];
}
