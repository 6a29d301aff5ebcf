import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../src/errors.ts';
import { openComparison } from '../../src/gate/trees/comparison.ts';
import { freshFolder } from './fake-runtime.ts';
import { type Repository, repository } from './repository.ts';

/** What is asked of a comparison in a clone. It may fetch unless it is told otherwise. */
export interface Asked {
  readonly base?: string;
  readonly head?: string;
  readonly fetch?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** What a comparison found, and what that took. */
export interface Found {
  readonly base: string;
  readonly how: string;
  /** Text of each side's file, or why there is none. */
  readonly texts: readonly [base: string, head: string];
  /** How often git asked the remote for commits. */
  readonly fetches: number;
}

/** The one prompt of these repositories. */
export const SUPPORT = 'prompts/support.txt';

/** Compares in a clone, and reads one prompt of both sides. */
export async function compare(
  at: Repository,
  { env = {}, fetch = true, ...wanted }: Asked,
): Promise<Found> {
  const trace = join(freshFolder(), 'trace');
  const world = { ...at.env, CI: 'true', ...env, GIT_TRACE: trace };
  const compared = await openComparison({ cwd: at.folder, env: world }, { ...wanted, fetch });
  try {
    const { base, head } = compared.trees;
    const files = [await base.read(SUPPORT), await head.read(SUPPORT)];
    const [before = '', after = ''] = files.map((file) =>
      file.kind === 'file'
        ? Buffer.from(file.bytes).toString()
        : file.kind === 'absent'
          ? 'absent'
          : file.why,
    );
    const traced = existsSync(trace) ? readFileSync(trace, 'utf8') : '';
    const fetches = traced
      .split('\n')
      .filter((line) => /built-in: git fetch .*--no-tags/.test(line));
    return {
      base: compared.base,
      how: compared.how,
      texts: [before, after],
      fetches: fetches.length,
    };
  } finally {
    await compared.close();
  }
}

/** The error of a comparison that cannot be: `exit code: message | hint`. */
export async function refused(at: Repository, asked: Asked): Promise<string> {
  try {
    return `compared: ${(await compare(at, asked)).how}`;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return `${error.exitCode}: ${error.message} | ${error.hint}`;
  }
}

/** An id as messages show it. */
export const short = (id: string): string => id.slice(0, 7);
/** Whether the history of a clone is cut off, as git says it. */
export const isShallow = (at: Repository): string => at.git('rev-parse', '--is-shallow-repository');

/** main holds a support prompt; branch support lengthens it in the last of 60 commits, main went on by 60. Pull request 7 is open. */
export function origin(commits = 60): Repository {
  const at = repository()
    .write({ [SUPPORT]: 'short' })
    .commit('support');
  const on = (branch: string, text: string): string[] =>
    Array.from({ length: commits }, (_, n) => [
      `commit refs/heads/${branch}`,
      `committer Ana <ana@example.com> ${1_795_000_000 + n} +0000`,
      `data ${branch.length}`,
      branch,
      ...(n === 0 ? [`from ${at.id()}`] : []),
      ...(n === commits - 1 ? [`M 100644 inline ${SUPPORT}`, `data ${text.length}`, text] : []),
    ]).flat();
  const stream = [...on('support', 'longer'), ...on('next', 'short')];
  execFileSync('git', ['fast-import', '--quiet'], {
    cwd: at.folder,
    env: at.env,
    input: `${stream.join('\n')}\n`,
  });
  at.git('merge', '--quiet', '--ff-only', 'next');
  at.git('config', 'uploadpack.allowFilter', 'true');
  return at.pullRequest(7, 'support');
}

/** What GitHub says to a workflow of pull request 7. */
export const PULL = (at: Repository): Readonly<Record<string, string>> => ({
  GITHUB_ACTIONS: 'true',
  GITHUB_EVENT_NAME: 'pull_request',
  GITHUB_REF: 'refs/pull/7/merge',
  GITHUB_SHA: at.id('refs/pull/7/merge'),
  GITHUB_BASE_REF: 'main',
});

/** The oldest protocol, whose servers give out what refs name and no other commit unless they are told to. */
export const strict = (at: Repository): Repository => {
  at.git('config', 'protocol.version', '0');
  return at;
};
