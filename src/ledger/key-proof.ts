import { counted } from '../domain/words.ts';
import type { Database } from './database.ts';
import { FOUND_UP_TO, keyHash } from './event-keys.ts';
import { listedKeys } from './listed-keys.ts';
import type { Finding } from './proof.ts';
import { eachSettled } from './settled-rows.ts';

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

/** How many events the hash of their key does not lead to, although it should; that of a family is another name. */
function lostEvents(database: Database): number {
  const last = database.prepare<[], number>(`SELECT ${FOUND_UP_TO}`).pluck().get() ?? 0;
  const hashOf = keyHash(database);
  // Four bytes and a bit for each id, since there may be tens of millions.
  const wanted = new Uint32Array(last + 1);
  const found = new Uint8Array((last >> 3) + 1);
  const events = database.prepare<[number], { id: number; key: string }>(
    'SELECT id, key FROM event WHERE id <= ?',
  );
  for (const { id, key } of events.iterate(last)) wanted[id] = hashOf(key);
  const find = (hash: number, id: number): void => {
    if (wanted[id] === hash) found[id >> 3] = (found[id >> 3] ?? 0) | (1 << (id & 7));
  };
  eachSettled(database, find);
  for (const { hashes, ids } of listedKeys(database))
    for (const [index, hash] of hashes.entries()) find(hash, ids[index] ?? 0);
  let lost = 0;
  for (const { id } of events.iterate(last))
    if (((found[id >> 3] ?? 0) & (1 << (id & 7))) === 0) lost += 1;
  return lost;
}
