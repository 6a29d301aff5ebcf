import type { Adapter, AdapterReader, Normalized } from '../adapters/contract/adapter.ts';
import { DecodeError } from '../adapters/contract/decode-error.ts';
import { contradiction } from '../domain/meters.ts';
import { providerOfModel } from '../domain/provider-names.ts';
import { tagKey } from '../domain/tags.ts';
import type { UsageEvent } from '../domain/usage.ts';
import { UserError } from '../errors.ts';
import type { IncomingEvent } from '../ledger/event-placement.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Checkpoint } from '../ledger/source-files.ts';
import type { FormatFinder } from './format-finder.ts';
import type { IngestTally } from './ingest-tally.ts';
import { createRecordKeys, type RecordKeys } from './record-key.ts';
import { type Layout, layoutOf } from './layout.ts';
import { readRecords, type SourceRecord } from './records.ts';
import { implausible } from './plausible.ts';
import { scrubbed, withoutSecrets } from './secrets.ts';
import { peek } from './source-bytes.ts';
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

const BATCH = 5_000;
/** How much of a text is looked at to see how it is laid out. */
const HEAD_BYTES = 1 << 16;

/**
 * Reads one source into the ledger, a batch of events and its checkpoint at a time. Records that are
 * wrong are counted and the run goes on. Throws UserError when two formats claim a record. Returns
 * whether any record was recognized.
 */
export async function ingestSource(
  source: Source,
  finder: FormatFinder,
  additions: Additions,
  ledger: Ledger,
  tally: IngestTally,
): Promise<boolean> {
  const reader = new SourceReader(source, finder, additions, tally);
  const [layout, chunks] = await layoutOfSource(source);
  const start = layout.kind === 'lines' ? source.start : { offset: 0, lines: 0 };
  let { offset, lines } = start;
  let batch: IncomingEvent[] = [];
  const commit = (done: boolean): void => {
    const whole = layout.kind !== 'lines' || source.compressed || reader.remembers;
    const at =
      whole && !done ? { readOffset: 0, readLines: 0 } : { readOffset: offset, readLines: lines };
    const size = source.checkpoint?.size ?? 0;
    const wanted = reader.recognized || source.start.offset > 0;
    const checkpoint =
      source.checkpoint === undefined || !wanted
        ? undefined
        : {
            ...source.checkpoint,
            ...at,
            ...(done && whole && !reader.remembers ? { readOffset: size } : {}),
          };
    tally.appended(ledger.append(batch, checkpoint));
    batch = [];
  };
  try {
    for await (const records of readRecords(chunks, layout, start)) {
      for (const record of records) {
        for (const event of await reader.read(record)) batch.push(event);
        if (record.kind !== 'unfinished' && record.after !== undefined)
          ({ offset, lines } = record.after);
        if (batch.length >= BATCH) commit(false);
      }
      tally.progress();
    }
  } catch (error) {
    if (error instanceof UserError || !isUnpackError(error)) throw error;
    tally.rejected(source.shownAs, lines, 'the compressed file is damaged or ends early');
    commit(false);
    return reader.recognized;
  }
  batch.push(...(await reader.finish()));
  // What depends on earlier records cannot be resumed in the middle.
  if (reader.remembers) lines = 0;
  commit(!reader.unfinished);
  return reader.recognized || reader.nothingButUnfinished;
}

const isUnpackError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');

/** Looks at the first bytes without losing them. */
async function layoutOfSource(source: Source): Promise<readonly [Layout, AsyncIterable<Buffer>]> {
  if (source.start.offset > 0) return [{ kind: 'lines' }, source.bytes(source.start.offset)];
  const [head, all] = await peek(source.bytes(0), HEAD_BYTES);
  return [layoutOf(head.toString('utf8')), all];
}

/** Turns the records of one source into events, one record at a time. */
class SourceReader {
  recognized = false;
  unfinished = false;
  #records = 0;
  readonly #source: Source;
  readonly #finder: FormatFinder;
  readonly #additions: Additions;
  readonly #tally: IngestTally;
  #keys: RecordKeys | undefined;
  #lastLine = 0;
  readonly #readers = new Map<Adapter, AdapterReader>();

  constructor(source: Source, finder: FormatFinder, additions: Additions, tally: IngestTally) {
    this.#source = source;
    this.#finder = finder;
    this.#additions = additions;
    this.#tally = tally;
  }

  /** A file whose only line is still being written is not yet of any format. */
  get nothingButUnfinished(): boolean {
    return this.unfinished && this.#records === 0;
  }

  async read(record: SourceRecord): Promise<readonly IncomingEvent[]> {
    const { shownAs } = this.#source;
    if (record.kind === 'unfinished') {
      this.unfinished = true;
      this.#tally.unfinished();
      return [];
    }
    this.#tally.read();
    this.#records += 1;
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
    this.#lastLine = record.line;
    const normalized = this.#normalize(adapter, record.value, record.line);
    for (const reason of normalized.skipped ?? []) this.#tally.skipped(reason);
    if (normalized.events.length === 0) return [];
    return this.#incoming(normalized.events, adapter.id, record);
  }

  #normalize(adapter: Adapter, value: unknown, line: number): Normalized {
    try {
      const normalized = this.#readerOf(adapter).normalize(value);
      for (const event of normalized.events) {
        const wrong = implausible(event) ?? contradiction(event.usage);
        if (wrong !== undefined) {
          this.#reject(line, wrong);
          return { events: [] };
        }
      }
      return normalized;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#reject(line, error.message);
      return { events: [] };
    }
  }

  async #incoming(
    events: readonly UsageEvent[],
    format: string,
    record: SourceRecord & { readonly kind: 'record' },
  ): Promise<readonly IncomingEvent[]> {
    const complete = events.map((event) => this.#complete(event));
    const textKey = complete.some(({ id }) => id === undefined)
      ? (await this.#recordKeys()).keyOf(record.text)
      : '';
    return complete.map((event, index) => ({
      event,
      key: event.id ?? (index === 0 ? textKey : `${textKey}/${index + 1}`),
      format,
      fileId: this.#source.fileId,
      line: record.line,
    }));
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
              kind: 'record',
              value: undefined,
              text: JSON.stringify(event.usage),
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

/** Reads `--tag key=value` pairs into tags under their usual names. Throws UserError. */
export function parseTags(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1 || at === pair.length - 1)
        throw new UserError(`--tag: expected key=value, found "${pair}"`, {
          hint: 'For example --tag team=search.',
        });
      return [tagKey(pair.slice(0, at)), pair.slice(at + 1).trim()];
    }),
  );
}
