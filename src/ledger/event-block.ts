import { Column, packColumns, unpackColumns } from './number-columns.ts';
import { ABSENT, NUMBER, NUMBERS, TEXT, TEXTS } from './packed-events.ts';
import type { PackedPart } from './packed-part.ts';

/** A row of the table event_block: events of one file, mostly, with consecutive ids, in as few bytes as they need. */
export interface EventBlock {
  /** Of its first event; the others count on. */
  readonly id: number;
  readonly count: number;
  readonly file_id: number | null;
  /** How many columns it has: COLUMNS, or fewer where an earlier version made it. */
  readonly columns: number;
  /** What packColumns makes of the columns. */
  readonly numbers: Uint8Array;
  /** OWN_TEXTS of each event, one behind the other. */
  readonly texts: string;
}

/** Where the columns of a block stand, whose order stays. Those of texts are lengths, NaN where there is none. */
export const COLUMN = {
  ownId: 0,
  skuId: 1,
  rateId: 2,
  tagSetId: 3,
  status: 4,
  time: 5,
  latencyMs: 6,
  retryCount: 7,
  requests: 8,
  input: 9,
  cacheRead: 10,
  /** Without those of the two times to live that have columns of their own. */
  cacheWrite: 11,
  output: 12,
  reasoning: 13,
  line: 14,
  key: 15,
  run: 16,
  session: 17,
  user: 18,
  step: 19,
  // What follows came with migration 010. An event of a block without it has none of it.
  replay: 20,
  cacheWrite5m: 21,
  cacheWrite1h: 22,
  family: 23,
  /** Only of an event whose fullest record came from another file than the block's. */
  otherFileId: 24,
} as const;
const COLUMNS = 25;

/** What the ledger says of an event; the status as its number in STATUSES, the time as its earliest record says it. */
const PLACES = ['ownId', 'skuId', 'rateId', 'tagSetId', 'status', 'time', 'replay'] as const;
/** What its fullest record says, as it comes packed. */
const WRITTEN = [
  'latencyMs',
  'retryCount',
  'requests',
  'input',
  'cacheRead',
  'cacheWrite',
  'cacheWrite5m',
  'cacheWrite1h',
  'output',
  'reasoning',
  'line',
] as const;
/** In the order in which they follow each other. */
export const OWN_TEXTS = ['key', 'run', 'session', 'user', 'step', 'family'] as const;

/** Where the ledger has placed events, a column each. */
export type Places = Readonly<Record<(typeof PLACES)[number], Float64Array>>;

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
    const place = (name: keyof Places): Float64Array =>
      columnAt(this.#columns, COLUMN[name]).values;
    return {
      ownId: place('ownId'),
      skuId: place('skuId'),
      rateId: place('rateId'),
      tagSetId: place('tagSetId'),
      status: place('status'),
      time: place('time'),
      replay: place('replay'),
    };
  }

  /** The block of some events of a part, by their indexes in it, which say nothing that a block does not keep. */
  block(id: number, part: PackedPart, indexes: Int32Array): EventBlock {
    const count = indexes.length;
    for (const name of WRITTEN)
      columnAt(this.#columns, COLUMN[name]).take(
        part.numbers,
        NUMBERS,
        NUMBER[name],
        indexes,
        Number.NaN,
      );
    for (const name of OWN_TEXTS)
      columnAt(this.#columns, COLUMN[name]).take(part.lengths, TEXTS, TEXT[name], indexes, ABSENT);
    return {
      id,
      count,
      file_id: part.fileId,
      columns: COLUMNS,
      numbers: packColumns(this.#columns, count),
      texts: textsOf(part, indexes),
    };
  }
}

const columnsFor = (count: number): readonly Column[] =>
  Array.from({ length: COLUMNS }, () => new Column(count));

/** The texts of events of a part; mostly all of them, which are one text already. */
function textsOf({ count, text, textStarts }: PackedPart, indexes: Int32Array): string {
  if (indexes.length === count) return text;
  return Array.from(indexes, (index) => text.slice(textStarts[index], textStarts[index + 1])).join(
    '',
  );
}

/** The column of a place in COLUMN. */
export function columnAt<Columns>(columns: readonly Columns[], index: number): Columns {
  const column = columns[index];
  if (column === undefined) throw new Error('a block lacks a column');
  return column;
}

/** The columns of a block by their places in COLUMN; those of later versions say nothing. */
export function unpacked({ numbers, columns, count }: EventBlock): readonly Float64Array[] {
  const known = unpackColumns(numbers, columns, count);
  while (known.length < COLUMNS) known.push(new Float64Array(count).fill(Number.NaN));
  return known;
}
