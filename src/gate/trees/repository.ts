import { resolve } from 'node:path';
import { UserError } from '../../errors.ts';
import { type Environment, type Git, gitIn, complaintOf, untrusted } from './git.ts';

/** A git repository: where its working tree begins, and what its ids are. */
export interface Repository {
  /** Git in the root of the working tree, or in the git folder where there is none. */
  readonly git: Git;
  /** The root of the working tree; undefined in a bare repository. */
  readonly root: string | undefined;
  /** How contents become ids. */
  readonly hash: 'sha1' | 'sha256';
}

/** Where a command stands, and the environment it was started with. */
export interface Place {
  readonly cwd: string;
  readonly env: Environment;
}

/**
 * The repository that a folder is in; undefined when it is in none. `network: false` forbids git to ask any remote.
 * Throws UserError (2) when git is missing or does not trust the repository.
 */
export async function openRepository(
  { cwd, env }: Place,
  { network }: { readonly network: boolean },
): Promise<Repository | undefined> {
  const git = gitIn(cwd, { env, network });
  const question = ['--is-inside-work-tree', '--show-object-format', '--show-cdup'];
  const answer = await git.ask(['rev-parse', ...question]);
  if (answer.status !== 0) {
    if (/not a git repository/.test(answer.err)) return undefined;
    throw (
      untrusted(answer.err) ??
      new UserError(`git cannot read the repository of ${cwd}: ${complaintOf(answer)}`)
    );
  }
  // Git older than 2.28 repeats the question it does not know, and knows no other ids than SHA-1.
  const [inside, format, up = ''] = answer.out.toString().split('\n');
  const root = inside === 'true' ? resolve(cwd, up) : undefined;
  return {
    git: root === undefined ? git : gitIn(root, { env, network }),
    root,
    hash: format === 'sha256' ? 'sha256' : 'sha1',
  };
}

/** As openRepository, for commands that cannot do without one. Throws UserError (2) outside a repository. */
export async function mustBeRepository(
  place: Place,
  options: { readonly network: boolean },
): Promise<Repository> {
  const repository = await openRepository(place, options);
  if (repository !== undefined) return repository;
  throw new UserError(`${place.cwd} is in no git repository`, {
    hint: 'A comparison needs the history of the prompts: run it inside a clone of their repository.',
  });
}
