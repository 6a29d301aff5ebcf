import { follow, type FollowRequest, type Look } from '../../ingest/follow.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { LedgerToRead } from '../../ledger/ledger-to-read.ts';
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
  /** The same ledger as it answers questions, by the rules of tags in force. */
  readonly asked: LedgerToRead;
  readonly store: Store;
  readonly timeZone: string;
  /** Ends after so many milliseconds. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Told after every look, when the answers are taken. */
  readonly onLook?: (look: Look) => void;
  /** One look and no more. */
  readonly once?: boolean;
}

/** What is waited for at a time, so that whoever stops a watch need not wait longer. */
const SLICE_MS = 250;

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
  const { ledger, asked, store, timeZone, sleep, onLook, once = false, ...how } = request;
  const { now } = how;
  const failing = failingRuns();
  const pace = measuredPace();
  const questions = questionsOf(asked, failing, pace);
  const answers = refreshing(
    store,
    (wanted) => takeSnapshot(wanted, questions, { now: now(), timeZone }),
    now,
  );
  let stopped = once;
  let looks = 0;
  const unread = new Map<string, string>();
  let wake = (): void => undefined;
  const stop = (): void => {
    stopped = true;
    wake();
  };
  let question = JSON.stringify(wantedOf(store.state()));
  const unsubscribe = store.subscribe(() => {
    const before = question;
    question = JSON.stringify(wantedOf(store.state()));
    if (store.state().quit) stop();
    else if (question !== before) wake();
  });
  const wait = async (milliseconds: number): Promise<void> => {
    for (let left = milliseconds; left > 0 && !stopped; left -= SLICE_MS) {
      answers.refresh();
      await Promise.race([
        sleep(Math.min(left, SLICE_MS)),
        new Promise<void>((resolve) => {
          wake = resolve;
        }),
      ]);
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
        // What was there before anybody watched may be much, and tells nothing of how fast it comes.
        if (looks === 0) {
          pace.reset();
          questions.minute.forget();
        }
        looks += 1;
        if (look.files.length > 0) answers.read();
        for (const file of look.files) {
          // Told by its name, with a reason behind it where there is one.
          const told = look.counts.foreignFiles.find(
            (each) => each === file || each.startsWith(`${file} (`),
          );
          if (told === undefined) unread.delete(file);
          else unread.set(file, told);
        }
        store.dispatch({ kind: 'looked', missing: look.missing, unread: [...unread.values()] });
        if (once) answers.refreshNow();
        onLook?.(look);
      },
    },
    ledger,
  ).finally(unsubscribe);
  return { done, stop };
}
