import type { OrderedCall } from '../../domain/ordered-call.ts';
import type { Reason } from './lever.ts';
import { standingOf } from './standing.ts';

const ADDED_UP: Reason = {
  code: 'aggregated-counts',
  message: 'their counts are sums over several requests, so that no single prompt is known',
};
const MEDIA: Reason = {
  code: 'media',
  message: 'their prompts hold audio, pictures or video, which are not cut or cached as text is',
};

/** Why a call cannot be looked at by itself, or stays out of any comparison; `undefined` where it can. */
export function obstacleOf({ kind, requests }: OrderedCall): Reason | undefined {
  const standing = standingOf(kind);
  if (standing.kind === 'out') return standing.reason;
  return requests !== 1 || kind.sku.countSource === 'aggregated' ? ADDED_UP : undefined;
}

/** As obstacleOf; besides, only prompts that are text alone are cut and cached by tokens. */
export const obstacleOfPrompt = (call: OrderedCall): Reason | undefined =>
  obstacleOf(call) ?? (hasMedia(call.extra) ? MEDIA : undefined);

function hasMedia(extra: OrderedCall['extra']): boolean {
  for (const name in extra ?? NOTHING)
    if (name.endsWith('_input') || name.endsWith('_cache_read')) return true;
  return false;
}

const NOTHING: Readonly<Record<string, number>> = {};
