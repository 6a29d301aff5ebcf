import type { IncomingEvent } from './event-placement.ts';
import { joinedWith } from './joining.ts';
import { NUMBER, NUMBERS, TEXTS } from './packed-events.ts';
import type { PackedPart } from './packed-part.ts';

/** A call as one place of a file tells it: in one record, or in snapshots of a stream, one behind the other. */
export interface IncomingCall {
  /** What its records know together. */
  readonly known: IncomingEvent;
  /**
   * How many records there are. Each tells more than the one before: where the call is new, the first one
   * adds it and all others complete it.
   */
  readonly records: number;
  /** The records in their order. */
  readonly each: () => readonly IncomingEvent[];
}

/** A call that is told in one record. */
export const oneRecord = (known: IncomingEvent): IncomingCall => ({
  known,
  records: 1,
  each: () => [known],
});

/** The calls of a part. Objects are made of the first and the last of several snapshots only. */
export function callsOf(part: PackedPart): readonly IncomingCall[] {
  const calls: IncomingCall[] = [];
  for (let first = 0, end = 0; first < part.count; first = end) {
    end = first + 1;
    while (end < part.count && isNextSnapshot(part, end)) end += 1;
    calls.push(end === first + 1 ? oneRecord(part.event(first)) : snapshots(part, first, end));
  }
  return calls;
}

const snapshots = (part: PackedPart, first: number, end: number): IncomingCall => ({
  known: joinedWith(part.event(first), part.event(end - 1)),
  records: end - first,
  each: () => Array.from({ length: end - first }, (_, index) => part.event(first + index)),
});

/** What has to be alike in two snapshots, or their join would not be all that those between them know. */
const ALIKE = [
  NUMBER.kind,
  NUMBER.tagSet,
  NUMBER.latencyMs,
  NUMBER.retryCount,
  NUMBER.requests,
] as const;
/** What makes a record fuller before all else (domain/same-call.ts). Absent is NaN, which adds nothing. */
const TOKENS = [
  NUMBER.input,
  NUMBER.cacheRead,
  NUMBER.cacheWrite,
  NUMBER.cacheWrite5m,
  NUMBER.cacheWrite1h,
  NUMBER.output,
] as const;

/**
 * Whether an event is a later snapshot of the call of the one before it: all it differs in are its line, more
 * tokens and a time that is not earlier. Their texts are alike too, what else was used among them.
 */
function isNextSnapshot(part: PackedPart, index: number): boolean {
  const { numbers, lengths, text, textStarts } = part;
  const [before, here] = [(index - 1) * NUMBERS, index * NUMBERS];
  for (const at of ALIKE) if (!Object.is(numbers[before + at], numbers[here + at])) return false;
  const [earlier, time] = [numbers[before + NUMBER.time], numbers[here + NUMBER.time]];
  if (earlier === undefined || time === undefined) return false;
  if (!Object.is(earlier, time) && !(earlier < time)) return false;
  if (!(tokensAt(numbers, here) > tokensAt(numbers, before))) return false;
  for (let at = index * TEXTS; at < (index + 1) * TEXTS; at += 1)
    if (lengths[at] !== lengths[at - TEXTS]) return false;
  const [from, middle, to] = textStarts.subarray(index - 1, index + 2);
  return text.slice(from, middle) === text.slice(middle, to);
}

function tokensAt(numbers: Float64Array, event: number): number {
  let tokens = 0;
  for (const at of TOKENS) tokens += numbers[event + at] || 0;
  return tokens;
}
