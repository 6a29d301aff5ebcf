import { STATUSES } from '../domain/usage.ts';
import { COLUMN, columnAt, type EventBlock, type Places, unpacked } from './event-block.ts';
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

/** The events of a block. */
export function eventsOf(block: EventBlock): readonly BlockEvent[] {
  const columns = unpacked(block);
  const texts = new BlockTexts(block, columns);
  return Array.from({ length: block.count }, (_, row) => {
    const number = (name: keyof typeof COLUMN): number | null => {
      const value = columns[COLUMN[name]]?.[row] ?? Number.NaN;
      return Number.isNaN(value) ? null : value;
    };
    const count = (name: keyof typeof COLUMN): number => columns[COLUMN[name]]?.[row] || 0;
    const [short, long] = [count('cacheWrite5m'), count('cacheWrite1h')];
    const [key, run, session, user, step, family] = texts.next();
    const event = {
      key: key ?? '',
      ownId: count('ownId'),
      replay: count('replay'),
      time: number('time'),
      skuId: count('skuId'),
      rateId: count('rateId'),
      tagSetId: count('tagSetId'),
      status: STATUSES[count('status')] ?? 'success',
      errorCode: null,
      latencyMs: number('latencyMs'),
      retryCount: number('retryCount'),
      requests: count('requests'),
      input: count('input'),
      cacheRead: count('cacheRead'),
      cacheWrite: count('cacheWrite') + short + long,
      output: count('output'),
      reasoning: count('reasoning'),
      extra: short + long > 0 ? extraWrites(short, long) : null,
      reported: null,
      run,
      session,
      user,
      step,
      identifiers: null,
      fileId: number('otherFileId') ?? block.file_id,
      line: count('line'),
    };
    return { id: block.id + row, event, family };
  });
}

/** What events of a block are looked up by. */
export interface BlockNames {
  readonly key: string;
  readonly family: string | null;
}

/** The keys of a block's events, and their families. */
export function namesOf(block: EventBlock): readonly BlockNames[] {
  const texts = new BlockTexts(block, unpacked(block));
  return Array.from({ length: block.count }, () => {
    const [key, , , , , family] = texts.next();
    return { key: key ?? '', family };
  });
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

/** Reads the texts of a block, event after event. */
class BlockTexts {
  readonly #texts: string;
  readonly #columns: readonly Float64Array[];
  #row = 0;
  #at = 0;

  constructor({ texts }: EventBlock, columns: readonly Float64Array[]) {
    this.#texts = texts;
    this.#columns = columns;
  }

  next(): OwnTexts {
    const texts: OwnTexts = [
      this.#own(COLUMN.key),
      this.#own(COLUMN.run),
      this.#own(COLUMN.session),
      this.#own(COLUMN.user),
      this.#own(COLUMN.step),
      this.#own(COLUMN.family),
    ];
    this.#row += 1;
    return texts;
  }

  #own(column: number): string | null {
    const length = this.#columns[column]?.[this.#row] ?? Number.NaN;
    if (Number.isNaN(length)) return null;
    const from = this.#at;
    this.#at += length;
    return this.#texts.slice(from, this.#at);
  }
}
