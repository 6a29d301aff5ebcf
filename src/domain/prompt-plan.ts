import type { PromptLimits } from './gate-policy.ts';
import type { Decimal } from './money.ts';
import type { Origin } from './origin.ts';

/** A value of a config and where it stands. */
export interface Written<Value> {
  readonly value: Value;
  readonly origin: Origin;
}

/** What a config says of prompts: which files they are, and what is assumed of their calls. Paths are those of its tree. */
export interface PromptPlan {
  readonly defaults: PromptDefaults;
  /** In the order of the file; the first that a path fits owns it. */
  readonly workspaces: readonly Workspace[];
  /** No entry means that prompts are found by convention. */
  readonly entries: readonly PromptEntry[];
}

/** What holds for prompts whose entry says nothing. */
export interface PromptDefaults {
  readonly provider?: string;
  readonly model?: Written<string>;
  readonly engine?: string;
  readonly role?: string;
  readonly callsPerMonth?: VolumePlan;
  readonly output?: OutputPlan;
  readonly cache?: CachePlan;
  /** Pixels of an image whose size nobody can read. */
  readonly image?: Written<{ readonly width: number; readonly height: number }>;
}

/** A part of a repository with limits of its own. */
export interface Workspace {
  readonly name: string;
  readonly glob: string;
  readonly origin: Origin;
}

/** One entry of `prompts:`. */
export interface PromptEntry {
  readonly origin: Origin;
  /** Absent: the file's own name, else its path. `{path}` in it stands for the path. */
  readonly id?: Written<string>;
  /** Files it speaks of: one path, or a pattern with `*`, `**`, `?` and `{a,b}` (`path:` and `glob:`). */
  readonly files: Written<string> & { readonly pattern: boolean };
  readonly provider?: string;
  readonly model?: Written<string>;
  readonly engine?: string;
  readonly role?: string;
  readonly callsPerMonth?: VolumePlan;
  readonly turns?: Written<Turns>;
  readonly variables: ReadonlyMap<string, VariablePlan>;
  /** None means one case in which every call is alike. */
  readonly cases: readonly CasePlan[];
  readonly output?: OutputPlan;
  readonly cache?: CachePlan;
  /** A file of the tree that holds tool definitions which the prompt's own file only names. */
  readonly toolsFile?: Written<string>;
  /** What tools take that no file of the tree defines. */
  readonly toolsTokens?: Written<number>;
  readonly owner?: string;
  /** Limits of these prompts alone, which `estimate` holds too. */
  readonly budget?: PromptLimits;
}

/** How long a conversation goes on, and what each turn adds to the next one's prompt. */
export interface Turns {
  /** 1 or more. */
  readonly mean: Decimal;
  readonly growthTokens: number;
}

/** Where to look in the ledger: calls with a tag, over the last days. */
export interface LedgerPlan {
  /** Absent: the tag `prompt` with the prompt's id. */
  readonly tag?: { readonly key: string; readonly value: string };
  readonly days: number;
}

/** How many calls are made in a month: measured where a ledger knows, else what is written. */
export interface VolumePlan {
  /** Absent: the last 30 days of the prompt's own tag. */
  readonly ledger?: LedgerPlan | 'off';
  readonly calls?: Written<Decimal>;
}

/** How long answers are, reasoning included. */
export interface OutputSize {
  readonly mean: Decimal;
  /** Absent where nobody said. */
  readonly p95?: number;
}

/** As VolumePlan, for the tokens of an answer. */
export interface OutputPlan {
  readonly ledger?: LedgerPlan | 'off';
  readonly size?: Written<OutputSize>;
}

/** How a provider's cache is reckoned with. */
export interface CachePlan {
  /** Time to live, such as `5m`; the model's shortest when absent. */
  readonly ttl?: Written<string>;
  /** Share of calls that find the prefix in the cache, 0 to 1; 'auto' asks the ledger, then how often calls arrive; 'off' reckons with no cache. */
  readonly hitRatio: 'auto' | 'off' | Written<Decimal>;
  readonly ledger?: LedgerPlan | 'off';
}

/** What stands for a variable. */
export interface VariablePlan {
  readonly origin: Origin;
  readonly content:
    | { readonly kind: 'value'; readonly value: PlainValue }
    /** Text of a file of the tree. */
    | { readonly kind: 'file'; readonly path: string }
    /** Sizes in tokens. Money follows the mean, the ceiling of a call p95. */
    | { readonly kind: 'tokens'; readonly mean: number; readonly p95?: number };
  /** The same in every call, so that a cached prefix reaches past it. */
  readonly constant: boolean;
}

/** JSON-like data of a config. */
export type PlainValue =
  | string
  | number
  | boolean
  | null
  | readonly PlainValue[]
  | ReadonlyMap<string, PlainValue>;

/** A kind of call among those of a prompt. */
export interface CasePlan {
  readonly origin: Origin;
  readonly name?: string;
  /** Against the weights of the other cases. Above 0. */
  readonly weight: Decimal;
  /** Go over the variables of the entry. */
  readonly variables: ReadonlyMap<string, VariablePlan>;
}
