import type { Origin } from '../../errors.ts';
import type { ParsedTemplate } from './engine.ts';

/** Thrown inside an engine where a text is no template of its language; `parsed` makes it a finding. */
export class TemplateSyntaxError extends Error {
  override readonly name = 'TemplateSyntaxError';
  /** Index of the character it is about. */
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** The finding of a text that is no template. */
export const brokenTemplate = (message: string, origin: Origin): ParsedTemplate => ({
  kind: 'broken',
  finding: { level: 'error', code: 'template-syntax', message, origin },
});
