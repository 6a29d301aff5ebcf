import { type Git, complaintOf, NETWORK_PATIENCE_MS } from './git.ts';
import { commitOf, isFullId, isShallow } from './revisions.ts';

/** By how many commits a shallow history is deepened, one after the other. */
const DEEPER = [10, 40, 160, 640] as const;

/** Fetches what a clone lacks for a comparison. Nothing is checked out, no branch is moved. */
export interface Healing {
  /** Commits by what was asked for (a full id, a name); undefined when it could not be had. `why` says what stood in the way. */
  readonly commit: (revision: string) => Promise<string | undefined>;
  /** Deepens a shallow history below commits, HEAD's first, until something is found in it, and gives up after 850. */
  readonly deepen: <T>(
    commits: readonly string[],
    find: () => Promise<T | undefined>,
  ) => Promise<T | undefined>;
  /** What stood in the way of the last attempt, in a few words. */
  readonly why: () => string;
}

/** `ref` is the remote's name of what HEAD is, for remotes that give out no commits by their ids. */
export function healing(git: Git, ref: string | undefined): Healing {
  let why = 'this clone does not have it';
  const fetchFrom = async (remote: string, args: readonly string[]): Promise<boolean> => {
    const quietly = ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules', '--refmap='];
    const answer = await git.ask([...quietly, ...args], { patienceMs: NETWORK_PATIENCE_MS });
    if (answer.status !== 0) why = `${remote}: ${complaintOf(answer)}`;
    return answer.status === 0;
  };
  const deepen: Healing['deepen'] = async (commits, find) => {
    const remote = await usableRemote();
    if (remote === undefined || !(await isShallow(git))) return undefined;
    // The remote may not know a commit that was made here, or may give out none but those that refs name.
    const [, ...others] = commits;
    const named = ref === undefined ? [] : [ref];
    let ways = [commits, [...others, ...named], named, others].filter((way) => way.length > 0);
    for (const more of DEEPER) {
      const by = [`--deepen=${more}`, '--', remote];
      while (ways[0] !== undefined && !(await fetchFrom(remote, [...by, ...ways[0]])))
        ways = ways.slice(1);
      if (ways.length === 0) return undefined;
      const found = await find();
      if (found !== undefined) return found;
    }
    why = `it is not within ${DEEPER.reduce((sum, more) => sum + more, 0)} commits of history`;
    return undefined;
  };
  const usableRemote = async (): Promise<string | undefined> => {
    if (!git.network) return undefined;
    const remote = await remoteOf(git);
    if (remote === undefined) why = 'this clone has no remote to fetch it from';
    return remote;
  };
  const idAt = async (remote: string, revision: string): Promise<string | undefined> => {
    const names = namesAt(remote, revision);
    const options = { patienceMs: NETWORK_PATIENCE_MS };
    const answer = await git.ask(['ls-remote', '--quiet', '--', remote, ...names], options);
    why = `${remote}${answer.status === 0 ? ' has no such branch or tag' : `: ${complaintOf(answer)}`}`;
    return idOfFirst(names, answer.out.toString());
  };
  return {
    why: () => why,
    deepen,
    async commit(revision) {
      const remote = await usableRemote();
      if (remote === undefined) return undefined;
      const id = isFullId(revision) ? revision : await idAt(remote, revision);
      const here = (): Promise<string | undefined> => commitOf(git, id ?? revision, 'the base');
      if (id === undefined) {
        // HEAD~3 and the like: what they name is there once history is.
        return /[~^]/.test(revision) && ref !== undefined ? deepen([ref], here) : undefined;
      }
      // Only where history is cut already: in a whole clone --depth would cut it.
      const depth = (await isShallow(git)) ? ['--depth=1'] : [];
      if (await fetchFrom(remote, [...depth, '--', remote, id])) return here();
      if (ref === undefined) return undefined;
      if (depth.length > 0) return deepen([ref], here);
      return (await fetchFrom(remote, ['--', remote, ref])) ? here() : undefined;
    },
  };
}

/** The remote that a clone came from: `origin`, else its first; undefined without one. */
async function remoteOf(git: Git): Promise<string | undefined> {
  const names = (await git.must(['remote'])).toString().split('\n').filter(Boolean);
  return names.includes('origin') ? 'origin' : names[0];
}

/** A branch or tag as its remote names it: `origin/main` and `refs/remotes/origin/main` are its `main`. */
function namesAt(remote: string, revision: string): readonly string[] {
  const local = revision.replace(/^refs\/remotes\//, '');
  const name = local.startsWith(`${remote}/`) ? local.slice(remote.length + 1) : local;
  if (name === 'HEAD' || name.startsWith('refs/')) return [name];
  return [`refs/heads/${name}`, `refs/tags/${name}`];
}

/** The id that `git ls-remote` gives for the first of these names: lines of `ID<tab>NAME`. */
function idOfFirst(names: readonly string[], listing: string): string | undefined {
  const ids = new Map<string | undefined, string>();
  for (const line of listing.split('\n')) {
    const [id = '', name] = line.split('\t');
    if (isFullId(id)) ids.set(name, id);
  }
  return names.map((name) => ids.get(name)).find((id) => id !== undefined);
}
