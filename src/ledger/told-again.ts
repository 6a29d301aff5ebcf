import { STATUSES } from '../domain/usage.ts';
import type { BlockEvent } from './block-reading.ts';
import { NUMBER, NUMBERS, TEXT } from './packed-events.ts';
import type { PackedPart } from './packed-part.ts';
import { isInOrder } from './snapshots.ts';

/** Where a record's kind and tags go. */
interface PlacedRecord {
  readonly skuId: number;
  readonly tagSetId: number;
  /** Its number in STATUSES. */
  readonly status: number;
  readonly ownId: number;
  readonly replay: number;
}

/**
 * Whether a record of a call that is in a block surely adds nothing to it, as most of a resumed session do not: it has
 * the same ids, facts and owners, fewer tokens or the same counts, and nothing that same-call.ts would rather keep: an
 * earlier time, a longer latency, a smaller name. A record of which this does not hold may add nothing all the same.
 */
export function addsNothing(
  part: PackedPart,
  index: number,
  record: PlacedRecord,
  { event, family }: BlockEvent,
): boolean {
  const own = part.names(index);
  if (own.key !== event.key || own.family !== family) return false;
  if (record.skuId !== event.skuId || record.tagSetId !== event.tagSetId) return false;
  if (STATUSES[record.status] !== event.status || record.ownId !== event.ownId) return false;
  if (record.replay !== event.replay || !isInOrder(part, index)) return false;
  const number = (name: keyof typeof NUMBER): number =>
    part.numbers[index * NUMBERS + NUMBER[name]] ?? Number.NaN;
  const isKept = (name: 'latencyMs' | 'retryCount'): boolean =>
    Number.isNaN(number(name)) || number(name) <= (event[name] ?? -1);
  const isLater = Number.isNaN(number('time')) || number('time') >= (event.time ?? Infinity);
  if (!isLater || !isKept('latencyMs') || !isKept('retryCount')) return false;
  for (const name of ['run', 'session', 'user', 'step'] as const) {
    const [text, kept] = [part.ownText(index, TEXT[name]), event[name]];
    if (text !== undefined && !(kept !== null && text >= kept)) return false;
  }
  return hasFewerTokens(number, event);
}

/** Whether a record has fewer tokens than an event, or the same counts throughout. */
function hasFewerTokens(
  number: (name: keyof typeof NUMBER) => number,
  event: BlockEvent['event'],
): boolean {
  const count = (name: keyof typeof NUMBER): number => number(name) || 0;
  const [short, long] = [count('cacheWrite5m'), count('cacheWrite1h')];
  const cacheWrite = count('cacheWrite') + short + long;
  const { input, cacheRead, output } = event;
  const fewer =
    input +
    cacheRead +
    event.cacheWrite +
    output -
    (count('input') + count('cacheRead') + cacheWrite + count('output'));
  if (fewer !== 0) return fewer > 0;
  return (
    count('input') === input &&
    count('cacheRead') === cacheRead &&
    count('output') === output &&
    count('reasoning') === event.reasoning &&
    count('requests') === event.requests &&
    short === (event.extra?.['cache_write@5m'] ?? 0) &&
    long === (event.extra?.['cache_write@1h'] ?? 0)
  );
}
