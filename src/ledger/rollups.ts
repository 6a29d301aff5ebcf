import type { SpendQuery } from '../domain/spend.ts';
import { isCallTag } from '../domain/tags.ts';
import type { BookPart } from './books.ts';
import { BUSY_MS, type Database } from './database.ts';
import {
  createRollup,
  dropRollup,
  forgoRollup,
  isWorthKeeping,
  type Rollup,
  runsOf,
  staleDays,
  sumDays,
} from './rollup-building.ts';
import { DAY_HOURS } from './rollup-days.ts';
import type { Segment } from './trimmed-hours.ts';

const HOUR_MS = 3_600_000;
/** A cube of fewer cells is read as fast as a roll-up is made. */
const FEW_CELLS = 20_000;
/** Questions that tell more tags apart leave hardly anything to sum up. */
const MOST_KEYS = 4;
/** Most pieces that one stretch is worth being read in. */
const MOST_PIECES = 40;

/** Sums of whole days beside the cube, for the questions that were asked before. */
export interface Rollups {
  /**
   * Makes the roll-ups that parts of a question can use and sums their days that have changed. Does nothing
   * where the ledger cannot be written, or somebody else is writing it. Must not run inside a transaction.
   */
  readonly bringUpToDate: (query: SpendQuery, parts: readonly BookPart[]) => void;
  /** Reads whole days from roll-ups where these are up to date, and the rest as the parts say. */
  readonly shortened: (query: SpendQuery, parts: readonly BookPart[]) => readonly BookPart[];
}

/** Opens the roll-ups of a ledger; `fewCells` is how large a cube may be to be read without any. */
export function openRollups(database: Database, fewCells?: number): Rollups {
  // Nobody will ask a ledger in memory twice.
  const few = fewCells ?? (database.memory ? Number.POSITIVE_INFINITY : FEW_CELLS);
  const bringUpToDate = (query: SpendQuery, parts: readonly BookPart[]): void => {
    const cells = cellsOf(database);
    if (cells < few) return;
    for (const part of parts) {
      const wish = wishOf(database, query, part);
      if (wish !== undefined && isBehind(database, wish, cells))
        whileNobodyWrites(database, () => bringOneUpToDate(database, wish, cells));
    }
  };
  return {
    bringUpToDate,
    shortened: (query, parts) =>
      cellsOf(database) < few ? parts : parts.flatMap((part) => piecesOf(database, query, part)),
  };
}

/** About how many cells the cube has: ids are given out one after another. */
const cellsOf = (database: Database): number =>
  database.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM cube').get()?.id ?? 0;

/** The roll-up that a part of a question can use, and the hours of the whole days in it, half-open. */
interface Wish {
  readonly keys: readonly string[];
  readonly offset: number;
  readonly from: number;
  readonly to: number;
  readonly segment: Segment['segment'];
}

function wishOf(
  database: Database,
  query: SpendQuery,
  { source, stretch }: BookPart,
): Wish | undefined {
  if (source.kind !== 'cube' || stretch.kind === 'undated' || query.grain === 'hour') return;
  const names = [...query.by, ...query.where.map(({ dimension }) => dimension)].flatMap(
    ({ kind, name }) => (kind === 'tag' && !isCallTag(name) ? [name] : []),
  );
  const keys = [...new Set(names)].sort();
  if (keys.length > MOST_KEYS) return;
  const { segment } = stretch;
  const hours = segment.offset / HOUR_MS;
  const offset = ((hours % DAY_HOURS) + DAY_HOURS) % DAY_HOURS;
  const days = (time: number): number => (time / HOUR_MS + offset) / DAY_HOURS;
  const [start, end] = [segment.start / HOUR_MS, segment.end / HOUR_MS];
  const firstOf = (day: number): number => day * DAY_HOURS - offset;
  // A day that the stretch cuts is a whole one all the same where the rest of it is empty.
  const [before, after] = [
    firstOf(Math.floor(days(segment.start))),
    firstOf(Math.ceil(days(segment.end))),
  ];
  const from = isEmpty(database, before, start) ? before : firstOf(Math.ceil(days(segment.start)));
  const to = isEmpty(database, end, after) ? after : firstOf(Math.floor(days(segment.end)));
  return from < to ? { keys, offset, from, to, segment } : undefined;
}

/** Whether the cube has no cell between two hours. */
const isEmpty = (database: Database, from: number, to: number): boolean =>
  from === to ||
  database.prepare('SELECT 1 FROM cube WHERE hour >= ? AND hour < ? LIMIT 1').get(from, to) ===
    undefined;

type Kept = Rollup & { readonly forgoneAt: number | null };

function find(database: Database, { keys, offset }: Wish): Kept | undefined {
  const row = database
    .prepare<[string, number], { id: number; forgoneAt: number | null }>(
      'SELECT id, forgone_at AS forgoneAt FROM rollup WHERE keys = ? AND offset_hours = ?',
    )
    .get(JSON.stringify(keys), offset);
  return row === undefined ? undefined : { ...row, keys, offset };
}

/** Whether a roll-up that was not worth keeping deserves another look, the cube having doubled since. */
const isOutgrown = ({ forgoneAt }: Kept, cells: number): boolean =>
  forgoneAt !== null && cells >= 2 * forgoneAt;

function isBehind(database: Database, wish: Wish, cells: number): boolean {
  const kept = find(database, wish);
  if (kept === undefined || isOutgrown(kept, cells)) return true;
  return kept.forgoneAt === null && staleDays(database, kept, wish).length > 0;
}

function bringOneUpToDate(database: Database, wish: Wish, cells: number): void {
  let kept = find(database, wish);
  if (kept !== undefined && isOutgrown(kept, cells)) {
    dropRollup(database, kept.id);
    kept = undefined;
  }
  const rollup = kept ?? createRollup(database, wish.keys, wish.offset);
  // The newest days first: by them is judged whether it is worth the others.
  const runs = runsOf(staleDays(database, rollup, wish)).toReversed();
  for (const [index, run] of runs.entries()) {
    sumDays(database, rollup, run);
    if (kept === undefined && index === 0) {
      const [from = 0, last = 0] = [run[0], run.at(-1)];
      if (!isWorthKeeping(database, rollup, { from, to: last + DAY_HOURS })) {
        forgoRollup(database, rollup.id, cells);
        return;
      }
    }
  }
}

/** Runs a change of derived sums, or leaves it to another time where the ledger cannot be written now. */
function whileNobodyWrites(database: Database, change: () => void): void {
  database.pragma('busy_timeout = 0');
  try {
    database.transaction(change).immediate();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!/^SQLITE_(BUSY|LOCKED|READONLY|FULL|CANTOPEN|IOERR)/.test(code)) throw error;
  } finally {
    database.pragma(`busy_timeout = ${BUSY_MS}`);
  }
}

function piecesOf(database: Database, query: SpendQuery, part: BookPart): readonly BookPart[] {
  const wish = wishOf(database, query, part);
  const kept = wish === undefined ? undefined : find(database, wish);
  if (wish === undefined || kept === undefined || kept.forgoneAt !== null) return [part];
  const { segment, from, to } = wish;
  const [pieces, cube]: [BookPart[], BookPart['source']] = [[], { kind: 'cube' }];
  const read = (source: BookPart['source'], start: number, end: number): void => {
    if (start < end)
      pieces.push({ source, stretch: { kind: 'segment', segment: { ...segment, start, end } } });
  };
  const rolled: BookPart['source'] = { kind: 'rollup_cell', rollup: kept.id };
  read(cube, segment.start, from * HOUR_MS);
  let reached = from;
  for (const run of runsOf(staleDays(database, kept, wish))) {
    const [first = reached, last = reached] = [run[0], run.at(-1)];
    read(rolled, reached * HOUR_MS, first * HOUR_MS);
    reached = last + DAY_HOURS;
    read(cube, first * HOUR_MS, reached * HOUR_MS);
  }
  read(rolled, reached * HOUR_MS, to * HOUR_MS);
  read(cube, to * HOUR_MS, segment.end);
  return pieces.length > MOST_PIECES ? [part] : pieces;
}
