import type { Prompt } from '../prompt.ts';
import type { Finding } from '../finding.ts';
import { at, countAt, dataOf, itemsAt, type Located, textAt } from './located.ts';
import { splitModelName } from './model-names.ts';
import type { Engine } from './prompt-format.ts';
import { readTools } from './tools.ts';

/** The name of the class that a serialized object is of. */
export const classOf = (value: Located | undefined): string =>
  textAt(itemsAt(value, 'id').at(-1)) ?? '';

/** An object of a file, without what serializing adds around it. */
export const inside = (value: Located | undefined): Located | undefined =>
  at(value, 'kwargs') ?? value;

/** Languages of LangChain's templates, by the names that it has for them. */
export const LANGCHAIN_ENGINES: ReadonlyMap<string, Engine> = new Map([
  ['f-string', 'fstring'],
  ['jinja2', 'jinja'],
  ['mustache', 'mustache'],
]);

/** Files without `_type` are prompts to LangChain; their lists of names tell them from those of other tools. */
export const hasFields = (shape: Located | undefined): boolean =>
  at(shape, 'input_variables')?.kind === 'list' &&
  itemsAt(shape, 'input_variables').every(({ kind }) => kind === 'text') &&
  (at(shape, 'template') ?? at(shape, 'template_path') ?? at(shape, 'example_prompt')) !==
    undefined &&
  (itemsAt(shape, 'input_variables').length > 0 ||
    LANGCHAIN_ENGINES.has(textAt(shape, 'template_format') ?? ''));

/** A serialized prompt: alone, as `manifest` of a commit of LangSmith, or before a model in a sequence. */
export function promptIn(value: Located | undefined): Located | undefined {
  const whole = at(value, 'manifest') ?? value;
  if (at(whole, 'lc') === undefined) return undefined;
  const first = classOf(whole) === 'RunnableSequence' ? at(inside(whole), 'first') : whole;
  return /Prompt/.test(classOf(first)) ? first : undefined;
}

/** What a file says around its prompt: the model of a sequence with its tools, and the schema of the answer. */
export function settingsAround(
  value: Located,
  file: string,
): { readonly says: Partial<Prompt>; readonly findings: readonly Finding[] } {
  const whole = at(value, 'manifest') ?? value;
  const last = classOf(whole) === 'RunnableSequence' ? at(inside(whole), 'last') : undefined;
  const settings = inside(at(inside(last), 'bound') ?? last);
  const model = textAt(settings, 'model_name') ?? textAt(settings, 'model');
  const maxOutputTokens = countAt(settings, 'max_tokens');
  const schema = at(inside(promptIn(value)), 'schema_');
  const { tools, findings } = readTools(at(inside(last), 'kwargs', 'tools'), file);
  return {
    says: {
      tools,
      ...(model === undefined ? {} : splitModelName(model)),
      ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
      ...(schema === undefined ? {} : { outputSchema: dataOf(schema) }),
    },
    findings,
  };
}
