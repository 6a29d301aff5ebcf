import type { TemplateEngine } from '../rendering/engine.ts';
import { fstringEngine } from '../rendering/fstring.ts';
import { handlebarsEngine } from '../rendering/handlebars.ts';
import { jinjaEngine } from '../rendering/jinja.ts';
import { mustacheEngine } from '../rendering/mustache.ts';
import { plainEngine } from '../rendering/plain.ts';
import type { Engine } from './prompt-format.ts';

const ENGINE_OF: Readonly<Record<Engine, TemplateEngine>> = {
  none: plainEngine(),
  fstring: fstringEngine(),
  mustache: mustacheEngine(),
  handlebars: handlebarsEngine,
  jinja: jinjaEngine(),
};

/** The template language of a name that configs write. */
export const engineNamed = (engine: Engine): TemplateEngine => ENGINE_OF[engine];
