import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compare, isShallow, origin, PULL, refused } from '../../support/clones.ts';
import type { Repository } from '../../support/repository.ts';

describe('a whole clone', () => {
  it('stays whole when it fetches the base', async () => {
    const at = origin();
    const clone = at.clone('--single-branch', '--branch=support');
    const found = await compare(clone, { base: 'origin/main' });
    expect(found).toMatchObject({ base: at.git('merge-base', 'main', 'support'), fetches: 1 });
    expect(isShallow(clone)).toBe('false');
    expect(clone.git('rev-list', '--count', 'HEAD')).toBe('61');
  });

  it('does not look at its remote while it has what it needs', async () => {
    const at = origin();
    const clone = at.clone();
    rmSync(at.folder, { recursive: true });
    const found = await compare(clone, { base: 'origin/main~2', head: 'origin/support' });
    expect(found.fetches).toBe(0);
  });

  it('says which branch its remote does not have', async () => {
    expect(await refused(origin().clone(), { base: 'origin/trunk' })).toBe(
      '3: the base origin/trunk (--base) was not found: origin has no such branch or tag | ' +
        'Give actions/checkout `fetch-depth: 0` (elsewhere: fetch more history).',
    );
  });
});

describe('a partial clone', () => {
  const partial = (at: Repository): Repository =>
    at.clone('--filter=blob:none', '--branch=support');

  it('fetches the contents that are read', async () => {
    const found = await compare(partial(origin()), { base: 'origin/main' });
    expect(found.texts).toEqual(['short', 'longer']);
  });

  it('of one commit fetches no more of its history than a whole one of one commit', async () => {
    const at = origin();
    const checkout = at.ciCheckout('refs/pull/7/merge');
    checkout.git('config', 'remote.origin.promisor', 'true');
    checkout.git('config', 'remote.origin.partialCloneFilter', 'blob:none');
    const found = await compare(checkout, { env: PULL(at) });
    // The commit, then the content that was read.
    expect(found).toMatchObject({ base: at.id('main'), texts: ['short', 'longer'], fetches: 2 });
    expect(checkout.git('rev-list', '--count', at.id('main'))).toBe('1');
  });

  it('says what it lacks where it may not', async () => {
    const found = await compare(partial(origin()), { base: 'origin/main', fetch: false });
    expect(found.texts).toEqual([
      'git has no content for it: the clone is partial or damaged, and it could not be fetched',
      'longer',
    ]);
  });

  it('says so as well where its remote is gone, and reads the rest', async () => {
    const at = origin();
    const clone = partial(at);
    rmSync(at.folder, { recursive: true });
    const found = await compare(clone, { base: 'origin/main' });
    expect(found.texts[0]).toMatch(/^git has no content for it/);
    expect(found.texts[1]).toBe('longer');
  });
});
