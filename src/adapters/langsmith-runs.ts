import type { Usage } from '../domain/usage.ts';
import { type Adapter, skip } from './contract/adapter.ts';
import { callEvent } from './contract/call-event.ts';
import { between, hasKeys } from './contract/columns.ts';
import { customTags } from './contract/custom-tags.ts';
import { requestFacts } from './contract/request-facts.ts';
import {
  at,
  countAt,
  dollarsAt,
  type Fields,
  fieldsOrJson,
  isoTimeAt,
  listOrJson,
  presentTags,
  textAt,
} from './contract/fields.ts';
import { positiveCounts } from './contract/positive-counts.ts';
import { contained, splitByTotal } from './contract/token-split.ts';

export default {
  id: 'langsmith-runs',
  title: 'LangSmith runs: JSON from the SDK or API',
  source: { url: 'https://docs.langchain.com/langsmith/run-data-format', checked: '2026-11-21' },
  recognizes: (record) =>
    hasKeys(record, 'id', 'run_type', 'start_time') &&
    (hasKeys(record, 'trace_id') || hasKeys(record, 'dotted_order')),
  normalize: (record) => {
    const type = textAt(record, 'run_type') ?? 'unknown';
    // The runs above sum up the calls below them.
    return CALLS.has(type) ? { events: [event(record, type)] } : skip(`${type} run`);
  },
} satisfies Adapter;

const CALLS: ReadonlySet<string> = new Set(['llm', 'embedding']);

function event(record: unknown, type: string) {
  const extra = fieldsOrJson(at(record, 'extra'));
  const metadata = fieldsOrJson(extra['metadata']);
  const custom = customTags(listOrJson(at(record, 'tags')), ownMetadata(metadata));
  const [start, end] = [isoTimeAt(record, 'start_time'), isoTimeAt(record, 'end_time')];
  const error = textAt(record, 'error');
  const failed = error !== undefined || textAt(record, 'status') === 'error';
  return callEvent({
    id: textAt(record, 'id'),
    time: start,
    provider: textAt(metadata, 'ls_provider'),
    model: textAt(metadata, 'ls_model_name'),
    requestModel:
      textAt(extra, 'invocation_params', 'model') ??
      textAt(extra, 'invocation_params', 'model_name'),
    operation: type === 'embedding' ? 'embeddings' : 'chat',
    failed,
    errorCode: /^[\w.]+/.exec(error ?? '')?.[0],
    latencyMs: between(start, end),
    usage: tokens(record),
    reportedCost: dollarsAt(record, 'total_cost'),
    tags: {
      ...requestFacts(fieldsOrJson(extra['invocation_params'])),
      // The column session_id holds the project.
      ...presentTags({
        run: textAt(record, 'trace_id'),
        session: ['thread_id', 'session_id', 'conversation_id']
          .map((key) => textAt(metadata, key))
          .find((session) => session !== undefined),
      }),
      ...custom.tags,
    },
    labels: custom.labels,
  });
}

const MACHINERY =
  /^(ls_|langgraph_|checkpoint_|__|LANG(CHAIN|SMITH)_|thread_id$|session_id$|conversation_id$|revision_id$)/;

/** What the caller set, without what the SDKs add to every run. */
const ownMetadata = (metadata: Fields): Fields =>
  Object.fromEntries(Object.entries(metadata).filter(([key]) => !MACHINERY.test(key)));

/** The counts of the run's own columns; where a client left them empty, those of its output. */
function tokens(record: unknown): Usage | undefined {
  const own = usageFrom({
    prompt: countAt(record, 'prompt_tokens'),
    completion: countAt(record, 'completion_tokens'),
    total: countAt(record, 'total_tokens'),
    input: detailsOf(record, 'prompt_token_details'),
    output: detailsOf(record, 'completion_token_details'),
  });
  if (own !== undefined) return own;
  const reported = at(fieldsOrJson(at(record, 'outputs')), 'usage_metadata');
  return usageFrom({
    prompt: countAt(reported, 'input_tokens'),
    completion: countAt(reported, 'output_tokens'),
    total: countAt(reported, 'total_tokens'),
    input: detailsOf(reported, 'input_token_details'),
    output: detailsOf(reported, 'output_token_details'),
  });
}

const detailsOf = (holder: unknown, key: string): Fields => fieldsOrJson(at(holder, key));

interface RunCounts {
  readonly prompt: number | undefined;
  readonly completion: number | undefined;
  readonly total: number | undefined;
  readonly input: Fields;
  readonly output: Fields;
}

function usageFrom({ prompt, completion, total, input, output }: RunCounts): Usage | undefined {
  if (prompt === undefined && completion === undefined) return undefined;
  const short = countAt(input, 'ephemeral_5m_input_tokens') ?? 0;
  // The JavaScript SDK spells the hour with two letters.
  const long =
    countAt(input, 'ephemeral_1h_input_tokens') ??
    countAt(input, 'ephemeral_1hr_input_tokens') ??
    0;
  const written = Math.max(countAt(input, 'cache_creation') ?? 0, short + long);
  const cacheRead = countAt(input, 'cache_read') ?? 0;
  const reasoning = countAt(output, 'reasoning') ?? 0;
  const split = splitByTotal({
    prompt: prompt ?? 0,
    completion: completion ?? 0,
    total,
    cacheRead,
    cacheWrite: written,
    reasoning,
  });
  contained('completion_token_details.reasoning', split.output, reasoning);
  const [heard, spoken] = [countAt(input, 'audio') ?? 0, countAt(output, 'audio') ?? 0];
  contained('prompt_token_details.audio', split.input + cacheRead + written, heard);
  contained('completion_token_details.audio', split.output, spoken);
  return {
    ...split,
    cacheRead,
    cacheWrite: positiveCounts({ '5m': short, '1h': long, default: written - short - long }),
    reasoning,
    parts: positiveCounts({ audio_input: Math.min(heard, split.input), audio_output: spoken }),
    fees: {},
  };
}
