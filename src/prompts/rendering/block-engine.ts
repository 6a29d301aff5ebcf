import type { Finding } from '../finding.ts';
import type { ParsedTemplate, TemplateEngine } from './engine.ts';
import { readWithIncludes } from './included-files.ts';
import { runBlock } from './jinja-run.ts';
import type { HostFunction, TemplateFile } from './jinja-state.ts';
import type { Block } from './jinja-syntax.ts';
import type { Dialect, Traced } from './jinja-values.ts';
import { freeNames, includesOf } from './jinja-walk.ts';
import { openNoticed } from './noticed.ts';
import { RenderingCapError } from './output.ts';
import { placesOf } from './places.ts';
import { brokenTemplate, TemplateSyntaxError } from './template-error.ts';
import type { GivenValue, Values } from './values.ts';

/** What a language gives its templates beside their variables. */
export interface BlockOptions {
  readonly dialect?: Dialect;
  /** Functions of the format, by the name they are called by: `_.role`. Their first name is no variable. */
  readonly functions?: ReadonlyMap<string, HostFunction>;
  /** Values of the format, which are no variables: `ctx`. */
  readonly globals?: Values;
}

/** A text as statements, with what was noticed at which character. Throws TemplateSyntaxError. */
export type ParseBlock = (text: string) => {
  readonly block: Block;
  readonly notices?: readonly {
    readonly at: number;
    readonly code: string;
    readonly message: string;
  }[];
};

/** Names that are no variables: the language gives them. */
const GIVEN = ['range', 'dict', 'namespace', 'super', 'self', 'caller', 'undefined'];

/** Words that a text asks for another by; without them it need not be parsed to know that it does not. */
const ASKS = /\b(?:include|import)\b/;

/** A template language whose texts are parsed to statements, which are walked; nothing of them is compiled or run. */
export function blockEngine(parse: ParseBlock, options: BlockOptions = {}): TemplateEngine {
  const given = new Set([
    ...GIVEN,
    ...(options.globals?.keys() ?? []),
    ...[...(options.functions?.keys() ?? [])].map((name) => name.split('.')[0] ?? name),
  ]);
  return {
    includes(text) {
      if (!ASKS.test(text)) return [];
      try {
        return includesOf(parse(text).block).flatMap(({ names }) => names);
      } catch (error) {
        if (error instanceof TemplateSyntaxError) return [];
        throw error;
      }
    },
    parse(source, find = () => undefined) {
      const variables = new Set<string>();
      const noticed: Finding[] = [];
      try {
        const { file, findings } = readWithIncludes<TemplateFile>(
          source,
          find,
          (text, include, origin) => {
            const { block, notices = [] } = parse(text.text);
            const place = placesOf(text);
            for (const name of freeNames(block, given)) variables.add(name);
            for (const { at, code, message } of notices)
              noticed.push({ level: 'warning', code, message, origin: place(at) });
            const includes = includesOf(block).flatMap(({ at, names, mayMiss }) => [
              ...include(names, place(at), mayMiss),
            ]);
            return { block, place, includes: new Map(includes), ...(origin && { origin }) };
          },
        );
        return templateOf(file, [...variables].sort(), [...noticed, ...findings], options);
      } catch (error) {
        if (!(error instanceof TemplateSyntaxError)) throw error;
        return brokenTemplate(error.message, placesOf(source)(error.at));
      }
    },
  };
}

function templateOf(
  file: TemplateFile,
  variables: readonly string[],
  findings: readonly Finding[],
  { dialect = 'jinja', functions = new Map(), globals = new Map() }: BlockOptions,
): ParsedTemplate {
  return {
    kind: 'template',
    template: {
      variables,
      findings,
      render(values, output) {
        const noticed = openNoticed();
        const names = new Map(
          [...globals, ...values].map(([name, given]) => [name, traced(name, given)]),
        );
        const rendering = { dialect, noticed, functions, calls: 0 };
        const frame = { names: new Map<string, Traced>(), outer: { names } };
        try {
          runBlock(file.block, { rendering, file, output, frame });
        } catch (error) {
          // Values that nest without end overflow the stack of calls before they reach a cap.
          if (error instanceof RangeError)
            throw new RenderingCapError('nests too deeply to be rendered');
          throw error;
        }
        return noticed.findings();
      },
    },
  };
}

/** A variable's value as what it prints is attributed to it. */
export const traced = (variable: string, { value, constant, origin }: GivenValue): Traced => ({
  value,
  from: { variable, varies: constant !== true, ...(origin && { origin }) },
});
