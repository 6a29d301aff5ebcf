import type { Origin } from '../../errors.ts';
import type { Finding } from '../finding.ts';
import type { Output } from './output.ts';
import type { Values } from './values.ts';

/** Text of a template and where it stands. */
export interface TemplateText {
  readonly text: string;
  /** The file, and the line its first character stands in. */
  readonly origin: Origin;
  /** Its line breaks are written as escapes (a JSON string): all of it stands in the line of its origin. */
  readonly escaped?: boolean;
}

/**
 * Finds another template by the name that one asks for, or `undefined` when it is not there. Pure: who calls
 * has read what `includes` names. `from` is the file that asks, since names may be relative to it.
 */
export type FindTemplate = (name: string, from: string) => TemplateText | undefined;

/** A template taken apart, to be rendered any number of times. */
export interface Template {
  /** Names of the variables it mentions, those of its includes too; sorted. */
  readonly variables: readonly string[];
  /** What was noticed without values: a format specification that is not followed, an include that is missing. */
  readonly findings: readonly Finding[];
  /**
   * Prints to `output`; gives what was noticed. Throws RenderingCapError only, where there is no end to it.
   * Undefined variables print nothing and are findings.
   */
  readonly render: (values: Values, output: Output) => readonly Finding[];
}

/** A template, or the one reason why it is none. */
export type ParsedTemplate =
  | { readonly kind: 'template'; readonly template: Template }
  | { readonly kind: 'broken'; readonly finding: Finding };

/** One template language. */
export interface TemplateEngine {
  /** Names of other templates that a text asks for, as it writes them. Nothing where the text cannot be parsed. */
  readonly includes: (text: string) => readonly string[];
  readonly parse: (source: TemplateText, find?: FindTemplate) => ParsedTemplate;
}
