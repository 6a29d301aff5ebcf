import { counted } from '../domain/words.ts';
import { CELL_SUMS } from './closed-months.ts';
import type { Database } from './database.ts';
import { wrongSums } from './packed-sums.ts';
import type { Finding } from './proof.ts';
import { type Rollup, valuesOf } from './rollup-building.ts';
import { firstHourOf } from './rollup-days.ts';

/**
 * Whether the spans of time that roll-ups answer for equal the cube's. Tags are compared by their values, so that
 * which tag sets a roll-up takes for alike is proved too. Nothing to say where there are no roll-ups.
 */
export function rollupFindings(database: Database): readonly Finding[] {
  const kept = database
    .prepare<[], { id: number; keys: string; hours: number; offset: number }>(
      'SELECT id, keys, hours, offset_hours AS offset FROM rollup WHERE forgone_at IS NULL',
    )
    .all();
  if (kept.length === 0) return [];
  const wrong = kept.flatMap(({ id, keys, ...cut }) => {
    const names: readonly string[] = JSON.parse(keys);
    return differences(database, { id, keys: names, ...cut }) === 0
      ? []
      : [names.join(', ') || 'no tag'];
  });
  if (wrongSums(database) > 0) wrong.push('packed sums');
  return [
    {
      check: 'roll-ups',
      holds: wrong.length === 0,
      detail:
        wrong.length === 0
          ? `the cube and ${counted(kept.length, 'roll-up')} of it agree`
          : `roll-ups of ${[...new Set(wrong)].join('; ')} differ from the cube; run aicost doctor --rebuild`,
    },
  ];
}

const SUMS = CELL_SUMS.map((sum) => `sum(${sum})`).join(', ');

/** How many sums of a roll-up differ from the cube's. */
function differences(database: Database, { id, keys, ...cut }: Rollup): number {
  const { values, joins, bound } = valuesOf(keys, 's.tag_set_id');
  const group = 'GROUP BY start, tag_values, sku_id, rate_id, status';
  const columns = (start: string): string =>
    `${start} AS start, ${values} AS tag_values, sku_id, rate_id, status`;
  const fresh =
    'start IN (SELECT start_hour FROM rollup_span WHERE rollup_span.rollup_id = ? AND fresh = 1)';
  const own = (sums: string, extra: string, more: string): string =>
    `SELECT ${columns('hour')}, ${sums} FROM rollup_cell s ${joins} ${extra} WHERE s.rollup_id = ? AND ${fresh} ${group}${more}`;
  const ofCube = (sums: string, extra: string, more: string): string =>
    `SELECT ${columns(firstHourOf('hour', cut))}, ${sums} FROM cube s ${joins} ${extra} WHERE ${fresh} ${group}${more}`;
  const count = (one: string, other: string): number => {
    const [ones, others] = [
      [...bound, id, id],
      [...bound, id],
    ];
    return (
      database
        .prepare<unknown[], { n: number }>(
          `SELECT count(*) AS n FROM (SELECT * FROM (${one} EXCEPT ${other}) UNION ALL SELECT * FROM (${other} EXCEPT ${one}))`,
        )
        .get(...ones, ...others, ...others, ...ones)?.n ?? 0
    );
  };
  const extraOfRollup =
    'JOIN rollup_cell_extra x USING (rollup_id, hour, tag_set_id, sku_id, rate_id, status)';
  const quantities = 'name, sum(quantity)';
  return (
    count(own(SUMS, '', ''), ofCube(SUMS, '', '')) +
    count(
      own(quantities, extraOfRollup, ', name'),
      ofCube(quantities, 'JOIN cube_extra x ON x.cube_id = s.id', ', name'),
    )
  );
}
