import { UserError } from '../errors.ts';
import type { IncomingEvent } from '../ledger/event-placement.ts';
import type { FormatFinder } from './format-finder.ts';
import type { IngestTally } from './ingest-tally.ts';
import { isWholeObject, type Layout, layoutOf } from './layout.ts';
import type { Pending } from './pending.ts';
import { readRecords } from './records.ts';
import { peek } from './source-bytes.ts';
import { boundYoungSpace } from './young-space.ts';
import { type Additions, type Source, SourceReader } from './source-reader.ts';

/** Events that wait in memory to be written: those of a file in a transaction that stays open meanwhile. */
const PART = 1_000;
/** Those of a pipe, which may be slow: no transaction, which keeps other writers out, waits for it. */
const PART_OF_PIPE = 10_000;
/** How much of a text is looked at to see how it is laid out. */
const HEAD_BYTES = 1 << 16;

/**
 * Reads one source, a batch of events and its checkpoint at a time; what is left at its end waits for others. Records that are
 * wrong are counted and the run goes on. Throws UserError when two formats claim a record. Returns
 * whether any record was recognized.
 */
export async function ingestSource(
  source: Source,
  finder: FormatFinder,
  additions: Additions,
  pending: Pending,
  tally: IngestTally,
): Promise<boolean> {
  const reader = new SourceReader(source, finder, additions, tally);
  const [layout, chunks] = await layoutOfSource(source);
  const start = layout.kind === 'lines' ? source.start : { offset: 0, lines: 0 };
  let { offset, lines } = start;
  let batch: IncomingEvent[] = [];
  const isPipe = source.checkpoint === undefined;
  const part = isPipe ? PART_OF_PIPE : PART;
  const hand = (done: boolean): void => {
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
    pending.add({
      events: batch,
      billLines: reader.bills.take(),
      runTags: reader.runTags.splice(0),
      checkpoint,
    });
    batch = [];
    if (isPipe) pending.commit();
  };
  try {
    for await (const records of readRecords(chunks, layout, start, finder.skim)) {
      for (const record of records) {
        const read = reader.read(record);
        for (const event of read instanceof Promise ? await read : read) batch.push(event);
        if (record.kind !== 'unfinished' && record.after !== undefined)
          ({ offset, lines } = record.after);
        if (batch.length + reader.bills.waiting() + reader.runTags.length >= part) hand(false);
      }
      tally.progress();
      boundYoungSpace();
    }
  } catch (error) {
    if (error instanceof UserError || !isUnpackError(error)) throw error;
    tally.rejected(source.shownAs, lines, 'the compressed file is damaged or ends early');
    hand(false);
    return reader.recognized;
  }
  batch.push(...(await reader.finish()));
  // What depends on earlier records cannot be resumed in the middle.
  if (reader.remembers) lines = 0;
  hand(!reader.unfinished);
  return reader.recognized || reader.nothingButUnfinished;
}

const isUnpackError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^Z(STD)?_/.test(String(error.code));

/** Looks at the first bytes without losing them. */
export async function layoutOfSource(
  source: Pick<Source, 'start' | 'bytes'>,
): Promise<readonly [Layout, AsyncIterable<Buffer>]> {
  if (source.start.offset > 0) return [{ kind: 'lines' }, source.bytes(source.start.offset)];
  const [head, all] = await peek(source.bytes(0), HEAD_BYTES);
  const firstLine = head.subarray(0, head.indexOf('\n') + 1);
  // Most logs show it by their first line, which is short against what else would be decoded.
  if (isWholeObject(firstLine.toString('utf8'))) return [{ kind: 'lines' }, all];
  return [layoutOf(head.toString('utf8')), all];
}
