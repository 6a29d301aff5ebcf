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
 * cost a few milliseconds. A log that was rotated is read to its end under the name that it has now, whether it was
 * renamed, or copied and cut: that cannot be told by its size, so names after its own are looked at whenever it changes.
 */
export function followedFiles(
  paths: readonly string[],
  cwd: string,
  now: () => number,
): FollowedFiles {
  const seen = new Map<string, Seen>();
  const aside = new Map<string, Seen>();
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
        if (before !== undefined) setAside.push(...(await setAsideOf(file.path, before, aside)));
        seen.set(file.path, state);
        // One that cannot be read must not end the watch: it is told among those left out.
        files.push({ ...file, asked: false });
      }
      for (const [path, before] of seen)
        if (!present.has(path)) {
          seen.delete(path);
          setAside.push(...(await setAsideOf(path, before, aside)));
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

/**
 * Files that a rotation may have made of a log since it was last read: what has its inode now, or else what is named
 * after it and younger. What is in them and known already does not count twice.
 */
async function setAsideOf(
  path: string,
  before: Seen,
  known: Map<string, Seen>,
): Promise<readonly FoundFile[]> {
  const found: FoundFile[] = [];
  const moved = stateOf(path)?.inode !== before.inode;
  for (const entry of await entriesOf(dirname(path))) {
    const other = join(dirname(path), entry.name);
    const named = isNamedAfter(entry.name, basename(path));
    if (!entry.isFile() || other === path || !(named || moved)) continue;
    const state = stateOf(other);
    if (state === undefined || isAlike(known.get(other), state)) continue;
    if (state.inode !== before.inode && !(named && state.changedMs >= before.changedMs)) continue;
    known.set(other, state);
    found.push({ path: other, shownAs: other, asked: false });
  }
  return found.sort((one, another) => (one.path < another.path ? -1 : 1));
}

const PACKED = /\.(gz|zst)$/i;

/** `app.log.1`, `app.log-20261122`, `app-2026-11-22.log`, `app.1.log`, packed or not: names that rotations give. */
export function isNamedAfter(name: string, log: string): boolean {
  if (name === log) return false;
  const plain = name.replace(PACKED, '');
  if (plain === log) return true;
  const ending = /\.[a-z]+$/i.exec(log)?.[0] ?? '';
  const stem = log.slice(0, log.length - ending.length);
  const rest = plain.startsWith(log)
    ? plain.slice(log.length)
    : plain.startsWith(stem) && plain.endsWith(ending)
      ? plain.slice(stem.length, plain.length - ending.length)
      : '';
  return /^([.-]\d[\dTZ._:-]*|\.old|\.bak)$/.test(rest);
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
