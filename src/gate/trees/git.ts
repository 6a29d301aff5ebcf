import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { parse } from 'node:path';
import { ExitCode, UserError } from '../../errors.ts';

/** How long git may take before it is stopped, in milliseconds: its own work, and what needs the network. */
const PATIENCE_MS = 60_000;
/** As PATIENCE_MS, for commands that ask a remote. */
export const NETWORK_PATIENCE_MS = 120_000;

/** Most of what git says on stderr that is kept, in characters. */
const MOST_STDERR = 16_384;

/** Variables of an environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** How a git command ended. */
export interface GitAnswer {
  /** Exit status; null when it was stopped for taking too long. */
  readonly status: number | null;
  readonly out: Buffer;
  /** What it said, without secrets of URLs. */
  readonly err: string;
}

/** Git, run in one folder. Nothing of the repository is run by it, and nothing is asked of a person. */
export interface Git {
  readonly folder: string;
  readonly env: Environment;
  /** Whether git may ask remotes. */
  readonly network: boolean;
  /** Runs a command to its end, whatever that is. Throws UserError (2) when there is no git. */
  readonly ask: (
    args: readonly string[],
    options?: {
      readonly input?: Uint8Array;
      readonly patienceMs?: number;
      /** Git may not fetch what a partial clone lacks. */
      readonly offline?: boolean;
    },
  ) => Promise<GitAnswer>;
  /** Runs a command and returns what it printed. Throws UserError when it fails: 2 when git does not trust the folder, else 3. */
  readonly must: (
    args: readonly string[],
    options?: { readonly input?: Uint8Array },
  ) => Promise<Buffer>;
  /** Starts a command that answers as long as it is asked. */
  readonly converse: (args: readonly string[]) => ChildProcessWithoutNullStreams;
}

/**
 * What git is told before every command. The repository's own configuration may name programs to run (a file
 * monitor, hooks, a transport); reading files needs none of them.
 */
const ALWAYS = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'protocol.ext.allow=never',
  'submodule.recurse=false',
  'fetch.recurseSubmodules=false',
  'gc.auto=0',
  'maintenance.auto=false',
].flatMap((setting) => ['-c', setting]);

const environmentOf = (env: Environment, network: boolean): Record<string, string | undefined> => ({
  ...env,
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  // Messages that are understood (a folder of another owner) are those of git's own language.
  LC_ALL: 'C',
  LANGUAGE: '',
  // The first is clean but new (git 2.45, and kept older ones); the second forbids every transport in all of them.
  ...(network ? {} : { GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: 'none' }),
});

/** Git in a folder, with somebody's environment: their configuration and credentials hold. */
export function gitIn(
  folder: string,
  { env, network }: { readonly env: Environment; readonly network: boolean },
): Git {
  // Started elsewhere and sent to the folder by -C: some systems look for programs in the current folder first.
  const start = (
    args: readonly string[],
    { timeout, online = network }: { readonly timeout?: number; readonly online?: boolean } = {},
  ): ChildProcessWithoutNullStreams =>
    spawn('git', ['-C', folder, '--no-pager', ...ALWAYS, ...args], {
      cwd: parse(folder).root,
      env: environmentOf(env, online),
      stdio: 'pipe',
      windowsHide: true,
      ...(timeout === undefined ? {} : { timeout, killSignal: 'SIGKILL' }),
    });
  const ask: Git['ask'] = (args, { input, patienceMs = PATIENCE_MS, offline = false } = {}) =>
    new Promise((resolve, reject) => {
      const child = start(args, { timeout: patienceMs, online: network && !offline });
      const out: Buffer[] = [];
      let err = '';
      child.stdout.on('data', (chunk: Buffer) => void out.push(chunk));
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        if (err.length < MOST_STDERR) err += text;
      });
      child.once('error', (error) => reject(noGit(error)));
      child.once('close', (status) =>
        resolve({ status, out: Buffer.concat(out), err: withoutSecrets(err) }),
      );
      // A command that ends before it has read everything says so by its status.
      child.stdin.on('error', () => undefined).end(input);
    });
  return {
    folder,
    env,
    network,
    ask,
    converse: (args) => start(args),
    async must(args, options) {
      const answer = await ask(args, options);
      if (answer.status === 0) return answer.out;
      throw untrusted(answer.err) ?? failed(args, answer);
    },
  };
}

/** What git says is wrong, on one line: its first complaint, since those after it say that it ended. */
export function complaintOf({ status, err }: GitAnswer): string {
  if (status === null) return 'it took too long and was stopped';
  const lines = err.split('\n').filter((line) => line.trim() !== '');
  const fatal = lines.find((line) => /^(fatal|error): /.test(line)) ?? lines.at(-1);
  return fatal?.replace(/^(fatal|error): /, '').trim() ?? `it ended with ${status}`;
}

/** The error behind git's refusal to read a folder that somebody else owns; undefined for every other message. */
export function untrusted(err: string): UserError | undefined {
  // The second is how git 2.35 said it.
  const [, now, before] =
    /dubious ownership in repository at '(.*)'|unsafe repository \('(.*)' is owned by/.exec(err) ??
    [];
  const folder = now ?? before;
  if (folder === undefined) return undefined;
  return new UserError(`git does not read ${folder}, since another user owns it`, {
    hint: `If you trust what it holds: git config --global --add safe.directory '${folder.replaceAll("'", `'\\''`)}'`,
  });
}

const failed = (args: readonly string[], answer: GitAnswer): UserError =>
  new UserError(`git ${args[0] ?? ''} failed: ${complaintOf(answer)}`, {
    exitCode: ExitCode.undecided,
  });

function noGit(error: Error): UserError {
  const missing = 'code' in error && error.code === 'ENOENT';
  return new UserError(missing ? 'git was not found' : `git cannot be started: ${error.message}`, {
    hint: 'aicost reads both sides of a comparison through git: install it, or put it on the PATH.',
    cause: error,
  });
}

/** Names and passwords before the host of a URL, and what stands behind its question mark, are nobody's to read. */
const withoutSecrets = (text: string): string =>
  text
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/'"]*@/gi, '$1')
    .replace(/([a-z][a-z0-9+.-]*:\/\/[^\s?'"]*)\?[^\s'"]*/gi, '$1');
