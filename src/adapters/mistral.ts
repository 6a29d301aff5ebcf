import { NO_USAGE, type Usage } from '../domain/usage.ts';
import type { Adapter } from './contract/adapter.ts';
import { secondsAsMilliseconds } from './contract/audio-seconds.ts';
import { at, countAt, requiredText, textAt } from './contract/fields.ts';
import { openaiTotals, openaiUsage } from './contract/openai-usage.ts';
import { positiveCounts } from './contract/positive-counts.ts';

export default {
  id: 'mistral',
  title: 'Mistral OCR and transcription responses, one JSON object a line',
  source: { url: 'https://docs.mistral.ai/api/', checked: '2026-11-21' },
  recognizes: (record) =>
    textAt(record, 'model') !== undefined &&
    at(record, 'object') === undefined &&
    (isOcr(record) || at(record, 'usage', 'prompt_audio_seconds') !== undefined),
  normalize: (record) => {
    const usage = isOcr(record) ? pages(record) : transcription(record);
    return {
      events: [
        {
          id: textAt(record, 'id'),
          time: undefined,
          provider: 'mistral',
          model: requiredText(record, 'model'),
          operation: isOcr(record) ? 'ocr' : 'transcription',
          status: 'success',
          billable: true,
          countSource: usage === undefined ? 'missing' : 'reported',
          requests: 1,
          usage: usage ?? NO_USAGE,
          tags: {},
        },
      ],
    };
  },
} satisfies Adapter;

const isOcr = (record: unknown): boolean =>
  at(record, 'usage_info', 'pages_processed') !== undefined;

const pages = (record: unknown): Usage => ({
  ...NO_USAGE,
  fees: positiveCounts({ page: countAt(record, 'usage_info', 'pages_processed') }),
});

function transcription(record: unknown): Usage | undefined {
  const audio = secondsAsMilliseconds(record, 'usage', 'prompt_audio_seconds');
  const tokens = openaiUsage(openaiTotals(record, 'usage'), record, 'usage');
  if (audio === undefined && tokens === undefined) return undefined;
  return { ...(tokens ?? NO_USAGE), fees: positiveCounts({ audio_milliseconds: audio }) };
}
