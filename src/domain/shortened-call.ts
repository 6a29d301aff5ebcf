import type { OrderedCall } from './ordered-call.ts';

/** Which end of a prompt is cut: what is cached stands at the beginning. */
export type CutEnd = 'beginning' | 'end';

type PromptCounts = Pick<OrderedCall, 'input' | 'cacheRead' | 'cacheWrite'>;

/** The whole prompt of a call, cached or not. */
export const promptOf = ({ input, cacheRead, cacheWrite }: PromptCounts): number =>
  input + cacheRead + cacheWrite;

/**
 * A call whose prompt lacks so many tokens, at most all of them. From the beginning they are taken from what was
 * read from a cache, then from what was written to it, then from fresh input; from the end the other way round.
 */
export function shortened(call: OrderedCall, tokens: number, end: CutEnd): OrderedCall {
  let left = tokens;
  const take = (count: number): number => {
    const taken = Math.min(left, count);
    left -= taken;
    return count - taken;
  };
  if (end === 'end') {
    const input = take(call.input);
    const cacheWrite = take(call.cacheWrite);
    return withCache(call, { input, cacheWrite, cacheRead: take(call.cacheRead) });
  }
  const cacheRead = take(call.cacheRead);
  const cacheWrite = take(call.cacheWrite);
  return withCache(call, { cacheRead, cacheWrite, input: take(call.input) });
}

/** The call without any cache: all of its prompt is fresh input. */
export const withoutCache = (call: OrderedCall): OrderedCall =>
  withCache(call, { input: promptOf(call), cacheRead: 0, cacheWrite: 0 });

const WRITE = 'cache_write@';

/** The call with other counts of its prompt. What is no longer written was to stay for the shortest time, as far as that goes. */
function withCache(call: OrderedCall, counts: PromptCounts): OrderedCall {
  if (call.extra === undefined || counts.cacheWrite === call.cacheWrite)
    return { ...call, ...counts };
  const named = Object.entries(call.extra).filter(([name]) => name.startsWith(WRITE));
  const others = Object.entries(call.extra).filter(([name]) => !name.startsWith(WRITE));
  const plain = call.cacheWrite - named.reduce((sum, [, quantity]) => sum + quantity, 0);
  let left = Math.max(0, call.cacheWrite - counts.cacheWrite - plain);
  const kept = named.map(([name, quantity]): [string, number] => {
    const taken = Math.min(left, quantity);
    left -= taken;
    return [name, quantity - taken];
  });
  return {
    ...call,
    ...counts,
    extra: Object.fromEntries([...others, ...kept.filter(([, quantity]) => quantity > 0)]),
  };
}
