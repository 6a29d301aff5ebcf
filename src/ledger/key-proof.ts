import { counted } from '../domain/words.ts';
import type { Database } from './database.ts';
import { FOUND_UP_TO } from './event-keys.ts';
import { listedKeys } from './listed-keys.ts';
import type { Finding } from './proof.ts';
import { settledIds } from './settled-rows.ts';

/** Whether every event can be found by its key, and no key is there twice, which no index of SQLite sees to. */
export function keyFinding(database: Database): Finding {
  const count = (sql: string): number => database.prepare<[], { n: number }>(sql).get()?.n ?? 0;
  const lost = lostEvents(database);
  const twice = count('SELECT count(*) - count(DISTINCT key) AS n FROM event');
  return {
    check: 'ids',
    holds: lost + twice === 0,
    detail:
      twice > 0
        ? `${counted(twice, 'event')} counted twice; read the logs into a new ledger`
        : lost > 0
          ? `${counted(lost, 'event')} cannot be found by id; run aicost doctor --rebuild`
          : 'every event is found by its id, and no id is there twice',
  };
}

/** How many events have an id that no hash leads to, although it should. */
function lostEvents(database: Database): number {
  // A bit for each id, since there may be tens of millions.
  const last = database.prepare<[], number>(`SELECT ${FOUND_UP_TO}`).pluck().get() ?? 0;
  const found = new Uint8Array((last >> 3) + 1);
  const find = (id: number): void =>
    void (found[id >> 3] = (found[id >> 3] ?? 0) | (1 << (id & 7)));
  for (const id of settledIds(database)) find(id);
  for (const { firstId, hashes } of listedKeys(database))
    for (let index = 0; index < hashes.length; index += 1) find(firstId + index);
  const events = database.prepare<[number], number>('SELECT id FROM event WHERE id <= ?').pluck();
  let lost = 0;
  for (const id of events.iterate(last))
    if (((found[id >> 3] ?? 0) & (1 << (id & 7))) === 0) lost += 1;
  return lost;
}
