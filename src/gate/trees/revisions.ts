import { quote, UserError } from '../../errors.ts';
import type { Git } from './git.ts';

/** Whether text is the full id of an object. */
export const isFullId = (text: string): boolean => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);

/** The commit of a revision that somebody wrote, as far as this clone knows it. Throws UserError (2) for what could be no revision. */
export async function commitOf(
  git: Git,
  revision: string,
  saidBy: string,
): Promise<string | undefined> {
  // An option of git is no revision, and control characters are nothing at all.
  if (/^-|^$|[\u0000-\u001F\u007F]/.test(revision))
    throw new UserError(`${saidBy} is ${quote(revision)}, which can be no revision`, {
      hint: 'Name a branch, a tag or a commit, such as origin/main.',
    });
  const question = ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`];
  // A partial clone would fetch a commit it lacks with its whole history.
  const { status, out } = await git.ask(question, { offline: true });
  return status === 0 ? out.toString().trim() : undefined;
}

/**
 * The parents of a commit as it names them, whether or not this clone has them: a shallow one does not, and
 * hides them from every other question.
 */
export async function parentsOf(git: Git, commit: string): Promise<readonly string[]> {
  const text = (await git.must(['cat-file', 'commit', commit])).toString('latin1');
  const [header = ''] = text.split('\n\n', 1);
  return [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].flatMap(([, id]) => id ?? []);
}

/** The best common ancestor of two commits that a clone knows. */
export interface MergeBase {
  readonly commit: string;
  /** False where history is cut off on the way to it: a better one, which is younger, may lie behind the cut. */
  readonly certain: boolean;
}

/** Finds the best common ancestor of two commits; undefined when this clone knows none. */
export async function mergeBase(
  git: Git,
  { base, head }: { readonly base: string; readonly head: string },
): Promise<MergeBase | undefined> {
  const known = { commit: base, certain: true };
  if (base === head || (await parentsOf(git, head)).includes(base)) return known;
  const { status, out } = await git.ask(['merge-base', base, head]);
  if (status !== 0) return undefined;
  const commit = out.toString().trim();
  if (commit === base || !(await isShallow(git))) return { commit, certain: true };
  // A commit whose history is cut off looks as if it were the first.
  const cut = ['rev-list', '--max-parents=0', '--max-count=1', base, head, `^${commit}`];
  return { commit, certain: (await git.must(cut)).length === 0 };
}

/** Whether a clone's history was cut off. */
export async function isShallow(git: Git): Promise<boolean> {
  return (await git.must(['rev-parse', '--is-shallow-repository'])).toString().trim() === 'true';
}
