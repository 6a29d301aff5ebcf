import type { Origin } from '../errors.ts';

/**
 * How much a finding weighs: an `error` makes the prompt's number unusable (its cost is unknown), a `warning`
 * makes it less certain, a `notice` only tells.
 */
export type FindingLevel = 'error' | 'warning' | 'notice';

/** Codes of findings of what is part of a prompt and has no number. */
export const INCOMPLETE: ReadonlySet<string> = new Set([
  'unresolved-content',
  'unresolved-tools',
  'unresolved-call',
]);

/** Something to know about a prompt that its number alone does not say. */
export interface Finding {
  readonly level: FindingLevel;
  /** A stable name to filter by, such as `undefined-variable`, `not-utf8`, `unresolved-tools`. */
  readonly code: string;
  /** One sentence without the place, which `origin` is. Values in it are quoted. */
  readonly message: string;
  /** Paths are those of the tree, relative to its root. */
  readonly origin?: Origin;
}
