import type { PromptLimits } from '../domain/gate-policy.ts';
import type { Decimal, Money } from '../domain/money.ts';
import type { NumberSource, Sourced } from '../domain/number-source.ts';
import type { OutputSize, Turns } from '../domain/prompt-plan.ts';
import type { Rating } from '../domain/rating.ts';
import type { Origin } from '../errors.ts';
import type { CountingRequest } from './counting-request.ts';
import type { TokenCount } from './counting/token-count.ts';
import type { Finding } from './finding.ts';

/** What tokens of a prompt are there for. */
export const PARTS = [
  'instructions',
  'examples',
  'tools',
  'images',
  'variable',
  'schema',
  'frame',
] as const;
/** One of PARTS. */
export type Part = (typeof PARTS)[number];

/** Tokens of one part of a prompt; variables are told apart by name. The parts of a case add up to it exactly. */
export interface MeasuredPart {
  readonly part: Part;
  /** Name of the variable, for `variable` only. */
  readonly variable?: string;
  readonly tokens: TokenCount;
  /** How the tokens came about; a size that a config gives is `declared`. */
  readonly source: NumberSource;
  /** How many of them lie in the stable prefix. */
  readonly prefix: TokenCount;
  /** Where a variable's value was given, or the file that text came from, where that is not the prompt's own. */
  readonly origin?: Origin;
}

/** What ends the part of a prompt that is the same in every call. */
export type PrefixEnd =
  /** Nothing varies. */
  | { readonly kind: 'whole' }
  /** The first variable, or image, that differs from call to call. */
  | { readonly kind: 'variable'; readonly variable: string; readonly origin?: Origin }
  /** Content that the repository does not hold. */
  | { readonly kind: 'unresolved'; readonly what: string }
  /** The last message that the provider is asked to cache up to. */
  | { readonly kind: 'breakpoint' }
  /** The provider caches only what it is asked to, and is not asked. */
  | { readonly kind: 'not-asked' };

/** One kind of call of a prompt, measured for one model. */
export interface MeasuredCase {
  readonly name: string;
  /** Against the weights of the other cases. */
  readonly weight: Decimal;
  readonly parts: readonly MeasuredPart[];
  /** The sum of the parts. */
  readonly tokens: TokenCount;
  /** What variables add where all of them are as long as their 95th percentile. */
  readonly moreAtP95: number;
  /** The sum of the prefixes of the parts. */
  readonly prefix: TokenCount;
  readonly prefixEnd: PrefixEnd;
  /** What its provider can be asked to count; absent where that is not known in full. */
  readonly request?: CountingRequest;
}

/** What is taken to be true of a prompt's calls. */
export interface Assumptions {
  /** Calls, or conversations where they have several turns. Absent: not known. */
  readonly callsPerMonth?: Sourced<Decimal>;
  readonly turns: Sourced<Turns>;
  readonly output: Sourced<OutputSize>;
  readonly cache: {
    /** `5m`; absent: the shortest that the model offers. */
    readonly ttl?: Sourced<string>;
    /** Absent: reckoned from how often calls arrive. */
    readonly hitRatio?: Sourced<Decimal>;
    /** Nothing is cached, whatever the provider would do. */
    readonly off: boolean;
  };
}

/** All that decides a cost beside prices. Replace one field to see what it changes. */
export interface CostInputs {
  readonly cases: readonly MeasuredCase[];
  readonly assumptions: Assumptions;
  /** Most tokens of an answer, where the prompt says: answers are not reckoned longer. */
  readonly maxOutputTokens?: number;
}

/** Prices of one model at one time. */
export interface ModelPrices {
  /** As the rate card names it; as it was asked for when no card has it. */
  readonly provider: string;
  readonly model: string;
  /** Prices for a request with so many tokens of prompt: long ones may cost more. */
  readonly forPrompt: (tokens: number) => Rating;
  /** Fewer tokens than this are not cached; absent: the model caches nothing that is known of. */
  readonly cacheMinimum?: Sourced<number>;
  /** The cache keeps whole steps of so many tokens; 1 where any number will do. */
  readonly cacheStep: number;
  /** Times to live on offer, the shortest first. */
  readonly cacheTtls: readonly string[];
  /** Most tokens of prompt and answer together; absent where the card does not say. */
  readonly contextWindow?: number;
}

/** Money with the band that estimated tokens leave it in, or why it is not known, which is never nothing. */
export type Amount =
  | {
      readonly kind: 'known';
      readonly value: Money;
      readonly low: Money;
      readonly high: Money;
    }
  | { readonly kind: 'unknown'; readonly why: string };

/** How the prefix of a prompt fares with the model's cache, at its heaviest case. */
export interface CacheOutcome {
  /** Tokens of prefix that are reckoned with; 0 where nothing is cached. */
  readonly cachedTokens: number;
  readonly hitRatio?: Sourced<Decimal>;
  readonly minimum?: Sourced<number>;
  /** Why nothing is cached, in a few words; absent where something is. */
  readonly why?: string;
}

/** What a prompt costs. */
export interface PromptCost {
  /** One call on average, over cases and turns. */
  readonly perCall: Amount;
  /** One call at its dearest: longest variables, longest answer, last turn, nothing in the cache. */
  readonly perCallP95: Amount;
  readonly perMonth: Amount;
  readonly cache: CacheOutcome;
  /** The length from which a dearer price holds, where some case reaches it. */
  readonly contextTier?: string;
}

/** A prompt with what it costs and why. */
export interface CostedPrompt {
  /** Names it across trees. */
  readonly id: string;
  /** Who gave it the id. */
  readonly namedBy: 'config' | 'file' | 'path';
  readonly workspace?: string;
  readonly owner?: string;
  /** Path in the tree, and the line it begins at. */
  readonly path: string;
  readonly line: number;
  readonly format: string;
  /** Absent: nobody says which model it goes to, so its cost is not known. */
  readonly model?: Sourced<{ readonly provider: string | undefined; readonly model: string }>;
  /** It holds content whose size nobody knows, so that its cost is at least what is said. */
  readonly atLeast: boolean;
  readonly reasoningEffort?: string;
  /** How long the file asks the provider to keep what it caches. */
  readonly cacheTtl?: string;
  /** Every file that decides it, with the id of its content; 'absent' for one that is not there. */
  readonly files: ReadonlyMap<string, string>;
  /** The mean over cases, rounded; absent where nothing could be counted. */
  readonly tokens?: TokenCount;
  /** How tokens were counted, in words. */
  readonly counted?: string;
  /** Absent where nothing could be counted. */
  readonly inputs?: CostInputs;
  readonly prices?: ModelPrices;
  readonly cost: PromptCost;
  /** Its own limits. */
  readonly budget?: PromptLimits;
  /** Errors make its cost unknown. */
  readonly findings: readonly Finding[];
}
