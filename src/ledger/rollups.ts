import type { SpendQuery } from '../domain/spend.ts';
import { isCallTag } from '../domain/tags.ts';
import type { BookPart } from './books.ts';
import type { Database } from './database.ts';
import { whileNobodyWrites } from './derived-change.ts';
import { LABEL } from './event-row.ts';
import {
  createRollup,
  dropRollup,
  forgoRollup,
  isWorthKeeping,
  type Rollup,
  ROLLUP_HOURS,
  runsOf,
  staleSpans,
  sumSpans,
} from './rollup-building.ts';
import type { Segment } from './trimmed-hours.ts';

const HOUR_MS = 3_600_000;
/** A cube of fewer cells is read as fast as a roll-up is made. */
const FEW_CELLS = 20_000;
/** Questions that tell more tags apart leave hardly anything to sum up. */
const MOST_KEYS = 4;
const [DAY, ...LONGER] = ROLLUP_HOURS;
const LONGEST_FIRST = ROLLUP_HOURS.toReversed();
/** Most pieces that one stretch is worth being read in. */
const MOST_PIECES = 40;

/** Sums of days, and of more and more of them, beside the cube, for the questions that were asked before. */
export interface Rollups {
  /**
   * Makes the roll-ups that parts of a question can use and sums what has changed of them. Does nothing
   * where the ledger cannot be written, or somebody else is writing it. Must not run inside a transaction.
   */
  readonly bringUpToDate: (query: SpendQuery, parts: readonly BookPart[]) => void;
  /** Reads whole spans from roll-ups where these are up to date, and the rest as the parts say. */
  readonly shortened: (query: SpendQuery, parts: readonly BookPart[]) => readonly BookPart[];
}

/** Opens the roll-ups of a ledger; `fewCells` is how large a cube may be to be read without any. */
export function openRollups(database: Database, fewCells?: number): Rollups {
  // Nobody will ask a ledger in memory twice.
  const few = fewCells ?? (database.memory ? Number.POSITIVE_INFINITY : FEW_CELLS);
  const shortenedBy = (
    lengths: readonly number[],
    query: SpendQuery,
    parts: readonly BookPart[],
  ): readonly BookPart[] =>
    lengths.reduce(
      (pieces, hours) => pieces.flatMap((part) => piecesOf(database, query, part, hours)),
      parts,
    );
  /** Whether the roll-up can be summed from, as far as the part asks. */
  const bring = (query: SpendQuery, part: BookPart, hours: number, cells: number): boolean => {
    const wish = wishOf(database, query, part, hours);
    if (wish === undefined) return false;
    if (isBehind(database, wish, cells))
      whileNobodyWrites(database, () => bringOneUpToDate(database, wish, cells));
    return find(database, wish)?.forgoneAt === null;
  };
  const bringUpToDate = (query: SpendQuery, parts: readonly BookPart[]): void => {
    const cells = cellsOf(database);
    if (cells < few) return;
    // Longer ones are summed from shorter ones; days serve what those of several leave over.
    for (const part of parts) LONGER.every((hours) => bring(query, part, hours, cells));
    for (const part of shortenedBy(LONGER.toReversed(), query, parts))
      bring(query, part, DAY, cells);
  };
  return {
    bringUpToDate,
    shortened: (query, parts) =>
      cellsOf(database) < few ? parts : shortenedBy(LONGEST_FIRST, query, parts),
  };
}

/** About how many cells the cube has: ids are given out one after another. */
const cellsOf = (database: Database): number =>
  database.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM cube').get()?.id ?? 0;

/** The roll-up that a part of a question can use, and the hours of the whole spans in it, half-open. */
interface Wish {
  readonly keys: readonly string[];
  readonly hours: number;
  readonly offset: number;
  readonly from: number;
  readonly to: number;
  readonly segment: Segment['segment'];
}

function wishOf(
  database: Database,
  query: SpendQuery,
  { source, stretch }: BookPart,
  hours: number,
): Wish | undefined {
  if (source.kind !== 'cube' || stretch.kind === 'undated' || query.grain === 'hour') return;
  if (hours > DAY && query.grain !== undefined) return;
  const names = [...query.by, ...query.where.map(({ dimension }) => dimension)].flatMap(
    ({ kind, name }) => (kind === 'tag' && !isCallTag(name) ? [name] : []),
  );
  const keys = [...new Set(names)].sort();
  if (keys.length > MOST_KEYS) return;
  const { segment } = stretch;
  const ahead = segment.offset / HOUR_MS;
  const offset = ((ahead % DAY) + DAY) % DAY;
  const spans = (time: number): number => (time / HOUR_MS + offset) / hours;
  const [start, end] = [segment.start / HOUR_MS, segment.end / HOUR_MS];
  const firstOf = (span: number): number => span * hours - offset;
  // A span that the stretch cuts is a whole one all the same where the rest of it is empty.
  const [before, after] = [
    firstOf(Math.floor(spans(segment.start))),
    firstOf(Math.ceil(spans(segment.end))),
  ];
  const from = isEmpty(database, before, start) ? before : firstOf(Math.ceil(spans(segment.start)));
  const to = isEmpty(database, end, after) ? after : firstOf(Math.floor(spans(segment.end)));
  return from < to ? { keys, hours, offset, from, to, segment } : undefined;
}

/** Whether the cube has no cell between two hours. */
const isEmpty = (database: Database, from: number, to: number): boolean =>
  from === to ||
  database.prepare('SELECT 1 FROM cube WHERE hour >= ? AND hour < ? LIMIT 1').get(from, to) ===
    undefined;

type Kept = Rollup & { readonly forgoneAt: number | null };

function find(database: Database, { keys, hours, offset }: Wish): Kept | undefined {
  const row = database
    .prepare<[string, number, number], { id: number; forgoneAt: number | null }>(
      'SELECT id, forgone_at AS forgoneAt FROM rollup WHERE keys = ? AND hours = ? AND offset_hours = ?',
    )
    .get(JSON.stringify(keys), hours, offset);
  return row === undefined ? undefined : { ...row, keys, hours, offset };
}

/** Whether a roll-up that was not worth keeping deserves another look, the cube having doubled since. */
const isOutgrown = ({ forgoneAt }: Kept, cells: number): boolean =>
  forgoneAt !== null && cells >= 2 * forgoneAt;

function isBehind(database: Database, wish: Wish, cells: number): boolean {
  const kept = find(database, wish);
  if (kept === undefined || isOutgrown(kept, cells)) return true;
  return kept.forgoneAt === null && staleSpans(database, kept, wish).length > 0;
}

function bringOneUpToDate(database: Database, wish: Wish, cells: number): void {
  let kept = find(database, wish);
  if (kept !== undefined && isOutgrown(kept, cells)) {
    dropRollup(database, kept.id);
    kept = undefined;
  }
  const rollup = kept ?? createRollup(database, wish);
  // The newest first: by them is judged whether it is worth the others.
  const runs = runsOf(staleSpans(database, rollup, wish), rollup).toReversed();
  for (const [index, run] of runs.entries()) {
    sumSpans(database, rollup, run);
    if (kept === undefined && index === 0 && !isWorthKeeping(database, rollup, run)) {
      forgoRollup(database, rollup.id, cells);
      return;
    }
  }
}

/** Whether every tag set of a roll-up is a group of the question by itself: its tags are those asked by, and no label stands in for one. */
function isGroupEach(database: Database, { by }: SpendQuery, { keys }: Rollup): boolean {
  const names = new Set(by.map(({ kind, name }) => (kind === 'tag' ? name : undefined)));
  const label = database.prepare('SELECT 1 FROM tag WHERE key = ? LIMIT 1');
  return (
    names.size === keys.length &&
    keys.every((key) => names.has(key) && label.get(`${LABEL}${key}`) === undefined)
  );
}

function piecesOf(
  database: Database,
  query: SpendQuery,
  part: BookPart,
  hours: number,
): readonly BookPart[] {
  const wish = wishOf(database, query, part, hours);
  const kept = wish === undefined ? undefined : find(database, wish);
  if (wish === undefined || kept === undefined || kept.forgoneAt !== null) return [part];
  const { segment, from, to } = wish;
  const [pieces, cube]: [BookPart[], BookPart['source']] = [[], { kind: 'cube' }];
  const read = (source: BookPart['source'], start: number, end: number): void => {
    if (start < end)
      pieces.push({ source, stretch: { kind: 'segment', segment: { ...segment, start, end } } });
  };
  const groups = isGroupEach(database, query, kept);
  const rolled: BookPart['source'] = { kind: 'rollup_cell', rollup: kept.id, hours, groups };
  read(cube, segment.start, from * HOUR_MS);
  let reached = from;
  for (const run of runsOf(staleSpans(database, kept, wish), kept)) {
    read(rolled, reached * HOUR_MS, run.from * HOUR_MS);
    read(cube, run.from * HOUR_MS, run.to * HOUR_MS);
    reached = run.to;
  }
  read(rolled, reached * HOUR_MS, to * HOUR_MS);
  read(cube, to * HOUR_MS, segment.end);
  return pieces.length > MOST_PIECES ? [part] : pieces;
}
