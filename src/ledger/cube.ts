import { type CellChange, type Clock, openCorrections } from './corrections.ts';
import type { Database } from './database.ts';
import type { PlainCounts } from './event-row.ts';
import { openStaleDays } from './rollup-days.ts';

/** The hour of events that have no time. */
export const NO_HOUR = -1_000_000_000;

const HOUR_MS = 3_600_000;

/** The cube's hour of an instant, in hours since 1970 UTC. */
const hourOf = (time: number | null | undefined): number =>
  time === null || time === undefined ? NO_HOUR : Math.floor(time / HOUR_MS);

/** What one event adds to its cell; `sign` is -1 to take it out again. */
export interface CubeChange {
  readonly time: number | null | undefined;
  readonly skuId: number;
  readonly rateId: number;
  readonly tagSetId: number;
  readonly status: string;
  readonly requests: number;
  readonly counts: PlainCounts;
  readonly extra: Readonly<Record<string, number>> | null;
  readonly reported: bigint | null;
}

/** Collects changes to cells and writes each cell once. Belongs to one transaction. */
export interface CubeChanges {
  readonly add: (change: CubeChange, sign: 1 | -1) => void;
  readonly write: () => void;
}

interface Cell {
  readonly coordinates: readonly [number, number, number, number, string];
  readonly sums: number[];
  reported: bigint;
  readonly extra: Map<string, number>;
}

const PICO_PER_MICRO = 1_000_000n;

/** Opens the cube for the changes of one transaction after another; `now` dates corrections of closed months. */
export function openCube(database: Database, now: Clock): CubeChanges {
  const { upsert, upsertExtra, dropEmptyExtra, dropEmpty } = cubeStatements(database);
  const correct = openCorrections(database, now);
  const markStale = openStaleDays(database);
  let cells = new Map<string, Cell>();
  let taken = false;

  const flush = (): void => {
    const changes: CellChange[] = [];
    for (const { coordinates, sums: counts, reported, extra } of cells.values()) {
      const sums = [...counts, reported / PICO_PER_MICRO, reported % PICO_PER_MICRO];
      const row = upsert.get(...coordinates, ...sums);
      if (row === undefined) continue;
      changes.push({ coordinates, sums, extra });
      for (const [name, quantity] of extra)
        if (quantity !== 0) upsertExtra.run(row.id, name, quantity);
      if (taken) {
        dropEmptyExtra.run(row.id);
        dropEmpty.run(row.id);
      }
    }
    correct(changes);
    markStale(datedHours(changes));
    cells = new Map();
    taken = false;
  };

  return {
    add(change, sign) {
      const hour = hourOf(change.time);
      const key = `${hour}|${change.skuId}|${change.rateId}|${change.tagSetId}|${change.status}`;
      if (wouldOverflow(cells.get(key), change)) flush();
      let cell = cells.get(key);
      if (cell === undefined) {
        cell = {
          coordinates: [hour, change.skuId, change.rateId, change.tagSetId, change.status],
          sums: [0, 0, 0, 0, 0, 0, 0],
          reported: 0n,
          extra: new Map(),
        };
        cells.set(key, cell);
      }
      if (sign < 0) taken = true;
      const { counts } = change;
      const amounts = [
        change.requests,
        counts.input,
        counts.cacheRead,
        counts.cacheWrite,
        counts.output,
        counts.reasoning,
        change.reported === null ? 0 : change.requests,
      ];
      for (const [index, amount] of amounts.entries())
        cell.sums[index] = (cell.sums[index] ?? 0) + sign * amount;
      if (change.reported !== null) cell.reported += BigInt(sign) * change.reported;
      for (const name in change.extra)
        cell.extra.set(name, (cell.extra.get(name) ?? 0) + sign * (change.extra[name] ?? 0));
    },
    write: flush,
  };
}

const datedHours = (changes: readonly CellChange[]): ReadonlySet<number> =>
  new Set(changes.map(({ coordinates: [hour] }) => hour).filter((hour) => hour !== NO_HOUR));

/** Whether a cell's sums would leave what a float holds exactly; then what is there is written first. */
const wouldOverflow = (cell: Cell | undefined, { counts }: CubeChange): boolean =>
  cell !== undefined &&
  Math.max(...cell.sums) +
    Math.max(counts.input, counts.cacheRead, counts.cacheWrite, counts.output) >
    Number.MAX_SAFE_INTEGER;

function cubeStatements(database: Database) {
  const upsert = database.prepare<unknown[], { id: number }>(`
    INSERT INTO cube (hour, sku_id, rate_id, tag_set_id, status,
      requests, input, cache_read, cache_write, output, reasoning, reported_requests, reported_microdollars, reported_rest)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (hour, sku_id, rate_id, tag_set_id, status) DO UPDATE SET
      requests = requests + excluded.requests,
      input = input + excluded.input,
      cache_read = cache_read + excluded.cache_read,
      cache_write = cache_write + excluded.cache_write,
      output = output + excluded.output,
      reasoning = reasoning + excluded.reasoning,
      reported_requests = reported_requests + excluded.reported_requests,
      reported_microdollars = reported_microdollars + excluded.reported_microdollars,
      reported_rest = reported_rest + excluded.reported_rest
    RETURNING id`);
  const upsertExtra = database.prepare(`
    INSERT INTO cube_extra (cube_id, name, quantity) VALUES (?, ?, ?)
    ON CONFLICT (cube_id, name) DO UPDATE SET quantity = quantity + excluded.quantity`);
  const dropEmptyExtra = database.prepare(
    'DELETE FROM cube_extra WHERE cube_id = ? AND quantity = 0',
  );
  const dropEmpty = database.prepare('DELETE FROM cube WHERE id = ? AND requests = 0');
  return { upsert, upsertExtra, dropEmptyExtra, dropEmpty };
}
