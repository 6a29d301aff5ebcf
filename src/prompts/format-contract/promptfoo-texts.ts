import { quote } from '../../errors.ts';
import type { Finding } from '../finding.ts';
import type { TemplateText } from '../rendering/engine.ts';
import { inOrder } from './in-order.ts';
import { itemsAt, type Located } from './located.ts';
import { type ContentReader, readMessage } from './message-content.ts';
import type { MessageTemplate } from './message-template.ts';
import { matchesPath } from './path-globs.ts';
import type { FormatContext } from './prompt-format.ts';
import { isMessageList } from './request-shape.ts';
import { readStructured } from './structured-text.ts';
import type { LocatedText } from './template-reader.ts';
import { folderOf, resolvePath } from './tree-paths.ts';

/** A text under `prompts`, and where it stands. */
export interface FoundText extends TemplateText {
  readonly label?: string;
  /** What tells it from others of the config where it has no label: its file, or its line. */
  readonly ordinal: string;
  readonly findings: readonly Finding[];
}

/** A text that the config writes out. */
export const inlineText = (
  { value, textLine, escaped }: LocatedText,
  file: string,
  label: string | undefined,
): FoundText => ({
  text: value,
  origin: { file, line: textLine },
  escaped,
  ordinal: `${file}:${textLine}`,
  findings: [],
  ...(label === undefined ? {} : { label }),
});

const EXTENSION =
  /\.(?:txt|md|j2|njk|json|jsonl|ya?ml|csv|[cm]?[jt]s|py|rb|sh|exe|bat)(?::[\w.]+)?$/i;

/**
 * Paths that a text under `prompts` names: `file://…`, or a path with an extension, either with `*`. Nothing for
 * a text that is a prompt itself.
 */
export function expandPaths(
  written: LocatedText,
  { path, tree }: FormatContext,
  findings: Finding[],
): readonly string[] | undefined {
  const { value } = written;
  const isUrl = value.startsWith('file://');
  if (
    !isUrl &&
    (/[\n{]/.test(value) ||
      !(EXTENSION.test(value) || /^(?:exec|python|langfuse|portkey|helicone):/.test(value)))
  )
    return undefined;
  const name = isUrl ? value.slice('file://'.length) : value;
  const resolved = resolvePath(folderOf(path), name);
  if (resolved.kind !== 'path' || !/[*?{]/.test(resolved.path)) return [name];
  const found = tree.paths.filter((candidate) => matchesPath(resolved.path, candidate));
  if (found.length === 0)
    findings.push({
      level: 'error',
      code: 'missing-file',
      message: `${quote(value)} matches no file`,
      origin: { file: path, line: written.line, column: written.column },
    });
  // From here on names are relative to the file again; a path from the root is as far up as the folders go.
  const up = '../'.repeat(path.split('/').length - 1);
  return found.map((candidate) => up + candidate);
}

/** The texts of a file: all of it, or parts between lines of `---` in text files. Code is never run. */
export async function readPromptTexts(
  name: string,
  written: LocatedText,
  { include, path }: FormatContext,
  findings: Finding[],
): Promise<readonly FoundText[]> {
  const origin = { file: path, line: written.line, column: written.column };
  if (/\.(?:[cm]?[jt]s|py|rb|sh|exe|bat|csv)(?::[\w.]+)?$/i.test(name) || /^[a-z]+:/i.test(name)) {
    const message = `${quote(name)} is made by a program, which is not run, so its size is not known`;
    findings.push({ level: 'error', code: 'unresolved-prompt', message, origin });
    return [];
  }
  const file = await include(name);
  if (file.kind === 'missing') {
    findings.push({ ...file.finding, origin });
    return [];
  }
  const whole = { text: file.text, line: 1 };
  const parts = /\.txt$/i.test(file.path) ? partsOf(file.text) : [whole];
  return parts.map(({ text, line }) => ({
    text,
    origin: { file: file.path, line },
    ordinal: parts.length === 1 ? file.path : `${file.path}:${line}`,
    findings: file.findings,
  }));
}

/** Texts between lines of `---`, without the blanks around them. */
function partsOf(text: string): readonly { readonly text: string; readonly line: number }[] {
  const parts: { readonly text: string; readonly line: number }[] = [];
  let line = 1;
  for (const part of text.split(/^---\r?$/m)) {
    const trimmed = part.trim();
    const before = part.slice(0, part.length - part.trimStart().length);
    if (trimmed !== '') parts.push({ text: trimmed, line: line + breaksIn(before) });
    line += breaksIn(part);
  }
  return parts;
}

const breaksIn = (text: string): number => text.split('\n').length - 1;

/** Messages of a text that is a chat in JSON or YAML; else the text itself, said by a user. */
export async function chatOf(
  found: FoundText,
  reader: ContentReader,
): Promise<{
  readonly messages: readonly MessageTemplate[];
  readonly findings: readonly Finding[];
}> {
  const { text, origin } = found;
  const isJson = /^\s*[[{]\s*["{[]/.test(text);
  const isYaml = /^\s*- role:/.test(text);
  const read =
    isJson || isYaml
      ? readStructured(isJson ? 'json' : 'yaml', text, origin.file, origin.line)
      : undefined;
  const list = read?.kind === 'value' ? messageListOf(read.value) : undefined;
  if (list !== undefined)
    return {
      messages: await inOrder(list, (message) => readMessage(message, reader)),
      findings: [],
    };
  const template = await reader.templates.template(found);
  const findings: readonly Finding[] =
    read?.kind !== 'broken' || !/"role"|role:/.test(text)
      ? []
      : [
          {
            level: 'warning',
            code: 'unparsed-chat',
            message:
              'looks like a chat that is JSON only once it is rendered, so it is counted as one text',
            origin,
          },
        ];
  return { messages: [{ role: 'user', parts: [{ kind: 'text', template }] }], findings };
}

function messageListOf(value: Located): readonly Located[] | undefined {
  const list = value.kind === 'map' ? value.entries.get('messages') : value;
  return isMessageList(list) ? itemsAt(list) : undefined;
}
