import type { Comparison } from '../domain/period.ts';
import type { CostKind, Dimension, Filter, Grain, Span } from '../domain/spend.ts';
import type { SpendSort } from './spend-sorts.ts';

/** What a spend report is asked. */
export interface SpendOptions {
  readonly by: readonly Dimension[];
  readonly grain?: Grain;
  readonly span: Span;
  readonly timeZone: string;
  readonly where: readonly Filter[];
  readonly top?: number;
  readonly sort: SpendSort;
  /** Which cost the answer holds. */
  readonly cost: CostKind;
  readonly comparison?: Comparison;
  /** Some values may be inferred, and what they cost is told apart. */
  readonly inferring?: boolean;
  /** The day on which it is asked, `2026-11-21`, which says how old prices are. */
  readonly today?: string;
}
