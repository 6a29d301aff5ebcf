import { providerName } from '../domain/provider-names.ts';
import type { ToolDefinition } from './counting/token-count.ts';
import type { NamedModel } from './estimate-request.ts';
import type { Message } from './prompt.ts';

/** A request as the endpoint of its provider that counts tokens takes it. */
export interface CountingRequest {
  readonly provider: 'anthropic' | 'openai' | 'google';
  /** As the provider is asked for it. */
  readonly model: string;
  /** The endpoint's body. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** What a request is made of. */
export interface RequestParts {
  readonly model: NamedModel;
  readonly messages: readonly Message[];
  readonly tools: readonly ToolDefinition[];
  readonly toolChoice?: string;
  readonly outputSchema?: unknown;
}

/** A message whose whole text is known. */
interface Said {
  readonly role: string;
  /** One for each content of the message. */
  readonly texts: readonly string[];
}

/**
 * The request that a provider would be asked to count, or `undefined` where it cannot be written down in full: for
 * other providers, with text that only a size is known of, images, what the repository does not hold, roles that
 * refer to earlier calls, and where the endpoint would refuse it. Bodies follow
 * https://github.com/anthropics/anthropic-sdk-python (messages.count_tokens),
 * https://developers.openai.com/api/docs/guides/token-counting and
 * https://pub.dev/documentation/googleapis/latest/aiplatform_v1/GoogleCloudAiplatformV1CountTokensRequest-class.html
 * (read 2026-11-22).
 */
export function countingRequest(parts: RequestParts): CountingRequest | undefined {
  const { model } = parts.model;
  const provider = countingProvider(parts.model);
  const said = parts.messages.map(saidBy);
  if (provider === undefined || said.length === 0 || !said.every((each) => each !== undefined))
    return undefined;
  const body = BODIES[provider](model, said, parts);
  return body === undefined ? undefined : { provider, model, body };
}

const NAMES: readonly (readonly [RegExp, CountingRequest['provider']])[] = [
  [/^claude-/i, 'anthropic'],
  [/^(gpt-|chatgpt-|o[1-9](-|$)|ft:)/i, 'openai'],
  [/^gemini-/i, 'google'],
];

/** Whose endpoint counts for a model; that of its maker where nobody says who sells it. */
function countingProvider({
  provider,
  model,
}: NamedModel): CountingRequest['provider'] | undefined {
  const known = NAMES.find(([name]) => name.test(model))?.[1];
  if (provider === undefined) return known;
  const named = providerName(provider);
  return named === 'anthropic' || named === 'openai' || named === 'google' ? named : undefined;
}

function saidBy({ role, name, content }: Message): Said | undefined {
  // Endpoints take no names of speakers.
  if (name !== undefined || content.length === 0) return undefined;
  const texts: string[] = [];
  for (const item of content) {
    if (item.kind !== 'text') return undefined;
    let text = '';
    for (const piece of item.pieces) {
      if (piece.kind !== 'text') return undefined;
      text += piece.text;
    }
    if (text === '') return undefined;
    texts.push(text);
  }
  return { role, texts };
}

type Body = (
  model: string,
  said: readonly Said[],
  parts: RequestParts,
) => CountingRequest['body'] | undefined;

const isSystem = ({ role }: Said): boolean => role === 'system' || role === 'developer';

/** One text as it is, several as blocks. */
const contentOf = ({ texts }: Said, type: string): unknown =>
  texts.length === 1 ? texts[0] : texts.map((text) => ({ type, text }));

/** Instructions stand apart, wherever they were written. */
const anthropicBody: Body = (model, said, { tools, toolChoice, outputSchema }) => {
  const system = said.filter(isSystem).flatMap(({ texts }) => texts);
  const messages = said.filter((each) => !isSystem(each));
  const choice = choiceOf(toolChoice, tools, {
    any: { type: 'any' },
    none: { type: 'none' },
    named: (name) => ({ type: 'tool', name }),
  });
  if (messages.length === 0 || choice === 'unsaid' || !haveRoles(messages, ['user', 'assistant']))
    return undefined;
  return {
    model,
    ...(system.length === 0
      ? {}
      : { system: contentOf({ role: 'system', texts: system }, 'text') }),
    messages: messages.map((each) => ({ role: each.role, content: contentOf(each, 'text') })),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map(({ name, description, parameters }) => ({
            name,
            ...(description === undefined ? {} : { description }),
            input_schema: parameters ?? { type: 'object' },
          })),
        }),
    ...(choice === undefined ? {} : { tool_choice: choice }),
    ...(outputSchema === undefined
      ? {}
      : { output_config: { format: { type: 'json_schema', schema: outputSchema } } }),
  };
};

/** The first message is the instructions, if it is one of the system. A schema has a name there that files do not say. */
const openaiBody: Body = (model, said, { tools, toolChoice, outputSchema }) => {
  const [first, ...others] = said;
  const instructions =
    first !== undefined && isSystem(first) && first.texts.length === 1 ? first.texts[0] : undefined;
  const input = instructions === undefined ? said : others;
  const choice = choiceOf(toolChoice, tools, {
    any: 'required',
    none: 'none',
    named: (name) => ({ type: 'function', name }),
  });
  const roles = ['user', 'assistant', 'system', 'developer'];
  if (outputSchema !== undefined || choice === 'unsaid' || !haveRoles(input, roles))
    return undefined;
  return {
    model,
    ...(instructions === undefined ? {} : { instructions }),
    ...(input.length === 0
      ? {}
      : {
          input: input.map((each) => ({
            role: each.role,
            content: contentOf(each, each.role === 'assistant' ? 'output_text' : 'input_text'),
          })),
        }),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map(({ name, description, parameters }) => ({
            type: 'function',
            name,
            ...(description === undefined ? {} : { description }),
            parameters: parameters ?? { type: 'object', properties: {} },
            // Schemas that are not written for it are refused otherwise.
            strict: false,
          })),
        }),
    ...(choice === undefined ? {} : { tool_choice: choice }),
  };
};

/** The model stands in the address of this endpoint, and neither choices of tools nor schemas are counted by it. */
const googleBody: Body = (_model, said, { tools, toolChoice, outputSchema }) => {
  const system = said.filter(isSystem).flatMap(({ texts }) => texts);
  const contents = said.filter((each) => !isSystem(each));
  const isPlain = (toolChoice ?? 'auto') === 'auto' && outputSchema === undefined;
  if (!isPlain || contents.length === 0 || !haveRoles(contents, ['user', 'assistant', 'model']))
    return undefined;
  const partsOf = (texts: readonly string[]): unknown => texts.map((text) => ({ text }));
  return {
    contents: contents.map(({ role, texts }) => ({
      role: role === 'user' ? 'user' : 'model',
      parts: partsOf(texts),
    })),
    ...(system.length === 0 ? {} : { systemInstruction: { parts: partsOf(system) } }),
    ...(tools.length === 0
      ? {}
      : {
          tools: [
            {
              functionDeclarations: tools.map(({ name, description, parameters }) => ({
                name,
                ...(description === undefined ? {} : { description }),
                ...(parameters === undefined ? {} : { parameters }),
              })),
            },
          ],
        }),
  };
};

const BODIES: Readonly<Record<CountingRequest['provider'], Body>> = {
  anthropic: anthropicBody,
  openai: openaiBody,
  google: googleBody,
};

const haveRoles = (said: readonly Said[], roles: readonly string[]): boolean =>
  said.every(({ role }) => roles.includes(role));

/** A choice of tools in a provider's words; `undefined` for the usual one, 'unsaid' where a file does not say which. */
function choiceOf(
  choice: string | undefined,
  tools: readonly ToolDefinition[],
  words: {
    readonly any: unknown;
    readonly none: unknown;
    readonly named: (name: string) => unknown;
  },
): unknown {
  if (choice === undefined || tools.length === 0) return undefined;
  if (tools.some(({ name }) => name === choice)) return words.named(choice);
  if (choice === 'auto') return undefined;
  if (choice === 'none') return words.none;
  return choice === 'any' || choice === 'required' ? words.any : 'unsaid';
}
