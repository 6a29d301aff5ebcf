import type { Adapter, AdapterReader, Normalized } from '../adapters/contract/adapter.ts';
import { DecodeError } from '../adapters/contract/decode-error.ts';
import { contradiction } from '../domain/meters.ts';
import { providerOfModel } from '../domain/provider-names.ts';
import type { RunTags } from '../domain/run-tags.ts';
import type { UsageEvent } from '../domain/usage.ts';
import type { IncomingEvent } from '../ledger/event-placement.ts';
import type { Checkpoint } from '../ledger/source-files.ts';
import { type BillReader, createBillReader } from './bill-reader.ts';
import { type ColumnWatch, createColumnWatch } from './column-watch.ts';
import { type FormatFinder, isBillAdapter } from './format-finder.ts';
import type { ReadingTally } from './noted-counts.ts';
import { createRecordKeys, type RecordKeys } from './record-key.ts';
import type { SourceRecord } from './source-record.ts';
import { implausible } from './plausible.ts';
import { scrubbed, scrubbedRunTags, withoutSecrets } from './secrets.ts';
import { LINE_LIMIT, splitLines } from './split-lines.ts';

/** What the user adds to every event of a source. */
export interface Additions {
  /** Tags that the record's own tags win over. */
  readonly tags: Readonly<Record<string, string>>;
  readonly provider?: string;
  /** Time of records that have none, milliseconds UTC. */
  readonly time?: number;
}

/** Bytes to read, and where they come from. */
export interface Source {
  readonly shownAs: string;
  readonly fileId: number | null;
  /** The bytes from an offset on. */
  readonly bytes: (offset: number) => AsyncIterable<Buffer>;
  readonly start: { readonly offset: number; readonly lines: number };
  /** Its offsets are those of unpacked text, from which nothing can be resumed. */
  readonly compressed: boolean;
  /** The file's state, to be committed with its events; absent for a pipe. */
  readonly checkpoint?: Omit<Checkpoint, 'readOffset' | 'readLines'>;
}

/** An envelope without a record inside. */
const isEmpty = ({ events, skipped, tagsFor }: Normalized): boolean =>
  events.length === 0 && (skipped ?? []).length === 0 && tagsFor === undefined;

/** What gives a record without an id its key, and where it stands. */
interface RecordText {
  readonly text: string;
  readonly line: number;
}

/** Turns the records of one source into events, one record at a time. */
export class SourceReader {
  recognized = false;
  unfinished = false;
  #records = 0;
  readonly #source: Source;
  readonly #finder: FormatFinder;
  readonly #additions: Additions;
  readonly #addsTags: boolean;
  readonly #tally: ReadingTally;
  readonly #columns: ColumnWatch;
  #keys: RecordKeys | undefined;
  #lastLine = 0;
  readonly #readers = new Map<Adapter, AdapterReader>();
  /** Tags of runs that wait to be committed. */
  readonly runTags: RunTags[] = [];
  /** Lines of bills go their own way: they are no events. */
  readonly bills: BillReader;

  constructor(source: Source, finder: FormatFinder, additions: Additions, tally: ReadingTally) {
    this.#source = source;
    this.#finder = finder;
    this.#additions = additions;
    this.#addsTags = Object.keys(additions.tags).length > 0;
    this.#tally = tally;
    this.#columns = createColumnWatch(tally.unknownColumn);
    this.bills = createBillReader(source, additions.tags, tally, () => this.#recordKeys());
  }

  /** A file whose only line is still being written is not yet of any format. */
  get nothingButUnfinished(): boolean {
    return this.unfinished && this.#records === 0;
  }

  /** The events of a record; as a promise only where finding their keys has to read. */
  read(record: SourceRecord): readonly IncomingEvent[] | Promise<readonly IncomingEvent[]> {
    const { shownAs } = this.#source;
    if (record.kind === 'unfinished') {
      this.unfinished = true;
      this.#tally.unfinished();
      return [];
    }
    const lines = record.kind === 'glanced' ? record.lines : 1;
    this.#tally.read(lines);
    this.#records += lines;
    if (record.kind === 'glanced') {
      this.recognized = true;
      return [];
    }
    if (record.kind === 'rejected') {
      this.#tally.rejected(shownAs, record.line, record.reason);
      return [];
    }
    const adapter = this.#finder.adapterFor(record.value, { file: shownAs, line: record.line });
    if (adapter === undefined) {
      this.#tally.skipped('not a usage record');
      return [];
    }
    this.recognized = true;
    this.#columns.look(adapter, record.value);
    if (isBillAdapter(adapter)) return this.bills.read(adapter, record).then(() => []);
    this.#lastLine = record.line;
    const normalized = this.#normalize(adapter, record.value, record.line);
    if (normalized === undefined) return [];
    if (adapter.open === undefined && isEmpty(normalized)) this.#tally.skipped('nothing in it');
    for (const reason of normalized.skipped ?? []) this.#tally.skipped(reason);
    if (normalized.tagsFor !== undefined) this.runTags.push(scrubbedRunTags(normalized.tagsFor));
    if (normalized.events.length === 0) return [];
    return this.#incoming(normalized.events, adapter.id, record);
  }

  #normalize(adapter: Adapter, value: unknown, line: number): Normalized | undefined {
    try {
      const normalized = this.#readerOf(adapter).normalize(value);
      for (const event of normalized.events) {
        const wrong = implausible(event) ?? contradiction(event.usage);
        if (wrong !== undefined) {
          this.#reject(line, wrong);
          return undefined;
        }
      }
      return normalized;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#reject(line, error.message);
      return undefined;
    }
  }

  #incoming(
    events: readonly UsageEvent[],
    format: string,
    { text, line }: RecordText,
  ): readonly IncomingEvent[] | Promise<readonly IncomingEvent[]> {
    const complete = events.map((event) => this.#complete(event));
    const keyed = (textKey: string): readonly IncomingEvent[] =>
      complete.map((event, index) => ({
        event,
        key: event.id ?? (index === 0 ? textKey : `${textKey}/${index + 1}`),
        format,
        fileId: this.#source.fileId,
        line,
      }));
    if (complete.every(({ id }) => id !== undefined)) return keyed('');
    return this.#recordKeys().then((keys) => keyed(keys.keyOf(text)));
  }

  /** The adapter itself, or its reader for this source where records depend on each other. */
  #readerOf(adapter: Adapter): Pick<Adapter, 'normalize'> {
    if (adapter.open === undefined) return adapter;
    const present = this.#readers.get(adapter);
    if (present !== undefined) return present;
    const reader = adapter.open();
    this.#readers.set(adapter, reader);
    return reader;
  }

  /** Whether some records of this source were read in the light of others. */
  get remembers(): boolean {
    return this.#readers.size > 0;
  }

  /** The events that were waiting for more records. */
  async finish(): Promise<readonly IncomingEvent[]> {
    const waiting: IncomingEvent[] = [];
    for (const [adapter, reader] of this.#readers) {
      for (const event of reader.end()) {
        const wrong = implausible(event) ?? contradiction(event.usage);
        const line = this.#lastLine;
        if (wrong === undefined)
          waiting.push(
            ...(await this.#incoming([event], adapter.id, {
              text: JSON.stringify([event.time, event.model, event.usage, event.tags]),
              line,
            })),
          );
        else this.#reject(line, wrong);
      }
    }
    return waiting;
  }

  #reject(line: number, reason: string): void {
    this.#tally.rejected(this.#source.shownAs, line, withoutSecrets(reason));
  }

  #complete(event: UsageEvent): UsageEvent {
    const { tags, provider, time } = this.#additions;
    const complete =
      provider === undefined &&
      event.provider !== 'unknown' &&
      (event.time !== undefined || time === undefined) &&
      !this.#addsTags;
    if (complete) return scrubbed(event);
    return scrubbed({
      ...event,
      time: event.time ?? time,
      provider:
        provider ?? (event.provider === 'unknown' ? providerOfModel(event.model) : event.provider),
      tags: { ...tags, ...event.tags },
    });
  }

  /** Counts the lines before a resume first, so that equal lines keep the keys they had. */
  async #recordKeys(): Promise<RecordKeys> {
    if (this.#keys !== undefined) return this.#keys;
    const keys = createRecordKeys();
    this.#keys = keys;
    const { offset } = this.#source.start;
    if (offset > 0)
      for await (const lines of splitLines(
        upTo(this.#source.bytes(0), offset),
        { offset: 0, lines: 0 },
        LINE_LIMIT,
      ))
        for (const { text } of lines)
          if (text !== undefined && text.trim() !== '') keys.recount(text);
    return keys;
  }
}

async function* upTo(chunks: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes;
  for await (const chunk of chunks) {
    yield chunk.length <= left ? chunk : chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}
