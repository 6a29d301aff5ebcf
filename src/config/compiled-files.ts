import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { makeFolder } from '../make-folder.ts';

/** Texts kept between runs under a key. Losing one costs time only: whoever asks can make it again. */
export interface CompiledFiles {
  /** What was kept under a key; `undefined` when nothing was, or when it cannot be trusted. */
  readonly read: (key: string) => string | undefined;
  /** Keeps a text under a key, all or nothing. Does nothing where it cannot. */
  readonly keep: (key: string, text: string) => void;
}

/** Most entries of a folder; the oldest go first. */
const MOST_ENTRIES = 200;
/** A larger file is none of ours. */
const MOST_BYTES = 64 << 20;
const PREFIX = 'card-';
const UNFINISHED = 'writing-';

/** Texts that came with the package, or the build; as trustworthy as the code beside them, whoever owns both. */
export const packagedFiles = (folder: string): CompiledFiles => ({
  read: (key) => readWhole(join(folder, `${PREFIX}${key}`), () => true),
  keep: () => undefined,
});

/** Reads from the first that has a text, and keeps in the last. */
export const layered = (first: CompiledFiles, last: CompiledFiles): CompiledFiles => ({
  read: (key) => first.read(key) ?? last.read(key),
  keep: last.keep,
});

/**
 * Texts kept as files of one folder, which is made on the first write. A file counts only when it and its folder
 * belong to this user and nobody else may write them, and when the digest in its first line is that of
 * what follows. Other files are as good as absent.
 */
export function compiledFiles(folder: string, options: { readonly write: boolean }): CompiledFiles {
  let usable: boolean | undefined;
  const file = (key: string): string => join(folder, `${PREFIX}${key}`);
  return {
    read(key) {
      usable ??= isOwnFolder(folder);
      return usable ? readWhole(file(key), isOwn) : undefined;
    },
    keep(key, text) {
      if (!options.write) return;
      try {
        makeFolder(folder);
        usable = isOwnFolder(folder);
        if (!usable) return;
        writeWhole(folder, file(key), `${digestOf(text)}\n${text}`);
        removeOldest(folder);
      } catch {
        // A full disk or a folder without write permission only means that the next run compiles again.
      }
    },
  };
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Whether only this user can have written here. Windows keeps user folders apart by itself. */
function isOwn({ uid, mode }: Stats): boolean {
  const user = process.getuid?.();
  return user === undefined || (uid === user && (mode & 0o022) === 0);
}

function isOwnFolder(folder: string): boolean {
  try {
    const stats = lstatSync(folder);
    return stats.isDirectory() && isOwn(stats);
  } catch {
    return false;
  }
}

/** A file that nobody broke or replaced by something else; `undefined` for any other. */
function readWhole(path: string, isTrusted: (stats: Stats) => boolean): string | undefined {
  let descriptor: number | undefined;
  try {
    // Neither a link to somewhere else nor a pipe that never ends.
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    descriptor = openSync(path, flags);
    const stats = fstatSync(descriptor);
    if (!stats.isFile() || !isTrusted(stats) || stats.size > MOST_BYTES) return undefined;
    const whole = readFileSync(descriptor, 'utf8');
    const end = whole.indexOf('\n');
    const text = whole.slice(end + 1);
    return end > 0 && whole.slice(0, end) === digestOf(text) ? text : undefined;
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Writes beside and renames, so that another process sees the old file, the new one or none. */
function writeWhole(folder: string, path: string, content: string): void {
  const beside = mkdtempSync(join(folder, UNFINISHED));
  try {
    const written = join(beside, 'card');
    writeFileSync(written, content, { mode: 0o600, flag: 'wx' });
    renameSync(written, path);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}

/** Leaves the newest entries; what a killed process left unfinished ages away like any other. */
function removeOldest(folder: string): void {
  const names = readdirSync(folder).filter(
    (name) => name.startsWith(PREFIX) || name.startsWith(UNFINISHED),
  );
  if (names.length <= MOST_ENTRIES) return;
  const aged = names
    .map((name) => join(folder, name))
    .map((path) => ({ path, time: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.time - a.time);
  for (const { path } of aged.slice(MOST_ENTRIES)) rmSync(path, { recursive: true, force: true });
}
