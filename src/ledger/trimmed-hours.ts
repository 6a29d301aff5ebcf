import type { SpendQuery } from '../domain/spend.ts';
import { inWholeHours, type Stretch } from './spend-sql.ts';

const HOUR_MS = 3_600_000;

/** Stretches cut into their whole hours and the parts of an hour that a span begins or ends with. */
export interface Trimmed {
  readonly hours: readonly Stretch[];
  /** Minutes before the first whole hour and after the last; none where the span is made of hours. */
  readonly rests: readonly Segment[];
  /** Hours that the span ends within: what is booked in them belongs to it. */
  readonly last: readonly Segment[];
}

/** A stretch of one offset to UTC. */
export type Segment = Stretch & { readonly kind: 'segment' };

/**
 * Cuts stretches at whole hours. `undefined` when there is nothing to cut, or when more than the two edges
 * of the span is off the hour, as in zones whose hours begin between those of UTC.
 */
export function trim(stretches: readonly Stretch[], { span }: SpendQuery): Trimmed | undefined {
  const hours: Stretch[] = [];
  const rests: Segment[] = [];
  const last: Segment[] = [];
  for (const stretch of stretches) {
    if (stretch.kind === 'undated') {
      hours.push(stretch);
      continue;
    }
    const { start, end } = stretch.segment;
    const from = start === span.start ? Math.ceil(start / HOUR_MS) * HOUR_MS : start;
    const to = end === span.end ? Math.floor(end / HOUR_MS) * HOUR_MS : end;
    const part = (first: number, after: number): Segment => ({
      kind: 'segment',
      segment: { ...stretch.segment, start: first, end: after },
    });
    if (from < to) hours.push(part(from, to));
    if (start < from) rests.push(part(start, Math.min(from, end)));
    if (to < end && to >= from) {
      rests.push(part(to, end));
      last.push(part(to, to + HOUR_MS));
    }
  }
  return rests.length > 0 && inWholeHours(hours) ? { hours, rests, last } : undefined;
}
