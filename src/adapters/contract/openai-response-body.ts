import { NO_USAGE, type Status, type Usage, type UsageEvent } from '../../domain/usage.ts';
import {
  at,
  countAt,
  epochSecondsAt,
  fieldsAt,
  listAt,
  presentTags,
  requiredText,
  tagsFrom,
  textAt,
} from './fields.ts';
import { xaiCost } from './chat-vendors.ts';
import { positiveCounts } from './positive-counts.ts';
import { contained, splitByTotal } from './token-split.ts';

/** Whether a record is a Responses API body. */
export const isResponseBody = (record: unknown): boolean => at(record, 'object') === 'response';

/** The status of a response that is not over, so that its usage is still to come. */
export function unfinishedStatus(response: unknown): string | undefined {
  const status = textAt(response, 'status');
  return status === 'queued' || status === 'in_progress' ? status : undefined;
}

/** How a response ended, as the ledger names it. */
export function responseStatus(response: unknown): Status {
  const status = textAt(response, 'status');
  return status === 'failed' ? 'failure' : status === 'cancelled' ? 'cancelled' : 'success';
}

/** The call behind a response, and the one that its image tool made of another model. Throws DecodeError. */
export function responseCalls(record: unknown): readonly UsageEvent[] {
  const answer = mainEvent(record, textAt(record, 'status'));
  const image = imageEvent(record, answer);
  return image === undefined ? [answer] : [answer, image];
}

function mainEvent(record: unknown, status: string | undefined): UsageEvent {
  const usage = tokens(record);
  // A failed response carries no usage and is not billed; an incomplete one is billed as it stands.
  const unbilled = status === 'failed' && usage === undefined;
  return {
    id: textAt(record, 'id'),
    time: epochSecondsAt(record, 'created_at'),
    provider: at(record, 'usage', 'cost_in_usd_ticks') === undefined ? 'openai' : 'xai',
    model: requiredText(record, 'model'),
    operation: 'chat',
    serviceTier: textAt(record, 'service_tier'),
    status: responseStatus(record),
    errorCode: textAt(record, 'error', 'code'),
    billable: !unbilled,
    countSource: usage === undefined && !unbilled ? 'missing' : 'reported',
    requests: 1,
    usage: usage === undefined ? NO_USAGE : { ...usage, fees: toolFees(record) },
    reportedCost: xaiCost(record, 'usage'),
    tags: {
      ...presentTags({ user: textAt(record, 'user') ?? textAt(record, 'safety_identifier') }),
      ...tagsFrom(fieldsAt(record, 'metadata')),
    },
  };
}

function tokens(record: unknown): Usage | undefined {
  const prompt = countAt(record, 'usage', 'input_tokens');
  const completion = countAt(record, 'usage', 'output_tokens');
  if (prompt === undefined && completion === undefined) return undefined;
  const inputDetail = (name: string) => countAt(record, 'usage', 'input_tokens_details', name) ?? 0;
  const reasoningAt = ['usage', 'output_tokens_details', 'reasoning_tokens'];
  const reasoning = countAt(record, ...reasoningAt) ?? 0;
  const [cacheRead, written] = [inputDetail('cached_tokens'), inputDetail('cache_write_tokens')];
  const { input, output } = splitByTotal({
    prompt: prompt ?? 0,
    completion: completion ?? 0,
    total: countAt(record, 'usage', 'total_tokens'),
    cacheRead,
    cacheWrite: written,
    reasoning,
  });
  contained(reasoningAt.join('.'), output, reasoning);
  const cacheWrite = positiveCounts({ default: written });
  return { input, cacheRead, cacheWrite, output, reasoning, parts: {}, fees: {} };
}

/** Paid tools: searches as the body counts them, else its finished search items; one fee a container. */
function toolFees(record: unknown): Usage['fees'] {
  const items = listAt(record, 'output');
  const searches = items.filter(
    (item) =>
      at(item, 'type') === 'web_search_call' &&
      at(item, 'status') === 'completed' &&
      // Before items had an action, each one was a search.
      (textAt(item, 'action', 'type') ?? 'search') === 'search',
  );
  const fileSearches = items.filter(
    (item) => at(item, 'type') === 'file_search_call' && at(item, 'status') !== 'failed',
  );
  const containers = new Set(
    items
      .filter((item) => at(item, 'type') === 'code_interpreter_call')
      .map((item) => textAt(item, 'container_id'))
      .filter((id) => id !== undefined),
  );
  return positiveCounts({
    web_search: countAt(record, 'tool_usage', 'web_search', 'num_requests') ?? searches.length,
    file_search: fileSearches.length,
    code_interpreter_session: containers.size,
  });
}

/** The image tool runs on a model of its own, whose tokens are not inside `usage`. */
function imageEvent(record: unknown, answer: UsageEvent): UsageEvent | undefined {
  const path = ['tool_usage', 'image_gen'];
  const input = countAt(record, ...path, 'input_tokens') ?? 0;
  const output = countAt(record, ...path, 'output_tokens') ?? 0;
  if (input + output === 0) return undefined;
  const imagesIn = countAt(record, ...path, 'input_tokens_details', 'image_tokens') ?? 0;
  const imagesOut = countAt(record, ...path, 'output_tokens_details', 'image_tokens') ?? 0;
  contained('tool_usage.image_gen.input_tokens_details.image_tokens', input, imagesIn);
  contained('tool_usage.image_gen.output_tokens_details.image_tokens', output, imagesOut);
  const tool = listAt(record, 'tools').find((item) => at(item, 'type') === 'image_generation');
  return {
    ...answer,
    id: answer.id === undefined ? undefined : `${answer.id}:image_gen`,
    model: textAt(tool, 'model') ?? 'unknown',
    operation: 'image_generation',
    serviceTier: undefined,
    billable: true,
    countSource: 'reported',
    reportedCost: undefined,
    usage: {
      ...NO_USAGE,
      input,
      output,
      parts: positiveCounts({ image_input: imagesIn, image_output: imagesOut }),
    },
  };
}
