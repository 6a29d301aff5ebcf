import { quote } from '../../errors.ts';
import type { Finding } from '../finding.ts';
import { engineNamed } from '../format-contract/engines.ts';
import { valuesOf } from '../format-contract/given-values.ts';
import { inOrder } from '../format-contract/in-order.ts';
import {
  filledTemplate,
  joinedTemplate,
  templateOfFile,
} from '../format-contract/joined-template.ts';
import { at, entriesAt, itemsAt, type Located, textAt } from '../format-contract/located.ts';
import { readContent } from '../format-contract/message-content.ts';
import {
  classOf,
  hasFields,
  inside,
  LANGCHAIN_ENGINES,
  promptIn,
  settingsAround,
} from '../format-contract/langchain-objects.ts';
import type { MessageTemplate, PartTemplate } from '../format-contract/message-template.ts';
import type { FormatContext, PromptFormat } from '../format-contract/prompt-format.ts';
import { promptOfMessages } from '../format-contract/prompt-of-messages.ts';
import { languageOf, shapeOf } from '../format-contract/shape.ts';
import { readStructured } from '../format-contract/structured-text.ts';
import {
  openTemplateReader,
  plainTemplate,
  type TemplateReader,
} from '../format-contract/template-reader.ts';
import type { Template } from '../rendering/engine.ts';
import type { GivenValue, Values } from '../rendering/values.ts';

/**
 * Prompts that LangChain saves, in JSON or YAML: `_type: prompt` and `few_shot`, and what its newer versions
 * serialize with `lc` and `kwargs` (https://python.langchain.com/api_reference/core/prompts.html, 2026-11-22).
 */
export default {
  id: 'langchain',
  name: 'LangChain prompts, JSON or YAML',
  keys: ['_type', 'input_variables', 'template', 'template_format', 'kwargs'],
  recognizes(path, text) {
    const shape = shapeOf(path, text);
    const type = textAt(shape, '_type');
    const isSaved = type === undefined ? hasFields(shape) : /^(?:prompt|few_shot|chat)$/.test(type);
    return isSaved || promptIn(shape) !== undefined ? 'certain' : 'no';
  },
  async read(text, context) {
    const { path } = context;
    const read = readStructured(languageOf(path) ?? 'json', text, path);
    if (read.kind === 'broken') return { prompts: [], findings: [read.finding] };
    const reading: Reading = { context, findings: [], defaults: new Map(), depth: 0 };
    const written = promptIn(read.value) ?? read.value;
    const messages = await readMessages(written, reading);
    const name = textAt(read.value, 'name');
    const around = settingsAround(read.value, path);
    const prompt = promptOfMessages({
      path,
      line: 1,
      format: 'langchain',
      messages,
      defaults: reading.defaults,
      ...around.says,
      findings: [...reading.findings, ...around.findings],
      ...(name === undefined ? {} : { name }),
    });
    return { prompts: [prompt], findings: [] };
  },
} satisfies PromptFormat;

/** What reading one file gathers. */
interface Reading {
  readonly context: FormatContext;
  readonly findings: Finding[];
  /** How many prompts this one is part of. */
  readonly depth: number;
  /** Values that the file fixes: `partial_variables`. */
  readonly defaults: Map<string, GivenValue>;
}

/** Most prompts inside of each other. */
const DEEPEST = 5;

const ROLES: ReadonlyMap<string, string> = new Map([
  ['human', 'user'],
  ['ai', 'assistant'],
]);

const roleNamed = (role: string): string => ROLES.get(role) ?? role;

async function readMessages(value: Located, reading: Reading): Promise<readonly MessageTemplate[]> {
  const fields = inside(value);
  const messages = at(fields, 'messages');
  if (messages !== undefined) {
    keepPartials(fields, reading);
    return inOrder(itemsAt(messages), (message) => readMessage(message, reading));
  }
  const template = at(fields, 'template');
  if (template?.kind === 'list') {
    keepPartials(fields, reading);
    const templates = readerFor(fields, reading);
    const { context } = reading;
    const chat = await inOrder(template.items, async (message) => ({
      role: roleNamed(textAt(message, 'role') ?? 'user'),
      parts: await readContent(at(message, 'content'), { templates, context }),
    }));
    reading.findings.push(...templates.findings());
    return chat;
  }
  return [{ role: 'user', parts: [{ kind: 'text', template: await readPrompt(value, reading) }] }];
}

/** A message of a chat: a template with the role of its class, text as it stands, or a place for others. */
async function readMessage(value: Located, reading: Reading): Promise<MessageTemplate> {
  const kind = classOf(value);
  const fields = inside(value);
  const placeholder = textAt(fields, 'variable_name');
  if (kind === 'MessagesPlaceholder' || placeholder !== undefined)
    return {
      role: 'user',
      parts: [{ kind: 'unresolved', what: `the messages of ${quote(placeholder)}` }],
    };
  const role = roleNamed(
    textAt(fields, 'role') ??
      /^(system|human|ai)/i.exec(kind)?.[1]?.toLowerCase() ??
      textAt(fields, 'type') ??
      'user',
  );
  const prompt = at(fields, 'prompt');
  if (prompt !== undefined) {
    const prompts = prompt.kind === 'list' ? prompt.items : [prompt];
    return { role, parts: await inOrder(prompts, (part) => readPart(part, reading)) };
  }
  const { context } = reading;
  const templates = openTemplateReader(engineNamed('none'), context);
  return { role, parts: await readContent(at(fields, 'content'), { templates, context }) };
}

/** One part of a message: a text, or an image with a template for its URL. */
async function readPart(value: Located, reading: Reading): Promise<PartTemplate> {
  const url = at(inside(value), 'template', 'url');
  if (url?.kind !== 'text') return { kind: 'text', template: await readPrompt(value, reading) };
  const templates = readerFor(inside(value), reading);
  const template = await templates.located(url);
  reading.findings.push(...templates.findings());
  return {
    kind: 'image-url',
    template,
    sourceOf: (found) => ({ kind: /^data:/i.test(found) ? 'data' : 'remote', url: found }),
  };
}

/** A prompt of one text: with its examples between prefix and suffix, where it has them. */
async function readPrompt(value: Located, reading: Reading): Promise<Template> {
  const fields = inside(value);
  keepPartials(fields, reading);
  const templates = readerFor(fields, reading);
  const hasExamples =
    at(fields, 'examples') !== undefined || at(fields, 'example_prompt') !== undefined;
  const template = hasExamples
    ? await readFewShot(fields, templates, reading)
    : await readText(fields, 'template', templates, reading);
  reading.findings.push(...templates.findings());
  if (template !== undefined) return template;
  reading.findings.push({
    level: 'error',
    code: 'unexpected-value',
    message: 'expected a "template", a "template_path", or "examples"',
    origin: { file: reading.context.path, line: value.line, column: value.column },
  });
  return joinedTemplate([]);
}

const readerFor = (fields: Located | undefined, { context }: Reading): TemplateReader =>
  openTemplateReader(
    engineNamed(
      LANGCHAIN_ENGINES.get(textAt(fields, 'template_format') ?? '') ?? context.engine ?? 'fstring',
    ),
    context,
  );

/** The text of a field, or of the file that `<field>_path` names. */
async function readText(
  fields: Located | undefined,
  field: string,
  templates: TemplateReader,
  { context, findings }: Reading,
): Promise<Template | undefined> {
  const written = at(fields, field);
  if (written?.kind === 'text') return templates.located(written);
  const path = textAt(fields, `${field}_path`);
  if (path === undefined) return undefined;
  const file = await includeNear(path, context);
  if (file.kind === 'missing') {
    findings.push(file.finding);
    return joinedTemplate([]);
  }
  findings.push(...file.findings);
  const template = await templates.template({
    text: file.text,
    origin: { file: file.path, line: 1 },
  });
  return templateOfFile(template, file.path);
}

/** LangChain reads paths from the folder it is started in; that is the root, or this file's folder. */
async function includeNear(path: string, { include }: FormatContext) {
  const beside = await include(path);
  if (beside.kind === 'text') return beside;
  const fromRoot = await include(path, '');
  return fromRoot.kind === 'text' ? fromRoot : beside;
}

/** Prefix, examples and suffix, each written by the template for examples, with a separator between them. */
async function readFewShot(
  fields: Located | undefined,
  templates: TemplateReader,
  reading: Reading,
): Promise<Template> {
  const prefix = await readText(fields, 'prefix', templates, reading);
  const suffix = await readText(fields, 'suffix', templates, reading);
  const written = await readOther(fields, 'example_prompt', reading);
  const example = written && (await readPrompt(written, { ...reading, depth: reading.depth + 1 }));
  const rows = await readExamples(fields, reading);
  const examples = example === undefined ? [] : rows.map((row) => filledTemplate(example, row));
  const separator = plainTemplate({
    text: textAt(fields, 'example_separator') ?? '\n\n',
    origin: { file: reading.context.path },
  });
  const parts = [prefix, ...examples, suffix].filter((part) => part !== undefined);
  return joinedTemplate(parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part])));
}

/** A field that is an object, or an object in the file that `<field>_path` names. */
async function readOther(
  fields: Located | undefined,
  field: string,
  reading: Reading,
): Promise<Located | undefined> {
  const written = at(fields, field);
  if (written !== undefined && written.kind !== 'text') return written;
  const path = textAt(written) ?? textAt(fields, `${field}_path`);
  return path === undefined ? undefined : readOtherFile(path, reading);
}

async function readOtherFile(
  path: string,
  { context, findings, depth }: Reading,
): Promise<Located | undefined> {
  if (depth > DEEPEST) {
    findings.push({
      level: 'error',
      code: 'include-cycle',
      message: `${quote(path)} is part of itself, or of more than ${DEEPEST} prompts inside of each other`,
      origin: { file: context.path },
    });
    return undefined;
  }
  const file = await includeNear(path, context);
  if (file.kind === 'missing') {
    findings.push(file.finding);
    return undefined;
  }
  const read = readStructured(languageOf(file.path) ?? 'json', file.text, file.path);
  if (read.kind === 'value') return read.value;
  findings.push(read.finding);
  return undefined;
}

/** Each example as values of the variables of the template for examples. */
async function readExamples(
  fields: Located | undefined,
  reading: Reading,
): Promise<readonly Values[]> {
  const examples = await readOther(fields, 'examples', reading);
  return itemsAt(examples).map((row) => valuesOf(row, reading.context.path));
}

/** `partial_variables` are the same in every call. */
function keepPartials(fields: Located | undefined, { context, defaults }: Reading): void {
  if (entriesAt(fields, 'partial_variables').size === 0) return;
  for (const [name, given] of valuesOf(at(fields, 'partial_variables'), context.path))
    defaults.set(name, { ...given, constant: true });
}
