import type { CallFact } from './call-facts.ts';
import type { CalledSku, RateInForce } from './replay-question.ts';
import type { Dimension, Filter, Span } from './spend.ts';
import type { Status } from './usage.ts';

/** A question about calls one after another, for what depends on their order: what stood in a cache. */
export interface OrderQuery {
  readonly span: Span;
  readonly where: readonly Filter[];
  readonly by: readonly Dimension[];
  /** What else is asked of each call: the tag of this name, or its session, else its run, as `conversation`. */
  readonly facts: readonly (CallFact | 'run' | 'step' | 'conversation')[];
}

/** What calls have in common: one object for all that are alike, so that it can be remembered by. */
export interface CallKind {
  /** Values in the order of the question's `by`; null where the calls have no such value. */
  readonly key: readonly (string | null)[];
  readonly sku: CalledSku;
  readonly rate: RateInForce;
  readonly status: Status;
}

/** One event in the order of time, those without a time first; what is equal keeps the order of ingest. */
export interface OrderedCall {
  readonly kind: CallKind;
  /** Milliseconds UTC. */
  readonly time: number | undefined;
  /** Calls that it stands for; more than 1 where counts were added up. */
  readonly requests: number;
  readonly input: number;
  readonly cacheRead: number;
  /** Over all times to live. */
  readonly cacheWrite: number;
  readonly output: number;
  readonly reasoning: number;
  /** Quantities beside these, by the names of the ledger: `cache_write@1h`, `audio_input`, `fee:web_search`. */
  readonly extra: Readonly<Record<string, number>> | undefined;
  /** In the order of the question's facts; `undefined` where nothing is known. */
  readonly facts: readonly (string | undefined)[];
}
