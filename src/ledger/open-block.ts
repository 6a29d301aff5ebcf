import { STATUSES } from '../domain/usage.ts';
import { type BlockEvent, type BlockNames, BlockReader } from './block-reading.ts';
import { COLUMN, columnAt, type EventBlock, OWN_TEXTS } from './event-block.ts';
import { Column, packColumns } from './number-columns.ts';
import type { PlacedEvent } from './placed-event.ts';

/** A block whose events are asked for one by one, some of which may be replaced. */
export class OpenBlock {
  readonly block: EventBlock;
  readonly #reader: BlockReader;
  /** By their row. */
  readonly #replaced = new Map<number, BlockEvent>();

  constructor(block: EventBlock) {
    this.block = block;
    this.#reader = new BlockReader(block);
  }

  has(id: number): boolean {
    return id >= this.block.id && id < this.block.id + this.block.count;
  }

  namesOf(id: number): BlockNames {
    return this.#reader.names(id - this.block.id);
  }

  eventOf(id: number): BlockEvent {
    const row = id - this.block.id;
    return this.#replaced.get(row) ?? this.#reader.event(row);
  }

  /** Puts an event of the same key in the place of another; false where a block cannot keep what it says. */
  replace(id: number, event: PlacedEvent): boolean {
    const present = this.eventOf(id);
    // Of a replay, the family has another member than of the call itself.
    if (event.replay !== present.event.replay || !isKept(event, this.block)) return false;
    this.#replaced.set(id - this.block.id, { ...present, event });
    return true;
  }

  /** The block as it has to be written; `undefined` where nothing was replaced. */
  rewritten(): EventBlock | undefined {
    if (this.#replaced.size === 0) return undefined;
    const { count, file_id } = this.block;
    const columns = this.#reader.columns.map((values) => Column.of(values));
    let texts = '';
    for (let row = 0; row < count; row += 1) {
      const replaced = this.#replaced.get(row);
      texts +=
        replaced === undefined
          ? this.#reader.texts(row)
          : putEvent(columns, row, replaced, file_id);
    }
    return {
      ...this.block,
      columns: columns.length,
      numbers: packColumns(columns, count),
      texts,
    };
  }
}

const KEPT_EXTRAS: ReadonlySet<string> = new Set(['cache_write@5m', 'cache_write@1h']);

/** Whether a block keeps all that an event says. Texts that are none would come back with other lengths. */
const isKept = (event: PlacedEvent, { file_id }: EventBlock): boolean =>
  (event.fileId !== null || file_id === null) &&
  event.errorCode === null &&
  event.reported === null &&
  event.identifiers === null &&
  Object.keys(event.extra ?? {}).every((name) => KEPT_EXTRAS.has(name)) &&
  [event.run, event.session, event.user, event.step].every((text) => text?.isWellFormed() ?? true);

/** Puts an event into a row of the columns of a block; returns its texts, one behind the other. */
function putEvent(
  columns: readonly Column[],
  row: number,
  { event, family }: BlockEvent,
  fileId: number | null,
): string {
  const put = (name: keyof typeof COLUMN, value: number | null): void => {
    columnAt(columns, COLUMN[name]).values[row] = value ?? Number.NaN;
  };
  const short = event.extra?.['cache_write@5m'] ?? 0;
  const long = event.extra?.['cache_write@1h'] ?? 0;
  for (const name of SAME) put(name, event[name]);
  put('otherFileId', event.fileId === fileId ? null : event.fileId);
  put('status', STATUSES.indexOf(event.status));
  put('cacheWrite', event.cacheWrite - short - long);
  put('cacheWrite5m', short);
  put('cacheWrite1h', long);
  const { key, run, session, user, step } = event;
  const own = { key, run, session, user, step, family };
  return OWN_TEXTS.map((name) => {
    put(name, own[name]?.length ?? null);
    return own[name] ?? '';
  }).join('');
}

/** Columns with the numbers that events have under the same names. */
const SAME = [
  'ownId',
  'skuId',
  'rateId',
  'tagSetId',
  'time',
  'replay',
  'latencyMs',
  'retryCount',
  'requests',
  'input',
  'cacheRead',
  'output',
  'reasoning',
  'line',
] as const;
