import type { Origin } from '../../errors.ts';
import { traced } from './block-engine.ts';
import type { TemplateEngine } from './engine.ts';
import { readWithIncludes } from './included-files.ts';
import { print, printText } from './jinja-print.ts';
import { nested, type State, workAt } from './jinja-state.ts';
import { type Inner, isList, isMap, isTruthy, kindOf, type Traced } from './jinja-values.ts';
import { type MustacheNode, parseMustache } from './mustache-syntax.ts';
import { openNoticed } from './noticed.ts';
import { placesOf } from './places.ts';
import { brokenTemplate, TemplateSyntaxError } from './template-error.ts';

/** One file of a Mustache template. */
interface MustacheFile {
  readonly nodes: readonly MustacheNode[];
  readonly place: (at: number) => Origin;
  readonly origin?: Origin;
  readonly partials: ReadonlyMap<string, MustacheFile>;
}

/** Where a rendering is: its file, what names are looked up in (innermost last), and the blanks before each line. */
interface Where {
  readonly state: State;
  readonly file: MustacheFile;
  readonly stack: readonly Traced[];
  readonly indentation: string;
}

/** Mustache without escaping of HTML, which prompts are not; without lambdas, which values are not. */
export const mustacheEngine = (): TemplateEngine => ({
  includes(text) {
    if (!text.includes('>')) return [];
    try {
      return partialsOf(parseMustache(text)).map(({ name }) => name);
    } catch (error) {
      if (error instanceof TemplateSyntaxError) return [];
      throw error;
    }
  },
  parse(source, find = () => undefined) {
    const variables = new Set<string>();
    try {
      const { file, findings } = readWithIncludes<MustacheFile>(
        source,
        find,
        (text, include, origin) => {
          const nodes = parseMustache(text.text);
          const place = placesOf(text);
          for (const name of namesOf(nodes)) variables.add(name);
          const partials = new Map(
            partialsOf(nodes).flatMap(({ name, at }) => [...include([name], place(at), false)]),
          );
          return { nodes, place, partials, ...(origin && { origin }) };
        },
      );
      return {
        kind: 'template',
        template: {
          variables: [...variables].sort(),
          findings,
          render(values, output) {
            const noticed = openNoticed();
            const frame = {
              names: new Map([...values].map(([name, given]) => [name, traced(name, given)])),
            };
            const rendering = {
              dialect: 'nunjucks' as const,
              noticed,
              functions: new Map(),
              calls: 0,
            };
            renderFile(file, {
              state: stateOf(file, { rendering, frame, output }),
              file,
              stack: [],
              indentation: '',
            });
            return noticed.findings();
          },
        },
      };
    } catch (error) {
      if (!(error instanceof TemplateSyntaxError)) throw error;
      return brokenTemplate(error.message, placesOf(source)(error.at));
    }
  },
});

/** Values are printed as scripts of templates print them, which ask for places and for the file. */
const stateOf = ({ place, origin }: MustacheFile, state: Omit<State, 'file'>): State => ({
  ...state,
  file: { block: [], place, includes: new Map(), ...(origin && { origin }) },
});

function partialsOf(
  nodes: readonly MustacheNode[],
): readonly { readonly name: string; readonly at: number }[] {
  return nodes.flatMap((node) =>
    node.kind === 'partial' ? [node] : node.kind === 'section' ? partialsOf(node.body) : [],
  );
}

/** First names of what is printed or asked for. Inside of a section they may be parts of its value; that is known with values only. */
function namesOf(nodes: readonly MustacheNode[]): readonly string[] {
  return nodes.flatMap((node) => {
    if (node.kind !== 'print' && node.kind !== 'section') return [];
    const name = node.name.split('.')[0] ?? '';
    const inside = node.kind === 'section' ? namesOf(node.body) : [];
    return name === '' ? inside : [name, ...inside];
  });
}

const renderFile = (file: MustacheFile, where: Where): void => renderNodes(file.nodes, where);

function renderNodes(nodes: readonly MustacheNode[], where: Where): void {
  for (const node of nodes) {
    where.state.output.step();
    renderNode(node, where);
  }
}

function renderNode(node: MustacheNode, where: Where): void {
  const { state, file, stack, indentation } = where;
  switch (node.kind) {
    case 'line':
      return printText(indentation, undefined, state);
    case 'text':
      return printText(node.text, undefined, state);
    case 'print':
      return print(lookUp(node.name, node.at, where), node.at, state);
    case 'section':
      return renderSection(node, where);
    case 'partial': {
      const partial = file.partials.get(node.name);
      if (partial === undefined) return undefined;
      return nested(state.rendering, () =>
        renderFile(partial, {
          state: stateOf(partial, state),
          file: partial,
          stack,
          indentation: indentation + node.indentation,
        }),
      );
    }
  }
}

function renderSection(node: MustacheNode & { readonly kind: 'section' }, where: Where): void {
  const { state, stack } = where;
  const found = lookUp(node.name, node.at, where);
  const { value } = found;
  if (typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'undefined')
    state.rendering.noticed.undefinedVariable(value.name, where.file.place(node.at), 'tested');
  if (isTruthy(value) || isMap(value)) {
    if (node.inverted) return;
    const passes = isList(value) ? value : [value];
    for (const item of passes) {
      state.output.step();
      renderNodes(node.body, { ...where, stack: [...stack, { ...found, value: item }] });
    }
  } else if (node.inverted) renderNodes(node.body, where);
}

/** The value of a dotted name: its first part from the innermost value that has it, the others from there. */
function lookUp(name: string, at: number, { state, stack }: Where): Traced {
  const missing: Traced = { value: { kind: 'undefined', name } };
  if (name === '.') return stack.at(-1) ?? missing;
  const [first = '', ...parts] = name.split('.');
  const root = stack.findLast(({ value }) => isMap(value) && value.has(first));
  let found = root === undefined ? state.frame.names.get(first) : partOf(root, first);
  for (const part of parts) {
    if (found === undefined) break;
    if (kindOf(found.value) === 'sized') {
      workAt(state, at).takenWhole(`its part ${JSON.stringify(part)}`);
      return found;
    }
    found = partOf(found, part);
  }
  return found ?? missing;
}

function partOf(whole: Traced, name: string): Traced | undefined {
  const value = childOf(whole.value, name);
  return value === undefined ? undefined : { ...whole, value };
}

function childOf(value: Inner, name: string): Inner | undefined {
  if (isMap(value)) return value.get(name);
  return isList(value) && /^\d{1,9}$/.test(name) ? value[Number(name)] : undefined;
}
