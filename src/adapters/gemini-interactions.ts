import { NO_USAGE, type Usage, type UsageEvent } from '../domain/usage.ts';
import { type Adapter, skip } from './contract/adapter.ts';
import {
  at,
  countAt,
  type Fields,
  fieldsAt,
  isFields,
  isoTimeAt,
  listAt,
  textAt,
} from './contract/fields.ts';
import { searchFees } from './contract/gemini-body.ts';
import { positiveCounts } from './contract/positive-counts.ts';
import { contained } from './contract/token-split.ts';

export default {
  id: 'gemini-interactions',
  title: 'Gemini Interactions API bodies and their stream events, one JSON object a line',
  source: { url: 'https://ai.google.dev/gemini-api/docs/interactions', checked: '2026-11-21' },
  recognizes: (record) => isInteraction(record) || isStreamEvent(record),
  normalize: (record) => {
    if (isStreamEvent(record)) return { events: [call(fieldsAt(record, 'interaction'))] };
    return textAt(record, 'status') === 'in_progress' && !isFields(at(record, 'usage'))
      ? skip('interaction still in_progress')
      : { events: [call(isFields(record) ? record : {})] };
  },
} satisfies Adapter;

const isInteraction = (record: unknown): boolean => at(record, 'object') === 'interaction';

/** The first and the last event of a stream hold the interaction; by its id they are one call. */
const isStreamEvent = (record: unknown): boolean =>
  isInteraction(at(record, 'interaction')) ||
  (textAt(record, 'event_type')?.startsWith('interaction.') === true &&
    textAt(record, 'interaction', 'id') !== undefined);

function call(record: Fields): UsageEvent {
  const usage = tokens(record);
  const status = textAt(record, 'status');
  const unbilled = status === 'failed' && usage === undefined;
  return {
    id: textAt(record, 'id'),
    time: isoTimeAt(record, 'created'),
    provider: 'google',
    model: textAt(record, 'model') ?? textAt(record, 'agent') ?? 'unknown',
    operation: 'generate_content',
    serviceTier: textAt(record, 'service_tier')?.toLowerCase(),
    status: status === 'failed' ? 'failure' : status === 'cancelled' ? 'cancelled' : 'success',
    errorCode: textAt(record, 'error', 'code'),
    billable: !unbilled,
    countSource: usage === undefined && !unbilled ? 'missing' : 'reported',
    requests: 1,
    usage: usage ?? NO_USAGE,
    tags: {},
  };
}

/** Thoughts are outside the output, tool use outside the input; the cache is a part of the input. */
function tokens(record: Fields): Usage | undefined {
  const count = (name: string) => countAt(record, 'usage', `total_${name}_tokens`);
  const [prompt, visible] = [count('input'), count('output')];
  if (prompt === undefined && visible === undefined) return undefined;
  const cacheRead = count('cached') ?? 0;
  const thoughts = count('thought') ?? 0;
  const fresh = contained('usage.total_cached_tokens', prompt ?? 0, cacheRead);
  const counts = {
    input: fresh + (count('tool_use') ?? 0),
    cacheRead,
    output: (visible ?? 0) + thoughts,
  };
  const searches = listAt(record, 'usage', 'grounding_tool_count')
    .filter((tool) => (textAt(tool, 'type') ?? 'google_search') === 'google_search')
    .reduce((sum: number, tool) => sum + (countAt(tool, 'count') ?? 0), 0);
  return {
    ...counts,
    cacheWrite: {},
    reasoning: thoughts,
    parts: modalityParts(record, counts),
    fees: searchFees(textAt(record, 'model') ?? '', searches),
  };
}

/** As in generateContent, a document is priced as images, and lists may add up to more than their total. */
const MODALITIES = { audio: ['audio'], image: ['image', 'document'], video: ['video'] } as const;

function modalityParts(
  record: Fields,
  counts: Readonly<Record<'input' | 'cacheRead' | 'output', number>>,
): Usage['parts'] {
  const left = { ...counts };
  const take = (from: keyof typeof left, wanted: number): number => {
    const taken = Math.min(Math.max(wanted, 0), left[from]);
    left[from] -= taken;
    return taken;
  };
  const parts = Object.entries(MODALITIES).flatMap(([part, names]) => {
    const listed = (list: string): number =>
      listAt(record, 'usage', `${list}_tokens_by_modality`)
        .filter((entry) => names.some((name) => name === textAt(entry, 'modality')?.toLowerCase()))
        .reduce((sum: number, entry) => sum + (countAt(entry, 'tokens') ?? 0), 0);
    const cached = take('cacheRead', listed('cached'));
    return [
      [`${part}_cache_read`, cached],
      [`${part}_input`, take('input', listed('input') - cached + listed('tool_use'))],
      [`${part}_output`, take('output', listed('output'))],
    ] as const;
  });
  return positiveCounts(Object.fromEntries(parts));
}
