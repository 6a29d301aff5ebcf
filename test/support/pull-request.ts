import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../src/errors.ts';
import { openComparison } from '../../src/gate/trees/comparison.ts';
import { freshFolder } from './fake-runtime.ts';
import { type Repository, repository } from './repository.ts';

/** What is asked of a comparison, and the world it is asked in. */
export interface Asked {
  readonly base?: string;
  readonly head?: string;
  readonly configuredBase?: string;
  readonly fetch?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Content of the event file. */
  readonly event?: unknown;
}

/** Where both sides were found, as ids. */
export async function sides(
  at: Repository,
  { env = {}, event, fetch = false, ...wanted }: Asked,
): Promise<{ readonly base: string; readonly head: string; readonly how: string }> {
  const file = join(freshFolder(), 'event.json');
  writeFileSync(file, typeof event === 'string' ? event : JSON.stringify(event ?? {}));
  const world = { ...at.env, ...env, ...(event === undefined ? {} : { GITHUB_EVENT_PATH: file }) };
  const compared = await openComparison({ cwd: at.folder, env: world }, { ...wanted, fetch });
  await compared.close();
  const { base, head, how } = compared;
  return {
    base,
    head: head.kind === 'commit' ? head.commit : `${head.kind} on ${head.commit}`,
    how,
  };
}

/** The error of a comparison that cannot be: `exit code: message | hint`. */
export async function refused(at: Repository, asked: Asked): Promise<string> {
  try {
    const { how } = await sides(at, asked);
    return `compared: ${how}`;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return `${error.exitCode}: ${error.message} | ${error.hint}`;
  }
}

/** An id as messages show it. */
export const short = (id: string): string => id.slice(0, 7);

/**
 * main: search, others (somebody else's, later than the fork); support: one change since search.
 * Pull request 7 merges support into main.
 */
export function pullRequest(): Repository & { readonly fork: string } {
  const at = repository().write({ 'prompts/search.txt': 'Answer briefly.\n' }).commit('search');
  const fork = at.id();
  at.branch('support').write({ 'prompts/support.txt': 'Be kind.\n' }).commit('support');
  at.checkout('main').write({ 'prompts/others.txt': 'Theirs.\n' }).commit('others');
  return { ...at.pullRequest(7, 'support'), fork };
}

/** Every workflow of GitHub has these. */
export const GITHUB = { CI: 'true', GITHUB_ACTIONS: 'true' };

/** What GitHub says to a workflow of pull request 7. */
export function pullEvent(at: Repository, change = at.id('support')): Asked {
  return {
    env: {
      ...GITHUB,
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_REF: 'refs/pull/7/merge',
      GITHUB_SHA: at.id('refs/pull/7/merge'),
      GITHUB_BASE_REF: 'main',
    },
    event: { pull_request: { base: { sha: at.id('main') }, head: { sha: change } } },
  };
}
