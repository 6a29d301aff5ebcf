import type { Money } from './money.ts';
import type { Filter, Span } from './spend.ts';

/** A question about calls whose answers are longer than a limit. */
export interface LongAnswersQuery {
  readonly span: Span;
  readonly where: readonly Filter[];
  /** Tokens of output that are not too many. */
  readonly above: number;
  /** How many are told at most. */
  readonly limit: number;
}

/** A call that would be cut off. */
export interface LongAnswer {
  readonly id: string;
  /** Tokens of its answer, reasoning included. */
  readonly output: number;
  /** What the tokens past the limit cost. */
  readonly beyond: Money;
}
