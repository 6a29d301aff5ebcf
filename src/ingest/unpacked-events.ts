import { money } from '../domain/money.ts';
import type { UsageEvent } from '../domain/usage.ts';
import type { IncomingEvent } from '../ledger/event-placement.ts';
import {
  ABSENT,
  type EventKind,
  NUMBERS,
  type PackedEvents,
  type TagSet,
} from './packed-events.ts';

const CALL_TAGS = ['run', 'session', 'user', 'step'] as const;

/** Unpacks, in their order, what one EventPacker packed. */
export class EventUnpacker {
  #kinds: EventKind[] = [];
  #tagSets: TagSet[] = [];

  /** The events, equal to those that were packed. */
  unpack(packed: PackedEvents): readonly IncomingEvent[] {
    if (packed.anew) [this.#kinds, this.#tagSets] = [[], []];
    this.#kinds.push(...packed.kinds);
    this.#tagSets.push(...packed.tagSets);
    const texts = new TextCursor(packed);
    const events: IncomingEvent[] = [];
    for (let index = 0; index < packed.count; index += 1)
      events.push(this.#event(packed, index * NUMBERS, texts));
    return events;
  }

  #event({ numbers, fileId }: PackedEvents, at: number, texts: TextCursor): IncomingEvent {
    const kind = this.#kinds[numbers[at] ?? 0];
    const tagSet = this.#tagSets[numbers[at + 1] ?? 0];
    if (kind === undefined || tagSet === undefined) throw new Error('events out of order');
    const key = texts.next() ?? '';
    const tags = { ...tagSet.tags };
    for (const name of CALL_TAGS) {
      const value = texts.next();
      if (value !== undefined) tags[name] = value;
    }
    const family = texts.next();
    const rest = texts.next();
    const reported = texts.next();
    // A field that an event gains has to be packed too: without it here this does not compile.
    const event = {
      id: kind.hasId ? key : undefined,
      family,
      ...(kind.replay === undefined ? {} : { replay: kind.replay }),
      time: numberOf(numbers[at + 2]),
      provider: kind.provider,
      model: kind.model,
      requestModel: kind.requestModel,
      operation: kind.operation,
      serviceTier: kind.serviceTier,
      region: kind.region,
      inferenceGeo: kind.inferenceGeo,
      status: kind.status,
      errorCode: kind.errorCode,
      billable: kind.billable,
      latencyMs: numberOf(numbers[at + 3]),
      retryCount: numberOf(numbers[at + 4]),
      countSource: kind.countSource,
      requests: numbers[at + 5] ?? 0,
      usage: usageOf(numbers, at, rest),
      reportedCost: reported === undefined ? undefined : money(BigInt(reported)),
      tags,
      ...(kind.hasLabels ? { labels: tagSet.labels } : {}),
    } satisfies Record<Exclude<keyof UsageEvent, 'replay' | 'labels'>, unknown>;
    return { event, key, format: kind.format, fileId, line: numbers[at + 11] ?? 0 };
  }
}

const numberOf = (value: number | undefined): number | undefined =>
  value === undefined || Number.isNaN(value) ? undefined : value;

const NOTHING: Readonly<Record<string, number>> = {};

function usageOf(numbers: Float64Array, at: number, rest: string | undefined): UsageEvent['usage'] {
  const written = numberOf(numbers[at + 8]);
  const [cacheWrite, parts, fees] =
    rest === undefined
      ? [written === undefined ? NOTHING : { default: written }, NOTHING, NOTHING]
      : JSON.parse(rest);
  return {
    input: numbers[at + 6] ?? 0,
    cacheRead: numbers[at + 7] ?? 0,
    cacheWrite,
    output: numbers[at + 9] ?? 0,
    reasoning: numbers[at + 10] ?? 0,
    parts,
    fees,
  } satisfies Record<keyof UsageEvent['usage'], unknown>;
}

/** Reads the texts of packed events one after another. */
class TextCursor {
  readonly #lengths: Int32Array;
  readonly #text: string;
  #index = 0;
  #at = 0;

  constructor({ lengths, text }: PackedEvents) {
    this.#lengths = lengths;
    this.#text = text;
  }

  /** The next text; `undefined` where there is none. */
  next(): string | undefined {
    const length = this.#lengths[this.#index++] ?? ABSENT;
    if (length === ABSENT) return undefined;
    const from = this.#at;
    this.#at += length;
    return this.#text.slice(from, this.#at);
  }
}
