import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../errors.ts';
import { findFiles, type FoundFile } from './find-files.ts';
import { Beside, entriesOf } from './rotated-names.ts';

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
      const beside = new Beside();
      for (const file of present.values()) {
        const before = seen.get(file.path);
        const state = stateOf(file.path);
        if (state === undefined || isAlike(before, state)) continue;
        if ((resting.get(file.path) ?? 0) > now()) continue;
        if (before !== undefined)
          setAside.push(...(await setAsideOf(file.path, before, aside, beside)));
        // What had been set aside before anybody followed is none of it.
        else for (const old of await beside.namedAfter(file.path)) note(aside, old);
        seen.set(file.path, state);
        // One that cannot be read must not end the watch: it is told among those left out.
        files.push({ ...file, asked: false });
      }
      for (const [path, before] of seen)
        if (!present.has(path)) {
          seen.delete(path);
          setAside.push(...(await setAsideOf(path, before, aside, beside)));
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
  try {
    const { ino, size, ctimeMs } = statSync(path);
    return { inode: ino, size, changedMs: ctimeMs };
  } catch (error) {
    return isGone(error) ? undefined : UNKNOWN;
  }
}

/** How a file looks that nobody may ask about: it is handed out once, to be told among those left out. */
const UNKNOWN: Seen = { inode: -1, size: 0, changedMs: 0 };

function note(known: Map<string, Seen>, path: string): void {
  const state = stateOf(path);
  if (state !== undefined) known.set(path, state);
}

const isAlike = (before: Seen | undefined, state: Seen): boolean =>
  before !== undefined &&
  before.inode === state.inode &&
  before.size === state.size &&
  before.changedMs === state.changedMs;

/**
 * Files that a rotation may have made of a log since it was last read: what has its inode now, or else what is named
 * after it and was not there before, or has changed. What is in them and known already does not count twice.
 */
async function setAsideOf(
  path: string,
  before: Seen,
  known: Map<string, Seen>,
  beside: Beside,
): Promise<readonly FoundFile[]> {
  const named = await beside.namedAfter(path);
  const moved = stateOf(path)?.inode !== before.inode;
  const others = moved
    ? (await entriesOf(dirname(path)))
        .filter((entry) => entry.isFile())
        .map(({ name }) => join(dirname(path), name))
        .filter((other) => named.includes(other) || stateOf(other)?.inode === before.inode)
    : named;
  const found: FoundFile[] = [];
  for (const other of others) {
    const state = stateOf(other);
    if (other === path || state === undefined || isAlike(known.get(other), state)) continue;
    known.set(other, state);
    found.push({ path: other, shownAs: other, asked: false });
  }
  return found.sort((one, another) => (one.path < another.path ? -1 : 1));
}
