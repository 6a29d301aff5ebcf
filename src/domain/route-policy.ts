import type { Fraction } from './fraction.ts';
import type { Origin } from './origin.ts';
import type { Filter } from './spend.ts';

/** A size of requests, whole tokens: from `atLeast` on, and below `below`; without bound where absent. */
export interface SizeRange {
  readonly atLeast?: number;
  readonly below?: number;
}

/** A rule of routing: which requests it takes, how many of them, and where they go. */
export interface RouteRule {
  /** As outputs name it. */
  readonly name: string;
  /** All of these hold; every request when empty. */
  readonly where: readonly Filter[];
  /** Tokens of the whole prompt, cache included. */
  readonly prompt: SizeRange;
  /** Tokens of the answer. */
  readonly output: SizeRange;
  /** The part of every kind of request that it takes; what it leaves goes on to the next rule. */
  readonly share: Fraction;
  /** A model, or `undefined` to stay where they are. */
  readonly to: string | undefined;
  readonly origin: Origin;
}

/** Rules in order: the first that fits takes a request. What no rule takes stays. */
export interface RoutePolicy {
  readonly file: string;
  readonly rules: readonly RouteRule[];
}
