import type { FileTree } from '../../prompts/file-tree.ts';
import { inCi } from './ci-base.ts';
import { commitTree, indexTree } from './object-trees.ts';
import { openObjects } from './objects.ts';
import { mustBeRepository, type Place } from './repository.ts';
import { commitOf } from './revisions.ts';
import { workingTree } from './working-tree.ts';
import { ExitCode, UserError } from '../../errors.ts';

/** One side of a comparison that has no other. */
export interface HeadAlone {
  readonly tree: FileTree;
  /** Full id; undefined for the index and the working tree. */
  readonly commit: string | undefined;
  readonly close: () => Promise<void>;
}

/** Opens the changed side alone, as a comparison would: HEAD in CI, the working tree elsewhere. Throws UserError (3). */
export async function openHeadAlone(place: Place, wanted: string | undefined): Promise<HeadAlone> {
  const repository = await mustBeRepository(place, { network: false });
  const objects = openObjects(repository.git);
  const head = wanted ?? (inCi(place.env) ? 'HEAD' : 'WORKTREE');
  const { close } = objects;
  if (head === 'INDEX')
    return { tree: await indexTree(repository, objects), commit: undefined, close };
  if (head === 'WORKTREE' && repository.root !== undefined)
    return {
      tree: await workingTree(repository, objects, repository.root),
      commit: undefined,
      close,
    };
  const commit = await commitOf(repository.git, head, '--head');
  if (commit !== undefined)
    return { tree: await commitTree(repository, objects, commit), commit, close };
  await close();
  throw new UserError(`--head ${head} was not found`, { exitCode: ExitCode.undecided });
}
