import { describe, expect, it } from 'vitest';
import { openComparison, openHead } from '../../../src/gate/trees/comparison.ts';
import { NoBaseError } from '../../../src/gate/trees/find-base.ts';
import { pullEvent, pullRequest, refused, short, sides } from '../../support/pull-request.ts';
import { repository } from '../../support/repository.ts';

describe('the base that somebody names', () => {
  it('is the merge base with it, so that nobody is blamed for what others did meanwhile', async () => {
    const at = pullRequest();
    at.checkout('support');
    expect(await sides(at, { base: 'main' })).toEqual({
      base: at.fork,
      head: `working-tree on ${at.id('support')}`,
      how: `--base: merge base of main and ${short(at.id('support'))}`,
    });
  });

  it('is itself where it is behind HEAD', async () => {
    const at = pullRequest();
    expect(await sides(at, { base: 'main~1', head: 'main' })).toEqual({
      base: at.fork,
      head: at.id('main'),
      how: '--base: main~1',
    });
  });

  it('goes before AICOST_BASE, that before CI, that before the config, that before a guess', async () => {
    const at = pullRequest();
    const event = pullEvent(at);
    const all = { ...event, configuredBase: 'support', head: 'main' };
    const env = { ...event.env, AICOST_BASE: 'main~1' };
    expect((await sides(at, { ...all, env, base: 'main' })).how).toBe('--base: main');
    expect((await sides(at, { ...all, env })).how).toBe('AICOST_BASE: main~1');
    expect((await sides(at, { ...all, head: 'refs/pull/7/merge' })).how).toBe(
      `the pull request: the first parent of the merge ${short(at.id('refs/pull/7/merge'))}`,
    );
    expect((await sides(at, { configuredBase: 'support', head: 'main' })).how).toBe(
      `\`base\` of the config: merge base of support and ${short(at.id('main'))}`,
    );
    expect((await sides(at.checkout('support'), {})).how).toBe(
      `the default branch: merge base of main and ${short(at.id('support'))}`,
    );
  });

  it.each([
    ['--upload-pack=touch mark', '--base is "--upload-pack=touch mark", which can be no revision'],
    ['', '--base is "", which can be no revision'],
    ['a\u001B[2Jb', String.raw`--base is "a\u001b[2Jb", which can be no revision`],
  ])('is refused where it can be no revision: %j', async (base, message) => {
    expect(await refused(pullRequest(), { base })).toBe(
      `2: ${message} | Name a branch, a tag or a commit, such as origin/main.`,
    );
  });

  it.each(['mian', 'main..support', '$(touch mark)', ':/nothing', 'main:prompts', 'f'.repeat(40)])(
    'is undecided where it is nowhere: %s',
    async (base) => {
      expect(await refused(pullRequest(), { base })).toMatch(
        /^3: the base .* \(--base\) was not found: this clone does not have it \| /,
      );
    },
  );

  it('is undecided where nothing is shared with it', async () => {
    const at = pullRequest();
    at.git('checkout', '--quiet', '--orphan', 'fresh');
    at.commit('fresh');
    expect(await refused(at, { base: 'main' })).toBe(
      '3: HEAD and the base main (--base) have no history in common | undefined',
    );
  });

  it('is compared with itself when that is what was asked for', async () => {
    const at = pullRequest();
    const { base, head } = await sides(at, { base: 'HEAD', head: 'HEAD' });
    expect(base).toBe(head);
  });
});

describe('the head', () => {
  it('is the working tree for people and HEAD for CI', async () => {
    const at = pullRequest().checkout('support');
    const head = at.id('support');
    expect((await sides(at, { base: 'main' })).head).toBe(`working-tree on ${head}`);
    expect((await sides(at, { base: 'main', env: { CI: 'true' } })).head).toBe(head);
    expect((await sides(at, { base: 'main', env: { CI: 'false' } })).head).toMatch(/^working-tree/);
  });

  it('may be the index, as before a commit', async () => {
    const at = pullRequest();
    const head = at.id();
    expect(await sides(at, { base: 'HEAD', head: 'INDEX' })).toEqual({
      base: head,
      head: `index on ${head}`,
      how: '--base: HEAD',
    });
  });

  it('is undecided before the first commit', async () => {
    expect(await refused(repository(), { base: 'HEAD' })).toBe(
      '3: there is no commit yet, so nothing to compare with | Commit once; `aicost estimate` needs no history.',
    );
  });

  it('is undecided where it is nowhere', async () => {
    expect(await refused(pullRequest(), { base: 'main', head: 'suport' })).toMatch(
      /^3: --head suport was not found: this clone does not have it/,
    );
  });

  it('is no working tree in a bare repository', async () => {
    const at = pullRequest().clone('--bare');
    expect(await refused(at, { base: 'main' })).toBe(
      '2: a bare repository has no working tree | Pass --head with a branch or a commit.',
    );
    expect((await sides(at, { base: 'main', head: 'support' })).how).toMatch(/^--base: merge base/);
  });
});

describe('where nobody says', () => {
  it('a guess that would compare HEAD with itself decides nothing in CI', async () => {
    const at = pullRequest().checkout('main');
    expect(await refused(at, { env: { CI: 'true' } })).toMatch(
      /^3: HEAD is [0-9a-f]{7}, which the default branch has already: nothing is compared/,
    );
    expect((await sides(at, {})).how).toBe('the default branch: main');
  });

  it('and nothing can be guessed, the way out is named', async () => {
    const at = repository().write({ 'a.txt': 'a' }).commit('a');
    at.git('branch', '--move', 'trunk');
    expect(await refused(at, { fetch: true })).toBe(
      '3: nothing says what to compare with | Pass --base, set AICOST_BASE, or write `base: origin/main` into aicost.yaml.',
    );
  });
});

describe('without a base', () => {
  it('the head can be read alone', async () => {
    const at = repository().write({ 'a.txt': 'a' }).commit('a');
    at.git('branch', '--move', 'trunk');
    const place = { cwd: at.folder, env: at.env };
    await expect(openComparison(place, { fetch: false })).rejects.toThrow(NoBaseError);
    const { head, tree, close } = await openHead(place, { head: 'HEAD', fetch: false });
    const file = await tree.read('a.txt');
    await close();
    expect(head).toEqual({ kind: 'commit', commit: at.id() });
    expect(file.kind).toBe('file');
  });

  it('a head that is nowhere is no lack of a base', async () => {
    const at = pullRequest();
    const place = { cwd: at.folder, env: at.env };
    const comparing = openComparison(place, { base: 'main', head: 'suport', fetch: false });
    await expect(comparing).rejects.not.toBeInstanceOf(NoBaseError);
  });
});
