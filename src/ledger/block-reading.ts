import { STATUSES } from '../domain/usage.ts';
import {
  COLUMN,
  columnAt,
  type EventBlock,
  OWN_TEXTS,
  type Places,
  unpacked,
} from './event-block.ts';
import { extraWrites } from './event-row.ts';
import type { PlacedEvent } from './placed-event.ts';

/** Columns of a block as sums read them, a number an event; NaN stands for what the source does not say. */
export interface BlockColumns extends Omit<Places, 'ownId' | 'replay'> {
  readonly requests: Float64Array;
  readonly input: Float64Array;
  readonly cacheRead: Float64Array;
  /** Over all times to live. */
  readonly cacheWrite: Float64Array;
  readonly cacheWrite5m: Float64Array;
  readonly cacheWrite1h: Float64Array;
  readonly output: Float64Array;
  readonly reasoning: Float64Array;
}

/** The columns of a block without its texts. */
export function columnsOf(block: EventBlock): BlockColumns {
  const columns = unpacked(block);
  const column = (name: keyof typeof COLUMN): Float64Array => columnAt(columns, COLUMN[name]);
  const [short, long] = [column('cacheWrite5m'), column('cacheWrite1h')];
  return {
    skuId: column('skuId'),
    rateId: column('rateId'),
    tagSetId: column('tagSetId'),
    status: column('status'),
    time: column('time'),
    requests: column('requests'),
    input: column('input'),
    cacheRead: column('cacheRead'),
    cacheWrite: column('cacheWrite').map(
      (other, row) => (other || 0) + (short[row] || 0) + (long[row] || 0),
    ),
    cacheWrite5m: short,
    cacheWrite1h: long,
    output: column('output'),
    reasoning: column('reasoning'),
  };
}

/** An event of a block, and the family of its call where its record names one. */
export interface BlockEvent {
  readonly id: number;
  readonly event: PlacedEvent;
  readonly family: string | null;
}

/** What events of a block are looked up by. */
export interface BlockNames {
  readonly key: string;
  readonly family: string | null;
}

/** The events of a block. */
export function eventsOf(block: EventBlock): readonly BlockEvent[] {
  const reader = new BlockReader(block);
  return Array.from({ length: block.count }, (_, row) => reader.event(row));
}

/** The keys of a block's events, and their families. */
export function namesOf(block: EventBlock): readonly BlockNames[] {
  const reader = new BlockReader(block);
  return Array.from({ length: block.count }, (_, row) => reader.names(row));
}

/** Reads the events of a block by their rows, which count on from 0. */
export class BlockReader {
  readonly #block: EventBlock;
  /** By their places in COLUMN. */
  readonly columns: readonly Float64Array[];
  /** Where the texts of each event begin. */
  readonly #starts: Int32Array;

  constructor(block: EventBlock) {
    this.#block = block;
    this.columns = unpacked(block);
    this.#starts = new Int32Array(block.count);
    let at = 0;
    for (let row = 0; row < block.count; row += 1) {
      this.#starts[row] = at;
      for (const name of OWN_TEXTS) at += this.#count(name, row);
    }
  }

  names(row: number): BlockNames {
    const [from, to] = this.#bounds(row);
    const family = this.#count('family', row);
    const { texts } = this.#block;
    return {
      key: texts.slice(from, from + this.#count('key', row)),
      family: family === 0 ? null : texts.slice(to - family, to),
    };
  }

  /** The texts of an event, one behind the other. */
  texts(row: number): string {
    return this.#block.texts.slice(...this.#bounds(row));
  }

  event(row: number): BlockEvent {
    const [key, run, session, user, step, family] = this.#textsOf(row);
    const [short, long] = [this.#count('cacheWrite5m', row), this.#count('cacheWrite1h', row)];
    const event = {
      key: key ?? '',
      ownId: this.#count('ownId', row),
      replay: this.#count('replay', row),
      time: this.#number('time', row),
      skuId: this.#count('skuId', row),
      rateId: this.#count('rateId', row),
      tagSetId: this.#count('tagSetId', row),
      status: STATUSES[this.#count('status', row)] ?? 'success',
      errorCode: null,
      latencyMs: this.#number('latencyMs', row),
      retryCount: this.#number('retryCount', row),
      requests: this.#count('requests', row),
      input: this.#count('input', row),
      cacheRead: this.#count('cacheRead', row),
      cacheWrite: this.#count('cacheWrite', row) + short + long,
      output: this.#count('output', row),
      reasoning: this.#count('reasoning', row),
      extra: short + long > 0 ? extraWrites(short, long) : null,
      reported: null,
      run,
      session,
      user,
      step,
      identifiers: null,
      fileId: this.#number('otherFileId', row) ?? this.#block.file_id,
      line: this.#count('line', row),
    };
    return { id: this.#block.id + row, event, family };
  }

  /** What a column says; null where it says nothing. */
  #number(name: keyof typeof COLUMN, row: number): number | null {
    const value = this.columns[COLUMN[name]]?.[row] ?? Number.NaN;
    return Number.isNaN(value) ? null : value;
  }

  #count(name: keyof typeof COLUMN, row: number): number {
    return this.columns[COLUMN[name]]?.[row] || 0;
  }

  /** Where the texts of an event begin and end. */
  #bounds(row: number): readonly [from: number, to: number] {
    return [this.#starts[row] ?? 0, this.#starts[row + 1] ?? this.#block.texts.length];
  }

  #textsOf(row: number): OwnTexts {
    let at = this.#starts[row] ?? 0;
    const own = (name: (typeof OWN_TEXTS)[number]): string | null => {
      const length = this.#number(name, row);
      if (length === null) return null;
      at += length;
      return this.#block.texts.slice(at - length, at);
    };
    return [own('key'), own('run'), own('session'), own('user'), own('step'), own('family')];
  }
}

/** OWN_TEXTS of one event. */
type OwnTexts = readonly [
  key: string | null,
  run: string | null,
  session: string | null,
  user: string | null,
  step: string | null,
  family: string | null,
];
