import type { FileTree, TreeFile } from '../../prompts/file-tree.ts';
import { hasCrlf, stored } from './line-endings.ts';
import { type Entry, known, listedTree } from './listed-tree.ts';
import { blobEntry, recordOf, SUBMODULE } from './object-trees.ts';
import type { Objects } from './objects.ts';
import { pathName, recordsOf } from './path-names.ts';
import type { Repository } from './repository.ts';
import { type StoredForm, storedForms } from './stored-forms.ts';
import { unresolved } from './stored-elsewhere.ts';
import { workingFolder } from './working-file.ts';

/** One path of `git ls-files`: what the index has of it, if anything. */
interface Listed {
  readonly path: Buffer;
  readonly staged?: { readonly mode: string; readonly id: string };
  /** The checkout is sparse and leaves it out. */
  readonly sparse?: boolean;
}

/**
 * The files that stand in a working tree: tracked ones, and new ones that are not ignored. Their contents are what
 * git would store of them, line endings included, so that a checkout on Windows compares equal to its commit.
 * `root` is the folder of the working tree. Throws UserError (3) when git cannot list it.
 */
export async function workingTree(
  repository: Repository,
  objects: Objects,
  root: string,
): Promise<FileTree> {
  const listed = await listFiles(repository);
  let forms: Promise<(path: string) => StoredForm> | undefined;
  const formOf = async (name: string): Promise<StoredForm> => {
    forms ??= storedForms(
      repository.git,
      listed.map(({ path }) => path),
    );
    return (await forms)(name);
  };
  const store = async (
    bytes: Uint8Array,
    { path, staged }: Listed,
  ): Promise<Uint8Array | TreeFile> => {
    const form = await formOf(pathName(path));
    if (form.kind === 'converted') return unresolved(form.why);
    if (form.endings === 'text-unless-binary' && staged !== undefined && hasCrlf(bytes)) {
      // What git tells by itself to be text keeps its CR LF where they were committed with them.
      const before = await objects.read(staged.id);
      if (before.kind === 'file' && hasCrlf(before.bytes)) return bytes;
    }
    return stored(bytes, form.endings);
  };
  const folder = workingFolder(root, repository.hash);
  const entryOf = (file: Listed): Entry => {
    if (file.staged?.mode === '160000') return SUBMODULE;
    if (file.sparse === true && file.staged !== undefined) return blobEntry(file.staged, objects);
    if (file.path.at(-1) === SLASH) return NESTED;
    return () => folder.read(file.path, (bytes) => store(bytes, file));
  };
  return listedTree(
    'working tree',
    listed.map((file) => [pathName(file.path).replace(/\/$/, ''), entryOf(file)]),
  );
}

const SLASH = 47;

/** A folder with a repository of its own that nobody made a submodule. */
const NESTED = known(unresolved('it is another repository'));

/** Paths as git lists them, without those that were deleted. */
async function listFiles({ git }: Repository): Promise<readonly Listed[]> {
  const all = ['--cached', '--others', '--deleted', '--exclude-standard'];
  const output = await git.must(['ls-files', '-t', '--stage', ...all, '-z']);
  // By their bytes: a path in conflict is listed once a side, a deleted one once more.
  const listed = new Map<string, Listed>();
  const deleted = new Set<string>();
  for (const record of recordsOf(output)) {
    const { tag, ...file } = fileOf(record);
    const key = file.path.toString('latin1');
    if (tag === 'R') deleted.add(key);
    else listed.set(key, file);
  }
  for (const key of deleted) listed.delete(key);
  return [...listed.values()];
}

/** `? path`, or `TAG MODE ID STAGE<tab>path`: H cached, S left out of a sparse checkout, M in conflict, R deleted. */
function fileOf(record: Buffer): Listed & { readonly tag: string } {
  if (record[0] === QUESTION_MARK) return { tag: '?', path: record.subarray(2) };
  const { words, path } = recordOf(record);
  const [tag = '', mode = '', id = ''] = words;
  if (tag === 'M') return { tag, path };
  return { tag, path, sparse: tag === 'S', staged: { mode, id } };
}

const QUESTION_MARK = 63;
