import { inOrder } from '../format-contract/in-order.ts';
import { at, countAt, dataOf, itemsAt, type Located, textAt } from '../format-contract/located.ts';
import { type ContentReader, readMessage } from '../format-contract/message-content.ts';
import { splitModelName } from '../format-contract/model-names.ts';
import type { PromptFormat } from '../format-contract/prompt-format.ts';
import { promptOfMessages } from '../format-contract/prompt-of-messages.ts';
import { readingBody } from '../format-contract/request-body.ts';
import { isAnthropicRequest, isMessageList } from '../format-contract/request-shape.ts';
import { shapeOf } from '../format-contract/shape.ts';
import { readTools, toolChoiceOf } from '../format-contract/tools.ts';
import type { Prompt } from '../prompt.ts';

/**
 * Bodies of OpenAI's Chat Completions (https://platform.openai.com/docs/api-reference/chat/create, 2026-11-22) in
 * JSON or YAML, and bare lists of messages. `{{x}}` in texts are variables unless the config names another language.
 */
export default {
  id: 'openai-chat',
  name: 'OpenAI chat completions, JSON or YAML',
  keys: ['messages', 'model', 'tools', 'max_completion_tokens', 'response_format'],
  recognizes(path, text) {
    if (/\.prompt\.ya?ml$/i.test(path)) return 'no';
    const shape = shapeOf(path, text);
    const list = at(shape, 'messages') ?? shape;
    return isMessageList(list) && !isAnthropicRequest(shape) ? 'likely' : 'no';
  },
  read: readingBody(readRequest),
} satisfies PromptFormat;

async function readRequest(body: Located, reader: ContentReader): Promise<Prompt> {
  const { templates, context } = reader;
  const { path } = context;
  const list = at(body, 'messages') ?? body;
  const messages = await inOrder(itemsAt(list), (message) => readMessage(message, reader));
  const { tools, findings } = readTools(at(body, 'tools') ?? at(body, 'functions'), path);
  const toolChoice = toolChoiceOf(at(body, 'tool_choice') ?? at(body, 'function_call'));
  const name = textAt(body, 'name');
  const model = textAt(body, 'model');
  const schema = at(body, 'response_format', 'json_schema', 'schema');
  const maxOutputTokens = countAt(body, 'max_completion_tokens') ?? countAt(body, 'max_tokens');
  const reasoningEffort = textAt(body, 'reasoning_effort');
  return promptOfMessages({
    path,
    line: body.line,
    format: 'openai-chat',
    messages,
    tools,
    findings: [...templates.findings(), ...findings],
    ...(name === undefined ? {} : { name }),
    ...(model === undefined ? {} : splitModelName(model)),
    ...(toolChoice === undefined ? {} : { toolChoice }),
    ...(schema === undefined ? {} : { outputSchema: dataOf(schema) }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(reasoningEffort === undefined ? {} : { reasoningEffort }),
  });
}
