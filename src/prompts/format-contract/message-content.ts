import type { ImageSource } from '../prompt.ts';
import { inOrder } from './in-order.ts';
import { imageSourceOf } from './image-source.ts';
import { at, dataOf, itemsAt, type Located, textAt } from './located.ts';
import type { MessageTemplate, PartTemplate } from './message-template.ts';
import type { FormatContext } from './prompt-format.ts';
import { type TemplateReader, plainTemplate } from './template-reader.ts';

/** What parts of messages are read with. */
export interface ContentReader {
  readonly templates: TemplateReader;
  readonly context: FormatContext;
}

/** A message with a role and content, as OpenAI, Anthropic and what follows them write it. */
export async function readMessage(value: Located, reader: ContentReader): Promise<MessageTemplate> {
  const name = textAt(value, 'name');
  const parts = await readContent(at(value, 'content'), reader);
  const written = [...itemsAt(value, 'tool_calls'), at(value, 'function_call')];
  const calls = written.filter((call) => call !== undefined && call.kind !== 'nothing');
  const called = (await inOrder(calls, (call) => readCall(call, reader))).flat();
  const breakpoint = breakpointOf(value);
  return {
    role: textAt(value, 'role') ?? 'user',
    parts: [...parts, ...called],
    ...(name === undefined ? {} : { name }),
    ...(breakpoint === undefined ? {} : { cacheBreakpoint: breakpoint }),
  };
}

/** Content that is a text, a part, or a list of parts. */
export async function readContent(
  value: Located | undefined,
  reader: ContentReader,
): Promise<readonly PartTemplate[]> {
  if (value === undefined || value.kind === 'nothing') return [];
  if (value.kind === 'text')
    return [{ kind: 'text', template: await reader.templates.located(value) }];
  if (value.kind === 'map') return readPart(value, reader);
  return (await inOrder(itemsAt(value), (item) => readContent(item, reader))).flat();
}

/**
 * A call of a tool that an answer holds: its name, then what it is given. How a provider writes a call to its model
 * is not published, so that these are nearly all of its tokens, not all.
 */
export async function readCall(
  value: Located,
  { templates, context }: ContentReader,
): Promise<readonly PartTemplate[]> {
  const called = at(value, 'function') ?? at(value, 'custom') ?? value;
  const given = at(called, 'arguments') ?? at(called, 'input');
  const origin = { file: context.path, line: value.line };
  templates.notice({
    level: 'notice',
    code: 'approximate-call',
    message:
      'a call of a tool is counted as its name and what it is given; what the provider writes around them is not known',
    origin: { ...origin, column: value.column },
  });
  const name = plainTemplate({ text: textAt(called, 'name') ?? '', origin });
  const parts: PartTemplate[] = [{ kind: 'text', template: name }];
  if (given === undefined) return parts;
  const template =
    given.kind === 'text'
      ? await templates.located(given)
      : await templates.template({ text: JSON.stringify(dataOf(given)), origin, escaped: true });
  return [...parts, { kind: 'text', template }];
}

/** Anthropic's `cache_control`, of a message or of one of its parts. */
export function breakpointOf(value: Located): { readonly ttl?: string } | undefined {
  for (const part of [value, ...itemsAt(value, 'content'), ...itemsAt(value)]) {
    const control = at(part, 'cache_control');
    if (control?.kind !== 'map') continue;
    const ttl = textAt(control, 'ttl');
    return ttl === undefined ? {} : { ttl };
  }
  return undefined;
}

const unresolved = (what: string): PartTemplate => ({ kind: 'unresolved', what });

async function readPart(value: Located, reader: ContentReader): Promise<readonly PartTemplate[]> {
  const type = textAt(value, 'type') ?? '';
  const text = at(value, 'text');
  if (text?.kind === 'text')
    return [{ kind: 'text', template: await reader.templates.located(text) }];
  const detail = textAt(value, 'image_url', 'detail') ?? textAt(value, 'detail');
  const source = at(value, 'source');
  const url =
    at(value, 'image_url', 'url') ??
    at(value, 'image_url') ??
    at(value, 'image') ??
    at(value, 'url');
  if (type.includes('image') || url !== undefined)
    return [await readImage(url, source, detail, reader)];
  if (type === 'tool_result' || type === 'search_result')
    return readContent(at(value, 'content'), reader);
  if (type === 'tool_use') return readCall(value, reader);
  if (type === 'document' && textAt(value, 'source', 'type') === 'text')
    return readContent(at(value, 'source', 'data'), reader);
  return [unresolved(type === '' ? 'a part of no type' : `a part of type ${type.slice(0, 40)}`)];
}

async function readImage(
  url: Located | undefined,
  source: Located | undefined,
  detail: string | undefined,
  { templates, context }: ContentReader,
): Promise<PartTemplate> {
  const sized = detail === undefined ? {} : { detail };
  const sourceOf = (found: string): ImageSource => imageSourceOf(found, context.path, context.tree);
  const data = textAt(source, 'data');
  if (data !== undefined) {
    const type = textAt(source, 'media_type') ?? 'image/png';
    return {
      kind: 'image',
      source: { kind: 'data', url: `data:${type};base64,${data}` },
      ...sized,
    };
  }
  const written = url ?? at(source, 'url');
  if (written?.kind !== 'text') return unresolved('an image that is kept elsewhere');
  if (/^data:/i.test(written.value))
    return { kind: 'image', source: { kind: 'data', url: written.value }, ...sized };
  const template = written.value.includes('{')
    ? await templates.located(written)
    : plainTemplate({ text: written.value, origin: { file: context.path, line: written.line } });
  return { kind: 'image-url', template, sourceOf, ...sized };
}
