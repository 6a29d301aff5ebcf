/**
 * What a call was besides its tokens, as what-ifs ask for it. A source that knows it says so in a tag of this
 * name; nothing is said of calls without one.
 */
export const CALL_FACTS = [
  /** A hash of the whole prompt: calls that share it asked the same. */
  'prompt_hash',
  /** Sampling temperature; only at 0 does the same prompt mean the same answer. */
  'temperature',
  /** Hashes of the prompt's blocks from its beginning, separated by blanks. */
  'prefix_hashes',
  /** Tokens in each of those blocks but the last, which may hold fewer; DEFAULT_BLOCK_TOKENS where it is not said. */
  'prefix_block_tokens',
  /** Tokens of the system prompt. */
  'system_tokens',
  /** Retrieved chunks in the prompt, and the tokens of all of them. */
  'retrieval_count',
  'retrieval_tokens',
  /** The limit that the request set for its answer. */
  'max_output_tokens',
] as const;
/** One of CALL_FACTS. */
export type CallFact = (typeof CALL_FACTS)[number];

/** Tokens of a block of `prefix_hashes` whose source does not say, as in the traces of Mooncake (github.com/kvcache-ai/Mooncake, 2026-11-21). */
export const DEFAULT_BLOCK_TOKENS = 512;

const KNOWN: ReadonlySet<string> = new Set<string>(CALL_FACTS);

/** Whether a key, as it is written, is one of CALL_FACTS. */
export const isCallFact = (key: string): key is CallFact => KNOWN.has(key);

const OF_ONE_CALL: ReadonlySet<string> = new Set<CallFact>([
  'prompt_hash',
  'prefix_hashes',
  'system_tokens',
  'retrieval_tokens',
]);

/** Whether a fact has so many values that calls which share one have little else in common. */
export const isFactOfOneCall = (key: string): boolean => OF_ONE_CALL.has(key);
