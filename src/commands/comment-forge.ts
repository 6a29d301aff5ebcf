import { readFileSync } from 'node:fs';
import { UserError } from '../errors.ts';
import type { Forge, Target } from '../gate/comments/forge.ts';
import { githubForge } from '../gate/comments/github.ts';
import { gitlabForge } from '../gate/comments/gitlab.ts';
import type { Runtime } from '../runtime.ts';

/** Flags that say where a comment goes. */
export interface PlaceFlags {
  readonly repo?: string;
  readonly sha?: string;
  readonly pr?: number;
  readonly dryRun?: boolean;
}

/** Name of a forge on the command line. */
export type ForgeName = 'github' | 'gitlab';

/** The forge with its address and token, from the environment of a CI job. Throws UserError. */
export function forgeOf(name: ForgeName, flags: PlaceFlags, { env }: Runtime): Forge {
  const token = (variable: string): string => {
    const found = env[variable] ?? '';
    if (flags.dryRun === true) return `$${variable}`;
    if (found !== '') return found;
    throw new UserError(`${variable} is not set, and a comment needs a token`, {
      hint: '--dry-run shows what would be sent without one.',
    });
  };
  if (name === 'gitlab')
    return gitlabForge({
      api: addressOf('CI_API_V4_URL', env['CI_API_V4_URL'] ?? 'https://gitlab.com/api/v4'),
      project: known(flags.repo ?? env['CI_PROJECT_ID'], 'CI_PROJECT_ID'),
      token: token('GITLAB_TOKEN'),
    });
  const api = addressOf('GITHUB_API_URL', env['GITHUB_API_URL'] ?? 'https://api.github.com');
  const repository = known(flags.repo ?? env['GITHUB_REPOSITORY'], 'GITHUB_REPOSITORY');
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository))
    throw new UserError(`--repo: expected owner/name, found "${repository}"`);
  return githubForge({
    api,
    graphql: addressOf('GITHUB_GRAPHQL_URL', env['GITHUB_GRAPHQL_URL'] ?? graphqlOf(api)),
    repository,
    token: token('GITHUB_TOKEN'),
  });
}

/** Of an own server it stands beside the API: `https://HOST/api/v3`, `https://HOST/api/graphql`. */
const graphqlOf = (api: string): string => `${api.replace(/\/v3$/, '')}/graphql`;

/** The pull request: as the flags say, else as the job knows it. Throws UserError. */
export function targetOf(name: ForgeName, flags: PlaceFlags, { env }: Runtime): Target {
  if (flags.pr !== undefined) return { kind: 'number', number: flags.pr };
  if (flags.sha !== undefined) return { kind: 'sha', sha: flags.sha };
  const number =
    name === 'gitlab' ? Number(env['CI_MERGE_REQUEST_IID']) : eventNumber(env['GITHUB_EVENT_PATH']);
  if (number !== undefined && Number.isSafeInteger(number) && number > 0)
    return { kind: 'number', number };
  throw new UserError('which pull request?', {
    hint: 'Name its head commit with --sha, or its number with --pr.',
  });
}

/** Number of the pull request in the event that started a job of GitHub. */
function eventNumber(path: string | undefined): number | undefined {
  if (path === undefined || path === '') return undefined;
  try {
    const event: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof event !== 'object' || event === null || !('pull_request' in event)) return undefined;
    return 'number' in event ? Number(event.number) : undefined;
  } catch {
    return undefined;
  }
}

function known(value: string | undefined, variable: string): string {
  if (value !== undefined && value !== '') return value;
  throw new UserError(`which repository? ${variable} is not set`, {
    hint: 'Name it with --repo owner/name.',
  });
}

/** The address of an API. A token goes over an open line only to this machine itself. */
function addressOf(variable: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isOwn = url !== undefined && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isOwn))
    return text.replace(/\/+$/, '');
  throw new UserError(
    `${variable}: expected an address that begins with https://, found "${text}"`,
  );
}

/** What a first comment would be written with, without the token. */
export function dryRunText(forge: Forge, target: Target, body: string): string {
  const number = target.kind === 'number' ? target.number : 0;
  const { method, url } = forge.create(number, body);
  const shown = target.kind === 'number' ? url : url.replace('/0/', `/{number of ${target.sha}}/`);
  return `${method} ${shown}\n\n${body}`;
}
