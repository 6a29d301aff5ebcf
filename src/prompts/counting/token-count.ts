import type { Band } from '../../domain/counting-rules.ts';

/**
 * How a count came about, best first. `exact`: the provider's own count; `counted`: the right tokenizer;
 * `estimated`: a formula with a band; `assumed`: a rule taken for a model that nobody documented.
 */
export const COUNT_SOURCES = ['exact', 'counted', 'estimated', 'assumed'] as const;
/** One of COUNT_SOURCES. */
export type CountSource = (typeof COUNT_SOURCES)[number];

/** Tokens with the band they may lie in; `low`, `tokens` and `high` are equal where nothing is estimated. */
export interface TokenCount {
  readonly tokens: number;
  readonly low: number;
  readonly high: number;
  readonly source: CountSource;
  /** Why it is no better, where somebody should know. */
  readonly note?: string;
}

/** A tool as a model is told of it. */
export interface ToolDefinition {
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of its arguments. */
  readonly parameters?: unknown;
}

/** Counts for one model on one day. */
export interface TokenCounter {
  readonly model: string;
  /** Encoding whose ranks are walked, such as `o200k_base`. */
  readonly encoding: string;
  /** As people read it: `o200k_base`, `o200k_base with piece weights for Claude 4.7 and later`. */
  readonly method: string;
  /** Content alone, without any frame. */
  readonly text: (text: string) => TokenCount;
  /** Counts texts that follow each other in one text: the sum is what `text` says of all of them joined. A token belongs to the text it begins in. */
  readonly texts: (texts: readonly string[]) => readonly TokenCount[];
  /** What the structure of messages adds, the primer of the reply included. */
  readonly frame: (
    messages: readonly { readonly role: string; readonly name?: string }[],
  ) => TokenCount;
  /** All tools of a request together; no tokens without tools. */
  readonly tools: (
    tools: readonly ToolDefinition[],
    context: { readonly hasSystem: boolean; readonly choice?: string },
  ) => TokenCount;
  /** A schema that the answer has to follow. */
  readonly schema: (schema: unknown) => TokenCount;
  readonly image: (
    size: { readonly width: number; readonly height: number },
    detail?: string,
  ) => TokenCount;
}

/** Stands between notes that came together, so that each is kept once however counts are added. */
const NOTE_BREAK = '; ';

/** Nothing to count: zero for certain. */
export const NO_TOKENS: TokenCount = { tokens: 0, low: 0, high: 0, source: 'exact' };

/** A count that is the same by any reading. */
export const countOf = (tokens: number, source: CountSource): TokenCount => ({
  tokens,
  low: tokens,
  high: tokens,
  source,
});

/** A count as a rule makes it: with the rule's band, label and note. `tokens` need not be whole. */
export function ruledCount(
  tokens: number,
  rule: { readonly band?: Band; readonly assumed?: string; readonly note?: string },
): TokenCount {
  const { below = 0, above = 0 } = rule.band ?? {};
  const source =
    rule.assumed !== undefined ? 'assumed' : below + above > 0 ? 'estimated' : 'counted';
  const note = [rule.assumed, rule.note].filter((part) => part !== undefined).join(NOTE_BREAK);
  const whole = Math.round(tokens);
  return {
    tokens: whole,
    low: Math.min(whole, Math.floor(tokens - (tokens * below) / 100)),
    high: Math.max(whole, Math.ceil(tokens + (tokens * above) / 100)),
    source,
    ...(note === '' ? {} : { note }),
  };
}

/** The sum of counts: their bands add, the weakest source holds, every note is kept once. */
export function addCounts(...counts: readonly TokenCount[]): TokenCount {
  let [tokens, low, high, worst] = [0, 0, 0, 0];
  const notes = new Set<string>();
  for (const count of counts) {
    tokens += count.tokens;
    low += count.low;
    high += count.high;
    worst = Math.max(worst, COUNT_SOURCES.indexOf(count.source));
    for (const note of count.note?.split(NOTE_BREAK) ?? []) notes.add(note);
  }
  const note = [...notes].join(NOTE_BREAK);
  return {
    tokens,
    low,
    high,
    source: COUNT_SOURCES[worst] ?? 'assumed',
    ...(note === '' ? {} : { note }),
  };
}
