import { chmodSync, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { UserError } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import { MIGRATIONS } from './migrations.ts';

/** An open SQLite database with the schema of this version. */
export type Database = Sqlite.Database;

/** How long one process waits for another that is writing. */
export const BUSY_MS = 60_000;

/**
 * Opens a ledger file, or memory for `:memory:`, and brings its schema up to date. A new file is created
 * with mode 0600. Throws UserError when the file is no ledger or was written by a newer aicost.
 */
export function openDatabase(path: string, mustExist: boolean): Database {
  const inMemory = path === ':memory:';
  const isNew = !inMemory && !existsSync(path);
  if (isNew && mustExist)
    throw new UserError(`no ledger at ${path}`, {
      hint: 'Run aicost ingest on your logs first, or report on files directly: aicost report PATH...',
    });
  try {
    if (isNew) makeFolder(dirname(path));
    const database = new Sqlite(path, { timeout: BUSY_MS });
    if (isNew) chmodSync(path, 0o600);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    database.pragma('foreign_keys = OFF');
    database.pragma('cache_size = -16384');
    database.pragma('temp_store = MEMORY');
    migrate(database, path);
    return database;
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(
      `cannot open the ledger ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
        hint: 'Name another file with --ledger, or move this one away.',
      },
    );
  }
}

function migrate(database: Database, path: string): void {
  if (schemaVersion(database) === MIGRATIONS.length) return;
  const step = database.transaction(() => {
    // Looked at again inside the transaction: another process may have migrated while this one waited.
    const done = schemaVersion(database);
    if (done > MIGRATIONS.length)
      throw new UserError(`${path} was written by a newer aicost`, {
        hint: 'Upgrade aicost, or name another ledger with --ledger.',
      });
    for (const { sql } of MIGRATIONS.slice(done)) database.exec(sql);
    database.pragma(`user_version = ${MIGRATIONS.length}`);
  });
  step.immediate();
}

const schemaVersion = (database: Database): number =>
  Number(database.pragma('user_version', { simple: true }));
