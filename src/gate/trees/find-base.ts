import { ExitCode, UserError } from '../../errors.ts';
import { type CiBase, ciBase, inCi } from './ci-base.ts';
import type { Environment, Git } from './git.ts';
import { type Healing, healing } from './healing.ts';
import { shortId } from './object-trees.ts';
import {
  commitOf,
  isFullId,
  isShallow,
  type MergeBase,
  mergeBase,
  parentsOf,
} from './revisions.ts';

/** What is to be compared, as far as somebody said. */
export interface Wanted {
  /** `--base`: a branch, tag or commit. */
  readonly base?: string | undefined;
  /** `--head`: `WORKTREE`, `INDEX`, or a branch, tag or commit. When absent HEAD in CI, WORKTREE elsewhere. */
  readonly head?: string | undefined;
  /** `base:` of the config, for when neither a flag nor a CI system says. */
  readonly configuredBase?: string | undefined;
  /** Parsed content of the file that GITHUB_EVENT_PATH names. */
  readonly event?: unknown;
}

/** The changed side: a commit, or what stands in the index or the working tree on top of one. */
export interface Head {
  readonly kind: 'commit' | 'index' | 'working-tree';
  /** Full id. */
  readonly commit: string;
}

/** Which two trees are compared. */
export interface Sides {
  /** Full id of a commit. */
  readonly base: string;
  readonly head: Head;
  /** How the base was found, as people read it: `the pull request: the first parent of the merge 9f3c2a1`. */
  readonly how: string;
}

/** There is nothing to compare with (exit code 3): a gate may still look at the head alone, and has to say that it did. */
export class NoBaseError extends UserError {
  constructor(message: string, hint?: string) {
    super(message, { exitCode: ExitCode.undecided, ...(hint === undefined ? {} : { hint }) });
  }
}

/**
 * Finds the two sides of a comparison, and fetches what a shallow clone lacks of them unless git may not ask
 * remotes. Who says what the base is, first come: `--base`, AICOST_BASE, the CI system, the config, the default
 * branch. The base is the first parent where HEAD is the merge that a CI system made of a change, else the merge
 * base: what others changed meanwhile is never the change's.
 * Throws UserError (2) for what can be no revision, and NoBaseError.
 */
export async function findBase(git: Git, env: Environment, wanted: Wanted): Promise<Sides> {
  const ci = ciBase(env, wanted.event);
  const heal = healing(git, ci?.ref ?? (await branchOf(git)));
  const head = await headOf(git, heal, wantedHead(env, wanted));
  const search: Search = { git, heal, head };
  if (wanted.base !== undefined) return fork(search, { revision: wanted.base, saidBy: '--base' });
  if (env['AICOST_BASE'])
    return fork(search, { revision: env['AICOST_BASE'], saidBy: 'AICOST_BASE' });
  if (ci !== undefined && ci.guessed !== true) return changeInCi(search, ci);
  if (wanted.configuredBase !== undefined)
    return fork(search, { revision: wanted.configuredBase, saidBy: '`base` of the config' });
  return guess(search, ci);
}

/** Finds the changed side alone. Throws UserError: 2 for what can be no revision, 3 when it is nowhere. */
export async function findHead(git: Git, env: Environment, wanted: Wanted): Promise<Head> {
  const heal = healing(git, await branchOf(git));
  return headOf(git, heal, wantedHead(env, wanted));
}

const wantedHead = (env: Environment, { head }: Wanted): string =>
  head ?? (inCi(env) ? 'HEAD' : 'WORKTREE');

interface Search {
  readonly git: Git;
  readonly heal: Healing;
  readonly head: Head;
}

/** A revision, and who named it. */
interface Named {
  readonly revision: string;
  readonly saidBy: string;
}

async function headOf(git: Git, heal: Healing, wanted: string): Promise<Head> {
  const kind = wanted === 'WORKTREE' ? 'working-tree' : wanted === 'INDEX' ? 'index' : 'commit';
  const revision = kind === 'commit' ? wanted : 'HEAD';
  const commit = await commitOf(git, revision, '--head');
  if (commit !== undefined) return { kind, commit };
  if (revision === 'HEAD')
    throw new NoBaseError(
      'there is no commit yet, so nothing to compare with',
      'Commit once; `aicost estimate` needs no history.',
    );
  const fetched = await heal.commit(revision);
  if (fetched !== undefined) return { kind, commit: fetched };
  throw new UserError(`--head ${revision} was not found: ${heal.why()}`, {
    hint: fix(git, 'fetch-depth: 0'),
    exitCode: ExitCode.undecided,
  });
}

/** What a CI system runs for: a merge that it made of a change is compared with its first parent, a change with where it began. */
async function changeInCi(search: Search, ci: CiBase): Promise<Sides> {
  const { git, heal, head } = search;
  const [first, second, ...others] = await parentsOf(git, head.commit);
  const isMerge =
    first !== undefined && second !== undefined && others.length === 0 && head.commit !== ci.change;
  if (isMerge && (second === ci.change || head.commit === ci.merge)) {
    const name = `the first parent of the merge ${shortId(head.commit)}`;
    const base = (await commitOf(git, first, 'the base')) ?? (await heal.commit(first));
    if (base !== undefined) return { base, head, how: `${ci.source}: ${name}` };
    throw new NoBaseError(
      `${shortId(first)}, ${name}, is not here: ${heal.why()}`,
      fix(git, 'fetch-depth: 2'),
    );
  }
  if (ci.startsOnBase === true && head.commit !== ci.change)
    throw new NoBaseError(
      `HEAD is ${shortId(head.commit)}, which is not the change of ${ci.source}`,
      'pull_request_target checks out the base: run the gate on pull_request, which needs no secret.',
    );
  const revision = ci.base.kind === 'commit' ? ci.base.id : `origin/${ci.base.name}`;
  const sides = await fork(search, { revision, saidBy: ci.source });
  if (sides.base === head.commit && head.kind === 'commit') throw nothing(sides, ci.source);
  return sides;
}

/** Where HEAD left a revision: their merge base. */
async function fork({ git, heal, head }: Search, { revision, saidBy }: Named): Promise<Sides> {
  const shown = isFullId(revision) ? shortId(revision) : revision;
  const tip = (await commitOf(git, revision, saidBy)) ?? (await heal.commit(revision));
  if (tip === undefined)
    throw new NoBaseError(
      `the base ${shown} (${saidBy}) was not found: ${heal.why()}`,
      fix(git, 'fetch-depth: 0'),
    );
  const pair = { base: tip, head: head.commit };
  const certain = async (): Promise<MergeBase | undefined> => {
    const found = await mergeBase(git, pair);
    return found?.certain === true ? found : undefined;
  };
  const found =
    (await certain()) ??
    (await heal.deepen([head.commit, tip], certain)) ??
    (await mergeBase(git, pair));
  if (found === undefined) throw await noMergeBase(git, heal, { shown, saidBy });
  const base = found.commit;
  const exactly = base === tip ? shown : `merge base of ${shown} and ${shortId(head.commit)}`;
  const asFarAs = found.certain ? '' : ', as far as the history of this shallow clone goes';
  return { base, head, how: `${saidBy}: ${exactly}${asFarAs}` };
}

async function noMergeBase(
  git: Git,
  heal: Healing,
  { shown, saidBy }: { readonly shown: string; readonly saidBy: string },
): Promise<NoBaseError> {
  const both = `HEAD and the base ${shown} (${saidBy})`;
  if (!(await isShallow(git))) return new NoBaseError(`${both} have no history in common`);
  return new NoBaseError(
    `where ${both} parted is not in this clone: ${heal.why()}`,
    fix(git, 'fetch-depth: 0'),
  );
}

/** Where a change most likely goes when nobody says: the branch that the remote has for its own, else main or master. */
const LIKELY = ['origin/HEAD', 'origin/main', 'origin/master', 'main', 'master'] as const;

async function guess(search: Search, ci: CiBase | undefined): Promise<Sides> {
  const { git, heal, head } = search;
  const saidBy = 'the default branch';
  const named = ci?.base.kind === 'branch' ? [`origin/${ci.base.name}`] : [];
  for (const revision of [...named, ...LIKELY])
    if ((await commitOf(git, revision, saidBy)) !== undefined)
      return compared(await fork(search, { revision, saidBy }));
  for (const revision of [...named, 'HEAD']) {
    const id = await heal.commit(revision);
    if (id !== undefined) return compared(await fork(search, { revision: id, saidBy }));
  }
  throw new NoBaseError(
    'nothing says what to compare with',
    'Pass --base, set AICOST_BASE, or write `base: origin/main` into aicost.yaml.',
  );

  // A guess that makes the change its own base would pass whatever changed.
  function compared(sides: Sides): Sides {
    if (head.kind === 'commit' && sides.base === head.commit) throw nothing(sides, saidBy);
    return sides;
  }
}

const nothing = ({ base }: Sides, source: string): NoBaseError =>
  new NoBaseError(
    `HEAD is ${shortId(base)}, which ${source} has already: nothing is compared`,
    'Check out the change, or say with --base what came before it.',
  );

/** The remote's name of the branch that is checked out; undefined where HEAD is on none. */
async function branchOf(git: Git): Promise<string | undefined> {
  const { status, out } = await git.ask(['symbolic-ref', '--quiet', 'HEAD']);
  return status === 0 ? out.toString().trim() : undefined;
}

const fix = (git: Git, checkout: string): string =>
  `Give actions/checkout \`${checkout}\` (elsewhere: fetch more history)${git.network ? '' : ', or leave out --no-fetch'}.`;
