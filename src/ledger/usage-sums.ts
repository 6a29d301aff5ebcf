import type { UsageTotals } from '../domain/meters.ts';
import { PARTS, type Part } from '../domain/usage.ts';

/** Plain counts of many calls, as SQL sums them. */
interface PlainSums {
  readonly input: bigint;
  readonly cache_read: bigint;
  /** Over all times to live. */
  readonly cache_write: bigint;
  readonly output: bigint;
  readonly reasoning: bigint;
}

const NOTHING_MORE: Pick<UsageTotals, 'cacheWrite' | 'parts' | 'fees'> = {
  cacheWrite: new Map(),
  parts: new Map(),
  fees: new Map(),
};

/** The usage that plain sums and the quantities beside them (`cache_write@1h`, `audio_input`, `fee:web_search`) stand for. */
export function usageOfSums(
  { input, cache_read: cacheRead, cache_write: written, output, reasoning }: PlainSums,
  beside: ReadonlyMap<string, bigint>,
): UsageTotals {
  // Three maps for each of thousands of rows would be most of what they take.
  if (beside.size === 0 && written === 0n)
    return { input, cacheRead, output, reasoning, ...NOTHING_MORE };
  const cacheWrite = new Map<string, bigint>();
  const parts = new Map<Part, bigint>();
  const fees = new Map<string, bigint>();
  let rest = written;
  for (const [name, quantity] of beside) {
    const part = PARTS.find((candidate) => candidate === name);
    if (part !== undefined) parts.set(part, quantity);
    else if (name.startsWith('fee:')) fees.set(name.slice('fee:'.length), quantity);
    else {
      cacheWrite.set(name.slice('cache_write@'.length), quantity);
      rest -= quantity;
    }
  }
  if (rest !== 0n) cacheWrite.set('default', rest);
  return { input, cacheRead, cacheWrite, output, reasoning, parts, fees };
}
