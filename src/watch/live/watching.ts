import { setTimeout as sleep } from 'node:timers/promises';
import { follow, type FollowRequest, type Look } from '../../ingest/follow.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { failingRuns } from '../failing-runs.ts';
import { questionsOf } from './ledger-questions.ts';
import { measuredPace } from '../pace.ts';
import { refreshing } from './refreshing.ts';
import { wantedOf } from '../state.ts';
import type { Store } from './store.ts';
import { takeSnapshot } from '../take-snapshot.ts';

/** What is watched, and how. */
export interface WatchRequest extends Omit<
  FollowRequest,
  'wait' | 'stopped' | 'onLook' | 'onEvents'
> {
  readonly ledger: Ledger;
  readonly store: Store;
  readonly timeZone: string;
  /** Told after every look, when the answers are taken. */
  readonly onLook?: (look: Look) => void;
  /** One look and no more. */
  readonly once?: boolean;
}

/** A watch that runs. */
export interface Watching {
  /** Ends when the watch was stopped; throws what reading throws. */
  readonly done: Promise<void>;
  /** Stops it after the look that is going on. */
  readonly stop: () => void;
}

/**
 * Follows the files into the ledger and keeps the store's answers current. The ledger is asked between two looks and
 * never within one, so that no answer holds half of a file.
 */
export function watch(request: WatchRequest): Watching {
  const { ledger, store, timeZone, onLook, once = false, ...how } = request;
  const { now } = how;
  const failing = failingRuns();
  const pace = measuredPace();
  const questions = questionsOf(ledger, failing, pace);
  const answers = refreshing(
    store,
    (wanted) => takeSnapshot(wanted, questions, { now: now(), timeZone }),
    now,
  );
  let stopped = once;
  let looks = 0;
  let wake = (): void => undefined;
  const stop = (): void => {
    stopped = true;
    wake();
  };
  let asked = JSON.stringify(wantedOf(store.state()));
  const unsubscribe = store.subscribe(() => {
    const question = JSON.stringify(wantedOf(store.state()));
    if (store.state().quit) stop();
    else if (question !== asked) wake();
    asked = question;
  });
  const wait = async (milliseconds: number): Promise<void> => {
    const until = now() + milliseconds;
    for (;;) {
      answers.refresh();
      const left = until - now();
      if (left <= 0 || stopped) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
        const timer = new AbortController();
        void sleep(left, undefined, { signal: timer.signal }).then(resolve, () => undefined);
        wake = () => {
          timer.abort();
          resolve();
        };
      });
    }
  };
  // What the ledger knows already is there before the files are read.
  answers.refresh();
  const done = follow(
    {
      ...how,
      wait,
      stopped: () => stopped,
      onEvents: (events) => {
        for (const { key, event } of events) failing.saw(key, event);
      },
      onLook(look) {
        // What was there before anybody watched tells nothing of how fast it comes.
        if (looks === 0) pace.reset();
        looks += 1;
        if (look.read) answers.read();
        store.dispatch({ kind: 'looked', missing: look.missing });
        if (once) answers.refreshNow();
        onLook?.(look);
      },
    },
    ledger,
  ).finally(unsubscribe);
  return { done, stop };
}
