import type { Origin } from '../../../errors.ts';
import type { TemplateText } from '../../rendering/engine.ts';
import type { Found } from './project.ts';

/** `template_string`s as what Jinja calls macros, each a template of its own. */
export interface TemplateStrings {
  /** Jinja that makes those known that a text names; of one line, so that lines stay what they are. */
  readonly importsFor: (text: string) => string;
  readonly find: (name: string) => TemplateText | undefined;
  /** Files of those that a text uses, directly or by way of others. */
  readonly filesFor: (text: string) => readonly string[];
}

/** Between a file and a name in what stands for the file of a template string: several of one file are no circle. */
const MARK = '\0';

/** A place in a template string as a place in its file. */
export const inItsFile = (origin: Origin): Origin =>
  origin.file.includes(MARK) ? { ...origin, file: origin.file.split(MARK)[0] ?? '' } : origin;

/** The `template_string`s of a project. */
export function templateStrings(found: ReadonlyMap<string, Found>): TemplateStrings {
  const all = new Map(
    [...found].flatMap(([name, { declaration, file }]) =>
      declaration.kind === 'template' ? [[name, { ...declaration, file }] as const] : [],
    ),
  );
  const namedIn = (text: string): readonly string[] =>
    [...new Set([...text.matchAll(/\b([A-Za-z_]\w*)\s*\(/g)].map(([, name = '']) => name))].filter(
      (name) => all.has(name),
    );
  const importsFor = (text: string): string =>
    namedIn(text)
      .map((name) => `{% from "${name}" import ${name} -%}`)
      .join('');
  return {
    importsFor,
    find(name) {
      const macro = all.get(name);
      if (macro === undefined) return undefined;
      const { text, parameters, file } = macro;
      const head = `{% macro ${name}(${[...parameters.keys()].join(', ')}) -%}`;
      return {
        text: `${importsFor(text.value)}${head}${text.value}{%- endmacro %}`,
        origin: { file: `${file}${MARK}${name}`, line: text.textLine },
      };
    },
    filesFor(text) {
      const used = new Set(namedIn(text));
      for (const name of used)
        for (const next of namedIn(all.get(name)?.text.value ?? '')) used.add(next);
      return [...used].flatMap((name) => all.get(name)?.file ?? []);
    },
  };
}
