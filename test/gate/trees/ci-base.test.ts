import { describe, expect, it } from 'vitest';
import {
  GITHUB,
  pullEvent,
  pullRequest,
  refused,
  short,
  sides,
} from '../../support/pull-request.ts';

describe('on GitHub the base', () => {
  it('of a pull request is the first parent of the merge that GitHub made', async () => {
    const at = pullRequest();
    const merge = at.id('refs/pull/7/merge');
    expect(await sides(at.checkout('refs/pull/7/merge'), pullEvent(at))).toEqual({
      base: at.id('main'),
      head: merge,
      how: `the pull request: the first parent of the merge ${short(merge)}`,
    });
  });

  it('of a pull request without an event file is told by the variables', async () => {
    const at = pullRequest().checkout('refs/pull/7/merge');
    const { base } = await sides(at, { env: pullEvent(at).env ?? {} });
    expect(base).toBe(at.id('main'));
  });

  it('of a pull request whose own commit is checked out is where it began', async () => {
    const at = pullRequest();
    const { base, how } = await sides(at.checkout('support'), pullEvent(at));
    expect(base).toBe(at.fork);
    expect(how).toBe(
      `the pull request: merge base of ${short(at.id('main'))} and ${short(at.id('support'))}`,
    );
  });

  it('of a change that merged main itself is main, not its own commit before', async () => {
    const at = pullRequest();
    at.checkout('support').merge('main').pullRequest(7, 'support');
    const { base } = await sides(at.checkout('support'), pullEvent(at));
    expect(base).toBe(at.id('main'));
  });

  it('of pull_request_target is undecided while the base is checked out', async () => {
    const at = pullRequest().checkout('main');
    const asked = pullEvent(at);
    const env = {
      ...asked.env,
      GITHUB_EVENT_NAME: 'pull_request_target',
      GITHUB_SHA: at.id('main'),
    };
    expect(await refused(at, { ...asked, env })).toBe(
      `3: HEAD is ${short(at.id('main'))}, which is not the change of the pull request | ` +
        'pull_request_target checks out the base: run the gate on pull_request, which needs no secret.',
    );
    const { base } = await sides(at.checkout('refs/pull/7/merge'), { ...asked, env });
    expect(base).toBe(at.id('main'));
  });

  it('of a pull request is undecided where the base is checked out', async () => {
    const at = pullRequest().checkout('main');
    expect(await refused(at, pullEvent(at))).toBe(
      `3: HEAD is ${short(at.id('main'))}, which the pull request has already: nothing is compared | ` +
        'Check out the change, or say with --base what came before it.',
    );
  });

  it('of a merge queue is the state that the queue builds on', async () => {
    const at = pullRequest();
    const event = { merge_group: { base_sha: at.id('main') } };
    const env = { ...GITHUB, GITHUB_EVENT_NAME: 'merge_group' };
    const { base, how } = await sides(at.checkout('refs/pull/7/merge'), { env, event });
    expect(base).toBe(at.id('main'));
    expect(how).toBe(`the merge queue: ${short(at.id('main'))}`);
  });

  it('of a push is the state before it', async () => {
    const at = pullRequest();
    const env = { ...GITHUB, GITHUB_EVENT_NAME: 'push' };
    const { base, how } = await sides(at, { env, event: { before: at.fork } });
    expect(base).toBe(at.fork);
    expect(how).toBe(`the state before the push: ${short(at.fork)}`);
  });

  it('of a new branch is where it left the default branch', async () => {
    const at = pullRequest();
    at.git('update-ref', 'refs/remotes/origin/main', 'main');
    const env = { ...GITHUB, GITHUB_EVENT_NAME: 'push' };
    const event = { before: '0'.repeat(40), repository: { default_branch: 'main' } };
    const { base, how } = await sides(at.checkout('support'), { env, event });
    expect(base).toBe(at.fork);
    expect(how).toBe(
      `the default branch: merge base of origin/main and ${short(at.id('support'))}`,
    );
    expect(await refused(at.checkout('main'), { env, event })).toBe(
      `3: HEAD is ${short(at.id('main'))}, which the default branch has already: nothing is compared | ` +
        'Check out the change, or say with --base what came before it.',
    );
  });

  it.each([
    ['a list', []],
    ['words for ids', { pull_request: { base: { sha: '--exec=x' }, head: { sha: '$(x)' } } }],
    ['ids of its prototype', { __proto__: { pull_request: 1 } }],
    ['a number', 7],
  ])('is never what a hostile event says: %s', async (_, event) => {
    const at = pullRequest().checkout('refs/pull/7/merge');
    expect((await sides(at, { ...pullEvent(at), event })).base).toBe(at.id('main'));
  });

  it('is undecided while the event cannot be read, and named base needs none', async () => {
    const at = pullRequest().checkout('refs/pull/7/merge');
    const asked = { ...pullEvent(at), event: '{"pull_request":' };
    expect(await refused(at, asked)).toMatch(
      /^3: the event of this workflow cannot be read: .*JSON.* \| GITHUB_EVENT_PATH names it/,
    );
    expect((await sides(at, { ...asked, base: 'main' })).base).toBe(at.id('main'));
  });
});

describe('on GitLab the base', () => {
  const GITLAB = { CI: 'true', GITLAB_CI: 'true' };

  it('of a merge request is where it began', async () => {
    const at = pullRequest().checkout('support');
    const env = {
      ...GITLAB,
      CI_MERGE_REQUEST_DIFF_BASE_SHA: at.git('merge-base', 'main', 'support'),
    };
    const { base, how } = await sides(at, { env });
    expect(base).toBe(env.CI_MERGE_REQUEST_DIFF_BASE_SHA);
    expect(how).toBe(`the merge request: ${short(base)}`);
  });

  it('of a merged result is the target it was merged into', async () => {
    const at = pullRequest().checkout('refs/pull/7/merge');
    const env = {
      ...GITLAB,
      CI_MERGE_REQUEST_DIFF_BASE_SHA: at.git('merge-base', 'main', 'support'),
      CI_MERGE_REQUEST_TARGET_BRANCH_SHA: at.id('main'),
      CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: at.id('support'),
    };
    const { base, how } = await sides(at, { env });
    expect(base).toBe(at.id('main'));
    expect(how).toBe(`the merge request: the first parent of the merge ${short(at.id())}`);
  });

  it('of a branch is the state before the push, or the default branch for a new one', async () => {
    const at = pullRequest();
    const pushed = { ...GITLAB, CI_COMMIT_BEFORE_SHA: at.fork, CI_COMMIT_BRANCH: 'main' };
    expect((await sides(at, { env: pushed })).base).toBe(at.fork);
    at.git('update-ref', 'refs/remotes/origin/main', 'main');
    const fresh = { ...GITLAB, CI_COMMIT_BEFORE_SHA: '0'.repeat(40), CI_DEFAULT_BRANCH: 'main' };
    expect((await sides(at.checkout('support'), { env: fresh })).base).toBe(at.fork);
  });
});
