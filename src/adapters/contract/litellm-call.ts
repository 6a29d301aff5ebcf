import { providerName } from '../../domain/provider-names.ts';
import { NO_USAGE, totalInput, type UsageEvent } from '../../domain/usage.ts';
import { customTags, overruledLabels } from './custom-tags.ts';
import { requestFacts } from './request-facts.ts';
import {
  at,
  countAt,
  type Fields,
  fieldsOrJson,
  listOrJson,
  presentTags,
  textAt,
} from './fields.ts';
import { openaiTotals, openaiUsage } from './openai-usage.ts';

/** What LiteLLM's two records of a call keep under different names or in different units. */
interface LitellmOwnFields extends Pick<UsageEvent, 'id' | 'time' | 'latencyMs' | 'reportedCost'> {
  /** The hash of the virtual key. */
  readonly apiKeyHash: string | undefined;
  /** Owners for which `metadata` may have no value, and those that it never has. */
  readonly owners: Readonly<Record<'user' | 'team' | 'session' | 'run', string | undefined>>;
  /** The raw usage object, where `metadata` does not hold it. */
  readonly usageBeside?: unknown;
}

/** One call from a LiteLLM spend log row or standard logging payload. Throws DecodeError. */
export function litellmCall(record: unknown, own: LitellmOwnFields): UsageEvent {
  const metadata = fieldsOrJson(at(record, 'metadata'));
  const cacheHit = /^true$/i.test(textAt(record, 'cache_hit') ?? '');
  const failed = (textAt(record, 'status') ?? textAt(metadata, 'status')) === 'failure';
  const reported = openaiUsage(
    openaiTotals(record),
    { usage_object: usageObject(metadata, own.usageBeside) },
    'usage_object',
  );
  // LiteLLM's own cache answered: the counts are those of the call that filled it, and nobody was called.
  const usage = reported === undefined || cacheHit ? NO_USAGE : reported;
  const group = textAt(record, 'model_group');
  const model = textAt(record, 'model') ?? group ?? 'unknown';
  const { tags, labels } = customTags(
    listOrJson(at(record, 'request_tags')),
    fieldsOrJson(at(metadata, 'spend_logs_metadata')),
  );
  const ofKey = { ...structuredTags(metadata, own), ...staticTags(metadata) };
  const allLabels = [...labels, ...overruledLabels(tags, ofKey)];
  return {
    id: own.id,
    time: own.time,
    provider: providerName(textAt(record, 'custom_llm_provider') ?? 'unknown'),
    model,
    requestModel: group === model ? undefined : group,
    operation: operationOf(textAt(record, 'call_type')),
    status: failed ? 'failure' : 'success',
    errorCode: errorCode(record, metadata),
    billable: !cacheHit && (!failed || totalInput(usage) + usage.output > 0),
    latencyMs: own.latencyMs,
    retryCount: countAt(metadata, 'attempted_retries'),
    countSource: reported === undefined && !cacheHit && !failed ? 'missing' : 'reported',
    requests: 1,
    usage,
    reportedCost: own.reportedCost,
    tags: { ...facts(record), ...ofKey, ...tags },
    ...(allLabels.length > 0 && { labels: allLabels }),
  };
}

/** LiteLLM's key of its cache is a hash of the whole request; `Cache OFF` where it has none (its docs on caching, 2026-11-21). */
function facts(record: unknown): Record<string, string> {
  const key = textAt(record, 'cache_key');
  return {
    ...presentTags({ prompt_hash: key === 'Cache OFF' ? undefined : key }),
    ...requestFacts(fieldsOrJson(at(record, 'model_parameters'))),
  };
}

function usageObject(metadata: Fields, beside: unknown): Fields {
  const places = [at(metadata, 'usage_object'), beside, at(metadata, 'additional_usage_values')];
  return places.map(fieldsOrJson).find((place) => Object.keys(place).length > 0) ?? {};
}

const OPERATIONS: readonly (readonly [RegExp, string])[] = [
  [/embedding/, 'embeddings'],
  [/text_completion/, 'text_completion'],
  [/^a?completion$|anthropic_messages|responses|generate_content/, 'chat'],
  [/image/, 'image_generation'],
];

/** LiteLLM's call type as an OTel operation; its blocking and asynchronous calls are one operation. */
const operationOf = (callType = 'completion'): string =>
  OPERATIONS.find(([type]) => type.test(callType))?.[1] ?? callType;

const errorCode = (record: unknown, metadata: Fields): string | undefined => {
  const error = fieldsOrJson(at(record, 'error_information') ?? at(metadata, 'error_information'));
  return textAt(error, 'error_code') ?? textAt(error, 'error_class');
};

const structuredTags = (metadata: Fields, own: LitellmOwnFields): Record<string, string> =>
  presentTags({
    user: textAt(metadata, 'user_api_key_user_id') ?? own.owners.user,
    team:
      textAt(metadata, 'user_api_key_team_alias') ??
      textAt(metadata, 'user_api_key_team_id') ??
      own.owners.team,
    api_key: textAt(metadata, 'user_api_key_alias') ?? unnamedKey(own.apiKeyHash),
    session: own.owners.session,
    run: own.owners.run,
  });

/**
 * Tags that an administrator gave a key or its team. LiteLLM 1.83 replaced them by those of the request instead of
 * adding these (https://github.com/BerriAI/litellm/issues/27134, read 2026-11-22).
 */
const staticTags = (metadata: Fields): Record<string, string> =>
  Object.assign(
    {},
    ...['user_api_key_team_metadata', 'user_api_key_metadata', 'user_api_key_auth_metadata'].map(
      (name) => customTags(listOrJson(at(fieldsOrJson(at(metadata, name)), 'tags')), {}).tags,
    ),
  );

/** Enough of a key's hash to tell keys apart. LiteLLM's master key has a name; a bare secret is dropped. */
function unnamedKey(hash: string | undefined): string | undefined {
  if (hash === undefined || hash.startsWith('sk-')) return undefined;
  return hash === 'litellm_proxy_master_key' ? hash : `hash:${hash.slice(0, 8)}`;
}
