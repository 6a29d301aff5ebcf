import { money } from '../domain/money.ts';
import type { UsageEvent } from '../domain/usage.ts';
import type { IncomingEvent } from '../ledger/event-placement.ts';
import {
  ABSENT,
  type EventKind,
  NUMBER,
  NUMBERS,
  type PackedEvents,
  type TagSet,
} from '../ledger/packed-events.ts';

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
    const kind = this.#kinds[numbers[at + NUMBER.kind] ?? 0];
    const tagSet = this.#tagSets[numbers[at + NUMBER.tagSet] ?? 0];
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
      time: numberOf(numbers[at + NUMBER.time]),
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
      latencyMs: numberOf(numbers[at + NUMBER.latencyMs]),
      retryCount: numberOf(numbers[at + NUMBER.retryCount]),
      countSource: kind.countSource,
      requests: numbers[at + NUMBER.requests] ?? 0,
      usage: usageOf(numbers, at, rest),
      reportedCost: reported === undefined ? undefined : money(BigInt(reported)),
      tags,
      ...(kind.hasLabels ? { labels: tagSet.labels } : {}),
    } satisfies Record<Exclude<keyof UsageEvent, 'replay' | 'labels'>, unknown>;
    return { event, key, format: kind.format, fileId, line: numbers[at + NUMBER.line] ?? 0 };
  }
}

const numberOf = (value: number | undefined): number | undefined =>
  value === undefined || Number.isNaN(value) ? undefined : value;

const NOTHING: Readonly<Record<string, number>> = {};

function usageOf(numbers: Float64Array, at: number, rest: string | undefined): UsageEvent['usage'] {
  const [cacheWrite, parts, fees] =
    rest === undefined ? [cacheWriteOf(numbers, at), NOTHING, NOTHING] : JSON.parse(rest);
  return {
    input: numbers[at + NUMBER.input] ?? 0,
    cacheRead: numbers[at + NUMBER.cacheRead] ?? 0,
    cacheWrite,
    output: numbers[at + NUMBER.output] ?? 0,
    reasoning: numbers[at + NUMBER.reasoning] ?? 0,
    parts,
    fees,
  } satisfies Record<keyof UsageEvent['usage'], unknown>;
}

function cacheWriteOf(numbers: Float64Array, at: number): Readonly<Record<string, number>> {
  const unsplit = numberOf(numbers[at + NUMBER.cacheWrite]);
  const short = numberOf(numbers[at + NUMBER.cacheWrite5m]);
  const long = numberOf(numbers[at + NUMBER.cacheWrite1h]);
  if (short === undefined && long === undefined)
    return unsplit === undefined ? NOTHING : { default: unsplit };
  return {
    ...(short === undefined ? {} : { '5m': short }),
    ...(long === undefined ? {} : { '1h': long }),
    ...(unsplit === undefined ? {} : { default: unsplit }),
  };
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
