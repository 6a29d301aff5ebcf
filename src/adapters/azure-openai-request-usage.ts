import { NO_USAGE, type Usage, type UsageEvent } from '../domain/usage.ts';
import type { Adapter } from './contract/adapter.ts';
import { type AzureLogRow, azureLogRows } from './contract/azure-log-row.ts';
import {
  countAt,
  type Fields,
  isoTimeAt,
  millisecondsAt,
  presentTags,
  textAt,
} from './contract/fields.ts';
import { readEach } from './contract/read-each.ts';
import { splitByTotal } from './contract/token-split.ts';

/** Microsoft names this category but documents no fields of it: these are the ones people query. */
export default {
  id: 'azure-openai-request-usage',
  title: 'Azure OpenAI diagnostic logs, category AzureOpenAIRequestUsage',
  source: {
    url: 'https://learn.microsoft.com/azure/azure-monitor/reference/supported-logs/microsoft-cognitiveservices-accounts-logs',
    checked: '2026-11-21',
  },
  recognizes: (record) => azureLogRows(record, CATEGORY).length > 0,
  normalize: (record) =>
    readEach(
      azureLogRows(record, CATEGORY),
      ({ row }) => textAt(row, 'correlationid') ?? 'row without correlationId',
      call,
    ),
} satisfies Adapter;

const CATEGORY = 'AzureOpenAIRequestUsage';

function call({ row, properties }: AzureLogRow): UsageEvent {
  const usage = tokens(properties);
  const code = countAt(row, 'resultsignature');
  const failed = code !== undefined && code >= 400;
  const deployment = textAt(properties, 'modeldeploymentname');
  const model = modelOf(properties) ?? deployment ?? 'unknown';
  return {
    id: textAt(row, 'correlationid'),
    time: isoTimeAt(row, 'time') ?? isoTimeAt(row, 'timegenerated'),
    provider: 'azure',
    model,
    requestModel: deployment === model ? undefined : deployment,
    operation: operationOf(textAt(row, 'operationname')),
    region: textAt(row, 'location'),
    status: failed ? 'failure' : 'success',
    errorCode: failed ? String(code) : undefined,
    billable: !failed || usage !== undefined,
    latencyMs: millisecondsAt(row, 'durationms'),
    countSource: usage === undefined && !failed ? 'missing' : 'reported',
    requests: 1,
    usage: usage ?? NO_USAGE,
    tags: presentTags({ user: textAt(properties, 'objectid') }),
  };
}

/** As the model names itself in answers: `gpt-4o` and `2024-11-20` are `gpt-4o-2024-11-20`. */
function modelOf(properties: Fields): string | undefined {
  const name = textAt(properties, 'modelname');
  const version = textAt(properties, 'modelversion');
  return name === undefined || version === undefined || name.endsWith(version)
    ? name
    : `${name}-${version}`;
}

const OPERATIONS: readonly (readonly [RegExp, string])[] = [
  [/embedding/i, 'embeddings'],
  [/image/i, 'image_generation'],
  [/transcription|translation/i, 'transcription'],
  [/speech/i, 'speech'],
  [/^completions?_/i, 'text_completion'],
];

const operationOf = (name = ''): string =>
  OPERATIONS.find(([pattern]) => pattern.test(name))?.[1] ?? 'chat';

function tokens(properties: Fields): Usage | undefined {
  const prompt = countAt(properties, 'prompttokens');
  const completion =
    countAt(properties, 'completiontokens') ?? countAt(properties, 'generatedtokens');
  if (prompt === undefined && completion === undefined) return undefined;
  const cacheRead = countAt(properties, 'cachedtokens') ?? 0;
  const { input, output } = splitByTotal({
    prompt: prompt ?? 0,
    completion: completion ?? 0,
    total: countAt(properties, 'totaltokens'),
    cacheRead,
    cacheWrite: 0,
    reasoning: 0,
  });
  return { ...NO_USAGE, input, cacheRead, output };
}
