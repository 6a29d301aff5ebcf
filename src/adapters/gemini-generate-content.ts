import { type Adapter, skip } from './contract/adapter.ts';
import { at, isFields, textAt } from './contract/fields.ts';
import { geminiCall, isGeminiBody } from './contract/gemini-body.ts';

export default {
  id: 'gemini-generate-content',
  title: 'Gemini generateContent responses (Gemini API and Vertex AI), one JSON object a line',
  source: { url: 'https://ai.google.dev/api/generate-content', checked: '2026-11-21' },
  recognizes: (record) => isGeminiBody(record) || isErrorBody(record),
  normalize: (record) =>
    isErrorBody(record) ? skip('error body without a call') : { events: [geminiCall(record)] },
} satisfies Adapter;

const isErrorBody = (record: unknown): boolean =>
  isFields(record) &&
  Object.keys(record).join() === 'error' &&
  typeof at(record, 'error', 'code') === 'number' &&
  textAt(record, 'error', 'status') !== undefined;
