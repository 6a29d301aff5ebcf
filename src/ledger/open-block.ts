import { STATUSES } from '../domain/usage.ts';
import { type BlockEvent, type BlockNames, BlockReader } from './block-reading.ts';
import { COLUMN, columnAt, columnsFor, type EventBlock, OWN_TEXTS } from './event-block.ts';
import { packColumns } from './number-columns.ts';
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
    const events = Array.from({ length: this.block.count }, (_, row) =>
      this.eventOf(this.block.id + row),
    );
    return { ...this.block, ...packed(events, this.block.file_id) };
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

/** What a block of events consists of. */
function packed(
  events: readonly BlockEvent[],
  fileId: number | null,
): Pick<EventBlock, 'columns' | 'numbers' | 'texts'> {
  const columns = columnsFor(events.length);
  let texts = '';
  for (const [row, { event, family }] of events.entries()) {
    const put = (name: keyof typeof COLUMN, value: number | null): void => {
      columnAt(columns, COLUMN[name]).values[row] = value ?? Number.NaN;
    };
    const [short, long] = [
      event.extra?.['cache_write@5m'] ?? 0,
      event.extra?.['cache_write@1h'] ?? 0,
    ];
    for (const name of SAME) put(name, event[name]);
    put('otherFileId', event.fileId === fileId ? null : event.fileId);
    put('status', STATUSES.indexOf(event.status));
    put('cacheWrite', event.cacheWrite - short - long);
    put('cacheWrite5m', short);
    put('cacheWrite1h', long);
    const { key, run, session, user, step } = event;
    const own = { key, run, session, user, step, family };
    for (const name of OWN_TEXTS) {
      put(name, own[name]?.length ?? null);
      texts += own[name] ?? '';
    }
  }
  return { columns: columns.length, numbers: packColumns(columns, events.length), texts };
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
