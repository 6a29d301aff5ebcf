import { type Dirent, readdirSync } from 'node:fs';
import { glob, stat } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { UserError } from '../errors.ts';

/** A file to read. `asked` is true when the user named it rather than a folder that holds it. */
export interface FoundFile {
  readonly path: string;
  /** The path as messages show it: relative to where the user stands when that is shorter. */
  readonly shownAs: string;
  readonly asked: boolean;
}

const LOG_NAME = /\.(jsonl|ndjson|json|csv|log|txt)(\.(gz|zst))?$/i;
const SKIPPED_FOLDERS = new Set(['node_modules', '.git', '.aicost']);

/**
 * The files behind paths: a file is itself, a folder is every log file below it (JSON, JSONL, CSV, plain
 * or packed; links to folders are not followed), a pattern is what it matches. Sorted, each file once. A folder that
 * cannot be read is among them, so that whoever reads it is told why.
 * Throws UserError when a path is not there or a pattern matches nothing.
 */
export async function findFiles(
  paths: readonly string[],
  cwd: string,
): Promise<readonly FoundFile[]> {
  const found = new Map<string, FoundFile>();
  const below = within(resolve(cwd));
  const add = (path: string, asked: boolean): void => {
    const shownAs = path.startsWith(below) ? path.slice(below.length) : path;
    if (!found.has(path) || asked) found.set(path, { path, shownAs, asked });
  };
  for (const given of paths) {
    const path = resolve(cwd, given);
    const kind = await kindOf(path);
    if (kind === 'file') add(path, true);
    else if (kind === 'folder') for (const file of filesBelow(path)) add(file, file === path);
    else {
      const matches = /[*?[{]/.test(given) ? await matching(given, cwd) : [];
      if (matches.length === 0)
        throw new UserError(
          /[*?[{]/.test(given) ? 'no file matches this pattern' : 'no such file or folder',
          { origin: { file: given } },
        );
      for (const match of matches) add(match, true);
    }
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function kindOf(path: string): Promise<'file' | 'folder' | 'none'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch {
    return 'none';
  }
}

async function matching(pattern: string, cwd: string): Promise<readonly string[]> {
  const matches: string[] = [];
  for await (const match of glob(pattern, { cwd })) {
    const path = resolve(cwd, match);
    if ((await kindOf(path)) === 'file') matches.push(path);
  }
  return matches;
}

/** What the resolved path of everything in a folder begins with. */
const within = (folder: string): string => (folder.endsWith(sep) ? folder : folder + sep);

/** The paths are put together here: path.join takes longer than reading the folder. */
function* filesBelow(folder: string): Generator<string> {
  const entries = entriesOf(folder);
  if (entries === undefined) return yield folder;
  const below = within(folder);
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below + entry.name;
    if (entry.isDirectory()) {
      if (!SKIPPED_FOLDERS.has(entry.name)) yield* filesBelow(path);
    } else if (LOG_NAME.test(entry.name) && (entry.isFile() || entry.isSymbolicLink())) yield path;
  }
}

/** What a folder has; `undefined` where it may not be read. */
function entriesOf(folder: string): Dirent[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return undefined;
  }
}
