import { at, entriesAt, itemsAt, type Located, textAt } from './located.ts';

/** Whether a value is a list of messages, each with a role. */
export function isMessageList(value: Located | undefined): boolean {
  const items = itemsAt(value);
  return items.length > 0 && items.every((item) => textAt(item, 'role') !== undefined);
}

/**
 * Whether the body of a request is Anthropic's rather than OpenAI's, whose messages look alike: a `system` beside
 * the messages, tools with `input_schema`, or a model of theirs that no router stands before.
 */
export function isAnthropicRequest(body: Located | undefined): boolean {
  const keys = entriesAt(body);
  if (!isMessageList(at(body, 'messages'))) return false;
  return (
    keys.has('system') ||
    keys.has('anthropic_version') ||
    itemsAt(body, 'tools').some((tool) => at(tool, 'input_schema') !== undefined) ||
    /^(?:anthropic\/)?claude-/.test(textAt(body, 'model') ?? '')
  );
}

/** Whether the body of a request is of OpenAI's Responses. */
export function isResponsesRequest(body: Located | undefined): boolean {
  const keys = entriesAt(body);
  if (keys.has('messages')) return false;
  const input = keys.get('input');
  const saysSomething =
    keys.has('instructions') || input?.kind === 'text' || itemsAt(input).length > 0;
  const isRequest = keys.has('model') || textAt(body, 'prompt', 'id') !== undefined;
  return (
    (saysSomething || textAt(body, 'prompt', 'id') !== undefined) && isRequest && !keys.has('_type')
  );
}
