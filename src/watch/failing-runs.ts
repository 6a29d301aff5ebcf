import type { UsageEvent } from '../domain/usage.ts';
import { MINUTE_MS } from './spans.ts';

/** A step of a run that goes on failing. */
export interface Loop {
  readonly run: string;
  readonly step: string | undefined;
  readonly model: string;
  /** Attempts within ten minutes. */
  readonly attempts: number;
  /** The last of them in a row that failed. */
  readonly failures: number;
  readonly errorCode: string | undefined;
}

/** Watches what is read for runs that try the same again and again. */
export interface FailingRuns {
  readonly saw: (key: string, event: UsageEvent) => void;
  /** Loops as they stand at an instant, most attempts first. */
  readonly loops: (now: number) => readonly Loop[];
}

/** Attempts of one step in ten minutes that are worth a look, if ... */
const ATTEMPTS = 5;
const WINDOW_MS = 10 * MINUTE_MS;
/** ... so many of them failed in a row: many calls alone are an agent at work. */
const FAILURES = 3;
/** Steps that are remembered; older ones than these are forgotten first. */
const STEPS = 10_000;
/** Failed calls of a step that are remembered. */
const CALLS = 500;

interface Step {
  readonly run: string;
  readonly step: string | undefined;
  readonly model: string;
  /** Attempts by the key of the call that tells of them. */
  readonly calls: Map<string, { readonly time: number; readonly attempts: number }>;
  failures: number;
  errorCode: string | undefined;
}

/**
 * Remembers the attempts of steps that fail. A step that succeeds is forgotten, and a call that is read twice counts
 * once, so that a session that is read from its beginning again is no loop.
 */
export function failingRuns(): FailingRuns {
  const steps = new Map<string, Step>();
  return {
    saw(key, event) {
      const { run, step } = event.tags;
      if (run === undefined || event.time === undefined) return;
      const name = JSON.stringify([run, step, event.model]);
      const known = steps.get(name);
      const failed = event.status !== 'success' && event.status !== 'cancelled';
      if (known === undefined && !failed) return;
      if (known?.calls.has(key) === true) return;
      if (!failed) return void steps.delete(name);
      const entry: Step = known ?? {
        run,
        step,
        model: event.model,
        calls: new Map(),
        failures: 0,
        errorCode: undefined,
      };
      entry.calls.set(key, { time: event.time, attempts: 1 + (event.retryCount ?? 0) });
      if (entry.calls.size > CALLS) entry.calls.delete(entry.calls.keys().next().value ?? '');
      entry.failures += 1;
      entry.errorCode = event.errorCode;
      // Moved to the end, so that the oldest come first.
      steps.delete(name);
      steps.set(name, entry);
      if (steps.size > STEPS) steps.delete(steps.keys().next().value ?? '');
    },
    loops(now) {
      const found: Loop[] = [];
      for (const { run, step, model, calls, failures, errorCode } of steps.values()) {
        let attempts = 0;
        for (const call of calls.values())
          if (call.time > now - WINDOW_MS) attempts += call.attempts;
        if (attempts >= ATTEMPTS && failures >= FAILURES)
          found.push({ run, step, model, attempts, failures, errorCode });
      }
      return found.sort((a, b) => b.attempts - a.attempts || (a.run < b.run ? -1 : 1));
    },
  };
}
