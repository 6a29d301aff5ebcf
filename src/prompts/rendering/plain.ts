import { blockEngine } from './block-engine.ts';
import type { TemplateEngine } from './engine.ts';

/** No template language: text as it stands. */
export const plainEngine = (): TemplateEngine =>
  blockEngine((text) => ({ block: text === '' ? [] : [{ kind: 'text', at: 0, text }] }));
