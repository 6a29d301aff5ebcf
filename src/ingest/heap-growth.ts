import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Bytes of V8's space for new objects (V8's own limit is several times that). */
const ENOUGH = 8 << 20;

let bounded = false;

/** How much V8's heap may grow, in percent, before it is looked through for what nobody needs. */
const GROWTH = 40;

/**
 * Keeps V8's heap from growing past what reading needs: records live for a moment, and more room for new objects
 * only makes the process larger (by 100 MB), not faster; so does letting old ones wait (50 MB of ten million
 * events). Called now and then while reading.
 */
export function boundHeapGrowth(): void {
  if (bounded) return;
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  if (young === undefined || young.space_size < ENOUGH) return;
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString(`--heap-growing-percent=${GROWTH}`);
  bounded = true;
}
