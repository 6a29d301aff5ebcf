import { globMatcher } from './globs.ts';
import type { LinearRegex } from './linear-regex.ts';

/** What a raw value is held against, as it was written: a text, a glob with `*`, or a regular expression. */
export interface ValuePattern {
  readonly text: string;
  readonly kind: 'exact' | 'glob' | 'regex';
  readonly matches: (value: string) => boolean;
}

/** The pattern that a text writes; with `regex`, the expression between its slashes. */
export function valuePattern(text: string, regex?: LinearRegex): ValuePattern {
  if (regex !== undefined) return { text, kind: 'regex', matches: regex.matches };
  if (text.includes('*')) return { text, kind: 'glob', matches: globMatcher(text) };
  return { text, kind: 'exact', matches: (value) => value === text };
}
