import type { NumberSource } from '../domain/number-source.ts';

/** Name and version of the JSON contract of `aicost diff`. */
export const DIFF_SCHEMA = 'aicost.diff/1';

/** US dollars as exact decimal text, as in every JSON contract; a fall begins with `-`. */
export type Usd = string;

/** What became of a prompt between base and head. `moved` is to another workspace, with its text as it was. */
export const STATUSES = [
  'same',
  'changed',
  'renamed',
  'renamed+changed',
  'new',
  'deleted',
  'moved',
] as const;
/** One of STATUSES. */
export type Status = (typeof STATUSES)[number];

/** A number as decimal text, how it came about, and from where in a few words. */
export interface SourcedText {
  readonly value: string;
  readonly source: NumberSource;
  readonly from: string;
}

/** A prompt in one tree: as its tree has it, at the prices and volumes that both trees are compared at. */
export interface Side {
  readonly provider: string | null;
  readonly model: string | null;
  /** Tokens of one call's input, the mean of its cases; `low` and `high` are equal where nothing is estimated. */
  readonly tokens_in: number;
  readonly tokens_low: number;
  readonly tokens_high: number;
  readonly tokens_source: NumberSource;
  /** Tokens before the first byte that varies, and the least that the provider caches; null where it caches nothing. */
  readonly prefix_tokens: number;
  readonly cache_minimum: number | null;
  readonly calls_per_month: SourcedText | null;
  readonly output_tokens: SourcedText | null;
  /** Null when unknown, and `unknown` says why. */
  readonly per_call_usd: Usd | null;
  /** One call at its 95th percentile of variables and output. */
  readonly per_call_p95_usd: Usd | null;
  readonly monthly_usd: Usd | null;
  /** The band that estimated tokens leave it in; equal to it where nothing is estimated. */
  readonly monthly_low_usd: Usd | null;
  readonly monthly_high_usd: Usd | null;
  readonly unknown: string | null;
}

/** Dollars a month before and after, at the same prices and volumes. */
export interface Change {
  /** Null when not known at all; a sum of which only some is known is marked by `at_least`. */
  readonly base_usd: Usd | null;
  readonly head_usd: Usd | null;
  readonly delta_usd: Usd | null;
  /** Null where the base is zero, or part of it unknown: a percentage of nothing, or of some, says nothing. */
  readonly delta_pct: string | null;
  /** Part of it is unknown, so that the true amounts are higher. */
  readonly at_least: boolean;
}

/** Why a prompt's cost changed, in the order in which the steps are taken. */
export const CAUSES = [
  'text',
  'examples',
  'tools',
  'schema',
  'images',
  'variable',
  'cache layout',
  'output cap',
  'model',
] as const;
/** One of CAUSES. */
export type CauseKind = (typeof CAUSES)[number];

/** One step of the split. The steps of a prompt add up to its `delta_usd` to the last digit. */
export interface Cause {
  readonly cause: CauseKind;
  /** The variable's name, `gpt-4o-mini → gpt-4o`, the include that changed; null where the cause says all. */
  readonly detail: string | null;
  readonly delta_usd: Usd;
}

/** A prompt of base, head or both. */
export interface PromptChange {
  readonly id: string;
  /** Path and line in head; in base for a deleted prompt. */
  readonly path: string;
  readonly line: number;
  /** Where it was, when that is another path. */
  readonly base_path: string | null;
  readonly workspace: string | null;
  readonly owner: string | null;
  readonly status: Status;
  readonly base: Side | null;
  readonly head: Side | null;
  readonly change: Change;
  readonly causes: readonly Cause[];
  /** Files besides its own that decide it and changed: includes, tools, samples, images. */
  readonly changed_inputs: readonly string[];
  /** What head costs a month at its own prices and volumes: `head.monthly_usd` and the two differences that follow. */
  readonly own_monthly_usd: Usd | null;
  /** What is no change of the prompt and is not held against it. Null when unknown or nothing to compare. */
  readonly assumptions_usd: Usd | null;
  readonly prices_usd: Usd | null;
  readonly verdict: PromptVerdict;
}

/** How one prompt stands. `unknown`: its cost, before or after, could not be worked out. */
export const PROMPT_VERDICTS = ['pass', 'waived', 'warn', 'fail', 'unknown'] as const;
/** One of PROMPT_VERDICTS. */
export type PromptVerdict = (typeof PROMPT_VERDICTS)[number];

/** Weight of a finding: an `error` made the gate fail, a `warning` asks to look, a `notice` only tells. */
export const FINDING_LEVELS = ['error', 'warning', 'notice'] as const;
/** One of FINDING_LEVELS. */
export type GateLevel = (typeof FINDING_LEVELS)[number];

/** Something to know, with its place. */
export interface GateFinding {
  readonly level: GateLevel;
  /** Stable name: `prompt-cost-increase`, `cache-cliff`, `policy-change`, a code of `estimate`. */
  readonly rule: string;
  readonly message: string;
  /** Id of the prompt it is about; null when it is about the whole. */
  readonly prompt: string | null;
  readonly path: string | null;
  readonly line: number | null;
  /** The limit it is over, in words: `$10 per prompt`; null where it is about no limit. */
  readonly limit: string | null;
  /** It would have failed the gate, and a waiver covers it. */
  readonly waived: boolean;
}

/** A waiver that was held against this change. */
export interface UsedWaiver {
  readonly prompt: string;
  readonly up_to_usd: Usd | null;
  readonly reason: string;
  readonly by: string | null;
  readonly expires: string | null;
  /** Where it stands: `.aicost/waivers.yaml`, a label, a trailer. */
  readonly from: string;
  /** The change itself brought it. */
  readonly self_waived: boolean;
}

/** One of the two trees. */
export interface ComparedTree {
  /** As people read it: `9f3c2a1`, `working tree`. */
  readonly name: string;
  /** Full commit id; null for a tree that is none. */
  readonly commit: string | null;
}

/** How the gate ended. `undecided` is never a pass: its code is 3. */
export const GATE_VERDICTS = ['pass', 'warn', 'fail', 'undecided'] as const;
/** One of GATE_VERDICTS. */
export type GateVerdict = (typeof GATE_VERDICTS)[number];

/** What `aicost diff` found, as it stands in JSON. Every output is made of it and of nothing else. */
export interface Comparison {
  readonly schema: typeof DIFF_SCHEMA;
  readonly verdict: GateVerdict;
  /** 0, 1 or 3, before `--exit-zero`. */
  readonly code: number;
  /** Tells comments of several jobs on one pull request apart: `default`, or the workspace. */
  readonly id: string;
  /** When it was compared, UTC to the second: an older comment never goes over a newer one. */
  readonly valid_at: string;
  /** Null with `--base-missing=absolute`, when nothing was compared. */
  readonly base: ComparedTree | null;
  readonly head: ComparedTree;
  /** How the base was found: `merge parent of 9f3c2a1`. */
  readonly how: string;
  /** Days or digests of the prices, and the version of the counting rules. */
  readonly prices: string;
  readonly rules: string;
  readonly policy: {
    readonly source: 'base' | 'head';
    readonly mode: 'fail' | 'warn';
    readonly message: string | null;
    /** Limits in force, in words. */
    readonly limits: readonly string[];
  };
  readonly total: Change;
  readonly workspaces: readonly { readonly name: string; readonly change: Change }[];
  /** Sorted by id. */
  readonly prompts: readonly PromptChange[];
  /** Sums of what is told apart and never gated. */
  readonly apart: { readonly assumptions_usd: Usd; readonly prices_usd: Usd };
  /** Worst first. */
  readonly findings: readonly GateFinding[];
  readonly waivers: readonly UsedWaiver[];
}

/** What is written instead when there is nothing to compare: never to be read as a pass. */
export interface Failure {
  readonly schema: typeof DIFF_SCHEMA;
  readonly verdict: 'error';
  /** 2: the user can mend it. 3: it could not be decided. 70: a bug. */
  readonly code: number;
  readonly id: string;
  readonly valid_at: string;
  readonly message: string;
  readonly hint: string | null;
  readonly path: string | null;
  readonly line: number | null;
}

/** What a run of `aicost diff` leaves behind. */
export type DiffResult = Comparison | Failure;
