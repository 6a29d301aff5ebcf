import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { freshFolder } from './fake-runtime.ts';

/** A git repository of a test. What changes files or history returns the repository, so that steps read as a story. */
export interface Repository {
  readonly folder: string;
  /** The environment its git runs in: nobody's configuration, a fixed author. For `runIn({cwd, env})` too. */
  readonly env: Readonly<Record<string, string>>;
  /** Writes files of the working tree; undefined removes one. */
  readonly write: (files: Readonly<Record<string, string | Uint8Array | undefined>>) => Repository;
  /** Moves a file of the working tree. */
  readonly move: (from: string, to: string) => Repository;
  /** Puts a symbolic link into the working tree. */
  readonly link: (path: string, target: string) => Repository;
  /** Commits everything that is in the working tree. */
  readonly commit: (message: string) => Repository;
  /** Begins a branch at HEAD and checks it out. */
  readonly branch: (name: string) => Repository;
  readonly checkout: (revision: string) => Repository;
  /** Merges with a merge commit, always. */
  readonly merge: (revision: string) => Repository;
  /** Makes `refs/pull/N/head` and `refs/pull/N/merge` as GitHub does: the branch merged into `into` (main), with no branch moved. */
  readonly pullRequest: (number: number, branch: string, into?: string) => Repository;
  /** Full id of a revision. */
  readonly id: (revision?: string) => string;
  /** Runs git and returns what it prints, without the last line feed. Throws when it fails. */
  readonly git: (...args: readonly string[]) => string;
  /** `git clone` of it over the file transport, so that depth and filters count. */
  readonly clone: (...args: readonly string[]) => Repository;
  /** A fresh checkout of one ref, detached, as CI makes it: nothing else is fetched. Depth 0 is the whole history. */
  readonly ciCheckout: (ref: string, depth?: number) => Repository;
}

/** Minutes between one commit and the next, so that later ones are younger. */
const FIRST_COMMIT = Date.parse('2026-11-20T09:00:00Z');

/** A new repository with a branch `main` and no commit. `init` is given to `git init`. */
export function repository(...init: readonly string[]): Repository {
  const folder = freshFolder();
  const fresh = repositoryIn(folder);
  fresh.git('init', '--quiet', '--initial-branch=main', ...init);
  return fresh;
}

/** A repository in a folder that exists; more is set in the environment of its git. */
function repositoryIn(folder: string, more: Readonly<Record<string, string>> = {}): Repository {
  let commits = 0;
  const env = { ...environment(folder), ...more };
  const git = (...args: readonly string[]): string => {
    const date = new Date(FIRST_COMMIT + commits * 60_000).toISOString();
    return execFileSync('git', args, {
      cwd: folder,
      env: { ...env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 1 << 28,
    }).replace(/\n$/, '');
  };
  const after = (...args: readonly string[]): Repository => {
    git(...args);
    return self;
  };
  const self: Repository = {
    folder,
    env,
    git,
    write(files) {
      for (const [path, content] of Object.entries(files)) {
        const file = join(folder, path);
        if (content === undefined) rmSync(file);
        else {
          mkdirSync(dirname(file), { recursive: true });
          writeFileSync(file, content);
        }
      }
      return self;
    },
    move(from, to) {
      mkdirSync(dirname(join(folder, to)), { recursive: true });
      renameSync(join(folder, from), join(folder, to));
      return self;
    },
    link(path, target) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      symlinkSync(target, join(folder, path));
      return self;
    },
    commit(message) {
      commits += 1;
      git('add', '--all');
      return after('commit', '--quiet', '--allow-empty', `--message=${message}`);
    },
    branch: (name) => after('checkout', '--quiet', '-b', name),
    checkout: (revision) => after('checkout', '--quiet', revision),
    merge(revision) {
      commits += 1;
      return after('merge', '--quiet', '--no-ff', '--no-edit', revision);
    },
    pullRequest(number, branch, into = 'main') {
      const before = git('rev-parse', '--abbrev-ref', 'HEAD');
      git('checkout', '--quiet', '--detach', into);
      self.merge(branch);
      git('update-ref', `refs/pull/${number}/merge`, 'HEAD');
      git('update-ref', `refs/pull/${number}/head`, branch);
      return self.checkout(before);
    },
    id: (revision = 'HEAD') => git('rev-parse', '--verify', revision),
    clone(...args) {
      const target = freshFolder();
      git('clone', '--quiet', ...args, pathToFileURL(folder).href, target);
      return repositoryIn(target, more);
    },
    ciCheckout(ref, depth = 1) {
      const checkout = repository();
      checkout.git('remote', 'add', 'origin', pathToFileURL(folder).href);
      const limit = depth === 0 ? [] : [`--depth=${depth}`];
      const tracking = ref.replace(/^refs\/(heads\/)?/, (_, branch) =>
        branch === undefined ? 'refs/remotes/' : 'refs/remotes/origin/',
      );
      checkout.git('fetch', '--quiet', '--no-tags', ...limit, 'origin', `+${ref}:${tracking}`);
      return checkout.checkout(tracking);
    },
  };
  return self;
}

const environment = (home: string): Readonly<Record<string, string>> => ({
  PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  HOME: home,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Ana',
  GIT_AUTHOR_EMAIL: 'ana@example.com',
  GIT_COMMITTER_NAME: 'Ana',
  GIT_COMMITTER_EMAIL: 'ana@example.com',
});
