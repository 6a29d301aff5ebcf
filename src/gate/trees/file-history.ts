import { commitTree } from './object-trees.ts';
import type { Objects } from './objects.ts';
import type { Repository } from './repository.ts';
import type { FileTree } from '../../prompts/file-tree.ts';

/** The commit that changed a file last. */
export interface LastChange {
  readonly tree: FileTree;
  /** The clone has nothing before it, so that the file may be older. */
  readonly cutOff: boolean;
}

/** Finds the commit up to `head` that changed a path of the repository last; undefined where no commit has it. */
export async function lastChange(
  repository: Repository,
  objects: Objects,
  path: string,
  head: string,
): Promise<LastChange | undefined> {
  const { git } = repository;
  const answer = await git.ask([
    'log',
    '-1',
    '--format=%H',
    '--end-of-options',
    head,
    '--',
    `:(top,literal)${path}`,
  ]);
  const commit = answer.status === 0 ? answer.out.toString().trim() : '';
  if (commit === '') return undefined;
  const shallow = (await git.must(['rev-parse', '--is-shallow-repository'])).toString().trim();
  const parents = (await git.must(['rev-list', '--parents', '-1', commit])).toString().trim();
  return {
    tree: await commitTree(repository, objects, commit),
    cutOff: shallow === 'true' && !parents.includes(' '),
  };
}
