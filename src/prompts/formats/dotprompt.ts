import { quote } from '../../errors.ts';
import type { ToolDefinition } from '../counting/token-count.ts';
import type { Finding } from '../finding.ts';
import { valuesOf } from '../format-contract/given-values.ts';
import { readHeader } from '../format-contract/header.ts';
import { imageSourceOf } from '../format-contract/image-source.ts';
import { at, countAt, dataOf, itemsAt, type Located, textAt } from '../format-contract/located.ts';
import { type MessageBuilder, openMessages } from '../format-contract/message-builder.ts';
import { splitModelName } from '../format-contract/model-names.ts';
import { jsonSchemaOf } from '../format-contract/picoschema.ts';
import { jsonTextOf } from '../format-contract/printed-value.ts';
import { hasRoleTags, isCompletion } from '../format-contract/prompt-dialect.ts';
import type { FormatContext, PromptFormat } from '../format-contract/prompt-format.ts';
import { renderedPrompt } from '../format-contract/rendered-prompt.ts';
import { loadTemplates } from '../format-contract/template-files.ts';
import type { Content, Prompt } from '../prompt.ts';
import {
  handlebarsEngine,
  type HandlebarsTemplate,
  parseHandlebars,
} from '../rendering/handlebars.ts';
import {
  choose,
  type Helper,
  type HelperCall,
  type Helpers,
} from '../rendering/handlebars-helpers.ts';
import type { Value } from '../rendering/values.ts';

/**
 * Dotprompt files: front matter and a Handlebars template with roles. Follows google.github.io/dotprompt
 * (2026-11-22). Files whose name begins with `_` are parts of others and no prompts.
 */
export default {
  id: 'dotprompt',
  name: 'Dotprompt (.prompt with Handlebars)',
  recognizes: (path, text) =>
    path.endsWith('.prompt') && !hasRoleTags(text) && !isCompletion(text) ? 'certain' : 'no',
  async read(text, context) {
    const { path } = context;
    if (path.slice(path.lastIndexOf('/') + 1).startsWith('_')) return { prompts: [], findings: [] };
    const parts = readHeader(text, path, { comments: true });
    if (parts.kind === 'broken') return failed(parts.finding);
    const loaded = await loadTemplates(handlebarsEngine, parts.body, (name) =>
      includePartial(name, context),
    );
    const parsed = parseHandlebars(
      { text: parts.body, origin: { file: path, line: parts.bodyLine } },
      { find: loaded.find, helpers: new Set(helpersFor(undefined, context).keys()) },
    );
    if (parsed.kind === 'broken') return failed(parsed.finding);
    const prompt = promptOf(parts.header, parsed.template, context);
    return {
      prompts: [
        {
          ...prompt,
          inputs: [...new Set([path, ...loaded.paths])].toSorted(),
          findings: [...prompt.findings, ...loaded.findings, ...parsed.template.findings],
        },
      ],
      findings: [],
    };
  },
} satisfies PromptFormat;

const failed = (finding: Finding) => ({ prompts: [], findings: [finding] });

/** `{{>parts/policy}}` is `parts/_policy.prompt`, beside the prompt or in a folder above it, up to the tree's root. */
async function includePartial(name: string, { path, include }: FormatContext) {
  const slash = name.lastIndexOf('/') + 1;
  const file = `${name.slice(0, slash)}_${name.slice(slash)}.prompt`;
  const beside = await include(file);
  let found = beside;
  const above = path.split('/').length - 1;
  for (let up = 1; up <= above && found.kind === 'missing'; up += 1) {
    if (found.finding.code !== 'missing-file') break;
    found = await include(`${'../'.repeat(up)}${file}`);
  }
  return found;
}

function promptOf(
  header: Located | undefined,
  template: HandlebarsTemplate,
  context: FormatContext,
): Prompt {
  const { path } = context;
  const findings: Finding[] = [];
  const name = textAt(header, 'name');
  const model = textAt(header, 'model');
  const output = at(header, 'output', 'schema');
  const maxOutputTokens = countAt(header, 'config', 'maxOutputTokens');
  const schema = output === undefined ? undefined : jsonSchemaOf(dataOf(output));
  if (output !== undefined && schema !== undefined && schema.unknown.length > 0)
    findings.push({
      level: 'warning',
      code: 'unresolved-schema',
      message: `the output schema names ${schema.unknown.map(quote).join(', ')}, which is defined in code, so it is not counted`,
      origin: { file: path, line: output.line, column: output.column },
    });
  const tools = toolsOf(header, path, findings);
  return {
    ...(name === undefined ? {} : { name }),
    path,
    line: 1,
    format: 'dotprompt',
    ...(model === undefined ? {} : splitModelName(model)),
    variables: template.variables,
    defaults: valuesOf(at(header, 'input', 'default'), path),
    samples: [],
    tools,
    ...(schema === undefined ? {} : { outputSchema: schema.schema }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    inputs: [path],
    findings,
    render: (values) =>
      renderedPrompt(path, (out) => {
        const messages = openMessages(out, { role: 'user' });
        const noticed = template.render(values, out, helpersFor(messages, context));
        return { messages: messages.finish(), findings: noticed };
      }),
  };
}

/** Tools that the file defines itself; one finding for those that it only names. */
function toolsOf(
  header: Located | undefined,
  file: string,
  findings: Finding[],
): readonly ToolDefinition[] {
  const defined = itemsAt(header, 'toolDefs').flatMap((tool): ToolDefinition[] => {
    const name = textAt(tool, 'name');
    const description = textAt(tool, 'description');
    const parameters = at(tool, 'inputSchema');
    if (name === undefined) return [];
    return [
      {
        name,
        ...(description === undefined ? {} : { description }),
        ...(parameters === undefined
          ? {}
          : { parameters: jsonSchemaOf(dataOf(parameters)).schema }),
      },
    ];
  });
  const list = at(header, 'tools');
  const known = new Set(defined.map(({ name }) => name));
  const named = itemsAt(list).flatMap((tool) => textAt(tool) ?? []);
  const unresolved = named.filter((name) => !known.has(name));
  if (list !== undefined && unresolved.length > 0)
    findings.push({
      level: 'warning',
      code: 'unresolved-tools',
      message: `the tools ${unresolved.map(quote).join(', ')} are defined in code, so they are not counted`,
      origin: { file, line: list.line, column: list.column },
    });
  return defined;
}

/** The helpers of Dotprompt. Without messages to write to, only their names count. */
function helpersFor(messages: MessageBuilder | undefined, context: FormatContext): Helpers {
  const says = (run: (call: HelperCall) => void): Helper => ({
    run(call) {
      run(call);
      return undefined;
    },
  });
  return new Map<string, Helper>([
    ['role', says(({ plain: [role] }) => messages?.begin(textOf(role?.value) ?? 'user'))],
    [
      'history',
      says(() => {
        messages?.begin('user');
        messages?.add({ kind: 'unresolved', what: 'the conversation so far' });
        messages?.begin('model');
      }),
    ],
    ['media', says((call) => messages?.add(mediaOf(call, context)))],
    ['section', says(() => undefined)],
    [
      'json',
      {
        run: ({ plain: [item], named }) =>
          item && { ...item, value: jsonOf(item.value, named.get('indent')?.value) },
      },
    ],
    ['ifEquals', { asks: true, run: (call) => choose(call, areEqual(call)) }],
    ['unlessEquals', { asks: true, run: (call) => choose(call, !areEqual(call)) }],
  ]);
}

const areEqual = ({ plain: [one, other] }: HelperCall): boolean => one?.value === other?.value;

const textOf = (value: Value | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** An image, or what kind of file it is. One that no value is given for is an image somewhere else. */
function mediaOf({ named }: HelperCall, { path, tree }: FormatContext): Content {
  const type = textOf(named.get('contentType')?.value) ?? 'image';
  const url = named.get('url');
  const text = textOf(url?.value) ?? `{{${url?.from?.variable ?? 'url'}}}`;
  const isImage = /^data:/i.test(text) ? /^data:image\//i.test(text) : type.startsWith('image');
  return isImage
    ? { kind: 'image', source: imageSourceOf(text, path, tree) }
    : {
        kind: 'unresolved',
        what: `a file of type ${/^data:([^;,]{0,40})/i.exec(text)?.[1] ?? type}`,
      };
}

/** A value as JSON; what only a size is known of stays what it is. */
function jsonOf(value: Value | undefined, indent: Value | undefined): Value | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'object' && value !== null && 'kind' in value) return value;
  return jsonTextOf(value, typeof indent === 'number' ? indent : 0);
}
