import { isPathPattern, pathMatcher } from '../domain/path-globs.ts';
import type { Written } from '../domain/prompt-plan.ts';
import type { Located, TreeReader } from './yaml-tree.ts';

/** A path of a config as a path of its tree; `folder` is where the config stands, '' for the root. */
export function treePathAt(
  read: TreeReader,
  value: Located | undefined,
  path: string,
  folder: string,
): Written<string> | undefined {
  const text = read.text(value, path);
  if (value === undefined || text === undefined) return undefined;
  const joined = joinedPath(folder, text);
  if (joined !== undefined) return { value: joined, origin: value.origin };
  read.error(
    value.origin,
    `${path}: expected a path inside the repository, relative to this file, found "${text}"`,
  );
  return undefined;
}

/** As `treePathAt`, for a pattern. */
export function treePatternAt(
  read: TreeReader,
  value: Located | undefined,
  path: string,
  folder: string,
): Written<string> | undefined {
  const pattern = treePathAt(read, value, path, folder);
  if (pattern === undefined || pathMatcher(pattern.value) !== undefined) return pattern;
  read.error(pattern.origin, `${path}: the braces stand for more than 256 patterns; write fewer`);
  return undefined;
}

/** A path written by itself that looks like a pattern was most likely meant as one. */
export function warnOfPattern(read: TreeReader, path: Written<string>, key: string): void {
  if (isPathPattern(path.value))
    read.error(path.origin, `${key}: "${path.value}" is a pattern; write it under glob:`);
}

/** Paths of a config that may lie outside its tree: one text or a list of them. */
export const anyPathsAt = (
  read: TreeReader,
  value: Located | undefined,
  path: string,
  folder: string,
): readonly (Written<string> & { readonly outside: boolean })[] =>
  (value?.kind === 'scalar' ? [value] : read.list(value, path)).flatMap((item) => {
    const text = read.text(item, path);
    if (text === undefined) return [];
    const inside = joinedPath(folder, text);
    return [{ value: inside ?? text, origin: item.origin, outside: inside === undefined }];
  });

/** Both joined, without `.` and `..`; `undefined` when the result is not below the root. */
function joinedPath(folder: string, text: string): string | undefined {
  if (text.startsWith('/') || text.includes('\0')) return undefined;
  const names: string[] = [];
  for (const name of `${folder}/${text}`.split('/')) {
    if (name === '' || name === '.') continue;
    if (name !== '..') names.push(name);
    else if (names.pop() === undefined) return undefined;
  }
  return names.length === 0 ? undefined : names.join('/');
}
