import { quote } from '../../errors.ts';
import type { FileTree } from '../file-tree.ts';
import type { Finding } from '../finding.ts';
import type { FormatContext, Included } from './prompt-format.ts';
import { folderOf, resolvePath } from './tree-paths.ts';
import { readTreeText } from './tree-text.ts';

/** Most other files that one prompt file may pull in, and how much text in all. */
const MOST_INCLUDES = 500;
const MOST_CHARACTERS = 32 * 1024 * 1024;

/** Reading of other files for one prompt file: inside the tree only, each once, within caps. */
export interface Includes {
  readonly include: FormatContext['include'];
  /** Paths that were asked for inside the tree, those that are missing too: each decides what the prompt is. */
  readonly paths: () => readonly string[];
}

/** Includes of the file at `path`. Names are relative to the file that asks for them. */
export function openIncludes(tree: FileTree, path: string): Includes {
  const read = new Map<string, Promise<Included>>();
  let characters = 0;
  const problem = (code: string, message: string, file: string): Included => ({
    kind: 'missing',
    finding: { level: 'error', code, message, origin: { file } } satisfies Finding,
  });
  const readCounted = async (found: string): Promise<Included> => {
    const included = await readTreeText(tree, found);
    if (included.kind === 'missing') return included;
    characters += included.text.length;
    return characters <= MOST_CHARACTERS
      ? included
      : problem(
          'includes-too-large',
          `includes more than ${MOST_CHARACTERS / 1024 / 1024} MB of text`,
          path,
        );
  };
  return {
    async include(relative, from = path) {
      const resolved = resolvePath(folderOf(from), relative);
      if (resolved.kind !== 'path')
        return problem(
          'include-outside',
          `${quote(relative)} ${WHY[resolved.kind]}, so it is not read; name a file inside it`,
          from,
        );
      const known = read.get(resolved.path);
      if (known !== undefined) return known;
      if (read.size >= MOST_INCLUDES)
        return problem('too-many-includes', `includes more than ${MOST_INCLUDES} files`, path);
      const reading = readCounted(resolved.path);
      read.set(resolved.path, reading);
      return reading;
    },
    paths: () => [...read.keys()],
  };
}

const WHY = {
  absolute: 'is a path of the machine, not of the repository',
  outside: 'is outside of the repository',
  empty: 'names no file',
} as const;
