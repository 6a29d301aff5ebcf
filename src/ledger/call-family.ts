import type { UsageEvent } from '../domain/usage.ts';
import type { Database } from './database.ts';

/** Finds the key under which an event belongs, when records of one call carry different ids. */
export interface CallFamilies {
  /** The key of the event's call: its own, or that of the record it repeats. */
  readonly settle: (event: UsageEvent, key: string) => string;
}

/**
 * A record without a request id, or replayed in a sidechain, is the same call as any other record of its
 * family; two records with different request ids are two calls (reference: agent CLIs, Claude Code).
 */
export function openCallFamilies(database: Database): CallFamilies {
  const members = database.prepare<[string], { event_key: string; exact: number }>(
    'SELECT event_key, exact FROM call_family WHERE family = ? ORDER BY event_key',
  );
  const any = database.prepare<[], { found: number }>('SELECT 1 AS found FROM call_family LIMIT 1');
  const add = database.prepare(
    'INSERT OR IGNORE INTO call_family (family, event_key, exact) VALUES (?, ?, ?)',
  );
  const drop = database.prepare('DELETE FROM call_family WHERE family = ? AND event_key = ?');
  const rename = database.prepare('UPDATE OR IGNORE event SET key = ? WHERE key = ?');
  const eventExists = database.prepare<[string], { found: number }>(
    'SELECT 1 AS found FROM event WHERE key = ?',
  );
  let used: boolean | undefined;

  return {
    settle(event, key) {
      if (event.family === undefined) {
        used ??= any.get() !== undefined;
        return used && event.id !== undefined ? (members.all(event.id)[0]?.event_key ?? key) : key;
      }
      used = true;
      const { family } = event;
      const known = members.all(family);
      if (known.length === 0 && family !== key && eventExists.get(family) !== undefined)
        known.push({ event_key: family, exact: 0 });
      if (known.some(({ event_key }) => event_key === key)) return key;
      const exact = key !== family && event.replay !== true;
      if (!exact) {
        const kin = known.find((member) => member.exact === 1) ?? known[0];
        if (kin !== undefined) return kin.event_key;
        add.run(family, key, 0);
        return key;
      }
      const loose = known.find((member) => member.exact === 0);
      if (loose !== undefined) {
        rename.run(key, loose.event_key);
        drop.run(family, loose.event_key);
      }
      add.run(family, key, 1);
      return key;
    },
  };
}
