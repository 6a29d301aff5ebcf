import type { Finding } from '../../finding.ts';
import type { FileTree } from '../../file-tree.ts';
import type { FormatContext } from '../../format-contract/prompt-format.ts';
import { withoutByteOrderMark } from '../../format-contract/text-decoding.ts';
import { folderOf } from '../../format-contract/tree-paths.ts';
import { readTreeText } from '../../format-contract/tree-text.ts';
import { type Declaration, declarationsOf } from './declarations.ts';
import { BamlSyntaxError } from './tokens.ts';

/** A declaration and the file it stands in. */
export interface Found {
  readonly declaration: Declaration;
  readonly file: string;
}

/** Declarations of one file, or why there are none. */
export type ParsedFile =
  | { readonly kind: 'read'; readonly found: readonly Found[] }
  | { readonly kind: 'broken'; readonly finding: Finding };

/** Reads the declarations of a file. */
export function parseFile(text: string, file: string): ParsedFile {
  try {
    const declarations = declarationsOf(withoutByteOrderMark(text));
    return { kind: 'read', found: declarations.map((declaration) => ({ declaration, file })) };
  } catch (error) {
    if (!(error instanceof BamlSyntaxError)) throw error;
    const { message, line } = error;
    return {
      kind: 'broken',
      finding: { level: 'error', code: 'not-baml', message, origin: { file, line } },
    };
  }
}

/** Files that were parsed already; every file of a project needs all others. */
const parsedFiles = new WeakMap<FileTree, Map<string, Promise<readonly Found[]>>>();

/**
 * Declarations of the other files of the same `baml_src`, or of the same folder. A file that cannot be read has
 * none: it says so itself when it is read, and a type that is missing is a finding.
 */
export async function foundBeside({ path, tree }: FormatContext): Promise<readonly Found[]> {
  const source = /^(?:.*\/)?baml_src\//.exec(path)?.[0];
  const folder = source ?? (folderOf(path) === '' ? '' : `${folderOf(path)}/`);
  const known = parsedFiles.get(tree) ?? new Map<string, Promise<readonly Found[]>>();
  parsedFiles.set(tree, known);
  const beside = tree.paths.filter(
    (other) => other.startsWith(folder) && other.endsWith('.baml') && other !== path,
  );
  const read = beside.map((file) => {
    const reading = known.get(file) ?? foundIn(tree, file);
    known.set(file, reading);
    return reading;
  });
  return (await Promise.all(read)).flat();
}

async function foundIn(tree: FileTree, file: string): Promise<readonly Found[]> {
  const included = await readTreeText(tree, file);
  if (included.kind === 'missing') return [];
  const parsed = parseFile(included.text, file);
  return parsed.kind === 'read' ? parsed.found : [];
}
