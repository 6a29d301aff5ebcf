import { TagSetMemo } from '../domain/tag-set-memo.ts';
import { isCallTag } from '../domain/tags.ts';
import type { UsageEvent } from '../domain/usage.ts';
import type { IncomingEvent } from '../ledger/event-placement.ts';

/**
 * Events as they go from one thread to another: a few buffers and one text for thousands of events, since a
 * copy of every object would cost more than the thread saves. What many events share is sent once.
 */
export interface PackedEvents {
  readonly count: number;
  /** NUMBERS a event, NaN where there is none. */
  readonly numbers: Float64Array<ArrayBuffer>;
  /** Lengths of TEXTS texts a event in `text`, ABSENT where there is none. */
  readonly lengths: Int32Array<ArrayBuffer>;
  readonly text: string;
  /** What is new among what events share; numbered on from what was sent before, from 0 after `anew`. */
  readonly kinds: readonly EventKind[];
  readonly tagSets: readonly TagSet[];
  readonly anew: boolean;
  readonly fileId: number | null;
}

/** What many events have in common besides tags. */
export type EventKind = Pick<
  UsageEvent,
  | 'provider'
  | 'model'
  | 'requestModel'
  | 'operation'
  | 'serviceTier'
  | 'region'
  | 'inferenceGeo'
  | 'status'
  | 'errorCode'
  | 'billable'
  | 'countSource'
> & {
  readonly replay: boolean | undefined;
  readonly hasId: boolean;
  readonly hasFamily: boolean;
  readonly hasLabels: boolean;
  readonly format: string;
};

/** Tags that are not the call's own, and labels. */
export type TagSet = Required<Pick<UsageEvent, 'tags' | 'labels'>>;

/** Numbers an event: kind, tag set, and those that putNumbers puts. */
export const NUMBERS = 12;
/** Texts an event, as putTexts puts them. */
const TEXTS = 8;
/** Instead of the length of a text that is not there. */
export const ABSENT = -1;
/** Kinds or tag sets that are remembered before both sides begin anew. */
const REMEMBERED = 50_000;

/** Packs events; what was sent once is not sent again. */
export class EventPacker {
  #kinds = new Map<string, { readonly number: number; readonly kind: EventKind }[]>();
  #tagSets = new TagSetMemo();
  #kindCount = 0;
  #tagSetCount = 0;

  /** Packs events of one file. */
  pack(events: readonly IncomingEvent[], fileId: number | null): PackedEvents {
    const anew = this.#kindCount > REMEMBERED || this.#tagSetCount > REMEMBERED;
    if (anew) {
      this.#kinds = new Map();
      this.#tagSets = new TagSetMemo();
      [this.#kindCount, this.#tagSetCount] = [0, 0];
    }
    const numbers = new Float64Array(events.length * NUMBERS);
    const lengths = new Int32Array(events.length * TEXTS);
    const texts: string[] = [];
    const kinds: EventKind[] = [];
    const tagSets: TagSet[] = [];
    for (const [index, incoming] of events.entries()) {
      const at = index * NUMBERS;
      putNumbers(numbers, at, incoming);
      numbers[at] = this.#kindOf(incoming, kinds);
      numbers[at + 1] = this.#tagSetOf(incoming.event, tagSets);
      putTexts(texts, lengths, index * TEXTS, incoming);
    }
    return {
      count: events.length,
      numbers,
      lengths,
      text: texts.join(''),
      kinds,
      tagSets,
      anew,
      fileId,
    };
  }

  #kindOf(incoming: IncomingEvent, sent: EventKind[]): number {
    const { model } = incoming.event;
    let ofModel = this.#kinds.get(model);
    if (ofModel === undefined) this.#kinds.set(model, (ofModel = []));
    const known = ofModel.find(({ kind }) => isOfKind(incoming, kind));
    if (known !== undefined) return known.number;
    const kind = kindOf(incoming);
    const number = this.#kindCount++;
    ofModel.push({ number, kind });
    sent.push(kind);
    return number;
  }

  #tagSetOf(event: UsageEvent, sent: TagSet[]): number {
    return this.#tagSets.idOf(event, () => {
      const tags = Object.entries(event.tags).filter(([key]) => !isCallTag(key));
      sent.push({ tags: Object.fromEntries(tags), labels: event.labels ?? [] });
      return this.#tagSetCount++;
    });
  }
}

const kindOf = ({ event, format }: IncomingEvent): EventKind => ({
  replay: event.replay,
  provider: event.provider,
  model: event.model,
  requestModel: event.requestModel,
  operation: event.operation,
  serviceTier: event.serviceTier,
  region: event.region,
  inferenceGeo: event.inferenceGeo,
  status: event.status,
  errorCode: event.errorCode,
  billable: event.billable,
  countSource: event.countSource,
  hasId: event.id !== undefined,
  hasFamily: event.family !== undefined,
  hasLabels: event.labels !== undefined,
  format,
});

const isOfKind = ({ event, format }: IncomingEvent, kind: EventKind): boolean =>
  event.provider === kind.provider &&
  event.status === kind.status &&
  event.errorCode === kind.errorCode &&
  event.requestModel === kind.requestModel &&
  event.operation === kind.operation &&
  event.serviceTier === kind.serviceTier &&
  event.region === kind.region &&
  event.inferenceGeo === kind.inferenceGeo &&
  event.billable === kind.billable &&
  event.countSource === kind.countSource &&
  event.replay === kind.replay &&
  (event.id !== undefined) === kind.hasId &&
  (event.family !== undefined) === kind.hasFamily &&
  (event.labels !== undefined) === kind.hasLabels &&
  format === kind.format;

/** All numbers but the first two, which name the kind and the tag set. */
function putNumbers(numbers: Float64Array, at: number, { event, line }: IncomingEvent): void {
  const { usage } = event;
  numbers[at + 2] = event.time ?? Number.NaN;
  numbers[at + 3] = event.latencyMs ?? Number.NaN;
  numbers[at + 4] = event.retryCount ?? Number.NaN;
  numbers[at + 5] = event.requests;
  numbers[at + 6] = usage.input;
  numbers[at + 7] = usage.cacheRead;
  numbers[at + 8] = usage.cacheWrite['default'] ?? Number.NaN;
  numbers[at + 9] = usage.output;
  numbers[at + 10] = usage.reasoning;
  numbers[at + 11] = line;
}

function putTexts(
  texts: string[],
  lengths: Int32Array,
  at: number,
  { event, key }: IncomingEvent,
): void {
  const put = (offset: number, text: string | undefined): void => {
    lengths[at + offset] = text === undefined ? ABSENT : text.length;
    if (text !== undefined) texts.push(text);
  };
  const { tags } = event;
  put(0, key);
  put(1, tags['run']);
  put(2, tags['session']);
  put(3, tags['user']);
  put(4, tags['step']);
  put(5, event.family);
  put(6, restOfUsage(event));
  put(7, event.reportedCost === undefined ? undefined : String(event.reportedCost));
}

/** What a usage has besides plain counts, as JSON; most have nothing. */
function restOfUsage({ usage }: UsageEvent): string | undefined {
  const { cacheWrite, parts, fees } = usage;
  let ttls = 0;
  for (const ttl in cacheWrite) if (ttl !== 'default') ttls += 1;
  return ttls === 0 && isEmpty(parts) && isEmpty(fees)
    ? undefined
    : JSON.stringify([cacheWrite, parts, fees]);
}

function isEmpty(counts: object): boolean {
  for (const _name in counts) return false;
  return true;
}
