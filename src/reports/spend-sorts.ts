/** What rows are ordered by; the largest first, names and times ascending. */
export const SPEND_SORTS = ['cost', 'requests', 'errors', 'tokens', 'name', 'time'] as const;
/** One of SPEND_SORTS. */
export type SpendSort = (typeof SPEND_SORTS)[number];
