import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openWorkingTree } from '../../../src/gate/trees/comparison.ts';
import { freshFolder } from '../../support/fake-runtime.ts';
import { repository } from '../../support/repository.ts';
import { held, idIn, open, treeOf } from '../../support/trees.ts';

describe('the index', () => {
  it('is the one that git gives a hook', async () => {
    const at = repository().write({ 'a.txt': 'a' }).commit('a').write({ 'a.txt': 'hook' });
    const index = join(freshFolder(), 'index');
    execFileSync('git', ['add', '--all'], {
      cwd: at.folder,
      env: { ...at.env, GIT_INDEX_FILE: index },
    });
    const hook = { ...at, env: { ...at.env, GIT_DIR: '.git', GIT_INDEX_FILE: index } };
    expect(await held(await treeOf(hook, 'INDEX'), 'a.txt')).toBe('"hook"');
    expect(await held(await treeOf(at, 'INDEX'), 'a.txt')).toBe('"a"');
  });
});

describe('a working tree', () => {
  it('may be one of several of a repository', async () => {
    const at = repository().write({ 'a.txt': 'a' }).commit('a');
    const folder = join(freshFolder(), 'linked');
    at.git('worktree', 'add', '--quiet', '-b', 'linked', folder);
    writeFileSync(join(folder, 'a.txt'), 'linked');
    const tree = await treeOf({ ...at, folder }, 'WORKTREE');
    expect(await held(tree, 'a.txt')).toBe('"linked"');
  });

  it('is told with what a merge left in conflict, as the index is', async () => {
    const at = repository().write({ 'a.txt': 'base' }).commit('base').branch('one');
    at.write({ 'a.txt': 'one' })
      .commit('one')
      .checkout('main')
      .write({ 'a.txt': 'two' })
      .commit('two');
    expect(() => at.merge('one')).toThrow(/CONFLICT|merge/);
    expect(await held(await treeOf(at, 'INDEX'), 'a.txt')).toBe('a merge left it in conflict');
    const tree = await treeOf(at, 'WORKTREE');
    expect(tree.paths).toEqual(['a.txt']);
    expect(await held(tree, 'a.txt')).toContain('<<<<<<<');
  });

  it('holds files that a sparse checkout leaves out', async () => {
    const at = repository().write({ 'a/one.txt': '1', 'b/two.txt': '2' }).commit('both');
    at.git('sparse-checkout', 'set', '--cone', 'a');
    const tree = await treeOf(at, 'WORKTREE');
    expect(tree.paths).toEqual(['a/one.txt', 'b/two.txt']);
    expect(await held(tree, 'b/two.txt')).toBe('"2"');
  });

  it('says of a repository within it that it is one', async () => {
    const at = repository().write({ 'a.txt': 'a' }).commit('a');
    at.write({ 'inner/x.txt': 'x' });
    at.git('-C', 'inner', 'init', '--quiet');
    const tree = await treeOf(at, 'WORKTREE');
    expect(tree.paths).toEqual(['a.txt', 'inner']);
    expect(await held(tree, 'inner')).toBe('it is another repository');
  });

  it('does not read through a folder that became a link to elsewhere', async () => {
    const secrets = mkdtempSync(join(freshFolder(), 'secrets-'));
    writeFileSync(join(secrets, 'a.txt'), 'secret');
    const at = repository().write({ 'prompts/a.txt': 'a' }).commit('a');
    rmSync(join(at.folder, 'prompts'), { recursive: true });
    symlinkSync(secrets, join(at.folder, 'prompts'));
    const tree = await treeOf(at, 'WORKTREE');
    expect(await held(tree, 'prompts/a.txt')).not.toContain('secret"');
    expect(await held(tree, 'prompts')).toBe('it is a link that leaves the tree');
  });

  it.each([
    ['core.autocrlf', { 'core.autocrlf': 'true' }, ''],
    ['text=auto', {}, '* text=auto\n'],
    ['eol=crlf', {}, '*.txt eol=crlf\n'],
  ])('has the line endings that git stores: %s', async (_, settings, attributes) => {
    const at = repository().write({ '.gitattributes': attributes });
    for (const [key, value] of Object.entries(settings)) at.git('config', key, value);
    at.write({ 'a.txt': 'one\r\ntwo\r\n', 'b.bin': 'x\0\r\n' }).commit('Windows');
    expect(at.git('cat-file', 'blob', 'HEAD:a.txt')).toBe('one\ntwo');
    const tree = await treeOf(at, 'WORKTREE');
    expect(await held(tree, 'a.txt')).toBe(String.raw`"one\ntwo\n"`);
    for (const path of tree.paths) expect(await idIn(tree, path)).toBe(at.id(`HEAD:${path}`));
  });

  it('keeps CR LF that were committed before git was told to tell texts itself', async () => {
    const at = repository().write({ 'a.txt': 'one\r\n' }).commit('with CR');
    at.git('config', 'core.autocrlf', 'true');
    at.write({ 'a.txt': 'one\r\nmore\r\n' });
    const tree = await treeOf(at, 'WORKTREE');
    expect(await held(tree, 'a.txt')).toBe(String.raw`"one\r\nmore\r\n"`);
    at.git('add', 'a.txt');
    expect(await idIn(tree, 'a.txt')).toBe(at.id(':a.txt'));
  });

  it('says what git stores in another form than it stands there', async () => {
    const at = repository().write({
      '.gitattributes':
        '*.secret filter=crypt\n*.u16 working-tree-encoding=UTF-16LE\n*.odd filter=unknown\n',
    });
    at.git('config', 'filter.crypt.clean', 'tr a-z n-za-m');
    at.write({ 'a.secret': 'abc', 'a.u16': 'a\0b\0', 'a.odd': 'odd' }).commit('forms');
    const tree = await treeOf(at, 'WORKTREE');
    expect(await held(tree, 'a.secret')).toBe(
      'git stores it through the filter "crypt", which is not run',
    );
    expect(await held(tree, 'a.u16')).toBe('git stores it in UTF-8 and it stands here in UTF-16LE');
    expect(await held(tree, 'a.odd')).toBe('"odd"');
  });
});

describe('a folder in no repository', () => {
  it('is every file below it, without what others installed', async () => {
    const folder = freshFolder();
    for (const path of ['prompts/deep', 'node_modules/x', '.git'])
      mkdirSync(join(folder, path), { recursive: true });
    for (const path of ['a.txt', 'prompts/deep/b.txt', 'node_modules/x/c.txt', '.git/d.txt'])
      writeFileSync(join(folder, path), path);
    symlinkSync('../a.txt', join(folder, 'prompts/link.txt'));
    symlinkSync('/etc/passwd', join(folder, 'prompts/out.txt'));
    const { tree, root, close } = await openWorkingTree({ cwd: folder, env: {} });
    open.push({ close });
    expect(root).toBe(folder);
    expect(tree.paths).toEqual([
      'a.txt',
      'prompts/deep/b.txt',
      'prompts/link.txt',
      'prompts/out.txt',
    ]);
    expect(await held(tree, 'prompts/link.txt')).toBe('"a.txt"');
    expect(await held(tree, 'prompts/out.txt')).toBe('it is a link that leaves the tree');
    // printf 'a.txt' | git hash-object --stdin
    expect(await idIn(tree, 'a.txt')).toBe('8d14cbf983b3fad683171c9418998d9f68340823');
  });

  it('is the whole repository where it is in one', async () => {
    const at = repository().write({ 'apps/web/a.txt': 'a', 'b.txt': 'b' }).commit('both');
    const standing = await openWorkingTree({ cwd: join(at.folder, 'apps/web'), env: at.env });
    open.push(standing);
    expect(standing.tree.paths).toEqual(['apps/web/a.txt', 'b.txt']);
    expect(standing.root).toBe(at.folder);
  });

  it('is told to be none when it is not there', async () => {
    const missing = join(freshFolder(), 'nowhere');
    await expect(openWorkingTree({ cwd: missing, env: {} })).rejects.toThrow(/cannot/);
  });
});
