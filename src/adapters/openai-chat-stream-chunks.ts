import type { UsageEvent } from '../domain/usage.ts';
import { type Adapter, type AdapterReader, skip } from './contract/adapter.ts';
import { at, type Fields, isFields, listAt, textAt } from './contract/fields.ts';
import { chatCall } from './contract/openai-chat-body.ts';
import { readAlone } from './contract/read-alone.ts';

export default {
  id: 'openai-chat-stream-chunks',
  title: 'OpenAI-shaped chat completion stream chunks, one JSON object a line',
  source: {
    url: 'https://platform.openai.com/docs/api-reference/chat-streaming',
    checked: '2026-11-21',
  },
  recognizes: (record) => isChunk(record) || isAzurePreamble(record),
  normalize: readAlone(openStream),
  open: openStream,
} satisfies Adapter;

const isChunk = (record: unknown): boolean => at(record, 'object') === 'chat.completion.chunk';

/** Azure opens its streams with its verdict on the prompt: no id, no model, no choices, and no usage either. */
const isAzurePreamble = (record: unknown): boolean =>
  Array.isArray(at(record, 'choices')) &&
  listAt(record, 'choices').length === 0 &&
  Array.isArray(at(record, 'prompt_filter_results')) &&
  textAt(record, 'id') === undefined;

interface Waiting {
  readonly seen: Fields;
  readonly event: UsageEvent;
}

/** The chunks of several streams may be interleaved: they are kept apart by the id of their completion. */
function openStream(): AdapterReader {
  const waiting = new Map<string, Waiting>();
  let preamble: Fields = {};
  return {
    normalize: (chunk) => {
      if (!isChunk(chunk)) {
        preamble = { prompt_filter_results: [] };
        return skip('chunk of a stream');
      }
      const id = textAt(chunk, 'id') ?? '';
      const before = waiting.get(id)?.seen ?? { ...preamble, model: 'unknown' };
      const seen = { ...before, ...facts(chunk) };
      preamble = {};
      // Read at once, so that what is wrong with a chunk is said of that chunk.
      const event = chatCall(seen);
      const counted = event.countSource !== 'missing';
      if (counted && (id === '' || listAt(chunk, 'choices').length === 0)) {
        waiting.delete(id);
        return { events: [event] };
      }
      if (id !== '') waiting.set(id, { seen, event });
      return skip('chunk of a stream');
    },
    // Their usage came beside content, or never: then the stream was cut off or not asked to report it.
    end: () => [...waiting.values()].map(({ event }) => event),
  };
}

/** What a chunk says of its completion; later chunks leave out or blank what earlier ones said. */
function facts(chunk: unknown): Fields {
  const said = Object.entries(isFields(chunk) ? chunk : {}).filter(
    ([key, value]) => key !== 'choices' && value !== null && value !== '' && value !== 0,
  );
  const usage = at(chunk, 'usage') ?? at(chunk, 'x_groq', 'usage');
  const byAzure = listAt(chunk, 'choices').some(
    (choice) => at(choice, 'content_filter_results') !== undefined,
  );
  return {
    ...Object.fromEntries(said),
    ...(usage !== undefined && { usage }),
    ...(byAzure && { prompt_filter_results: [] }),
  };
}
