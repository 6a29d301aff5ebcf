import { readFile, stat } from 'node:fs/promises';
import { ExitCode, UserError } from '../../errors.ts';
import type { FileTree } from '../../prompts/file-tree.ts';
import { findBase, findHead, type Head, type Sides, type Wanted } from './find-base.ts';
import { folderTree } from './folder-tree.ts';
import { commitTree, indexTree } from './object-trees.ts';
import { type Objects, openObjects } from './objects.ts';
import { mustBeRepository, openRepository, type Place, type Repository } from './repository.ts';
import { workingTree } from './working-tree.ts';

/** Two trees that are compared. */
export interface Comparison extends Sides {
  readonly trees: { readonly base: FileTree; readonly head: FileTree };
  /** Ends what was started for reading. */
  readonly close: () => Promise<void>;
}

/** The tree of files that somebody stands in, and its root as a folder of the system. */
export interface Standing {
  readonly root: string;
  readonly tree: FileTree;
  readonly close: () => Promise<void>;
}

/**
 * Opens the two trees of a comparison: what was asked for, else what a CI system or the config names. Nothing is
 * checked out or written, but for what a shallow clone has to fetch; `fetch: false` forbids that.
 * Throws UserError (2) without git or a repository, and NoBaseError.
 */
export async function openComparison(
  place: Place,
  wanted: Omit<Wanted, 'event'> & { readonly fetch: boolean },
): Promise<Comparison> {
  const repository = await mustBeRepository(place, { network: wanted.fetch });
  const isNamed = (wanted.base ?? place.env['AICOST_BASE']) !== undefined;
  const event = isNamed ? undefined : await gitHubEvent(place);
  const sides = await findBase(repository.git, place.env, { ...wanted, event });
  const objects = openObjects(repository.git);
  const [base, head] = await Promise.all([
    commitTree(repository, objects, sides.base),
    headTree(repository, objects, sides.head),
  ]);
  return { ...sides, trees: { base, head }, close: objects.close };
}

/**
 * Opens the changed side alone, for a gate that goes on where openComparison throws NoBaseError.
 * Throws UserError: 2 without git or a repository, 3 when the side is nowhere.
 */
export async function openHead(
  place: Place,
  wanted: Pick<Wanted, 'head'> & { readonly fetch: boolean },
): Promise<{ readonly head: Head; readonly tree: FileTree; readonly close: () => Promise<void> }> {
  const repository = await mustBeRepository(place, { network: wanted.fetch });
  const head = await findHead(repository.git, place.env, wanted);
  const objects = openObjects(repository.git);
  return { head, tree: await headTree(repository, objects, head), close: objects.close };
}

/** Opens the files of the working tree that a folder belongs to; the folder itself where it is in no repository. */
export async function openWorkingTree(place: Place): Promise<Standing> {
  const repository = await openRepository(place, { network: false });
  if (repository?.root === undefined)
    return { root: place.cwd, tree: await folderTree(place.cwd), close: () => Promise.resolve() };
  const objects = openObjects(repository.git);
  const { root } = repository;
  return { root, tree: await workingTree(repository, objects, root), close: objects.close };
}

async function headTree(repository: Repository, objects: Objects, head: Head): Promise<FileTree> {
  switch (head.kind) {
    case 'commit':
      return commitTree(repository, objects, head.commit);
    case 'index':
      return indexTree(repository, objects);
    case 'working-tree':
      if (repository.root !== undefined) return workingTree(repository, objects, repository.root);
      throw new UserError('a bare repository has no working tree', {
        hint: 'Pass --head with a branch or a commit.',
      });
  }
}

/** Most bytes of an event file: GitHub caps a webhook's payload at 25 MB (https://docs.github.com/en/webhooks/webhook-events-and-payloads, 2026-11-22). */
const MOST_EVENT_BYTES = 25_000_000;

/** The event that a GitHub workflow runs for; undefined outside one. Throws UserError (3) for a file that is no event. */
async function gitHubEvent({ env }: Place): Promise<unknown> {
  const file = env['GITHUB_EVENT_PATH'];
  if (!file || env['GITHUB_ACTIONS'] !== 'true') return undefined;
  try {
    if ((await stat(file)).size > MOST_EVENT_BYTES) throw new Error('it is too large for an event');
    return JSON.parse(await readFile(file, 'utf8')) as unknown;
  } catch (error) {
    throw new UserError(`the event of this workflow cannot be read: ${whyOf(error)}`, {
      origin: { file },
      hint: 'GITHUB_EVENT_PATH names it. Pass --base to say what to compare with.',
      exitCode: ExitCode.undecided,
      cause: error,
    });
  }
}

const whyOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
