import { type Clock, parseInstant } from '../domain/period.ts';
import type { Span, SpendRow } from '../domain/spend.ts';
import { localDay, startOfLocalDay } from '../domain/time-zone.ts';
import { ExitCode, UserError } from '../errors.ts';
import type { CommonFlags } from './session.ts';
import { periodOf } from './flags.ts';

/** Flags that choose what is compared. */
export interface SpanFlags extends CommonFlags {
  readonly at?: string;
  readonly before?: string;
  readonly after?: string;
}

/** Two spans, the earlier first. */
export interface EffectSpans {
  readonly before: Required<Span>;
  readonly after: Required<Span>;
}

/**
 * The spans that flags mean. After `--at` goes to the end of the last day with a call, and before it is as
 * many days; `days` says what each day of a span spent. Throws UserError.
 */
export function effectSpans(
  { at, before, after }: SpanFlags,
  clock: Clock,
  days: (span: Span) => readonly SpendRow[],
): EffectSpans {
  const { now, timeZone } = clock;
  if (at === undefined) {
    if (before === undefined || after === undefined)
      throw new UserError('when the lever was pulled is missing', {
        hint: 'Give --at 2026-11-10, or both spans: --before 2026-10 --after 2026-11.',
      });
    const spans = {
      before: periodOf('--before', before, now, timeZone),
      after: cutAtNow(periodOf('--after', after, now, timeZone), now),
    };
    if (spans.after.start < spans.before.end)
      throw new UserError('--after begins before --before has ended', {
        hint: 'The two spans must not share a call.',
      });
    return spans;
  }
  if (before !== undefined || after !== undefined)
    throw new UserError('--at already says both spans', {
      hint: 'Use either --at, or --before and --after.',
    });
  const start = parseInstant(at, clock);
  if (start === undefined)
    throw new UserError(`--at: expected a day or a time, found "${at}"`, {
      hint: 'For example --at 2026-11-10.',
    });
  const last = days({ start, end: Math.max(start, now) }).reduce(
    (latest, { step }) => Math.max(latest, step ?? latest),
    Number.NEGATIVE_INFINITY,
  );
  if (last === Number.NEGATIVE_INFINITY)
    throw new UserError(`no call since ${at} is in this selection`, {
      hint: 'aicost report --by day shows which days there are.',
      exitCode: ExitCode.undecided,
    });
  const end = Math.min(now, startOfLocalDay(timeZone, localDay(timeZone, last) + 1));
  return { before: { start: earlier(start, end, timeZone), end: start }, after: { start, end } };
}

const cutAtNow = ({ start, end }: Required<Span>, now: number): Required<Span> => ({
  start,
  end: Math.max(start, Math.min(end, now)),
});

/** As many days before a day as it is to the end, so that a change of clocks does not cut one; else as long a time. */
function earlier(start: number, end: number, timeZone: string): number {
  const [first, last] = [localDay(timeZone, start), localDay(timeZone, end)];
  const onDays =
    startOfLocalDay(timeZone, first) === start && startOfLocalDay(timeZone, last) === end;
  return onDays ? startOfLocalDay(timeZone, first - (last - first)) : start - (end - start);
}
