import type { Database } from './database.ts';
import { whileNobodyWrites } from './derived-change.ts';

/** Indexes of events that questions may need. Each costs every append, so a ledger has only those that were asked for. */
const INDEXES = {
  time: 'CREATE INDEX IF NOT EXISTS main.event_by_time ON event (time_ms)',
  run: 'CREATE INDEX IF NOT EXISTS main.event_by_run ON event (run) WHERE run IS NOT NULL',
} as const;

const known = new WeakMap<Database, Set<keyof typeof INDEXES>>();

/**
 * Makes an index of events if it is not there and can be made now: somebody else may be writing, or the file may be read-only.
 * Without it the question is answered all the same, by looking at every event.
 */
export function indexEvents(database: Database, by: keyof typeof INDEXES): void {
  const made = known.get(database) ?? new Set();
  known.set(database, made);
  if (made.has(by) || database.inTransaction) return;
  made.add(by);
  const name = `event_by_${by}`;
  const present = database
    .prepare("SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?")
    .get(name);
  if (present === undefined) whileNobodyWrites(database, () => void database.exec(INDEXES[by]));
}
