import { inOrder } from '../format-contract/in-order.ts';
import { at, countAt, dataOf, itemsAt, type Located, textAt } from '../format-contract/located.ts';
import {
  type ContentReader,
  breakpointOf,
  readContent,
  readMessage,
} from '../format-contract/message-content.ts';
import type { MessageTemplate } from '../format-contract/message-template.ts';
import { splitModelName } from '../format-contract/model-names.ts';
import type { PromptFormat } from '../format-contract/prompt-format.ts';
import { promptOfMessages } from '../format-contract/prompt-of-messages.ts';
import { readingBody } from '../format-contract/request-body.ts';
import { isAnthropicRequest } from '../format-contract/request-shape.ts';
import { shapeOf } from '../format-contract/shape.ts';
import { readTools, toolChoiceOf } from '../format-contract/tools.ts';
import type { Prompt } from '../prompt.ts';

/**
 * Bodies of Anthropic's Messages (https://docs.anthropic.com/en/api/messages, 2026-11-22) in JSON or YAML.
 * `cache_control` is where a message may be cached up to.
 */
export default {
  id: 'anthropic-messages',
  name: 'Anthropic messages, JSON or YAML',
  keys: ['messages', 'system', 'max_tokens', 'model', 'tools'],
  recognizes: (path, text) =>
    !/\.prompt\.ya?ml$/i.test(path) && isAnthropicRequest(shapeOf(path, text)) ? 'likely' : 'no',
  read: readingBody(readRequest),
} satisfies PromptFormat;

async function readRequest(body: Located, reader: ContentReader): Promise<Prompt> {
  const { templates, context } = reader;
  const { path } = context;
  const system = await readSystem(at(body, 'system'), async (value) => readContent(value, reader));
  const messages = await inOrder(itemsAt(body, 'messages'), (message) =>
    readMessage(message, reader),
  );
  const { tools, findings } = readTools(at(body, 'tools'), path);
  const toolChoice = toolChoiceOf(at(body, 'tool_choice'));
  const model = textAt(body, 'model');
  const maxOutputTokens = countAt(body, 'max_tokens');
  const schema =
    at(body, 'output_config', 'format', 'schema') ?? at(body, 'output_format', 'schema');
  return promptOfMessages({
    path,
    line: body.line,
    format: 'anthropic-messages',
    messages: [...system, ...messages],
    tools,
    findings: [...templates.findings(), ...findings],
    ...(model === undefined ? {} : splitModelName(model)),
    ...(toolChoice === undefined ? {} : { toolChoice }),
    ...(schema === undefined ? {} : { outputSchema: dataOf(schema) }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
  });
}

/** `system` is one message up to its last block that may be cached, and another for the blocks after that. */
async function readSystem(
  value: Located | undefined,
  read: (value: Located) => Promise<MessageTemplate['parts']>,
): Promise<readonly MessageTemplate[]> {
  if (value === undefined) return [];
  const messages: MessageTemplate[] = [];
  let parts: MessageTemplate['parts'] = [];
  for (const block of value.kind === 'list' ? value.items : [value]) {
    parts = [...parts, ...(await read(block))];
    const cacheBreakpoint = breakpointOf(block);
    if (cacheBreakpoint === undefined) continue;
    messages.push({ role: 'system', parts, cacheBreakpoint });
    parts = [];
  }
  return parts.length === 0 ? messages : [...messages, { role: 'system', parts }];
}
