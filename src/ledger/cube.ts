import { type Clock, openCorrections } from './corrections.ts';
import { CubeCells, type CubeChange } from './cube-cells.ts';
import { openCubeRows } from './cube-rows.ts';
import type { Database } from './database.ts';
import type { Places } from './event-block.ts';
import { openStaleDays } from './rollup-days.ts';

/** Collects changes to cells and writes each cell once. Belongs to one transaction. */
export interface CubeChanges {
  /** `sign` is -1 to take an event out again. */
  readonly add: (change: CubeChange, sign: 1 | -1) => void;
  /** Adds events of a packed part by their indexes in it, which have plain counts only, and their places in the same order. */
  readonly addPacked: (numbers: Float64Array, indexes: Int32Array, places: Places) => void;
  readonly write: () => void;
}

/** Opens the cube for the changes of one transaction after another; `now` dates corrections of closed months. */
export function openCube(database: Database, now: Clock): CubeChanges {
  const addRows = openCubeRows(database);
  const correct = openCorrections(database, now);
  const markStale = openStaleDays(database);
  const cells = new CubeCells();
  let taken = false;

  const flush = (): void => {
    addRows(cells, taken);
    correct(cells.changes());
    markStale(cells.hours());
    cells.clear();
    taken = false;
  };

  return {
    add(change, sign) {
      if (!cells.add(change, sign)) {
        flush();
        cells.add(change, sign);
      }
      if (sign < 0) taken = true;
    },
    addPacked(numbers, indexes, places) {
      for (let row = 0; row < indexes.length; row += 1) {
        if (cells.addPacked(numbers, indexes[row] ?? 0, places, row)) continue;
        flush();
        cells.addPacked(numbers, indexes[row] ?? 0, places, row);
      }
    },
    write: flush,
  };
}
