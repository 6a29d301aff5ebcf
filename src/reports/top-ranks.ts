/** What calls may be ranked by. */
export const TOP_RANKS = ['cost', 'latency', 'retries'] as const;
/** One of TOP_RANKS. */
export type TopRank = (typeof TOP_RANKS)[number];
