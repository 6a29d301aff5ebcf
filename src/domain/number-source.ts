/**
 * How a number came about, best first: the provider's own count, the right tokenizer, a formula with a band,
 * calls in the ledger, what a config or a flag says, a default that nobody chose, or not known at all.
 */
export const NUMBER_SOURCES = [
  'exact',
  'counted',
  'estimated',
  'measured',
  'declared',
  'assumed',
  'unknown',
] as const;
/** One of NUMBER_SOURCES. */
export type NumberSource = (typeof NUMBER_SOURCES)[number];

/** A value with how it came about, and where in a few words: `aicost.yaml:12:22`, `--output-tokens`, `ledger, 30 days`. */
export interface Sourced<Value> {
  readonly value: Value;
  readonly source: Exclude<NumberSource, 'unknown'>;
  readonly from: string;
}
