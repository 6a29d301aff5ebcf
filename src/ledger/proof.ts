import { counted } from '../domain/words.ts';
import { closedMonths } from './closed-months.ts';
import { unbookedDifferences } from './corrections.ts';
import type { Database } from './database.ts';
import { settleForQuestions } from './event-blocks.ts';
import { keyFinding } from './key-proof.ts';
import { rollupFindings } from './rollup-proof.ts';
import { cubeFromEvents, extrasFromEvents } from './rebuild.ts';

/** One thing that was held against another, and what did not fit. */
export interface Finding {
  readonly check: string;
  readonly holds: boolean;
  readonly detail: string;
}

/** Proves that everything derived agrees with the events. Reads only. */
export function proveLedger(database: Database): readonly Finding[] {
  settleForQuestions(database);
  const count = (sql: string): number => database.prepare<[], { n: number }>(sql).get()?.n ?? 0;
  const differing = (one: string, other: string): number =>
    count(
      `SELECT count(*) AS n FROM (SELECT * FROM (${one} EXCEPT ${other}) UNION ALL SELECT * FROM (${other} EXCEPT ${one}))`,
    );
  const cube = `SELECT hour, sku_id, rate_id, tag_set_id, status, requests, input, cache_read, cache_write, output, reasoning,
    reported_microdollars + reported_rest / 1000000 AS reported_microdollars, reported_rest % 1000000 AS reported_rest, reported_requests FROM cube`;
  const extras = `SELECT hour, sku_id, rate_id, tag_set_id, status, x.name, x.quantity FROM cube_extra x JOIN cube ON cube.id = x.cube_id`;
  const events = count('SELECT count(*) AS n FROM event');
  const cells = count('SELECT count(*) AS n FROM cube');
  const check = (name: string, wrong: number, fine: string, bad: string): Finding => ({
    check: name,
    holds: wrong === 0,
    detail: wrong === 0 ? fine : bad,
  });
  const integrity = String(database.pragma('quick_check(1)', { simple: true }));
  const cubeWrong = differing(cube, cubeFromEvents('')) + differing(extras, extrasFromEvents(''));
  const noRate = count(
    'SELECT count(*) AS n FROM event LEFT JOIN rate ON rate.id = event.rate_id WHERE rate.id IS NULL',
  );
  const unrated = count(
    "SELECT coalesce(sum(requests), 0) AS n FROM event JOIN rate ON rate.id = event.rate_id WHERE rate.detail ->> 'kind' = 'unrated'",
  );
  const dangling = count(`SELECT count(*) AS n FROM event
    LEFT JOIN sku ON sku.id = sku_id LEFT JOIN tag_set ON tag_set.id = tag_set_id WHERE sku.id IS NULL OR tag_set.id IS NULL`);
  const overlapping = count(
    'SELECT count(*) AS n FROM event WHERE reasoning > output OR min(input, cache_read, cache_write, output, reasoning) < 0',
  );
  return [
    {
      check: 'file',
      holds: integrity === 'ok',
      detail: integrity === 'ok' ? 'SQLite finds no damage' : integrity,
    },
    check(
      'cube',
      cubeWrong,
      `${counted(cells, 'cell')} equal the sum of ${counted(events, 'event')}`,
      `${cubeWrong} cells differ from the sum of their events; run aicost doctor --rebuild`,
    ),
    check(
      'rates',
      noRate,
      unrated === 0
        ? 'every event has a price'
        : `every event has a price or says why not (${counted(unrated, 'request')} without one)`,
      `${noRate} events have neither a price nor a reason; run aicost doctor --rebuild`,
    ),
    check(
      'references',
      dangling,
      'every event names a known sku and tag set',
      `${dangling} events refer to rows that are gone`,
    ),
    keyFinding(database),
    check(
      'counts',
      overlapping,
      'no count is negative, no part exceeds its whole',
      `${overlapping} events contradict themselves`,
    ),
    ...rollupFindings(database),
    ...closedFindings(database),
  ];
}

/** Whether what closed months were closed with, and the corrections since, are what they hold now. */
function closedFindings(database: Database): readonly Finding[] {
  const months = closedMonths(database).map(({ month }) => month);
  if (months.length === 0) return [];
  const wrong = unbookedDifferences(database);
  const lost =
    database
      .prepare<[], { n: number }>(
        `SELECT count(*) AS n FROM (SELECT rate_id FROM closed_cell UNION ALL SELECT rate_id FROM correction_cell)
         WHERE rate_id NOT IN (SELECT id FROM rate)`,
      )
      .get()?.n ?? 0;
  const names = months.join(', ');
  return [
    {
      check: 'closed months',
      holds: wrong === 0 && lost === 0,
      detail:
        lost > 0
          ? `prices of ${counted(lost, 'cell')} of closed months are lost; run aicost close MONTH --reopen for ${names}, and close again`
          : wrong > 0
            ? `${counted(wrong, 'sum')} of ${names} differ from what was closed and corrected since; aicost doctor --rebuild books the difference`
            : `${names}: what was closed and the corrections since equal the events`,
    },
  ];
}
