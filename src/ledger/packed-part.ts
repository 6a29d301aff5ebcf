import { money } from '../domain/money.ts';
import type { Usage, UsageEvent } from '../domain/usage.ts';
import type { BlockNames } from './block-reading.ts';
import type { IncomingEvent } from './event-placement.ts';
import {
  ABSENT,
  type EventKind,
  NUMBER,
  NUMBERS,
  type PackedEvents,
  type TagSet,
  TEXT,
  TEXTS,
} from './packed-events.ts';

const CALL_TAGS = ['run', 'session', 'user', 'step'] as const;

/** Opens, in their order, what one EventPacker packed. */
export class EventUnpacker {
  #kinds: EventKind[] = [];
  #tagSets: TagSet[] = [];

  /** A part, whose events are equal to those that were packed. */
  open(packed: PackedEvents): PackedPart {
    if (packed.anew) [this.#kinds, this.#tagSets] = [[], []];
    this.#kinds.push(...packed.kinds);
    this.#tagSets.push(...packed.tagSets);
    return new PackedPart(packed, this.#kinds, this.#tagSets);
  }
}

/** Events of one file that are read where they are packed; an object is made only of those that need one. */
export class PackedPart {
  readonly count: number;
  readonly numbers: Float64Array;
  readonly lengths: Int32Array;
  readonly text: string;
  readonly fileId: number | null;
  /** Where the texts of each event begin, and where the last one's end. */
  readonly textStarts: Int32Array;
  /** What events share, by its number; the same lists for all parts among which numbers mean the same. */
  readonly kinds: readonly EventKind[];
  readonly tagSets: readonly TagSet[];

  constructor(packed: PackedEvents, kinds: readonly EventKind[], tagSets: readonly TagSet[]) {
    this.count = packed.count;
    this.numbers = packed.numbers;
    this.lengths = packed.lengths;
    this.text = packed.text;
    this.fileId = packed.fileId;
    this.textStarts = startsOf(packed);
    this.kinds = kinds;
    this.tagSets = tagSets;
  }

  /** The number of an event's kind in `kinds`. */
  kind(index: number): number {
    return this.numbers[index * NUMBERS + NUMBER.kind] ?? 0;
  }

  /** The number of an event's tags in `tagSets`. */
  tagSet(index: number): number {
    return this.numbers[index * NUMBERS + NUMBER.tagSet] ?? 0;
  }

  /** Whether an event has nothing besides plain counts, its own tags, and what its kind and tag set say. */
  isPlain(index: number): boolean {
    const { lengths } = this;
    const text = index * TEXTS;
    return (
      lengths[text + TEXT.rest] === ABSENT &&
      lengths[text + TEXT.reported] === ABSENT &&
      lengths[text + TEXT.family] !== 0
    );
  }

  /** Whether an event belongs to a run. */
  hasRun(index: number): boolean {
    return this.lengths[index * TEXTS + TEXT.run] !== ABSENT;
  }

  /** Where the key of an event ends in the text; it begins where the event's texts do. */
  keyEnd(index: number): number {
    return (this.textStarts[index] ?? 0) + (this.lengths[index * TEXTS + TEXT.key] ?? 0);
  }

  /** The key of an event. */
  key(index: number): string {
    return this.text.slice(this.textStarts[index], this.keyEnd(index));
  }

  /** Where the family of an event begins, with which its texts end where isPlain holds; there is none where it begins at the end. */
  familyStart(index: number): number {
    const length = this.lengths[index * TEXTS + TEXT.family] ?? ABSENT;
    return (this.textStarts[index + 1] ?? 0) - Math.max(0, length);
  }

  /** A text of an event by its place in TEXT; `undefined` where there is none. */
  ownText(index: number, place: number): string | undefined {
    const length = this.lengths[index * TEXTS + place] ?? ABSENT;
    if (length === ABSENT) return undefined;
    let at = this.textStarts[index] ?? 0;
    for (let before = index * TEXTS; before < index * TEXTS + place; before += 1)
      at += Math.max(0, this.lengths[before] ?? 0);
    return this.text.slice(at, at + length);
  }

  /** What an event of which isPlain holds is looked up by. */
  names(index: number): BlockNames {
    const family = this.text.slice(this.familyStart(index), this.textStarts[index + 1]);
    return { key: this.key(index), family: family === '' ? null : family };
  }

  /** What rates an event of which isPlain holds. */
  ratedCall(index: number): Pick<UsageEvent, 'usage' | 'tags'> {
    return {
      usage: usageOf(this.numbers, index * NUMBERS, undefined),
      tags: known(this.tagSets[this.tagSet(index)]).tags,
    };
  }

  /** All events, one after another. */
  events(): readonly IncomingEvent[] {
    return Array.from({ length: this.count }, (_, index) => this.event(index));
  }

  /** One event as an object. */
  event(index: number): IncomingEvent {
    const { numbers, fileId } = this;
    const at = index * NUMBERS;
    const kind = known(this.kinds[this.kind(index)]);
    const tagSet = known(this.tagSets[this.tagSet(index)]);
    const text = this.#textsOf(index);
    const key = text[TEXT.key] ?? '';
    const tags = { ...tagSet.tags };
    for (const name of CALL_TAGS) {
      const value = text[TEXT[name]];
      if (value !== undefined) tags[name] = value;
    }
    const reported = text[TEXT.reported];
    // A field that an event gains has to be packed too: without it here this does not compile.
    const event = {
      id: kind.hasId ? key : undefined,
      family: text[TEXT.family],
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
      usage: usageOf(numbers, at, text[TEXT.rest]),
      reportedCost: reported === undefined ? undefined : money(BigInt(reported)),
      tags,
      ...(kind.hasLabels ? { labels: tagSet.labels } : {}),
    } satisfies Record<Exclude<keyof UsageEvent, 'replay' | 'labels'>, unknown>;
    return { event, key, format: kind.format, fileId, line: numbers[at + NUMBER.line] ?? 0 };
  }

  /** The texts of an event in the order of TEXT; `undefined` where there is none. */
  #textsOf(index: number): readonly (string | undefined)[] {
    let at = this.textStarts[index] ?? 0;
    return Array.from(this.lengths.subarray(index * TEXTS, (index + 1) * TEXTS), (length) => {
      if (length === ABSENT) return undefined;
      const from = at;
      at += length;
      return this.text.slice(from, at);
    });
  }
}

function startsOf({ count, lengths }: PackedEvents): Int32Array {
  const starts = new Int32Array(count + 1);
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    starts[index] = at;
    for (let text = index * TEXTS; text < (index + 1) * TEXTS; text += 1)
      at += Math.max(0, lengths[text] ?? 0);
  }
  starts[count] = at;
  return starts;
}

function known<Shared>(shared: Shared | undefined): Shared {
  if (shared === undefined) throw new Error('events out of order');
  return shared;
}

const numberOf = (value: number | undefined): number | undefined =>
  value === undefined || Number.isNaN(value) ? undefined : value;

const NOTHING: Readonly<Record<string, number>> = {};

function usageOf(numbers: Float64Array, at: number, rest: string | undefined): Usage {
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
