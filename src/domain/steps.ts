import type { Grain, Span } from './spend.ts';
import { firstDayOf, localDay, offsetAt, startOfLocalDay } from './time-zone.ts';

const HOUR = 3_600_000;

/** One step of time, and the part of it that lies in a span. */
export interface Step {
  /** First instant of the whole step, milliseconds UTC. */
  readonly step: number;
  readonly span: Required<Span>;
}

/** The steps of a grain that a span meets, in order; days, weeks and months are those of the zone. */
export function* stepsIn(
  grain: Grain,
  zone: string,
  { start, end }: Required<Span>,
): Generator<Step> {
  for (let time = start; time < end;) {
    const { step, next } = stepOf(grain, zone, time);
    yield { step, span: { start: time, end: Math.min(next, end) } };
    time = next;
  }
}

/** The whole step of a grain that an instant lies in. */
export function wholeStepAt(grain: Grain, zone: string, time: number): Required<Span> {
  const { step, next } = stepOf(grain, zone, time);
  return { start: step, end: next };
}

function stepOf(
  grain: Grain,
  zone: string,
  time: number,
): { readonly step: number; readonly next: number } {
  if (grain === 'hour') {
    const offset = offsetAt(zone, time);
    const step = Math.floor((time + offset) / HOUR) * HOUR - offset;
    return { step, next: step + HOUR };
  }
  const first = firstDayOf(grain, localDay(zone, time));
  const following =
    grain === 'day' ? first + 1 : grain === 'week' ? first + 7 : firstDayOf('month', first + 31);
  return { step: startOfLocalDay(zone, first), next: startOfLocalDay(zone, following) };
}
