import { BUSY_MS, type Database } from './database.ts';

/**
 * Runs a change of what is derived from events, or leaves it to another time where the ledger cannot be written
 * now. Questions are answered without it, only slower.
 */
export function whileNobodyWrites(database: Database, change: () => void): void {
  database.pragma('busy_timeout = 0');
  try {
    database.transaction(change).immediate();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!/^SQLITE_(BUSY|LOCKED|READONLY|FULL|CANTOPEN|IOERR)/.test(code)) throw error;
  } finally {
    database.pragma(`busy_timeout = ${BUSY_MS}`);
  }
}
