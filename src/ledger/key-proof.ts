import { counted } from '../domain/words.ts';
import type { Database } from './database.ts';
import { SETTLED_UP_TO } from './event-keys.ts';
import type { Finding } from './proof.ts';

/** Whether every event can be found by its key, and no key is there twice, which no index of SQLite sees to. */
export function keyFinding(database: Database): Finding {
  const count = (sql: string): number => database.prepare<[], { n: number }>(sql).get()?.n ?? 0;
  const lost = count(
    `SELECT count(*) AS n FROM event WHERE id <= ${SETTLED_UP_TO} AND id NOT IN (SELECT event_id FROM event_key)`,
  );
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
