import type { HoursBlock } from '../domain/rate-card.ts';
import { type Count, type Cut, sizeName } from '../domain/replay-question.ts';
import { filterClause, type Sql } from './dimension-sql.ts';

/** SQL: a sum of an event's counts. */
export const sumOf = (of: readonly Count[]): string =>
  `(${of.map((count) => `s.${count}`).join(' + ')})`;

const summed = (terms: readonly string[]): string => (terms.length === 0 ? '0' : terms.join(' + '));

/** SQL: on which side of a cut an event lies, as a whole number. */
export function sideOf(cut: Cut, identifiers: ReadonlySet<string>): Sql {
  switch (cut.kind) {
    case 'time':
      return {
        text: summed(cut.instants.map(() => '(s.time_ms >= ?)')),
        values: cut.instants,
      };
    case 'size':
      return {
        text: summed(cut.above.map(() => `(${sumOf(cut.of)} > ?)`)),
        values: cut.above,
      };
    case 'hours': {
      const cases = cut.blocks.map(inBlock);
      return {
        text: `CASE ${cases.map(({ text }, index) => `WHEN ${text} THEN ${index + 1}`).join(' ')} ELSE 0 END`,
        values: cases.flatMap(({ values }) => values),
      };
    }
    case 'where': {
      const clauses = cut.filters.map((filter) => filterClause(filter, 's', identifiers));
      return {
        text: `coalesce(${['1', ...clauses.map(({ text }) => `(${text})`)].join(' AND ')}, 0)`,
        values: clauses.flatMap(({ values }) => values),
      };
    }
  }
}

const DAY_MS = 86_400_000;
/** Days since 1970 and minutes of the day, also before 1970, where SQLite's division rounds the other way. */
const DAY = `CAST(floor(s.time_ms / ${DAY_MS}.0) AS INTEGER)`;
const MINUTE = `((((s.time_ms % ${DAY_MS}) + ${DAY_MS}) % ${DAY_MS}) / 60000)`;
/** 1970 began on a Thursday, which is 4. */
const WEEKDAY = `((((${DAY} + 4) % 7) + 7) % 7)`;

/** SQL: as matchesHours has it. */
function inBlock({ windows, days, except }: HoursBlock): Sql {
  const inWindow = windows.map(({ start, end }) =>
    start < end
      ? `(${MINUTE} >= ${start} AND ${MINUTE} < ${end})`
      : `(${MINUTE} >= ${start} OR ${MINUTE} < ${end})`,
  );
  const left = [...except].map((day) => Date.parse(`${day}T00:00:00Z`) / DAY_MS);
  const text = [
    inWindow.length === 0 ? '0' : `(${inWindow.join(' OR ')})`,
    ...(days.length === 0 ? [] : [`${WEEKDAY} IN (${days.join(', ')})`]),
    ...(left.length === 0 ? [] : [`${DAY} NOT IN (${left.map(() => '?').join(', ')})`]),
  ].join(' AND ');
  return { text, values: left };
}

/** How far the events of a selection reach: the largest of each sum of counts, by its name, and their times. */
export interface Reach {
  readonly first: number | undefined;
  readonly last: number | undefined;
  readonly largest: ReadonlyMap<string, number>;
}

/** Cuts without what no event of the selection lies beyond: there is nothing to tell apart there. */
export function cutsWithin(cuts: readonly Cut[], { first, last, largest }: Reach): readonly Cut[] {
  return cuts.flatMap((cut): readonly Cut[] => {
    switch (cut.kind) {
      case 'hours':
      case 'where':
        return [cut];
      case 'time': {
        const within = cut.instants.filter(
          (instant) =>
            first !== undefined && last !== undefined && first < instant && instant <= last,
        );
        return within.length === 0 ? [] : [{ ...cut, instants: within }];
      }
      case 'size': {
        const most = largest.get(sizeName(cut.of)) ?? 0;
        return [{ ...cut, above: cut.above.filter((size) => size < most) }];
      }
    }
  });
}
