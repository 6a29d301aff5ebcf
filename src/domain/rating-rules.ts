/** Moves when the same cards and contracts begin to price differently, so that ledgers re-rate. */
export const RATING_RULES = 3;
