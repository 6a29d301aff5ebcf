import { TagSetMemo } from '../domain/tag-set-memo.ts';
import { isCallTag } from '../domain/tags.ts';
import type { UsageEvent } from '../domain/usage.ts';
import type { IncomingEvent } from '../ledger/event-placement.ts';
import {
  ABSENT,
  type EventKind,
  NUMBER,
  NUMBERS,
  type PackedEvents,
  type TagSet,
  TEXT,
  TEXTS,
} from '../ledger/packed-events.ts';
import { viewOf } from './same-bytes.ts';

const EIGHT = 8;

/** Kinds or tag sets that are remembered before both sides begin anew. */
const REMEMBERED = 50_000;
/** Events that there is room for at first, and bytes of text. */
const [ROOM, ROOM_FOR_TEXT] = [512, 1 << 16];

/** Packs events one by one; what was sent once is not sent again. */
export class EventPacker {
  /** Events that are packed and not yet taken. */
  count = 0;
  /** Their rows, as PackedEvents has them. */
  numbers = new Float64Array(ROOM * NUMBERS);
  lengths = new Int32Array(ROOM * TEXTS);
  /** Grows whenever both sides begin anew: from then on kinds and tag sets have other numbers. */
  generation = 0;
  #texts: string[] = [];
  /** ASCII of the texts that follow those. */
  readonly #ascii = Buffer.allocUnsafeSlow(ROOM_FOR_TEXT);
  readonly #asciiView = viewOf(this.#ascii);
  #asciiLength = 0;
  #kinds = new Map<string, { readonly number: number; readonly kind: EventKind }[]>();
  #tagSets = new TagSetMemo();
  #kindCount = 0;
  #tagSetCount = 0;
  #newKinds: EventKind[] = [];
  #newTagSets: TagSet[] = [];
  #anew = false;

  add(incoming: IncomingEvent): void {
    const row = this.addRow();
    putNumbers(this.numbers, row * NUMBERS, incoming);
    this.numbers[row * NUMBERS + NUMBER.kind] = this.#kindOf(incoming);
    this.numbers[row * NUMBERS + NUMBER.tagSet] = this.#tagSetOf(incoming.event);
    const { event, key } = incoming;
    const { tags } = event;
    this.#addText(row, TEXT.key, key);
    this.#addText(row, TEXT.run, tags['run']);
    this.#addText(row, TEXT.session, tags['session']);
    this.#addText(row, TEXT.user, tags['user']);
    this.#addText(row, TEXT.step, tags['step']);
    this.#addText(row, TEXT.family, event.family);
    this.#addText(row, TEXT.rest, restOfUsage(event));
    const { reportedCost } = event;
    this.#addText(row, TEXT.reported, reportedCost === undefined ? undefined : `${reportedCost}`);
  }

  /** One row more, to be filled by the caller; its index. */
  addRow(): number {
    const row = this.count++;
    if (row * NUMBERS >= this.numbers.length) {
      this.numbers = twice(this.numbers, new Float64Array(this.numbers.length * 2));
      this.lengths = twice(this.lengths, new Int32Array(this.lengths.length * 2));
    }
    return row;
  }

  /** Adds ASCII to the texts of a row, which are to be added in the order of TEXT; its length is for the caller to put. */
  addAscii(bytes: DataView, from: number, to: number): void {
    const length = to - from;
    if (this.#asciiLength + length + EIGHT > this.#ascii.length) this.#flushAscii();
    const ascii = this.#asciiView;
    const start = this.#asciiLength;
    this.#asciiLength = start + length;
    // Eight at a time, as sameBytes reads them; for a dozen bytes a call of Buffer.copy takes longer.
    const last = bytes.byteLength - from - EIGHT;
    let at = 0;
    for (; at < length && at <= last; at += EIGHT)
      ascii.setFloat64(start + at, bytes.getFloat64(from + at));
    for (; at < length; at += 1) ascii.setUint8(start + at, bytes.getUint8(from + at));
  }

  /** The events added since the last time, which are all of one file. */
  take(fileId: number | null): PackedEvents {
    this.#flushAscii();
    const packed = {
      count: this.count,
      numbers: this.numbers.slice(0, this.count * NUMBERS),
      lengths: this.lengths.slice(0, this.count * TEXTS),
      text: this.#texts.join(''),
      kinds: this.#newKinds,
      tagSets: this.#newTagSets,
      anew: this.#anew,
      fileId,
    };
    this.count = 0;
    [this.#texts, this.#newKinds, this.#newTagSets] = [[], [], []];
    this.#anew = this.#kindCount > REMEMBERED || this.#tagSetCount > REMEMBERED;
    if (this.#anew) this.#forget();
    return packed;
  }

  /** Forgets the events added since the last time; what is new among what they share goes with the next ones. */
  drop(): void {
    this.count = 0;
    this.#texts = [];
    this.#asciiLength = 0;
  }

  #forget(): void {
    this.#kinds = new Map();
    this.#tagSets = new TagSetMemo();
    [this.#kindCount, this.#tagSetCount] = [0, 0];
    this.generation += 1;
  }

  #addText(row: number, text: number, value: string | undefined): void {
    this.lengths[row * TEXTS + text] = value === undefined ? ABSENT : value.length;
    if (value === undefined) return;
    if (this.#asciiLength > 0) this.#flushAscii();
    this.#texts.push(value);
  }

  #flushAscii(): void {
    if (this.#asciiLength > 0)
      this.#texts.push(this.#ascii.toString('latin1', 0, this.#asciiLength));
    this.#asciiLength = 0;
  }

  #kindOf(incoming: IncomingEvent): number {
    const { model } = incoming.event;
    let ofModel = this.#kinds.get(model);
    if (ofModel === undefined) this.#kinds.set(model, (ofModel = []));
    const known = ofModel.find(({ kind }) => isOfKind(incoming, kind));
    if (known !== undefined) return known.number;
    const kind = kindOf(incoming);
    const number = this.#kindCount++;
    ofModel.push({ number, kind });
    this.#newKinds.push(kind);
    return number;
  }

  #tagSetOf(event: UsageEvent): number {
    return this.#tagSets.idOf(event, () => {
      const tags = Object.entries(event.tags).filter(([key]) => !isCallTag(key));
      this.#newTagSets.push({ tags: Object.fromEntries(tags), labels: event.labels ?? [] });
      return this.#tagSetCount++;
    });
  }
}

function twice<Numbers extends Float64Array | Int32Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
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

/** All numbers but the kind and the tag set. */
function putNumbers(numbers: Float64Array, at: number, { event, line }: IncomingEvent): void {
  const { usage } = event;
  numbers[at + NUMBER.time] = event.time ?? Number.NaN;
  numbers[at + NUMBER.latencyMs] = event.latencyMs ?? Number.NaN;
  numbers[at + NUMBER.retryCount] = event.retryCount ?? Number.NaN;
  numbers[at + NUMBER.requests] = event.requests;
  numbers[at + NUMBER.input] = usage.input;
  numbers[at + NUMBER.cacheRead] = usage.cacheRead;
  numbers[at + NUMBER.cacheWrite] = usage.cacheWrite['default'] ?? Number.NaN;
  numbers[at + NUMBER.cacheWrite5m] = usage.cacheWrite['5m'] ?? Number.NaN;
  numbers[at + NUMBER.cacheWrite1h] = usage.cacheWrite['1h'] ?? Number.NaN;
  numbers[at + NUMBER.output] = usage.output;
  numbers[at + NUMBER.reasoning] = usage.reasoning;
  numbers[at + NUMBER.line] = line;
}

/** Times to live that have numbers of their own. */
const isPlain = (ttl: string): boolean => ttl === 'default' || ttl === '5m' || ttl === '1h';

/** What a usage has besides plain counts, as JSON; most have nothing. */
function restOfUsage({ usage }: UsageEvent): string | undefined {
  const { cacheWrite, parts, fees } = usage;
  let ttls = 0;
  for (const ttl in cacheWrite) if (!isPlain(ttl)) ttls += 1;
  return ttls === 0 && isEmpty(parts) && isEmpty(fees)
    ? undefined
    : JSON.stringify([cacheWrite, parts, fees]);
}

function isEmpty(counts: object): boolean {
  for (const _name in counts) return false;
  return true;
}
