import { quote } from '../../errors.ts';
import type { Finding } from '../finding.ts';
import { inOrder } from '../format-contract/in-order.ts';
import { at, countAt, dataOf, itemsAt, type Located, textAt } from '../format-contract/located.ts';
import {
  type ContentReader,
  readCall,
  readContent,
  readMessage,
} from '../format-contract/message-content.ts';
import type { MessageTemplate } from '../format-contract/message-template.ts';
import { splitModelName } from '../format-contract/model-names.ts';
import type { PromptFormat } from '../format-contract/prompt-format.ts';
import { promptOfMessages } from '../format-contract/prompt-of-messages.ts';
import { readingBody } from '../format-contract/request-body.ts';
import { isResponsesRequest } from '../format-contract/request-shape.ts';
import { shapeOf } from '../format-contract/shape.ts';
import { readTools, toolChoiceOf } from '../format-contract/tools.ts';
import type { Prompt } from '../prompt.ts';

/**
 * Bodies of OpenAI's Responses (https://platform.openai.com/docs/api-reference/responses/create, 2026-11-22). Text
 * that OpenAI keeps (`prompt.id`, `previous_response_id`, `conversation`) is outside the repository: a finding.
 */
export default {
  id: 'openai-responses',
  name: 'OpenAI responses, JSON or YAML',
  keys: ['input', 'instructions', 'model', 'tools', 'max_output_tokens', 'text'],
  recognizes: (path, text) =>
    !/\.prompt\.ya?ml$/i.test(path) && isResponsesRequest(shapeOf(path, text)) ? 'likely' : 'no',
  read: readingBody(readRequest),
} satisfies PromptFormat;

async function readRequest(body: Located, reader: ContentReader): Promise<Prompt> {
  const { templates, context } = reader;
  const { path } = context;
  const messages = await readMessages(body, reader);
  const { tools, findings } = readTools(at(body, 'tools'), path);
  const toolChoice = toolChoiceOf(at(body, 'tool_choice'));
  const model = textAt(body, 'model');
  const schema = at(body, 'text', 'format', 'schema');
  const maxOutputTokens = countAt(body, 'max_output_tokens');
  const reasoningEffort = textAt(body, 'reasoning', 'effort');
  return promptOfMessages({
    path,
    line: body.line,
    format: 'openai-responses',
    messages,
    tools,
    findings: [...templates.findings(), ...findings, ...keptElsewhere(body, path)],
    ...(model === undefined ? {} : splitModelName(model)),
    ...(toolChoice === undefined ? {} : { toolChoice }),
    ...(schema === undefined ? {} : { outputSchema: dataOf(schema) }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(reasoningEffort === undefined ? {} : { reasoningEffort }),
  });
}

/** `instructions` go before everything, said by the developer. */
async function readMessages(
  body: Located,
  reader: ContentReader,
): Promise<readonly MessageTemplate[]> {
  const instructions = await readContent(at(body, 'instructions'), reader);
  const input = at(body, 'input');
  const said =
    input?.kind === 'text'
      ? [{ role: 'user', parts: await readContent(input, reader) }]
      : await inOrder(itemsAt(input), (item) => readItem(item, reader));
  return instructions.length === 0 ? said : [{ role: 'developer', parts: instructions }, ...said];
}

/** A message, or what a conversation holds beside messages: calls of tools and what they gave. */
async function readItem(item: Located, reader: ContentReader): Promise<MessageTemplate> {
  const type = textAt(item, 'type') ?? 'message';
  if (type === 'message') return readMessage(item, reader);
  const output = at(item, 'output');
  if (/^(?:function|custom_tool)_call_output$/.test(type) && output !== undefined)
    return { role: 'tool', parts: await readContent(output, reader) };
  if (type === 'function_call' || type === 'custom_tool_call')
    return { role: 'assistant', parts: await readCall(item, reader) };
  return {
    role: 'assistant',
    parts: [{ kind: 'unresolved', what: `an item of type ${type.slice(0, 40)}` }],
  };
}

function keptElsewhere(body: Located, file: string): readonly Finding[] {
  const ids = [
    ['prompt', textAt(body, 'prompt', 'id') ?? textAt(body, 'prompt')],
    ['previous_response_id', textAt(body, 'previous_response_id')],
    ['conversation', textAt(body, 'conversation', 'id') ?? textAt(body, 'conversation')],
  ] as const;
  return ids.flatMap(([key, id]): readonly Finding[] => {
    if (id === undefined) return [];
    const place = at(body, key) ?? body;
    return [
      {
        level: 'error',
        code: 'unresolved-prompt',
        message: `${key} ${quote(id)} stands for text that OpenAI keeps, so its size is not known`,
        origin: { file, line: place.line, column: place.column },
      },
    ];
  });
}
