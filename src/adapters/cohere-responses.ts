import { NO_USAGE, type Usage } from '../domain/usage.ts';
import type { Adapter } from './contract/adapter.ts';
import { at, countAt, isFields, textAt } from './contract/fields.ts';
import { positiveCounts } from './contract/positive-counts.ts';

export default {
  id: 'cohere-responses',
  title: 'Cohere chat, embed, rerank and classify responses, one JSON object a line',
  source: { url: 'https://docs.cohere.com/reference/chat', checked: '2026-11-21' },
  recognizes: (record) => unitsPath(record) !== undefined && at(record, 'object') === undefined,
  normalize: (record) => {
    const usage = billedUsage(record);
    return {
      events: [
        {
          id: textAt(record, 'id') ?? textAt(record, 'generation_id'),
          time: undefined,
          provider: 'cohere',
          model: textAt(record, 'model') ?? 'unknown',
          operation: operationOf(record),
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

/** Chat has them in `usage`, the other endpoints in `meta`, a stream in its `message-end`. */
const unitsPath = (record: unknown): readonly string[] | undefined =>
  [
    ['usage', 'billed_units'],
    ['meta', 'billed_units'],
    ['delta', 'usage', 'billed_units'],
  ].find((path) => isFields(at(record, ...path)));

/** `billed_units` are the bill; `tokens` and `cached_tokens` beside them count what is not charged, too. */
function billedUsage(record: unknown): Usage | undefined {
  const units = at(record, ...(unitsPath(record) ?? []));
  const count = (name: string): number | undefined => countAt(units, name);
  const [input, output] = [count('input_tokens'), count('output_tokens')];
  const fees = positiveCounts({
    search_unit: count('search_units'),
    classification: count('classifications'),
    image: count('images'),
  });
  if (input === undefined && output === undefined && Object.keys(fees).length === 0)
    return undefined;
  return { ...NO_USAGE, input: input ?? 0, output: output ?? 0, fees };
}

function operationOf(record: unknown): string {
  if (at(record, 'embeddings') !== undefined) return 'embeddings';
  if (at(record, 'classifications') !== undefined) return 'classify';
  return at(record, 'results') === undefined ? 'chat' : 'rerank';
}
