import { blockEngine, type BlockOptions } from './block-engine.ts';
import type { TemplateEngine } from './engine.ts';
import { parseJinja } from './jinja-parser.ts';
import type { WhitespaceRules } from './jinja-tokens.ts';

/** How a Jinja-like language differs from plain Jinja. */
export interface JinjaOptions extends WhitespaceRules, BlockOptions {}

/**
 * Jinja (https://jinja.palletsprojects.com/en/stable/templates/, read 2026-11-22), and Nunjucks as its dialect.
 * `extends` is not read; everything that is not known is a finding.
 */
export const jinjaEngine = (options: JinjaOptions = {}): TemplateEngine =>
  blockEngine((text) => ({ block: parseJinja(text, options) }), options);
