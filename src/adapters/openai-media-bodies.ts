import { NO_USAGE, type Part, type Usage, type UsageEvent } from '../domain/usage.ts';
import type { Adapter } from './contract/adapter.ts';
import { at, epochSecondsAt, isFields, listAt, textAt } from './contract/fields.ts';
import { mediaUsage } from './contract/openai-media-usage.ts';
import { positiveCounts } from './contract/positive-counts.ts';

export default {
  id: 'openai-media-bodies',
  title: 'OpenAI image, transcription and speech responses, one JSON object a line',
  source: {
    url: 'https://platform.openai.com/docs/api-reference/images/object',
    checked: '2026-11-21',
  },
  recognizes: (record) => operationOf(record) !== undefined,
  normalize: (record) => ({ events: [call(record, operationOf(record) ?? 'speech')] }),
} satisfies Adapter;

const IMAGE_EVENT = /^image_(generation|edit)\.completed$/;

/** Which of the endpoints answered: none of them says it in a field of its own. */
function operationOf(record: unknown): string | undefined {
  const type = textAt(record, 'type');
  if (type === 'speech.audio.done') return 'speech';
  if (type === 'transcript.text.done') return 'transcription';
  if (type !== undefined) return IMAGE_EVENT.test(type) ? 'image_generation' : undefined;
  if (isImages(record)) return 'image_generation';
  return isTranscription(record) ? 'transcription' : undefined;
}

function isImages(record: unknown): boolean {
  const image = listAt(record, 'data')[0];
  return (
    at(record, 'object') === undefined &&
    typeof at(record, 'created') === 'number' &&
    (at(image, 'b64_json') !== undefined || at(image, 'url') !== undefined)
  );
}

const isTranscription = (record: unknown): boolean =>
  typeof at(record, 'text') === 'string' &&
  (['tokens', 'duration'].includes(textAt(record, 'usage', 'type') ?? '') ||
    isFields(at(record, 'usage', 'input_token_details')));

function call(record: unknown, operation: string): UsageEvent {
  const usage = counted(record, operation);
  return {
    id: undefined,
    time: epochSecondsAt(record, 'created') ?? epochSecondsAt(record, 'created_at'),
    provider: 'openai',
    // These answers do not name their model: it was in the request.
    model: textAt(record, 'model') ?? 'unknown',
    operation,
    status: 'success',
    billable: true,
    countSource: usage === undefined ? 'missing' : 'reported',
    requests: 1,
    usage: usage ?? NO_USAGE,
    tags: {},
  };
}

function counted(record: unknown, operation: string): Usage | undefined {
  const usage = mediaUsage(record, 'usage');
  const images = listAt(record, 'data').length;
  // DALL-E counts no tokens: it is paid by the image.
  if (usage === undefined && images > 0)
    return { ...NO_USAGE, fees: positiveCounts({ image: images }) };
  const part = PART_OF[operation];
  if (usage === undefined || part === undefined || isSplit(record)) return usage;
  return { ...usage, parts: { ...usage.parts, ...positiveCounts({ [part]: usage.output }) } };
}

/** Where the output is not split, it is all of the kind that the endpoint is for. */
const PART_OF: Readonly<Record<string, Part>> = {
  speech: 'audio_output',
  image_generation: 'image_output',
};

const isSplit = (record: unknown): boolean =>
  isFields(at(record, 'usage', 'output_tokens_details')) ||
  isFields(at(record, 'usage', 'output_token_details'));
