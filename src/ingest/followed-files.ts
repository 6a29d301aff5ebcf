import { type Dirent, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../errors.ts';
import { findFiles, type FoundFile } from './find-files.ts';

/** What is to be read at one look at the followed paths. */
export interface FilesToRead {
  /** Files that are new, have changed, or were set aside under another name, each in its turn. */
  readonly files: readonly FoundFile[];
  /** Paths with nothing behind them now; they may come, or come back. */
  readonly missing: readonly string[];
}

/** Looks at the followed paths again and again. */
export interface FollowedFiles {
  readonly look: () => Promise<FilesToRead>;
  /** Leaves a file alone until an instant, although it changes. */
  readonly rest: (path: string, until: number) => void;
}

/** How a file looked when it was last handed out to be read. */
interface Seen {
  readonly inode: number;
  readonly size: number;
  /** Changes with every write, rename and change of rights. */
  readonly changedMs: number;
}

/**
 * Follows files, folders and patterns. A look asks the folders and nothing else, so that a thousand quiet files
 * cost a few milliseconds. A log that was rotated is read to its end under the name that it has now: the file
 * that took over its inode, or the copy that was made before it was cut (`app.log.1`, `app.log-20261122`).
 */
export function followedFiles(
  paths: readonly string[],
  cwd: string,
  now: () => number,
): FollowedFiles {
  const seen = new Map<string, Seen>();
  const resting = new Map<string, number>();
  return {
    rest: (path, until) => void resting.set(path, until),
    async look() {
      const missing: string[] = [];
      const present = new Map<string, FoundFile>();
      for (const path of paths)
        for (const file of await filesOf(path, cwd, missing)) present.set(file.path, file);
      const files: FoundFile[] = [];
      const setAside: FoundFile[] = [];
      for (const file of present.values()) {
        const before = seen.get(file.path);
        const state = stateOf(file.path);
        if (state === undefined || isAlike(before, state)) continue;
        if ((resting.get(file.path) ?? 0) > now()) continue;
        if (before !== undefined && wasRotated(before, state))
          setAside.push(...(await rotated(file, before, present)));
        seen.set(file.path, state);
        // One that cannot be read must not end the watch: it is told among those left out.
        files.push({ ...file, asked: false });
      }
      for (const [path, before] of seen)
        if (!present.has(path)) {
          seen.delete(path);
          setAside.push(...(await rotated({ path, shownAs: path, asked: false }, before, present)));
        }
      return { files: [...setAside, ...files], missing };
    },
  };
}

async function filesOf(
  path: string,
  cwd: string,
  missing: string[],
): Promise<readonly FoundFile[]> {
  try {
    return await findFiles([path], cwd);
  } catch (error) {
    // A folder may go while it is being walked.
    if (!(error instanceof UserError) && !isGone(error)) throw error;
    missing.push(path);
    return [];
  }
}

const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR'].includes(String(error.code));

function stateOf(path: string): Seen | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined
    ? undefined
    : { inode: stat.ino, size: stat.size, changedMs: stat.ctimeMs };
}

const isAlike = (before: Seen | undefined, state: Seen): boolean =>
  before !== undefined &&
  before.inode === state.inode &&
  before.size === state.size &&
  before.changedMs === state.changedMs;

const wasRotated = (before: Seen, { inode, size }: Seen): boolean =>
  inode !== before.inode || size < before.size;

/** Packed names are read to their end too; the keys of calls keep them from counting twice. */
async function rotated(
  { path }: FoundFile,
  before: Seen,
  followed: ReadonlyMap<string, FoundFile>,
): Promise<readonly FoundFile[]> {
  const folder = dirname(path);
  const name = basename(path);
  const stem = name.replace(/\.[a-z]+$/i, '');
  const found: FoundFile[] = [];
  for (const entry of await entriesOf(folder)) {
    const other = join(folder, entry.name);
    if (!entry.isFile() || other === path || followed.has(other)) continue;
    const state = stateOf(other);
    if (state === undefined) continue;
    const tookOver = state.inode === before.inode;
    const isCopy =
      (entry.name.startsWith(name) || entry.name.startsWith(`${stem}-`)) &&
      state.changedMs >= before.changedMs;
    if (tookOver) return [{ path: other, shownAs: other, asked: false }];
    if (isCopy) found.push({ path: other, shownAs: other, asked: false });
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
