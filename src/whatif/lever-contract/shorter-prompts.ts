import type { OrderedCall } from '../../domain/ordered-call.ts';
import type { Rater } from '../../domain/rate-book.ts';
import type { CalledSku } from '../../domain/replay-question.ts';
import { type CutEnd, promptOf, shortened, withoutCache } from '../../domain/shortened-call.ts';
import type { CallVerdict } from './call-by-call.ts';
import { cacheOfModel } from './cache-of-model.ts';
import type { LeverWorld, Reason } from './lever.ts';

const TOO_SHORT: Reason = {
  code: 'prompt-too-short',
  message: 'their prompts have fewer tokens than would be cut',
};

/**
 * Opens the pricing of prompts that lack some tokens: what was cached is cut at its own price, what falls below the
 * smallest cached prefix is not cached any more, and the context tier is that of the shorter prompt.
 */
export function openShorterPrompts(
  world: LeverWorld,
  end: CutEnd,
): (call: OrderedCall, tokens: number) => CallVerdict {
  const raters = new Map<CalledSku, Rater>();
  const minimums = new Map<OrderedCall['kind'], number>();
  const raterOf = (sku: CalledSku): Rater => {
    const known = raters.get(sku);
    if (known !== undefined) return known;
    const rater = world.book.rater({ ...sku, aggregated: false });
    raters.set(sku, rater);
    return rater;
  };
  const minimumOf = ({ kind, time }: OrderedCall): number => {
    const known = minimums.get(kind);
    if (known !== undefined) return known;
    const minimum = cacheOfModel(kind.sku, time, world)?.minimum ?? 0;
    minimums.set(kind, minimum);
    return minimum;
  };
  return (call, tokens) => {
    const { kind, time } = call;
    if (kind.rate.kind !== 'rated' || tokens > promptOf(call))
      return { kind: 'excluded', reason: TOO_SHORT };
    const cut = shortened(call, tokens, end);
    const cached = cut.cacheRead + cut.cacheWrite;
    const after = cached > 0 && cached < minimumOf(call) ? withoutCache(cut) : cut;
    const { input, cacheRead: cache_read, cacheWrite: cache_write } = after;
    const rating = raterOf(kind.sku)(time, { input, cache_read, cache_write });
    return rating.kind === 'rated'
      ? { kind: 'changed', name: rating.rate.key, after, prices: rating.rate.prices }
      : { kind: 'excluded', reason: rating.why };
  };
}
