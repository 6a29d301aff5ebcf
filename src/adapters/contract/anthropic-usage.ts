import type { Usage } from '../../domain/usage.ts';
import { countAt, textAt } from './fields.ts';
import { positiveCounts } from './positive-counts.ts';
import { contained } from './token-split.ts';

/** How Anthropic's usage object is read. */
interface AnthropicReading {
  /** The time to live of cache writes that the source does not split: `default` leaves it to the rate card. */
  readonly unsplitTtl: '5m' | 'default';
}

/**
 * Usage from Anthropic's usage object behind a path: `input_tokens` excludes the cache, `output_tokens`
 * includes thinking. `undefined` when there is no count at all.
 *
 * Throws DecodeError when a part is larger than what contains it.
 */
export function anthropicUsage(
  { unsplitTtl }: AnthropicReading,
  record: unknown,
  ...path: readonly string[]
): Usage | undefined {
  const input = countAt(record, ...path, 'input_tokens');
  const output = countAt(record, ...path, 'output_tokens');
  if (input === undefined && output === undefined) return undefined;
  const thinkingAt = [...path, 'output_tokens_details', 'thinking_tokens'];
  const thinking = countAt(record, ...thinkingAt) ?? 0;
  contained(thinkingAt.join('.'), output ?? 0, thinking);
  return {
    input: input ?? 0,
    cacheRead: countAt(record, ...path, 'cache_read_input_tokens') ?? 0,
    cacheWrite: cacheWrites(unsplitTtl, record, path),
    output: output ?? 0,
    reasoning: thinking,
    parts: {},
    // Web fetches have no fee (https://claudecodeguides.com/claude-web-search-costs-10-per-thousand/, 2026-11-21).
    fees: positiveCounts({
      web_search: countAt(record, ...path, 'server_tool_use', 'web_search_requests'),
    }),
  };
}

function cacheWrites(
  unsplitTtl: '5m' | 'default',
  record: unknown,
  path: readonly string[],
): Usage['cacheWrite'] {
  const split = (ttl: string) =>
    countAt(record, ...path, 'cache_creation', `ephemeral_${ttl}_input_tokens`) ?? 0;
  const [short, long] = [split('5m'), split('1h')];
  const all = countAt(record, ...path, 'cache_creation_input_tokens') ?? short + long;
  const rest = contained([...path, 'cache_creation'].join('.'), all, short + long);
  if (short + long === 0) return positiveCounts({ [unsplitTtl]: rest });
  // Streams restate the sum without its split; the rest then belongs to the only time to live seen, else 5m.
  const restIsLong = short === 0;
  return positiveCounts({
    '5m': short + (restIsLong ? 0 : rest),
    '1h': long + (restIsLong ? rest : 0),
  });
}

/** The tier that served the call: `fast` by its speed, else `service_tier` as written. */
export const anthropicTier = (record: unknown, ...path: readonly string[]): string | undefined =>
  textAt(record, ...path, 'speed') === 'fast' ? 'fast' : textAt(record, ...path, 'service_tier');

/** Where inference ran, when that has a price of its own. */
export function anthropicGeo(record: unknown, ...path: readonly string[]): string | undefined {
  const geo = textAt(record, ...path, 'inference_geo');
  return geo === 'not_available' || geo === 'global' ? undefined : geo;
}

/** Who served a message, by the mark that Bedrock and Vertex put into its id. */
export function anthropicHost(messageId: string | undefined): string {
  if (messageId?.startsWith('msg_bdrk_') === true) return 'bedrock';
  return messageId?.startsWith('msg_vrtx_') === true ? 'vertex' : 'anthropic';
}
