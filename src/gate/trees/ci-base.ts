import type { Environment } from './git.ts';

/** A base that is asked for or known, before its commit is looked up. */
export type NamedBase =
  | { readonly kind: 'commit'; readonly id: string }
  | { readonly kind: 'branch'; readonly name: string };

/** What a CI system says about the change that it runs for. */
export interface CiBase {
  /** Where it is known from, as people read it: `the pull request`. */
  readonly source: string;
  readonly base: NamedBase;
  /** The change's own last commit. HEAD is it, or a merge of it. */
  readonly change?: string | undefined;
  /** The commit that merges the change into its base, made by the CI system for this run. */
  readonly merge?: string | undefined;
  /** A run for a change that starts on its base: only where the change was checked out can it be compared. */
  readonly startsOnBase?: boolean;
  /** The base is the default branch for want of a better one: HEAD may well be on it, and then nothing is compared. */
  readonly guessed?: boolean;
  /** The remote's name of what was checked out, for remotes that do not give out commits by their ids. */
  readonly ref?: string | undefined;
}

/** Whether a CI system runs the command, as nearly all of them say. */
export const inCi = (env: Environment): boolean =>
  [env['CI'], env['GITHUB_ACTIONS'], env['GITLAB_CI'], env['TF_BUILD']].some(
    (value) => value !== undefined && !['', '0', 'false'].includes(value.toLowerCase()),
  );

/**
 * The base that a CI system names: GitHub by its event (https://docs.github.com/en/actions/reference/workflows-and-actions/variables,
 * /en/webhooks/webhook-events-and-payloads), GitLab by its variables (https://docs.gitlab.com/ci/variables/predefined_variables/);
 * both 2026-11-22. `event` is the parsed event file, which strangers may have written. Undefined when neither says.
 */
export function ciBase(env: Environment, event: unknown): CiBase | undefined {
  if (env['GITHUB_ACTIONS'] === 'true') return gitHubBase(env, event);
  return env['GITLAB_CI'] === 'true' ? gitLabBase(env) : undefined;
}

function gitHubBase(env: Environment, event: unknown): CiBase | undefined {
  const kind = env['GITHUB_EVENT_NAME'];
  const ref = refOf(env['GITHUB_REF']);
  if (kind === 'pull_request' || kind === 'pull_request_target') {
    const source = 'the pull request';
    const base = commit(at(event, 'pull_request', 'base', 'sha')) ?? branch(env['GITHUB_BASE_REF']);
    const change = idOf(at(event, 'pull_request', 'head', 'sha'));
    // The second runs with secrets, on the base, and has no merge and no ref of its own.
    if (kind === 'pull_request_target') return base && { source, base, change, startsOnBase: true };
    return base && { source, base, change, merge: idOf(env['GITHUB_SHA']), ref };
  }
  const before = commit(at(event, 'before'));
  if (kind === 'push' && before !== undefined)
    return { source: 'the state before the push', base: before, ref };
  const queued = commit(at(event, 'merge_group', 'base_sha'));
  if (kind === 'merge_group' && queued !== undefined)
    return { source: 'the merge queue', base: queued, ref };
  return defaultBranch(at(event, 'repository', 'default_branch'), ref);
}

function gitLabBase(env: Environment): CiBase | undefined {
  // Only a pipeline of the merged result has the first: there the second would blame what others merged meanwhile.
  const base =
    commit(env['CI_MERGE_REQUEST_TARGET_BRANCH_SHA']) ??
    commit(env['CI_MERGE_REQUEST_DIFF_BASE_SHA']);
  if (base !== undefined)
    return {
      source: 'the merge request',
      base,
      change: idOf(env['CI_MERGE_REQUEST_SOURCE_BRANCH_SHA']),
      ref: refOf(env['CI_MERGE_REQUEST_REF_PATH']),
    };
  const ref = refOf(`refs/heads/${env['CI_COMMIT_BRANCH'] ?? ''}`);
  const before = commit(env['CI_COMMIT_BEFORE_SHA']);
  if (before !== undefined) return { source: 'the state before the push', base: before, ref };
  return defaultBranch(env['CI_DEFAULT_BRANCH'], ref);
}

/** What is left where nothing came before: the first push of a branch, a run that was started by hand. */
function defaultBranch(name: unknown, ref: string | undefined): CiBase | undefined {
  const base = branch(name);
  return base && { source: 'the default branch', base, guessed: true, ref };
}

const refOf = (name: string | undefined): string | undefined =>
  name !== undefined && /^refs\/\w[\w./-]*\w$/.test(name) ? name : undefined;

/** A full id of a commit; undefined for anything else, and for the zeros that stand for none. */
const idOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value) && !/^0+$/.test(value)
    ? value
    : undefined;

function commit(value: unknown): NamedBase | undefined {
  const id = idOf(value);
  return id === undefined ? undefined : { kind: 'commit', id };
}

const branch = (value: unknown): NamedBase | undefined =>
  typeof value === 'string' && value !== '' ? { kind: 'branch', name: value } : undefined;

/** A value within JSON, by its own keys only. */
function at(value: unknown, ...keys: readonly string[]): unknown {
  let found = value;
  for (const key of keys) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = Object.entries(found).find(([name]) => name === key)?.[1];
  }
  return found;
}
