import { quote } from '../../errors.ts';
import type { Finding } from '../finding.ts';
import { engineNamed } from '../format-contract/engines.ts';
import { inOrder } from '../format-contract/in-order.ts';
import { joinedTemplate, templateOfFile } from '../format-contract/joined-template.ts';
import { at, countAt, itemsAt, type Located, textAt } from '../format-contract/located.ts';
import type { MessageTemplate } from '../format-contract/message-template.ts';
import { splitModelName } from '../format-contract/model-names.ts';
import type { FormatContext, PromptFormat } from '../format-contract/prompt-format.ts';
import { promptOfMessages } from '../format-contract/prompt-of-messages.ts';
import { shapeOf } from '../format-contract/shape.ts';
import { readStructured } from '../format-contract/structured-text.ts';
import {
  type LocatedText,
  openTemplateReader,
  type TemplateReader,
} from '../format-contract/template-reader.ts';
import { readTools } from '../format-contract/tools.ts';
import type { Prompt } from '../prompt.ts';
import type { Template } from '../rendering/engine.ts';

/**
 * Prompts as Langfuse's API gives them, one or a list
 * (https://langfuse.com/docs/prompt-management/features/composability and /data-model, 2026-11-22). Its templates
 * have `{{x}}` and references to other prompts, which are found in the same export or beside it, by name.
 */
export default {
  id: 'langfuse',
  name: 'Langfuse prompts, JSON',
  keys: ['name', 'prompt', 'type', 'config', 'version', 'labels'],
  recognizes: (path, text) => {
    const entries = entriesOf(shapeOf(path, text));
    return entries.length > 0 && entries.every(isEntry) ? 'likely' : 'no';
  },
  async read(text, context) {
    const read = readStructured('json', text, context.path);
    if (read.kind === 'broken') return { prompts: [], findings: [read.finding] };
    const entries = entriesOf(read.value);
    const served = servedEntries(entries);
    const prompts = await inOrder(served, (entry) => readEntry(entry, entries, context));
    return { prompts, findings: otherVersions(entries, served, context.path) };
  },
} satisfies PromptFormat;

/** Of several versions of a name the one that programs get: labelled production, else the newest. */
function servedEntries(entries: readonly Located[]): readonly Located[] {
  const byName = new Map<string | undefined, Located>();
  for (const entry of entries) {
    const name = textAt(entry, 'name');
    const other = byName.get(name);
    if (other === undefined || isServedBefore(entry, other)) byName.set(name, entry);
  }
  return [...byName.values()];
}

function isServedBefore(one: Located, other: Located): boolean {
  const inProduction = (entry: Located): boolean =>
    itemsAt(entry, 'labels').some((label) => textAt(label) === 'production');
  return inProduction(one) === inProduction(other)
    ? (countAt(one, 'version') ?? 0) > (countAt(other, 'version') ?? 0)
    : inProduction(one);
}

const otherVersions = (
  entries: readonly Located[],
  served: readonly Located[],
  file: string,
): readonly Finding[] =>
  served.flatMap((entry): readonly Finding[] => {
    const name = textAt(entry, 'name');
    const count = entries.filter((other) => textAt(other, 'name') === name).length;
    if (count === 1) return [];
    const version = textAt(entry, 'version') ?? '?';
    const message = `${quote(name)} has ${count} versions here; version ${version} is counted, which programs get`;
    const origin = { file, line: entry.line, column: entry.column };
    return [{ level: 'notice', code: 'several-versions', message, origin }];
  });

/** A prompt, a list of them, or a page of a list. */
function entriesOf(value: Located | undefined): readonly Located[] {
  if (value === undefined) return [];
  if (value.kind === 'list') return value.items;
  const data = itemsAt(value, 'data');
  return data.length > 0 ? data : [value];
}

const isEntry = (value: Located): boolean => {
  const prompt = at(value, 'prompt');
  const type = textAt(value, 'type');
  return (
    textAt(value, 'name') !== undefined &&
    (prompt?.kind === 'text' || prompt?.kind === 'list') &&
    (type === 'chat' || type === 'text' || countAt(value, 'version') !== undefined)
  );
};

/** What reading texts of one prompt needs: the prompts of the same file, and those that ask for each other so far. */
interface Reading {
  readonly templates: TemplateReader;
  readonly entries: readonly Located[];
  readonly context: FormatContext;
  readonly around: readonly string[];
  readonly findings: Finding[];
  /** How many references were followed for the whole prompt. */
  readonly count: { references: number };
}

async function readEntry(
  entry: Located,
  entries: readonly Located[],
  context: FormatContext,
): Promise<Prompt> {
  const { path } = context;
  const name = textAt(entry, 'name') ?? '';
  const config = at(entry, 'config');
  const templates = openTemplateReader(engineNamed(context.engine ?? 'mustache'), context, {
    asked: context.engine !== undefined,
  });
  const reading: Reading = {
    templates,
    entries,
    context,
    around: [name],
    findings: [],
    count: { references: 0 },
  };
  const messages = await readMessages(at(entry, 'prompt'), reading);
  const { tools, findings } = readTools(at(config, 'tools'), path);
  const model = textAt(config, 'model');
  const maxOutputTokens = countAt(config, 'max_tokens') ?? countAt(config, 'maxTokens');
  return promptOfMessages({
    path,
    line: entry.line,
    format: 'langfuse',
    name,
    messages,
    tools,
    findings: [...templates.findings(), ...reading.findings, ...findings],
    ...(model === undefined ? {} : splitModelName(model)),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
  });
}

/** A text is said by the user; placeholders stand for messages that the program adds. */
async function readMessages(
  prompt: Located | undefined,
  reading: Reading,
): Promise<readonly MessageTemplate[]> {
  if (prompt?.kind === 'text')
    return [{ role: 'user', parts: [{ kind: 'text', template: await readText(prompt, reading) }] }];
  return inOrder(itemsAt(prompt), async (message): Promise<MessageTemplate> => {
    const placeholder =
      textAt(message, 'type') === 'placeholder' ? textAt(message, 'name') : undefined;
    if (placeholder !== undefined)
      return {
        role: 'user',
        parts: [{ kind: 'unresolved', what: `messages of the placeholder ${quote(placeholder)}` }],
      };
    const content = at(message, 'content');
    const role = textAt(message, 'role') ?? 'user';
    return content?.kind === 'text'
      ? { role, parts: [{ kind: 'text', template: await readText(content, reading) }] }
      : { role, parts: [] };
  });
}

const REFERENCE = /@@@langfusePrompt:([^@\n]{1,500})@@@/g;

/** A text with the prompts that it refers to in their places. */
async function readText(text: LocatedText, reading: Reading): Promise<Template> {
  const parts: Template[] = [];
  let from = 0;
  const addText = async (end: number): Promise<void> => {
    if (end > from)
      parts.push(await reading.templates.located({ ...text, value: text.value.slice(from, end) }));
  };
  for (const { 0: whole, 1: reference = '', index } of text.value.matchAll(REFERENCE)) {
    await addText(index);
    from = index + whole.length;
    const found = await readReference(reference, text, reading);
    if (found !== undefined) parts.push(found);
  }
  await addText(text.value.length);
  return joinedTemplate(parts);
}

/** Deepest nesting of references, as Langfuse has it. */
const DEEPEST = 5;
/** Most references that one prompt may come to. */
const MOST_REFERENCES = 500;

/** The text of `name=x|label=y`; a finding where it is not here, or stands inside of itself. */
async function readReference(
  reference: string,
  text: LocatedText,
  reading: Reading,
): Promise<Template | undefined> {
  const fields = new Map(reference.split('|').map((field) => splitField(field)));
  const name = fields.get('name') ?? '';
  const { context, around } = reading;
  const problem = (code: string, message: string): undefined => {
    const origin = { file: context.path, line: text.line };
    reading.findings.push({ level: 'error', code, message, origin });
    return undefined;
  };
  if (around.includes(name) || around.length > DEEPEST)
    return problem(
      'include-cycle',
      `${quote(name)} includes itself: ${[...around, name].join(' → ')}`,
    );
  reading.count.references += 1;
  if (reading.count.references > MOST_REFERENCES)
    return problem('too-many-includes', `refers to more than ${MOST_REFERENCES} prompts`);
  const found = findEntry(reading.entries, fields) ?? (await findBeside(name, fields, context));
  if (found === undefined)
    return problem(
      'unresolved-prompt',
      `the prompt ${quote(name)} is not here, so its size is not known`,
    );
  const prompt = at(found.entry, 'prompt');
  if (prompt?.kind !== 'text')
    return problem(
      'unresolved-prompt',
      `the prompt ${quote(name)} is no text, so it cannot be part of one`,
    );
  const inside: Reading = { ...reading, around: [...around, name], entries: found.entries };
  const template = await readText(prompt, inside);
  return found.file === undefined ? template : templateOfFile(template, found.file);
}

const splitField = (field: string): readonly [string, string] => {
  const equals = field.indexOf('=');
  return [field.slice(0, Math.max(0, equals)).trim(), field.slice(equals + 1).trim()];
};

interface FoundEntry {
  readonly entry: Located;
  readonly entries: readonly Located[];
  /** The other file that it is in. */
  readonly file?: string;
}

/** The prompt of that name, version and label; labels count only where the export has them. */
function findEntry(
  entries: readonly Located[],
  fields: ReadonlyMap<string, string>,
): FoundEntry | undefined {
  const entry = entries.find((candidate) => {
    const labels = itemsAt(candidate, 'labels').map((label) => textAt(label));
    const [version, label] = [fields.get('version'), fields.get('label')];
    return (
      textAt(candidate, 'name') === fields.get('name') &&
      (version === undefined || textAt(candidate, 'version') === version) &&
      (label === undefined || labels.length === 0 || labels.includes(label))
    );
  });
  return entry && { entry, entries };
}

async function findBeside(
  name: string,
  fields: ReadonlyMap<string, string>,
  { include }: FormatContext,
): Promise<FoundEntry | undefined> {
  const file = await include(`${name}.json`);
  if (file.kind === 'missing') return undefined;
  const read = readStructured('json', file.text, file.path);
  const found = read.kind === 'value' ? findEntry(entriesOf(read.value), fields) : undefined;
  return found && { ...found, file: file.path };
}
