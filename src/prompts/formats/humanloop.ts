import type { Finding } from '../finding.ts';
import { readHeader } from '../format-contract/header.ts';
import { imageSourceOf } from '../format-contract/image-source.ts';
import { at, countAt, dataOf, type Located, textAt } from '../format-contract/located.ts';
import type { MessageTemplate, PartTemplate } from '../format-contract/message-template.ts';
import { splitModelName } from '../format-contract/model-names.ts';
import { type Hole, templateWithHoles } from '../format-contract/template-holes.ts';
import { hasRoleTags, isCompletion } from '../format-contract/prompt-dialect.ts';
import type { FormatContext, PromptFormat } from '../format-contract/prompt-format.ts';
import { promptOfMessages } from '../format-contract/prompt-of-messages.ts';
import { readTools } from '../format-contract/tools.ts';
import type { Prompt } from '../prompt.ts';

/** Prompt files of Humanloop: front matter, then messages between tags of their roles (humanloop.com/docs, 2026-11-22). */
export default {
  id: 'humanloop',
  name: 'Humanloop (.prompt with <system>, <user>, <assistant>)',
  recognizes: (path, text) =>
    path.endsWith('.prompt') && (hasRoleTags(text) || isCompletion(text)) ? 'certain' : 'no',
  async read(text, context) {
    const { path } = context;
    const parts = readHeader(text, path, { comments: true });
    if (parts.kind === 'broken') return failed(parts.finding);
    const { messages, findings } = messagesOf(parts.body, parts.bodyLine, context);
    return { prompts: [promptOf(parts.header, messages, findings, path)], findings: [] };
  },
} satisfies PromptFormat;

const failed = (finding: Finding) => ({ prompts: [], findings: [finding] });

/** A message whose parts are still being read. */
interface WrittenMessage extends MessageTemplate {
  readonly parts: PartTemplate[];
}

/** A tag begins a line or follows another one; a closing one may stand behind text as well. Any other is text. */
const TAG =
  /(?:(?<=^[ \t]*|<\/?(?:system|user|assistant|tool|text|image)(?:[ \t][^<>\n]{0,1000}|\/)?>[ \t]*)<|<(?=\/\w{1,10}>[ \t]*(?:\r?$|<)))(\/?)(system|user|assistant|tool|text|image)([ \t][^>\n]{0,10000}|\/)?>/gm;

/** Takes the text apart at its tags; a role that is not closed ends where the next begins. */
function messagesOf(
  text: string,
  firstLine: number,
  { path: file, tree }: FormatContext,
): { readonly messages: readonly MessageTemplate[]; readonly findings: readonly Finding[] } {
  const messages: WrittenMessage[] = [];
  const findings: Finding[] = [];
  let open: WrittenMessage | undefined;
  let at = 0;
  let line = firstLine;
  const takeText = (end: number): void => {
    const raw = text.slice(at, end);
    const trimmed = raw.trim();
    const before = raw.slice(0, raw.length - raw.trimStart().length);
    const origin = { file, line: line + lineBreaks(before) };
    line += lineBreaks(raw);
    at = end;
    if (trimmed === '') return;
    if (open !== undefined)
      open.parts.push({
        kind: 'text',
        template: templateWithHoles({ text: trimmed, origin }, holeOf),
      });
    else
      findings.push({
        level: 'warning',
        code: 'text-outside-roles',
        message: 'text outside of every role is not sent; put it between tags',
        origin,
      });
  };
  for (const { 0: tag, 1: closing, 2: name = '', 3: attributes = '', index } of text.matchAll(
    TAG,
  )) {
    takeText(index);
    at = index + tag.length;
    if (name === 'text') continue;
    const closes = closing === '/';
    if (name === 'image') {
      const url = attribute(attributes, 'url');
      const detail = attribute(attributes, 'detail');
      if (!closes && url !== undefined)
        open?.parts.push({
          kind: 'image-url',
          template: templateWithHoles({ text: url, origin: { file, line } }, holeOf),
          sourceOf: (printed) => imageSourceOf(printed === '' ? url : printed, file, tree),
          ...(detail === undefined ? {} : { detail }),
        });
      continue;
    }
    if (name === 'tool' && open?.role === 'assistant') {
      // A tool inside of an answer is a call of it: its name is sent, then what it is given.
      const origin = { file, line };
      const called = { text: attribute(attributes, 'name') ?? '', origin };
      const template = templateWithHoles(called, () => undefined);
      if (!closes) open.parts.push({ kind: 'text', template });
    } else if (closes) open = undefined;
    else {
      const named = attribute(attributes, 'name');
      open = { role: name, parts: [], ...(named === undefined ? {} : { name: named }) };
      messages.push(open);
    }
  }
  // A prompt for a completion is one text without roles.
  if (messages.length === 0 && at === 0) {
    const parts: PartTemplate[] = [];
    open = { role: 'user', parts };
    messages.push(open);
  }
  takeText(text.length);
  return { messages, findings };
}

const lineBreaks = (text: string): number => text.split('\n').length - 1;

const attribute = (attributes: string, name: string): string | undefined =>
  new RegExp(`(?:^|\\s)${name}\\s*=\\s*"([^"]*)"`).exec(attributes)?.[1];

/** `{{name}}` is a variable; a call, such as `{{ tool(x) }}`, is Humanloop's to make. */
function holeOf(inside: string): Hole | undefined {
  const written = inside.trim();
  if (/^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(written)) return { kind: 'variable', name: written };
  const call = /^([\p{L}_][\p{L}\p{N}_.-]*)\s*\(/u.exec(written);
  return call === null ? undefined : { kind: 'call', name: call[1] ?? written };
}

function promptOf(
  header: Located | undefined,
  messages: readonly MessageTemplate[],
  findings: readonly Finding[],
  path: string,
): Prompt {
  const model = textAt(header, 'model');
  const provider = textAt(header, 'provider');
  const maxOutputTokens = countAt(header, 'max_tokens');
  const reasoningEffort = textAt(header, 'reasoning_effort');
  const schema = at(header, 'response_format', 'json_schema');
  const tools = readTools(at(header, 'tools'), path);
  return promptOfMessages({
    path,
    line: 1,
    format: 'humanloop',
    messages,
    ...(model === undefined ? {} : splitModelName(model)),
    ...(provider === undefined ? {} : { provider }),
    tools: tools.tools,
    ...(schema === undefined ? {} : { outputSchema: dataOf(schema) }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(reasoningEffort === undefined ? {} : { reasoningEffort }),
    findings: [...tools.findings, ...findings],
  });
}
