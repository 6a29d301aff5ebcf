import { STATUSES } from '../domain/usage.ts';
import { packColumns, unpackColumns } from './number-columns.ts';
import { ABSENT, NUMBER, NUMBERS, TEXT, TEXTS } from './packed-events.ts';
import type { PackedPart } from './packed-part.ts';
import type { PlacedEvent } from './placed-event.ts';

/** A row of the table event_block: events of one file with consecutive ids, in as few bytes as they need. */
export interface EventBlock {
  /** Of its first event; the others count on. */
  readonly id: number;
  readonly count: number;
  readonly file_id: number | null;
  /** What packColumns makes of the columns: those of PLACE, of WRITTEN, and the lengths of OWN_TEXTS. */
  readonly numbers: Uint8Array;
  /** OWN_TEXTS of each event, one behind the other. */
  readonly texts: string;
}

/** Where the ledger has placed events, a column each. */
export type Places = Readonly<Record<(typeof PLACE)[number], Float64Array>>;

/** What the ledger says of an event; the status as its number in STATUSES. */
const PLACE = ['ownId', 'skuId', 'rateId', 'tagSetId', 'status'] as const;
/** What its record says, as it comes packed. */
const WRITTEN = [
  'time',
  'latencyMs',
  'retryCount',
  'requests',
  'input',
  'cacheRead',
  'cacheWrite',
  'output',
  'reasoning',
  'line',
] as const;
/** Texts are absent where the length is NaN. */
const OWN_TEXTS = ['key', 'run', 'session', 'user', 'step'] as const;
const COLUMNS = PLACE.length + WRITTEN.length + OWN_TEXTS.length;

/** Makes blocks, one after another, in the same room: garbage beside V8's heap is kept for long. */
export class BlockPacker {
  #columns = columnsFor(0);
  #room = 0;

  /** Columns for the places of at most so many events, to be filled before the block of these is made. */
  placesFor(count: number): Places {
    if (count > this.#room) {
      this.#room = count;
      this.#columns = columnsFor(count);
    }
    const [ownId, skuId, rateId, tagSetId, status] = this.#columns;
    if (!ownId || !skuId || !rateId || !tagSetId || !status) throw new Error('no room');
    return { ownId, skuId, rateId, tagSetId, status };
  }

  /** The block of some events of a part, by their indexes in it, which say nothing that a block does not keep. */
  block(id: number, part: PackedPart, indexes: Int32Array): EventBlock {
    const count = indexes.length;
    for (const [column, name] of WRITTEN.entries())
      gather(part.numbers, NUMBERS, NUMBER[name], indexes, this.#columns[PLACE.length + column]);
    for (const [column, name] of OWN_TEXTS.entries()) {
      const lengths = this.#columns[PLACE.length + WRITTEN.length + column];
      gather(part.lengths, TEXTS, TEXT[name], indexes, lengths);
      for (let row = 0; row < count; row += 1)
        if (lengths?.[row] === ABSENT) lengths[row] = Number.NaN;
    }
    const numbers = packColumns(this.#columns, count);
    return { id, count, file_id: part.fileId, numbers, texts: textsOf(part, indexes) };
  }
}

const columnsFor = (count: number): readonly Float64Array[] =>
  Array.from({ length: COLUMNS }, () => new Float64Array(count));

/** Puts one of the values of each of some events into a column. */
function gather(
  from: Float64Array | Int32Array,
  stride: number,
  offset: number,
  indexes: Int32Array,
  column: Float64Array | undefined,
): void {
  if (column === undefined) return;
  for (let row = 0; row < indexes.length; row += 1)
    column[row] = from[(indexes[row] ?? 0) * stride + offset] ?? Number.NaN;
}

/** The texts of events of a part; mostly all of them, which are one text already. */
function textsOf({ count, text, textStarts }: PackedPart, indexes: Int32Array): string {
  if (indexes.length === count) return text;
  return Array.from(indexes, (index) => text.slice(textStarts[index], textStarts[index + 1])).join(
    '',
  );
}

/** Columns of a block as sums read them, a number an event; NaN stands for a time that the source does not say. */
export interface BlockColumns extends Omit<Places, 'ownId'> {
  readonly time: Float64Array;
  readonly requests: Float64Array;
  readonly input: Float64Array;
  readonly cacheRead: Float64Array;
  readonly cacheWrite: Float64Array;
  readonly output: Float64Array;
  readonly reasoning: Float64Array;
}

/** The columns of a block without its texts. */
export function columnsOf({ numbers, count }: EventBlock): BlockColumns {
  const columns = unpackColumns(numbers, COLUMNS, count);
  const place = (name: (typeof PLACE)[number]): Float64Array =>
    columnAt(columns, PLACE.indexOf(name));
  const written = (name: (typeof WRITTEN)[number]): Float64Array =>
    columnAt(columns, PLACE.length + WRITTEN.indexOf(name));
  return {
    skuId: place('skuId'),
    rateId: place('rateId'),
    tagSetId: place('tagSetId'),
    status: place('status'),
    time: written('time'),
    requests: written('requests'),
    input: written('input'),
    cacheRead: written('cacheRead'),
    cacheWrite: written('cacheWrite'),
    output: written('output'),
    reasoning: written('reasoning'),
  };
}

function columnAt(columns: readonly Float64Array[], index: number): Float64Array {
  const column = columns[index];
  if (column === undefined) throw new Error('a block lacks a column');
  return column;
}

/** The events of a block with their ids. */
export function eventsOf(block: EventBlock): readonly (readonly [id: number, PlacedEvent])[] {
  const columns = unpackColumns(block.numbers, COLUMNS, block.count);
  const texts = new BlockTexts(block, columns);
  return Array.from({ length: block.count }, (_, row) => {
    let next = 0;
    const number = (): number | null => {
      const value = columns[next++]?.[row] ?? Number.NaN;
      return Number.isNaN(value) ? null : value;
    };
    // In the order of PLACE and of WRITTEN.
    const numbers = {
      ownId: number() ?? 0,
      skuId: number() ?? 0,
      rateId: number() ?? 0,
      tagSetId: number() ?? 0,
      status: STATUSES[number() ?? 0] ?? 'success',
      time: number(),
      latencyMs: number(),
      retryCount: number(),
      requests: number() ?? 0,
      input: number() ?? 0,
      cacheRead: number() ?? 0,
      cacheWrite: number() ?? 0,
      output: number() ?? 0,
      reasoning: number() ?? 0,
      line: number() ?? 0,
    };
    const [key, run, session, user, step] = texts.next();
    const own = { key: key ?? '', run, session, user, step, fileId: block.file_id };
    return [block.id + row, { ...numbers, ...own, ...NOTHING_MORE }];
  });
}

/** What no event of a block has. */
const NOTHING_MORE = {
  replay: 0,
  errorCode: null,
  extra: null,
  reported: null,
  identifiers: null,
} as const;

/** The keys of a block's events. */
export function keysOf(block: EventBlock): readonly string[] {
  const texts = new BlockTexts(block, unpackColumns(block.numbers, COLUMNS, block.count));
  return Array.from({ length: block.count }, () => texts.next()[0] ?? '');
}

type OwnTexts = readonly [
  key: string | null,
  run: string | null,
  session: string | null,
  user: string | null,
  step: string | null,
];

/** Reads the texts of a block, event after event. */
class BlockTexts {
  readonly #texts: string;
  readonly #lengths: readonly Float64Array[];
  #row = 0;
  #at = 0;

  constructor({ texts }: EventBlock, columns: readonly Float64Array[]) {
    this.#texts = texts;
    this.#lengths = columns.slice(-OWN_TEXTS.length);
  }

  next(): OwnTexts {
    const texts: OwnTexts = [this.#own(0), this.#own(1), this.#own(2), this.#own(3), this.#own(4)];
    this.#row += 1;
    return texts;
  }

  #own(text: number): string | null {
    const length = this.#lengths[text]?.[this.#row] ?? Number.NaN;
    if (Number.isNaN(length)) return null;
    const from = this.#at;
    this.#at += length;
    return this.#texts.slice(from, this.#at);
  }
}
