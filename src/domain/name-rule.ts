/**
 * One way in which a host writes more than a card lists, or a name of its own. Rules are tried in their
 * order, each on the barest name so far, in lower case.
 */
export interface NameRule {
  readonly when: RegExp;
  /** The names that may be billed instead, as replacements of the whole match; the last is the barest. */
  readonly means?: readonly string[];
  /** The region that the match tells, as a replacement. */
  readonly region?: string;
  /** Why such a name has no price unless a card lists it as written: no further rule is tried. */
  readonly never?: string;
  /** No further rule is tried after this one. */
  readonly last?: true;
}

/** What all hosts that sell models trained by their customers say of a fine-tuned model. */
export const FINE_TUNED =
  'a fine-tuned model has a price of its own, never that of its base; list it in a card of yours';
