import { NO_USAGE, type Usage } from '../../domain/usage.ts';
import { at, countAt, isFields, listAt, millisecondsAt, textAt } from './fields.ts';
import { positiveCounts } from './positive-counts.ts';
import { contained } from './token-split.ts';

/** What a model's body on Bedrock says of its call, beside the tokens. */
export interface BedrockAnswer {
  /** `undefined` when the body has no counts. */
  readonly usage: Usage | undefined;
  readonly operation: string;
  readonly latencyMs?: number | undefined;
  readonly serviceTier?: string | undefined;
}

/** Tokens written to the cache, with those of known time to live apart. Throws DecodeError when the parts exceed the sum. */
export function bedrockCacheWrites(
  all: number | undefined,
  split: Readonly<Record<'5m' | '1h', number>>,
  path: string,
): Usage['cacheWrite'] {
  const [short, long] = [split['5m'], split['1h']];
  const rest = contained(path, all ?? short + long, short + long);
  if (short + long === 0) return positiveCounts({ default: rest });
  // As in Anthropic's own bodies: what the split leaves out has the only time to live seen, else 5m.
  const restIsLong = short === 0;
  return positiveCounts({
    '5m': short + (restIsLong ? 0 : rest),
    '1h': long + (restIsLong ? rest : 0),
  });
}

/** The time-to-live split of Converse's `cacheDetails` behind a path. */
export function converseSplit(
  record: unknown,
  ...path: readonly string[]
): Record<'5m' | '1h', number> {
  const of = (ttl: string): number =>
    listAt(record, ...path, 'cacheDetails')
      .filter((detail) => at(detail, 'ttl') === ttl)
      .reduce<number>((sum, detail) => sum + (countAt(detail, 'inputTokens') ?? 0), 0);
  return { '5m': of('5m'), '1h': of('1h') };
}

/** Usage in Converse's names, which Nova shares: `inputTokens` excludes the cache. */
function converseUsage(record: unknown, ...path: readonly string[]): Usage | undefined {
  const input = countAt(record, ...path, 'inputTokens');
  const output = countAt(record, ...path, 'outputTokens');
  if (input === undefined && output === undefined) return undefined;
  // One number under two names.
  const cache = (name: string): number | undefined =>
    countAt(record, ...path, `${name}InputTokens`) ??
    countAt(record, ...path, `${name}InputTokenCount`);
  return {
    ...NO_USAGE,
    input: input ?? 0,
    cacheRead: cache('cacheRead') ?? 0,
    cacheWrite: bedrockCacheWrites(
      cache('cacheWrite'),
      converseSplit(record, ...path),
      [...path, 'cacheDetails'].join('.'),
    ),
    output: output ?? 0,
  };
}

const CONVERSE_HOLDERS = [[], ['metadata']] as const;

/** Where a record holds Converse's usage: at the top, or in a stream's `metadata`; `undefined` when nowhere. */
const converseHolder = (record: unknown): readonly string[] | undefined =>
  CONVERSE_HOLDERS.find(
    (holder) =>
      isFields(at(record, ...holder, 'metrics')) &&
      at(record, ...holder, 'usage', 'inputTokens') !== undefined,
  );

/** Whether a record is what Converse answers, or the last event of its stream. */
export const isConverseBody = (record: unknown): boolean => converseHolder(record) !== undefined;

const METRICS = 'amazon-bedrock-invocationMetrics';

const isNova = (record: unknown): boolean =>
  at(record, 'usage', 'inputTokens') !== undefined &&
  isFields(at(record, 'output', 'message')) &&
  !isConverseBody(record);
const isLlama = (record: unknown): boolean =>
  at(record, 'prompt_token_count') !== undefined &&
  at(record, 'generation_token_count') !== undefined;
const isTitan = (record: unknown): boolean =>
  at(record, 'inputTextTokenCount') !== undefined &&
  ['results', 'embedding', 'embeddingsByType', 'totalOutputTextTokenCount'].some(
    (name) => at(record, name) !== undefined,
  );
// Anthropic's and Converse's events carry the metrics beside their own counts.
const isLastChunk = (record: unknown): boolean =>
  isFields(at(record, METRICS)) &&
  at(record, 'type') === undefined &&
  at(record, 'metadata') === undefined;

/** Whether a record is what InvokeModel answers for a model family with counts of its own: Nova, Llama, Titan. */
export const isInvokeBody = (record: unknown): boolean =>
  isNova(record) || isLlama(record) || isTitan(record) || isLastChunk(record);

/** Reads a Converse body or a body of isInvokeBody. Throws DecodeError. */
export function bedrockAnswer(record: unknown): BedrockAnswer {
  const holder = converseHolder(record);
  if (holder !== undefined)
    return {
      usage: converseUsage(record, ...holder, 'usage'),
      operation: 'chat',
      latencyMs: millisecondsAt(record, ...holder, 'metrics', 'latencyMs'),
      serviceTier: textAt(record, ...holder, 'serviceTier', 'type'),
    };
  if (isNova(record)) return { usage: converseUsage(record, 'usage'), operation: 'chat' };
  if (isLastChunk(record)) return metricsAnswer(record);
  if (isLlama(record))
    return {
      usage: {
        ...NO_USAGE,
        input: countAt(record, 'prompt_token_count') ?? 0,
        output: countAt(record, 'generation_token_count') ?? 0,
      },
      operation: 'chat',
    };
  return isTitan(record) ? titanAnswer(record) : { usage: undefined, operation: 'chat' };
}

function metricsAnswer(record: unknown): BedrockAnswer {
  const count = (name: string): number => countAt(record, METRICS, name) ?? 0;
  return {
    usage: {
      ...NO_USAGE,
      input: count('inputTokenCount'),
      cacheRead: count('cacheReadInputTokenCount'),
      cacheWrite: positiveCounts({ default: count('cacheWriteInputTokenCount') }),
      output: count('outputTokenCount'),
    },
    operation: 'chat',
    latencyMs: millisecondsAt(record, METRICS, 'invocationLatency'),
  };
}

function titanAnswer(record: unknown): BedrockAnswer {
  const results = listAt(record, 'results');
  const output = results.reduce<number>(
    (sum, result) => sum + (countAt(result, 'tokenCount') ?? 0),
    0,
  );
  const generates = results.length > 0 || at(record, 'totalOutputTextTokenCount') !== undefined;
  return {
    usage: {
      ...NO_USAGE,
      input: countAt(record, 'inputTextTokenCount') ?? 0,
      output: countAt(record, 'totalOutputTextTokenCount') ?? output,
    },
    operation: generates ? 'chat' : 'embeddings',
  };
}
