import { globMatcher } from './globs.ts';
import type { Decimal } from './money.ts';

/**
 * Kinds of pieces that a tokenizer's pattern cuts text into, told apart to estimate one tokenizer by another.
 * Words may have one blank or sign before them; `spaced_lower` are words in small letters after a blank.
 */
export const PIECE_CLASSES = [
  'spaced_lower',
  'lower',
  'capitalized',
  'upper',
  'mixed',
  'accented',
  'digits',
  'punctuation',
  'blanks',
  'newlines',
  'han',
  'kana',
  'hangul',
  'cyrillic',
  'arabic',
  'hebrew',
  'greek',
  'devanagari',
  'other',
] as const;
/** One of PIECE_CLASSES. */
export type PieceClass = (typeof PIECE_CLASSES)[number];

/** How far the true count may lie from an estimate, in percent of the estimate. */
export interface Band {
  readonly below: number;
  readonly above: number;
}

/** What every counting rule says besides how to count. */
export interface RuleScope {
  /** Names of models, lower case; `*` stands for any run of characters. */
  readonly models: readonly string[];
  /** Only where one of these providers is called; any when empty. */
  readonly providers: readonly string[];
  /** First day on which the rule holds, `2026-07-13`; ever since when absent. */
  readonly from?: string;
  /** How far off the rule may be; absent where it is exact. */
  readonly band?: Band;
  /** Why the rule is only taken for a model nobody documented; absent where it is known to hold. */
  readonly assumed?: string;
  /** What the reader should know of the numbers. */
  readonly note?: string;
  /** Names of the sources, as the file declares them. */
  readonly sources: readonly string[];
}

/** What a piece weighs in tokens of another tokenizer: a part per token, one per piece and one per UTF-16 unit. */
export interface PieceWeight {
  readonly perToken: number;
  readonly perPiece: number;
  readonly perCharacter: number;
}

/** How pieces of some classes differ from the rest of a rule. */
export interface ScriptRule {
  readonly classes: readonly PieceClass[];
  /** The encoding that counts these pieces; the rule's own when absent. */
  readonly encoding?: string;
  /** Tokens per token of the encoding; the rule's own when absent. */
  readonly multiply?: number;
  readonly band?: Band;
}

/** One factor for all text, and how far the true one may lie from it for single texts. */
export interface FlatRatio {
  readonly multiply: Decimal;
  readonly band: Band;
}

/** How text is counted: tokens of an encoding, alone, times a factor, or weighed by class of piece. */
export interface TextRule extends RuleScope {
  readonly family: string;
  readonly encoding: string;
  readonly multiply: number;
  readonly weights?: ReadonlyMap<PieceClass, PieceWeight>;
  /** Tokens per token of o200k_base over usual texts, for calls whose text nobody has; absent where it is `multiply`. */
  readonly flat?: FlatRatio;
  readonly scripts: readonly ScriptRule[];
}

/** What the structure of messages adds, in tokens. */
export interface FrameRule extends RuleScope {
  readonly perMessage: number;
  /** For a message that has a name, besides the name's own tokens. */
  readonly perName: number;
  readonly reply: number;
  /** Whether the role is sent as text and counts. */
  readonly countsRoles: boolean;
}

/** What definitions of tools add: their rendering, counted as text, and constants in tokens. */
export interface ToolRule extends RuleScope {
  readonly rendering: 'namespace' | 'json';
  /** Once, when there is any tool. */
  readonly once: number;
  /** Taken off when there is a system message. */
  readonly lessWithSystem: number;
  /** More when the choice is `none`. */
  readonly choiceNone: number;
  /** Instead of `once` when a tool has to be called. */
  readonly onceForced: number;
  /** Whether a named choice adds the tokens of the name. */
  readonly countsForcedName: boolean;
}

/** How the schema of a structured answer is sent. */
export interface SchemaRule extends RuleScope {
  readonly rendering: 'section' | 'json';
}

/** The limits of one detail level of images that are cut into patches. */
export interface PatchLimits {
  /** Longest side in pixels; larger images are scaled down. */
  readonly side: number;
  /** Most patches; images of more are scaled down. No limit when absent. */
  readonly budget?: number;
}

/** How an image becomes tokens. Sides are pixels. */
export type ImageFormula =
  /** Scaled into a square and to a short side, then a price per tile. */
  | {
      readonly kind: 'tiles';
      readonly base: number;
      readonly tile: number;
      readonly fit: number;
      readonly shortSide: number;
      readonly size: number;
    }
  /** Patches within limits by detail, times a factor. */
  | {
      readonly kind: 'patches';
      readonly size: number;
      readonly multiply: Decimal;
      readonly usual: string;
      readonly details: ReadonlyMap<string, PatchLimits>;
    }
  /** A grid of squares on an image scaled to a longest edge and a number of squares. */
  | { readonly kind: 'grid'; readonly size: number; readonly edge: number; readonly budget: number }
  /** One price for small images, and the same per tile for others. */
  | {
      readonly kind: 'blocks';
      readonly small: number;
      readonly size: number;
      readonly tokens: number;
    }
  /** One price by detail, whatever the size. */
  | {
      readonly kind: 'fixed';
      readonly usual: string;
      readonly details: ReadonlyMap<string, number>;
    };

/** How images are counted. */
export interface ImageRule extends RuleScope {
  readonly formula: ImageFormula;
}

/** What rate cards do not say of prompt caches: past the minimum, prefixes are cached in steps of so many tokens. */
export interface CacheStepRule extends RuleScope {
  readonly step: number;
}

/** All rules of counting, of all days. */
export interface CountingRules {
  /** Day on which the rules were last checked. */
  readonly asOf: string;
  readonly text: readonly TextRule[];
  readonly frames: readonly FrameRule[];
  readonly tools: readonly ToolRule[];
  readonly schemas: readonly SchemaRule[];
  readonly images: readonly ImageRule[];
  readonly cacheSteps: readonly CacheStepRule[];
}

/** What a rule is looked up by. `model` is a plain name, as `countedName` makes it. */
export interface CountedCall {
  readonly provider: string | undefined;
  readonly model: string;
  readonly day: string;
}

/**
 * The rule for a model on a day: the one whose pattern spells out most of the name, then one for the provider,
 * then the newest. `undefined` when none holds.
 */
export function ruleFor<Rule extends RuleScope>(
  rules: readonly Rule[],
  call: CountedCall,
): Rule | undefined {
  let best: { readonly rule: Rule; readonly rank: readonly [number, number, string] } | undefined;
  for (const rule of rules) {
    if (rule.from !== undefined && rule.from > call.day) continue;
    if (rule.providers.length > 0 && !rule.providers.includes(call.provider ?? '')) continue;
    const spelled = spelledOut(rule.models, call.model);
    if (spelled === undefined) continue;
    const rank = [spelled, rule.providers.length > 0 ? 1 : 0, rule.from ?? ''] as const;
    if (best === undefined || outranks(rank, best.rank)) best = { rule, rank };
  }
  return best?.rule;
}

type Rank = readonly [number, number, string];

function outranks(one: Rank, other: Rank): boolean {
  for (const at of [0, 1, 2] as const) {
    const [mine, theirs] = [one[at], other[at]];
    if (mine !== theirs) return mine > theirs;
  }
  return false;
}

/** Characters of the name that the closest pattern spells out, half a character more for the whole name. */
function spelledOut(patterns: readonly string[], name: string): number | undefined {
  let most: number | undefined;
  for (const pattern of patterns) {
    if (!globMatcher(pattern)(name)) continue;
    const letters = pattern.replaceAll('*', '').length;
    const spelled = pattern.includes('*') ? letters : letters + 0.5;
    if (most === undefined || spelled > most) most = spelled;
  }
  return most;
}

/** Vendors in the names of Bedrock models: `us.anthropic.claude-...`. */
const BEDROCK_NAME =
  /^(?:[a-z-]+\.)?(?:ai21|amazon|anthropic|cohere|deepseek|google|meta|mistral|moonshot|openai|qwen)\.(.+)$/;

/**
 * A model's name as counting rules spell it: lower case, without what hosts put before it (`openai/`,
 * `models/`, `us.anthropic.`), and the base model of a fine-tuned one (`ft:gpt-4o:acme::id`).
 */
export function countedName(model: string): string {
  const name = model.trim().toLowerCase();
  const [, base] = /^ft:([^:]+)/.exec(name) ?? [];
  const plain = (base ?? name).split('/').findLast((part) => part !== '') ?? '';
  return BEDROCK_NAME.exec(plain)?.[1] ?? plain;
}
