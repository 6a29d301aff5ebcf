import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { DiffResult } from '../../src/gate/comparison-result.ts';
import { mdOutput } from '../../src/gate/outputs/md.ts';
import { freshFolder, runIn, type World } from '../support/fake-runtime.ts';
import { answer, fakeForge, type FakeForge, SHA } from './fake-forge.ts';
import { failing, failure, HOSTILE, same, SCREEN, change, support } from './results.ts';

const folder = freshFolder();
const TOKEN = 'ghs_secretsecretsecret';
let waits: number[] = [];
beforeEach(() => {
  waits = [];
});

const GITHUB = { GITHUB_TOKEN: TOKEN, GITHUB_REPOSITORY: 'acorn/desk' };
const GITLAB = { GITLAB_TOKEN: TOKEN, CI_PROJECT_ID: '34' };

async function comment(
  forge: FakeForge,
  result: DiffResult,
  line = `github --sha ${SHA}`,
  world: World = {},
) {
  writeFileSync(join(folder, 'aicost.json'), JSON.stringify(result));
  const [name = '', ...flags] = line.split(' ');
  return runIn(
    {
      cwd: folder,
      env: name === 'gitlab' ? GITLAB : GITHUB,
      http: forge.http,
      waited: (milliseconds) => void waits.push(milliseconds),
      ...world,
    },
    ['comment', name, '--from', 'aicost.json', ...flags],
  );
}

const body = (result: DiffResult): string => mdOutput(result, SCREEN);
const OLDER = '2026-11-21T10:00:00Z';
const NEWER = '2026-11-21T11:00:00Z';

describe('aicost comment github', () => {
  it('finds the pull request of a fork by its head and writes what render prints', async () => {
    const forge = fakeForge();
    const { code, out, err } = await comment(forge, failing());
    expect([code, out, err]).toEqual([0, '', 'aicost: comment written to pull request 12\n']);
    expect(forge.comments.map((each) => each.body)).toEqual([body(failing())]);
    expect(forge.asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET https://api.github.com/repos/acorn/desk/commits/${SHA}/pulls?per_page=100`,
      'GET https://api.github.com/repos/acorn/desk/pulls?state=open&sort=updated&direction=desc&per_page=100',
      'GET https://api.github.com/repos/acorn/desk/issues/12/comments?per_page=100&page=1',
      'POST https://api.github.com/repos/acorn/desk/issues/12/comments',
    ]);
  });

  it('finds it too where GitHub says that it does not know the commit', async () => {
    const forge = fakeForge();
    forge.trouble.push(answer(422, { message: 'No commit found for SHA' }));
    expect((await comment(forge, failing())).code).toBe(0);
    expect(forge.comments).toHaveLength(1);
  });

  it('brings its own comment up to date, also back to green', async () => {
    const forge = fakeForge({ body: body(failing({ valid_at: OLDER })) }, { body: 'thanks!' });
    const green = failing({
      verdict: 'pass',
      code: 0,
      prompts: [same('support')],
      findings: [],
      total: change('51.87', '51.87', '0', '0'),
    });
    expect((await comment(forge, green)).err).toBe('aicost: comment of pull request 12 updated\n');
    expect(forge.comments.map((each) => each.body)).toEqual([body(green), 'thanks!']);
  });

  it('leaves a newer comment alone: of two pushes that race, the later one stays', async () => {
    const newer = body(failing({ valid_at: NEWER }));
    const forge = fakeForge({ body: newer });
    const { code, err } = await comment(forge, failing({ valid_at: OLDER }));
    expect([code, err]).toEqual([
      0,
      `aicost: nothing written to pull request 12: the comment that is there is newer (${NEWER})\n`,
    ]);
    expect(forge.comments.map((each) => each.body)).toEqual([newer]);
  });

  it('does not believe a marker that a stranger copied, nor a result from the future', async () => {
    const copied = body(failing({ valid_at: '2099-01-01T00:00:00Z' }));
    const forge = fakeForge({ body: copied, user: { type: 'User' }, author_association: 'NONE' });
    expect((await comment(forge, failing())).code).toBe(0);
    expect(forge.comments.map((each) => each.body)).toEqual([copied, body(failing())]);
    const late = await comment(forge, failing({ valid_at: '2099-01-01T00:00:00Z' }));
    expect([late.code, late.err]).toEqual([
      2,
      'aicost: aicost.json: valid_at: 2099-01-01T00:00:00Z is in the future\n',
    ]);
  });

  it('keeps comments of workspaces apart', async () => {
    const forge = fakeForge({ body: body(failing({ id: 'api' })) });
    await comment(forge, failing({ id: 'web' }));
    expect(forge.comments).toHaveLength(2);
  });

  it('reads every page of comments before it writes', async () => {
    const many = Array.from({ length: 150 }, () => ({ body: 'hello' }));
    const forge = fakeForge(...many, { body: body(failing({ valid_at: OLDER })) });
    await comment(forge, failing());
    expect(forge.comments).toHaveLength(151);
    expect(forge.comments[150]?.body).toBe(body(failing()));
  });

  it.each([
    ['new', 2, []],
    ['delete-and-new', 1, []],
    ['hide-and-new', 2, ['N101']],
  ])('with --behavior %s leaves %i comments', async (behavior, count, hidden) => {
    const forge = fakeForge({ body: body(failing({ valid_at: OLDER })) });
    const { code } = await comment(forge, failing(), `github --pr 12 --behavior ${behavior}`);
    expect([code, forge.comments.length, forge.hidden]).toEqual([0, count, hidden]);
    expect(forge.comments.at(-1)?.body).toBe(body(failing()));
  });

  it.each([
    ['on-change', 0],
    ['on-increase', 0],
    ['on-fail', 0],
    ['always', 1],
  ])('with --comment %s writes %i first comments when nothing changed', async (when, count) => {
    const nothing = failing({
      verdict: 'pass',
      code: 0,
      prompts: [same('a')],
      findings: [],
      total: change('51.87', '51.87', '0', '0'),
    });
    const forge = fakeForge();
    await comment(forge, nothing, `github --pr 12 --comment ${when}`);
    expect(forge.comments).toHaveLength(count);
  });

  it('writes about a fall on change and not on increase', async () => {
    const fall = failing({
      verdict: 'pass',
      code: 0,
      prompts: [support({ verdict: 'pass', change: change('51.87', '46.92', '-4.95', '-9.5431') })],
      findings: [],
      total: change('51.87', '46.92', '-4.95', '-9.5431'),
    });
    const forge = fakeForge();
    await comment(forge, fall, 'github --pr 12 --comment on-increase');
    expect(forge.comments).toHaveLength(0);
    await comment(forge, fall, 'github --pr 12');
    expect(forge.comments).toHaveLength(1);
  });

  it('comments on a run that could not compare', async () => {
    const forge = fakeForge();
    await comment(forge, failure());
    expect(forge.comments[0]?.body).toContain('### ⚪ Prompt cost was not compared');
  });

  it('tries five times, each pause twice the last, as long as a server may mend itself', async () => {
    const forge = fakeForge();
    forge.trouble.push(answer(502, {}), 'no answer', answer(429, {}, { 'retry-after': '7' }));
    expect((await comment(forge, failing(), 'github --pr 12')).code).toBe(0);
    expect(waits).toEqual([1000, 2000, 7000]);
    waits = [];
    forge.trouble.push(...Array.from({ length: 5 }, () => answer(503, {})));
    const { code, err } = await comment(forge, failing(), 'github --pr 12');
    expect([code, waits]).toEqual([3, [1000, 2000, 4000, 8000]]);
    expect(err).toBe(
      'aicost: GitHub answered 503 5 times: GET https://api.github.com/repos/acorn/desk/issues/12/comments?per_page=100&page=1\n',
    );
  });

  it('says at once what a refusal means, and never prints the token', async () => {
    const forge = fakeForge();
    forge.trouble.push(answer(403, { message: 'Resource not accessible by integration' }));
    const { code, out, err } = await comment(forge, failing(), 'github --pr 12');
    expect(code).toBe(2);
    expect(err).toContain('permissions: {pull-requests: write}');
    expect(waits).toEqual([]);
    expect(out + err).not.toContain(TOKEN);
  });

  it('shows what it would send, without a token and without sending', async () => {
    const forge = fakeForge();
    const { code, out } = await comment(forge, failing(), 'github --pr 12 --dry-run', {
      env: { GITHUB_REPOSITORY: 'acorn/desk' },
    });
    expect([code, forge.asked]).toEqual([0, []]);
    expect(out).toBe(
      `POST https://api.github.com/repos/acorn/desk/issues/12/comments\n\n${body(failing())}`,
    );
  });

  it('goes to the server of the job, and lets no token travel an open line', async () => {
    const forge = fakeForge();
    const at = (api: string) =>
      comment(forge, failing(), 'github --pr 12', { env: { ...GITHUB, GITHUB_API_URL: api } });
    expect((await at('http://forge.example')).err).toBe(
      'aicost: GITHUB_API_URL: expected an address that begins with https://, found "http://forge.example"\n',
    );
    expect(forge.asked).toEqual([]);
    expect((await at('https://forge.example/api/v3/')).code).toBe(0);
    expect(forge.asked[0]?.url).toMatch(/^https:\/\/forge\.example\/api\/v3\/repos\/acorn\/desk\//);
  });

  it('says what it needs: a token, a repository, a pull request', async () => {
    const forge = fakeForge();
    const run = (line: string, env: Record<string, string>) =>
      comment(forge, failing(), line, { env });
    expect((await run('github --pr 12', { GITHUB_REPOSITORY: 'a/b' })).err).toBe(
      'aicost: GITHUB_TOKEN is not set, and a comment needs a token\n--dry-run shows what would be sent without one.\n',
    );
    expect((await run('github --pr 12', { GITHUB_TOKEN: TOKEN })).err).toBe(
      'aicost: which repository? GITHUB_REPOSITORY is not set\nName it with --repo owner/name.\n',
    );
    expect((await run('github', GITHUB)).err).toBe(
      'aicost: which pull request?\nName its head commit with --sha, or its number with --pr.\n',
    );
    const gone = 'a'.repeat(40);
    expect((await run(`github --sha ${gone}`, GITHUB)).err).toMatch(
      /^aicost: no open pull request has a{40} as its head\n/,
    );
    expect(forge.comments).toEqual([]);
  });

  it('escapes what strangers named, and finds its own comment again', async () => {
    const forge = fakeForge();
    const hostile = failing({ id: HOSTILE, prompts: [support({ id: HOSTILE, path: HOSTILE })] });
    await comment(forge, hostile);
    await comment(forge, { ...hostile, valid_at: NEWER });
    expect(forge.comments).toHaveLength(1);
    expect(forge.comments[0]?.body).not.toMatch(/@all|<img/);
  });
});

describe('aicost comment gitlab', () => {
  it('finds the merge request and updates its note', async () => {
    const forge = fakeForge({ body: body(failing({ valid_at: OLDER })) });
    const { code, err } = await comment(forge, failing(), `gitlab --sha ${SHA}`);
    expect([code, err]).toEqual([0, 'aicost: comment of merge request 12 updated\n']);
    expect(forge.asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET https://gitlab.com/api/v4/projects/34/repository/commits/${SHA}/merge_requests?per_page=100`,
      'GET https://gitlab.com/api/v4/projects/34/merge_requests/12/notes?per_page=100&page=1&sort=asc&order_by=created_at',
      'PUT https://gitlab.com/api/v4/projects/34/merge_requests/12/notes/101',
    ]);
    expect(forge.asked[0]?.headers['private-token']).toBe(TOKEN);
  });

  it('knows its merge request in a job of one', async () => {
    const forge = fakeForge();
    const env = { ...GITLAB, CI_MERGE_REQUEST_IID: '12' };
    expect((await comment(forge, failing(), 'gitlab', { env })).code).toBe(0);
    expect(forge.comments).toHaveLength(1);
  });

  it('says that it cannot fold comments away', async () => {
    const { code, err } = await comment(
      fakeForge(),
      failing(),
      'gitlab --pr 12 --behavior hide-and-new',
    );
    expect([code, err]).toEqual([
      2,
      'aicost: --behavior hide-and-new: GitLab cannot fold comments away\nUse update or delete-and-new.\n',
    ]);
  });
});
