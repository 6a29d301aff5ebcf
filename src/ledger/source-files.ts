import type { Database } from './database.ts';

/** A file as the ledger last saw it. */
export interface SourceFile {
  readonly id: number;
  /** Tells a replaced file from one that grew: its inode and the hash of its first bytes. */
  readonly identity: string;
  /** How it was read: adapter, mapping and extra tags. Read anew when that changes. */
  readonly options: string;
  readonly size: number;
  readonly modifiedMs: number;
  /** Bytes and lines that are in the ledger; the file is done when the offset is its size. */
  readonly readOffset: number;
  readonly readLines: number;
}

/** How far a file is read, to be committed with the events up to there. */
export interface Checkpoint extends Omit<SourceFile, 'id'> {
  readonly fileId: number;
}

/** The table of files that were read. */
export interface SourceFiles {
  readonly find: (path: string) => SourceFile | undefined;
  readonly idOf: (path: string) => number;
  readonly move: (checkpoint: Checkpoint) => void;
}

/** Opens the table of files. */
export function openSourceFiles(database: Database): SourceFiles {
  const find = database.prepare<[string], SourceFile>(`
    SELECT id, identity, options, size, modified_ms AS modifiedMs, read_offset AS readOffset, read_lines AS readLines
    FROM source_file WHERE path = ?`);
  const insert = database.prepare(`
    INSERT OR IGNORE INTO source_file (path, identity, options, size, modified_ms, read_offset, read_lines)
    VALUES (?, '', '', 0, 0, 0, 0)`);
  const move = database.prepare(`
    UPDATE source_file SET identity = ?, options = ?, size = ?, modified_ms = ?, read_offset = ?, read_lines = ? WHERE id = ?`);
  return {
    find: (path) => find.get(path),
    idOf(path) {
      const known = find.get(path);
      if (known !== undefined) return known.id;
      const { changes, lastInsertRowid } = insert.run(path);
      if (changes === 1) return Number(lastInsertRowid);
      // Somebody else was faster.
      const file = find.get(path);
      if (file === undefined) throw new Error(`source file ${path} was not kept`);
      return file.id;
    },
    move: ({ identity, options, size, modifiedMs, readOffset, readLines, fileId }) =>
      void move.run(identity, options, size, modifiedMs, readOffset, readLines, fileId),
  };
}
