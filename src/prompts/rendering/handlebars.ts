import type { Origin } from '../../errors.ts';
import { quote } from '../../errors.ts';
import type { Finding } from '../finding.ts';
import type {
  FindTemplate,
  ParsedTemplate,
  Template,
  TemplateEngine,
  TemplateText,
} from './engine.ts';
import { BUILT_IN_HELPERS, type Helpers } from './handlebars-helpers.ts';
import { renderHandlebars } from './handlebars-rendering.ts';
import { type HandlebarsFile, parseHandlebarsText } from './handlebars-syntax.ts';
import { callsOf, partialNames, variablesOf } from './handlebars-variables.ts';
import type { Output } from './output.ts';
import { brokenTemplate } from './template-error.ts';
import type { Values } from './values.ts';

/** A Handlebars template, which may be rendered with helpers of the format it is part of. */
export interface HandlebarsTemplate extends Template {
  readonly render: (values: Values, output: Output, helpers?: Helpers) => readonly Finding[];
}

/** As ParsedTemplate. */
export type ParsedHandlebars =
  | { readonly kind: 'template'; readonly template: HandlebarsTemplate }
  | Extract<ParsedTemplate, { readonly kind: 'broken' }>;

/**
 * Parses a template and its partials, which `find` is asked for. `helpers` are the names that rendering will
 * be given functions for. Follows handlebarsjs.com/guide (2026-11-22) without HTML escaping; a partial that is
 * not there is an error, unless the template says what to print instead.
 */
export function parseHandlebars(
  source: TemplateText,
  {
    find = () => undefined,
    helpers = new Set(),
  }: { find?: FindTemplate; helpers?: ReadonlySet<string> } = {},
): ParsedHandlebars {
  const parsed = parseHandlebarsText(source);
  if (parsed.kind === 'broken') return brokenTemplate(parsed.message, parsed.origin);
  const top: HandlebarsFile = { file: source.origin.file, body: parsed.body };
  const partials = openPartials(find);
  const missed = missingPartials(top, find, partials);
  const variables = variablesOf(top, {
    isHelper: (name) => helpers.has(name) || BUILT_IN_HELPERS.has(name),
    partial: (name, from) => partials.find(name, from),
  });
  return {
    kind: 'template',
    template: {
      variables: [...variables].toSorted(),
      findings: [...missed, ...partials.findings],
      render: (values, output, given = new Map()) =>
        renderHandlebars(top, {
          values,
          output,
          helpers: new Map([...BUILT_IN_HELPERS, ...given]),
          partial: partials.find,
        }),
    },
  };
}

/** Handlebars for formats that add nothing to it. */
export const handlebarsEngine: TemplateEngine = {
  includes(text) {
    if (!/\{\{~?#?[>*]/.test(text)) return [];
    const parsed = parseHandlebarsText({ text, origin: { file: '' } });
    return parsed.kind === 'body' ? partialNames(parsed.body) : [];
  },
  parse: (source, find) => parseHandlebars(source, find === undefined ? {} : { find }),
};

/** Other files of a template by the name and file that ask; each is parsed once, when it is first asked for. */
interface Partials {
  readonly find: (name: string, from: string) => HandlebarsFile | undefined;
  readonly findings: readonly Finding[];
}

function openPartials(find: FindTemplate): Partials {
  const parsed = new Map<string, HandlebarsFile | undefined>();
  const findings: Finding[] = [];
  return {
    findings,
    find(name, from) {
      const source = find(name, from);
      if (source === undefined) return undefined;
      const { file } = source.origin;
      if (!parsed.has(file)) {
        const text = parseHandlebarsText(source);
        parsed.set(file, text.kind === 'body' ? { file, body: text.body } : undefined);
        if (text.kind === 'broken') findings.push(syntaxFinding(text.message, text.origin));
      }
      return parsed.get(file);
    },
  };
}

/** Asks for every partial that a template spells out; gives those that are not there. */
function missingPartials(
  top: HandlebarsFile,
  find: FindTemplate,
  partials: Partials,
): readonly Finding[] {
  const findings: Finding[] = [];
  const seen = new Set([top]);
  for (const { file, body } of seen)
    for (const name of partialNames(body)) {
      const partial = partials.find(name, file);
      if (partial !== undefined) seen.add(partial);
      else if (find(name, file) === undefined)
        for (const { block, origin } of callsOf(body, name).slice(0, 1))
          if (block === undefined) findings.push(missing(name, origin));
    }
  return findings;
}

const syntaxFinding = (message: string, origin: Origin): Finding => ({
  level: 'error',
  code: 'template-syntax',
  message,
  origin,
});

const missing = (name: string, origin: Origin): Finding => ({
  level: 'error',
  code: 'missing-include',
  message: `the partial ${quote(name)} is not there`,
  origin,
});
