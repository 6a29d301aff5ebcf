/** A fact that may change: `from` is the first instant it holds, milliseconds UTC; since ever when absent. */
export interface Dated<Value> {
  readonly from?: number;
  /** `from` as the card writes it. */
  readonly fromText?: string;
  readonly value: Value;
}

/** Kinds of content that a model takes or makes. */
export const CONTENT_KINDS = ['text', 'image', 'audio', 'video', 'file'] as const;
/** One of CONTENT_KINDS. */
export type ContentKind = (typeof CONTENT_KINDS)[number];

/** What a model can do that estimates and what-ifs ask about. */
export const MODEL_FEATURES = [
  'tools',
  'reasoning',
  'structured_output',
  'prompt_caching',
  'batch',
  'fine_tuning',
  'web_search',
] as const;
/** One of MODEL_FEATURES. */
export type ModelFeature = (typeof MODEL_FEATURES)[number];

/** How a prompt cache works: fewer tokens than `minimum` are not cached; `ttls` are the times to live on offer. */
export interface CacheFacts {
  readonly minimum?: number;
  readonly ttls: readonly string[];
}

/** What a model is besides its prices. An absent or empty fact is not known; it is never a "no". */
export interface ModelFacts {
  /** Most tokens of prompt and answer together; oldest first. */
  readonly contextWindow: readonly Dated<number>[];
  /** Most tokens of one answer; oldest first. */
  readonly maxOutput: readonly Dated<number>[];
  readonly tokenizer?: string;
  readonly modalities: {
    readonly input: readonly ContentKind[];
    readonly output: readonly ContentKind[];
  };
  readonly features: readonly ModelFeature[];
  readonly cache: readonly Dated<CacheFacts>[];
  /** Day on which the vendor stops serving the model, `2026-12-01`. */
  readonly retires?: string;
}

/** A dated fact as it stands at an instant: the last one that holds. `undefined` when none does. */
export const factAt = <Value>(facts: readonly Dated<Value>[], time: number): Value | undefined =>
  facts.findLast(({ from }) => from === undefined || from <= time)?.value;
