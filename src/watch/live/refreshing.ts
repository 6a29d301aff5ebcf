import { MINUTE_MS } from '../spans.ts';
import type { Snapshot, Wanted } from '../snapshot.ts';
import { wantedOf } from '../state.ts';
import type { Store } from './store.ts';

/** Asks the ledger anew when there is a reason to. */
export interface Refreshing {
  /** Something was read since the last answers. */
  readonly read: () => void;
  /** Takes new answers if they are due. */
  readonly refresh: () => void;
  /** Takes new answers. */
  readonly refreshNow: () => void;
}

/** Milliseconds between answers while calls come in: often enough to be current within a second. */
const EVERY_MS = 500;
/** Answers that take long are asked for less often: at most a quarter of the time goes into them ... */
const PATIENCE = 3;
/** ... but a machine that was busy once must not keep the screen old. */
const LONGEST_MS = 2_000;

/** Answers are due when a key asks for others, when calls came in, and at every minute, since the day goes on. */
export function refreshing(
  store: Store,
  take: (wanted: Wanted) => Snapshot,
  now: () => number,
): Refreshing {
  let dirty = true;
  let takenAt = Number.NEGATIVE_INFINITY;
  let took = 0;
  let asked = '';
  const refreshNow = (): void => {
    const began = now();
    const wanted = wantedOf(store.state());
    const snapshot = take(wanted);
    [dirty, asked, takenAt] = [false, JSON.stringify(wanted), now()];
    took = takenAt - began;
    store.dispatch({ kind: 'answered', snapshot });
  };
  return {
    read() {
      dirty = true;
    },
    refreshNow,
    refresh() {
      const at = now();
      const minute = Math.floor(at / MINUTE_MS) !== Math.floor(takenAt / MINUTE_MS);
      const waited = at - takenAt >= Math.max(EVERY_MS, Math.min(took * PATIENCE, LONGEST_MS));
      const due = (dirty || minute) && waited;
      if (due || JSON.stringify(wantedOf(store.state())) !== asked) refreshNow();
    },
  };
}
