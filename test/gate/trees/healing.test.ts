import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  compare,
  isShallow,
  origin,
  PULL,
  refused,
  short,
  strict,
  SUPPORT,
} from '../../support/clones.ts';
import { freshFolder } from '../../support/fake-runtime.ts';
import { repository } from '../../support/repository.ts';

describe('a checkout of one commit, as CI makes it,', () => {
  it('is compared with the merge parent after one fetch of one commit', async () => {
    const at = origin();
    const checkout = at.ciCheckout('refs/pull/7/merge');
    const found = await compare(checkout, { env: PULL(at) });
    expect(found).toEqual({
      base: at.id('main'),
      how: `the pull request: the first parent of the merge ${short(at.id('refs/pull/7/merge'))}`,
      texts: ['short', 'longer'],
      fetches: 1,
    });
    expect(checkout.git('rev-list', '--count', 'HEAD', at.id('main'))).toBe('2');
    expect(checkout.git('for-each-ref', '--format=%(refname)')).toBe('refs/remotes/pull/7/merge');
  });

  it('needs no fetch where it has two commits', async () => {
    const at = origin();
    const found = await compare(at.ciCheckout('refs/pull/7/merge', 2), {
      env: PULL(at),
      fetch: false,
    });
    expect(found).toMatchObject({ base: at.id('main'), texts: ['short', 'longer'], fetches: 0 });
  });

  it('decides nothing where it may not fetch, and says what to do', async () => {
    const at = origin();
    const checkout = at.ciCheckout('refs/pull/7/merge');
    expect(await refused(checkout, { env: PULL(at), fetch: false })).toBe(
      `3: ${short(at.id('main'))}, the first parent of the merge ${short(checkout.id())}, is not here: this clone does not have it | ` +
        'Give actions/checkout `fetch-depth: 2` (elsewhere: fetch more history), or leave out --no-fetch.',
    );
    expect(checkout.git('rev-list', '--count', 'HEAD')).toBe('1');
  });

  it('is deepened where the remote gives out no commits by id', async () => {
    const at = origin();
    const checkout = strict(at.ciCheckout('refs/pull/7/merge'));
    const found = await compare(checkout, { env: PULL(at) });
    expect(found).toMatchObject({ base: at.id('main'), texts: ['short', 'longer'] });
    expect(isShallow(checkout)).toBe('true');
  });

  it('is given the commit by a strict remote that allows it', async () => {
    const at = origin();
    at.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
    const checkout = strict(at.ciCheckout('refs/pull/7/merge'));
    const found = await compare(checkout, { env: PULL(at) });
    expect(found).toMatchObject({ base: at.id('main'), fetches: 1 });
  });

  it('is deepened until the merge base is there', async () => {
    const at = origin();
    const fork = at.git('merge-base', 'main', 'support');
    const checkout = at.ciCheckout('refs/heads/support');
    const found = await compare(checkout, { base: 'origin/main' });
    // The tip of main, then 10 more, then 40 more, then 160 more: they parted 60 commits ago.
    expect(found).toMatchObject({ base: fork, texts: ['short', 'longer'], fetches: 4 });
    expect(found.how).toBe(`--base: merge base of origin/main and ${short(at.id('support'))}`);
    expect(checkout.git('for-each-ref', '--format=%(refname)')).toBe('refs/remotes/origin/support');
  });

  it('is deepened past an ancestor in common that is not the best one', async () => {
    // main: m0 m1 ... m30, where m30 merges a topic that left at m0; the change left at m5.
    const at = repository()
      .write({ [SUPPORT]: 'short' })
      .commit('m0');
    at.branch('topic').commit('topic').checkout('main');
    for (let n = 1; n < 30; n += 1) at.commit(`m${n}`);
    at.git('branch', 'support', 'main~24');
    at.merge('topic')
      .checkout('support')
      .write({ [SUPPORT]: 'longer' })
      .commit('support');
    const fork = at.id('main~25');
    const whole = await compare(at.clone('--branch=support'), { base: 'origin/main' });
    expect(whole.base).toBe(fork);
    const checkout = at.ciCheckout('refs/heads/support', 7);
    expect(await compare(checkout, { base: 'origin/main' })).toEqual(
      expect.objectContaining({ base: fork, how: whole.how }),
    );
    // Enough of main to see m0 through the topic, too little to see m5.
    const offline = at.ciCheckout('refs/heads/support', 7);
    offline.git('fetch', '--quiet', '--depth=5', 'origin', 'main:refs/remotes/origin/main');
    const seen = await compare(offline, { base: 'origin/main', fetch: false });
    expect(seen.base).toBe(at.id('topic~1'));
    expect(seen.how).toBe(`${whole.how}, as far as the history of this shallow clone goes`);
  });

  it('is deepened below a commit that its remote does not know', async () => {
    const at = origin();
    const checkout = at
      .ciCheckout('refs/heads/support')
      .write({ [SUPPORT]: 'mine' })
      .commit('mine');
    const found = await compare(checkout, { base: 'main' });
    expect(found).toMatchObject({
      base: at.git('merge-base', 'main', 'support'),
      texts: ['short', 'mine'],
    });
  });

  it('is not deepened for ever', async () => {
    const at = origin(900);
    expect(await refused(at.ciCheckout('refs/heads/support'), { base: 'main' })).toBe(
      '3: where HEAD and the base main (--base) parted is not in this clone: it is not within 850 commits of history | ' +
        'Give actions/checkout `fetch-depth: 0` (elsewhere: fetch more history).',
    );
  });

  it('is compared with the state before a push of several commits', async () => {
    const at = origin();
    const [before] = [at.id('main~5')];
    const event = join(freshFolder(), 'event.json');
    writeFileSync(event, JSON.stringify({ before }));
    const env = {
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: 'push',
      GITHUB_EVENT_PATH: event,
      GITHUB_REF: 'refs/heads/main',
    };
    expect(await compare(at.ciCheckout('refs/heads/main'), { env })).toMatchObject({
      base: before,
    });
    const checkout = strict(at.ciCheckout('refs/heads/main'));
    expect(await compare(checkout, { env })).toMatchObject({ base: before });
  });

  it('is compared with an ancestor that is named by its distance', async () => {
    const at = origin();
    const checkout = at.ciCheckout('refs/heads/main');
    checkout.git('checkout', '--quiet', '-b', 'main');
    const found = await compare(checkout, { base: 'HEAD~12' });
    expect(found.base).toBe(at.id('main~12'));
  });

  it('is compared with the default branch of its remote where nobody says', async () => {
    const at = origin();
    const found = await compare(at.ciCheckout('refs/heads/support'), {});
    expect(found.base).toBe(at.git('merge-base', 'main', 'support'));
  });

  it('decides nothing without a remote, or with one that is gone', async () => {
    const at = origin();
    const checkout = at.ciCheckout('refs/pull/7/merge');
    rmSync(at.folder, { recursive: true });
    const env = {
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_BASE_REF: 'main',
    };
    const sha = { ...env, GITHUB_SHA: checkout.id() };
    expect(await refused(checkout, { env: sha })).toMatch(/^3: .* is not here: origin: .* \| Give/);
    checkout.git('remote', 'remove', 'origin');
    expect(await refused(checkout, { env: sha })).toMatch(
      /^3: .* is not here: this clone has no remote to fetch it from \| Give/,
    );
  });

  it('never tells the password of its remote', async () => {
    const at = origin();
    const checkout = at.ciCheckout('refs/pull/7/merge');
    const url = 'http://ana:s3cret@127.0.0.1:1/prompts.git?token=s3cret';
    checkout.git('remote', 'set-url', 'origin', url);
    const message = await refused(checkout, { env: PULL(at) });
    expect(message).toMatch(/^3: .*127\.0\.0\.1/);
    expect(message).not.toContain('s3cret');
  });
});
