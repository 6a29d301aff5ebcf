import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Bytes of V8's space for new objects (V8's own limit is several times that). */
const ENOUGH = 8 << 20;

let bounded = false;

/**
 * Keeps V8's space for new objects from growing past what reading needs: records live for a moment, and
 * more room only makes the process larger (by 100 MB), not faster. Called now and then while reading.
 */
export function boundYoungSpace(): void {
  if (bounded) return;
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  if (young === undefined || young.space_size < ENOUGH) return;
  setFlagsFromString('--semi-space-growth-factor=1');
  bounded = true;
}
