import { type Adapter, skip } from './contract/adapter.ts';
import { messageCalls } from './contract/anthropic-message.ts';
import { at, textAt } from './contract/fields.ts';

export default {
  id: 'anthropic-messages',
  title: 'Anthropic Messages API responses, one JSON object a line',
  source: { url: 'https://docs.anthropic.com/en/api/messages', checked: '2026-11-21' },
  recognizes: (record) => isMessage(record) || isErrorBody(record),
  normalize: (record) =>
    isErrorBody(record) ? skip('error body without a call') : { events: messageCalls(record) },
} satisfies Adapter;

const isMessage = (record: unknown): boolean =>
  at(record, 'type') === 'message' &&
  at(record, 'role') === 'assistant' &&
  at(record, 'model') !== undefined;

const isErrorBody = (record: unknown): boolean =>
  at(record, 'type') === 'error' && textAt(record, 'error', 'type') !== undefined;
