import { UserError } from '../errors.ts';
import type { IncomingEvent } from '../ledger/event-placement.ts';
import type { DirectLines } from './direct-lines.ts';
import type { FormatFinder } from './format-finder.ts';
import type { ReadingTally } from './noted-counts.ts';
import { beginsWithRecord, type Layout, layoutOf } from './layout.ts';
import type { ReadPart } from './pending.ts';
import { LineGlance } from './line-glance.ts';
import { readRecords } from './records.ts';
import { peek } from './source-bytes.ts';
import { boundHeapGrowth } from './heap-growth.ts';
import { type Additions, type Source, SourceReader } from './source-reader.ts';
import type { SourceRecord } from './source-record.ts';

/** How much of a text is looked at to see how it is laid out. */
const HEAD_BYTES = 1 << 16;

/** Reads lines without parsing them; see DirectLines. */
export type LineReader = Pick<DirectLines, 'read' | 'readUnasked' | 'learn'>;

/** Collects events until they are a part. */
export interface Collector<Events> {
  readonly add: (event: IncomingEvent) => void;
  readonly count: () => number;
  /** What was collected since the last time. */
  readonly take: () => Events;
  /** Where given: collects the events of lines that need not be parsed. */
  readonly direct?: LineReader;
}

/** Who takes what is read. */
export interface Taker<Events> {
  readonly events: Collector<Events>;
  /** Events, lines of bills and tags of runs a part. */
  readonly part: number;
  /** Takes a part, and says by a promise when it can take the next. */
  readonly take: (part: ReadPart<Events>) => Promise<void> | void;
}

/** Collects events as they are. */
export function eventList(): Collector<readonly IncomingEvent[]> {
  let list: IncomingEvent[] = [];
  return {
    add: (event) => void list.push(event),
    count: () => list.length,
    take() {
      const taken = list;
      list = [];
      return taken;
    },
  };
}

/**
 * Reads one source, a part with its checkpoint at a time. Records that are wrong are counted and the run goes
 * on. Throws UserError when two formats claim a record. Returns whether any record was recognized.
 */
export async function readSource<Events>(
  source: Source,
  finder: FormatFinder,
  additions: Additions,
  { events, part, take }: Taker<Events>,
  tally: ReadingTally,
): Promise<boolean> {
  const reader = new SourceReader(source, finder, additions, tally);
  const [layout, chunks] = await layoutOfSource(source);
  const start = layout.kind === 'lines' ? source.start : { offset: 0, lines: 0 };
  let { offset, lines } = start;
  const hand = (done: boolean): Promise<void> | void => {
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
    return take({
      events: events.take(),
      billLines: reader.bills.take(),
      runTags: reader.runTags.splice(0),
      checkpoint,
    });
  };
  try {
    const glance = new LineGlance(finder, tally, events.direct, () => events.count() >= part);
    for await (const records of readRecords(chunks, layout, start, glance)) {
      for (const record of records) {
        const read = reader.read(record);
        for (const event of read instanceof Promise ? await read : read) events.add(event);
        if (record.kind === 'record' && !(read instanceof Promise))
          learn(events.direct, finder, record, read);
        if (record.kind !== 'unfinished' && record.after !== undefined)
          ({ offset, lines } = record.after);
        if (events.count() + reader.bills.waiting() + reader.runTags.length < part) continue;
        const taken = hand(false);
        if (taken !== undefined) await taken;
      }
      tally.progress();
      boundHeapGrowth();
    }
  } catch (error) {
    if (error instanceof UserError || !isUnpackError(error)) throw error;
    tally.rejected(source.shownAs, lines, 'the compressed file is damaged or ends early');
    await hand(false);
    return reader.recognized;
  }
  for (const event of await reader.finish()) events.add(event);
  // What depends on earlier records cannot be resumed in the middle.
  if (reader.remembers) lines = 0;
  await hand(!reader.unfinished);
  return reader.recognized || reader.nothingButUnfinished;
}

/** Learns from a line that was parsed to one event. */
function learn(
  direct: LineReader | undefined,
  finder: FormatFinder,
  { place, value }: Extract<SourceRecord, { kind: 'record' }>,
  [event, ...others]: readonly IncomingEvent[],
): void {
  const adapter = finder.current();
  if (direct === undefined || adapter === undefined || place === undefined) return;
  if (event !== undefined && others.length === 0)
    direct.learn(adapter, place, event, adapter.owns?.(value) === true);
}

const isUnpackError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^Z(STD)?_/.test(String(error.code));

/** Looks at the first bytes without losing them. */
export async function layoutOfSource(
  source: Pick<Source, 'start' | 'bytes'>,
): Promise<readonly [Layout, AsyncIterable<Buffer>]> {
  if (source.start.offset > 0) return [{ kind: 'lines' }, source.bytes(source.start.offset)];
  const [head, all] = await peek(source.bytes(0), HEAD_BYTES);
  // Most logs show it by their first line, which is short against what else would be decoded.
  return [beginsWithRecord(head) ? { kind: 'lines' } : layoutOf(head.toString('utf8')), all];
}
