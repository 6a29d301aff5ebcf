import { quote } from '../../errors.ts';
import type { Finding } from '../finding.ts';
import type { Prompt } from '../prompt.ts';
import { at, countAt, dataOf, entriesAt, type Located, textAt } from './located.ts';
import { fileOrValue } from './promptfoo-files.ts';
import type { FormatContext } from './prompt-format.ts';
import { readTools, toolChoiceOf } from './tools.ts';

/** What the providers of a promptfoo config say of its prompts. */
export interface PromptfooProvider {
  readonly says: Partial<
    Pick<
      Prompt,
      | 'provider'
      | 'model'
      | 'tools'
      | 'toolChoice'
      | 'outputSchema'
      | 'maxOutputTokens'
      | 'reasoningEffort'
    >
  >;
  readonly findings: readonly Finding[];
}

/** Parts of a provider's name that say which API is called, not which model. */
const APIS = new Set([
  'chat',
  'completion',
  'responses',
  'messages',
  'converse',
  'assistant',
  'realtime',
  'embedding',
  'azureopenai',
]);

/** The first provider of a config. Others are a notice: each prompt is counted once. */
export async function firstProvider(
  config: Located,
  context: FormatContext,
): Promise<PromptfooProvider> {
  const list = at(config, 'providers') ?? at(config, 'targets');
  const items = list?.kind === 'list' ? list.items : list === undefined ? [] : [list];
  const [first] = items;
  if (first === undefined) return { says: {}, findings: [] };
  const { id, settings } = namedProvider(first);
  const findings: Finding[] = [];
  const field = (...path: string[]) => fileOrValue(at(settings, ...path), context, findings);
  const written = (await field('tools')) ?? (await field('functions'));
  const format = (await field('response_format')) ?? (await field('output_format'));
  const schema = await fileOrValue(
    at(format, 'json_schema', 'schema') ?? at(format, 'schema') ?? at(format, 'json_schema'),
    context,
    findings,
  );
  const read = readTools(written, context.path);
  findings.push(...read.findings);
  if (items.length > 1) findings.push(severalProviders(items.length, id, first, context.path));
  const toolChoice = toolChoiceOf(at(settings, 'tool_choice'));
  const maxOutputTokens = limitOf(settings) ?? limitOf(at(settings, 'generationConfig'));
  const reasoningEffort =
    textAt(settings, 'reasoning_effort') ?? textAt(settings, 'reasoning', 'effort');
  return {
    says: {
      tools: read.tools,
      ...(id === undefined ? {} : modelOf(id)),
      ...(toolChoice === undefined ? {} : { toolChoice }),
      ...(schema === undefined ? {} : { outputSchema: dataOf(schema) }),
      ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
      ...(reasoningEffort === undefined ? {} : { reasoningEffort }),
    },
    findings,
  };
}

/** Names of the limit on an answer: those of OpenAI and Anthropic, of Bedrock, of Google. */
const LIMITS = [
  'max_completion_tokens',
  'max_output_tokens',
  'max_tokens',
  'maxTokens',
  'maxOutputTokens',
];

const limitOf = (settings: Located | undefined): number | undefined =>
  LIMITS.map((name) => countAt(settings, name)).find((limit) => limit !== undefined);

const severalProviders = (
  count: number,
  id: string | undefined,
  first: Located,
  file: string,
): Finding => ({
  level: 'notice',
  code: 'several-providers',
  message: `is sent to ${count} providers; counted for the first, ${quote(id)}`,
  origin: { file, line: first.line, column: first.column },
});

/** A name; a map with `id` and `config`; or a map of one name to both. */
function namedProvider(value: Located): { readonly id?: string; readonly settings?: Located } {
  const id = textAt(value) ?? textAt(value, 'id');
  const settings = at(value, 'config');
  if (id !== undefined) return { id, ...(settings && { settings }) };
  const [only] = entriesAt(value);
  if (only === undefined) return {};
  const [name, said] = only;
  return { id: name, settings: at(said, 'config') ?? said };
}

/** `openai:chat:gpt-4o` is model gpt-4o of openai; a model's own name may hold colons, as Bedrock's do. */
function modelOf(id: string): { readonly provider?: string; readonly model?: string } {
  // Adaline is a gateway: the vendor stands behind its name.
  const [provider = '', ...rest] = id.replace(/^adaline:/, '').split(':');
  if (
    rest.length === 0 ||
    provider === 'file' ||
    provider === 'exec' ||
    provider.startsWith('http')
  )
    return {};
  if (rest.length > 1 && APIS.has(rest[0] ?? '')) rest.shift();
  const model = rest.join(':');
  return APIS.has(model) ? { provider } : { provider, model };
}
