import { execFileSync } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from '../../support/repository.ts';
import { held, idIn, treeOf } from '../../support/trees.ts';

const KINDS = ['HEAD', 'INDEX', 'WORKTREE'] as const;

describe.each(KINDS)('the tree of %s', (head) => {
  it('holds every committed file, sorted by code units, with the id that git gives it', async () => {
    const at = repository()
      .write({ 'prompts/b.txt': 'b', 'prompts/a.txt': 'a', 'Z.md': '', 'prompts/é.txt': 'é' })
      .commit('prompts');
    const tree = await treeOf(at, head);
    expect(tree.name).toBe(
      { HEAD: at.id().slice(0, 7), INDEX: 'index', WORKTREE: 'working tree' }[head],
    );
    expect(tree.paths).toEqual(['Z.md', 'prompts/a.txt', 'prompts/b.txt', 'prompts/é.txt']);
    for (const path of tree.paths) expect(await idIn(tree, path)).toBe(at.id(`HEAD:${path}`));
    expect(await held(tree, 'prompts/a.txt')).toBe('"a"');
    expect(await held(tree, 'prompts/c.txt')).toBe('absent');
    expect(await held(tree, 'prompts')).toBe('absent');
    expect(await held(tree, '__proto__')).toBe('absent');
  });

  it('keeps every byte, NUL, CR LF and broken UTF-8 included', async () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, n) => (n * 7) % 256);
    const at = repository().write({ 'all.bin': bytes, 'caf\u00e9.txt': 'a\r\nb' }).commit('bytes');
    const file = await (await treeOf(at, head)).read('all.bin');
    expect(file.kind === 'file' && Buffer.compare(file.bytes, bytes)).toBe(0);
    expect(await held(await treeOf(at, head), 'caf\u00e9.txt')).toBe(String.raw`"a\r\nb"`);
  });

  it('follows links within the tree and no other', async () => {
    const at = repository()
      .write({ 'shared/policy.txt': 'Be kind.', 'prompts/a.txt': 'a' })
      .link('prompts/policy.txt', '../shared/policy.txt')
      .link('prompts/again.txt', 'policy.txt')
      .link('prompts/out.txt', '../../secret.txt')
      .link('prompts/root.txt', '/etc/passwd')
      .link('prompts/circle.txt', 'circle.txt')
      .link('prompts/folder', '../shared')
      .link('prompts/gone.txt', 'nothing.txt')
      .commit('links');
    const tree = await treeOf(at, head);
    expect(await held(tree, 'prompts/policy.txt')).toBe('"Be kind."');
    expect(await held(tree, 'prompts/again.txt')).toBe('"Be kind."');
    expect(await idIn(tree, 'prompts/again.txt')).toBe(at.id('HEAD:shared/policy.txt'));
    expect(await held(tree, 'prompts/out.txt')).toBe('it is a link that leaves the tree');
    expect(await held(tree, 'prompts/root.txt')).toBe('it is a link that leaves the tree');
    expect(await held(tree, 'prompts/circle.txt')).toBe('it is a link that leads in a circle');
    expect(await held(tree, 'prompts/folder')).toBe('it is a link to no file of the tree');
    expect(await held(tree, 'prompts/gone.txt')).toBe('it is a link to no file of the tree');
  });

  it('says of LFS pointers and submodules that their content is elsewhere', async () => {
    const other = repository().write({ 'a.txt': 'a' }).commit('other');
    const at = repository().write({
      'photo.png': `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12345\n`,
      'about-lfs.txt': 'A pointer begins with: version https://git-lfs.github.com/spec/v1\n',
    });
    at.git('-c', 'protocol.file.allow=always', 'submodule', 'add', '--quiet', other.folder, 'lib');
    at.commit('elsewhere');
    const tree = await treeOf(at, head);
    expect(tree.paths).toEqual(['.gitmodules', 'about-lfs.txt', 'lib', 'photo.png']);
    expect(await held(tree, 'photo.png')).toBe('its content (12,345 bytes) is in git LFS');
    expect(await held(tree, 'lib')).toBe('it is a submodule, another repository');
    expect(await held(tree, 'about-lfs.txt')).toContain('A pointer begins');
  });

  it('gives names that are no UTF-8 a text of their own', async () => {
    const at = repository().write({ 'a.txt': 'a' });
    const blob = at.git('hash-object', '-w', 'a.txt');
    // Two Latin-1 names that differ in a letter; in the working tree they are files.
    const names = [Buffer.from('caf\u00e9.txt', 'latin1'), Buffer.from('caf\u00e8.txt', 'latin1')];
    for (const name of names)
      writeFileSync(Buffer.concat([Buffer.from(`${at.folder}/`), name]), 'a');
    const tree = await treeOf(at.commit('Latin-1'), head);
    expect(tree.paths).toEqual(['a.txt', 'caf\\xE8.txt', 'caf\\xE9.txt']);
    expect(await idIn(tree, 'caf\\xE9.txt')).toBe(blob);
    expect(await held(tree, 'caf\\xE8.txt')).toBe('"a"');
  });

  it('reads neither of two files that have the same path as text', async () => {
    const at = repository().write({ 'caf\\xE9.txt': 'ASCII' });
    const latin1 = Buffer.from(`${at.folder}/caf\u00e9.txt`, 'latin1');
    writeFileSync(latin1, 'Latin-1');
    const tree = await treeOf(at.commit('both'), head);
    expect(tree.paths).toEqual(['caf\\xE9.txt']);
    expect(await held(tree, 'caf\\xE9.txt')).toBe(
      'another file has the same path once both are written as text',
    );
  });

  it('has ids of SHA-256 where the repository has', async () => {
    const at = repository('--object-format=sha256').write({ 'a.txt': 'a' }).commit('a');
    const id = await idIn(await treeOf(at, head), 'a.txt');
    expect(id).toHaveLength(64);
    expect(id).toBe(at.id('HEAD:a.txt'));
  });
});

describe('of much', () => {
  const huge = repository().write({ 'a.txt': 'a', 'huge.bin': '' });
  truncateSync(join(huge.folder, 'huge.bin'), 64 * 1024 * 1024 + 1);
  huge.commit('huge');

  it.each(KINDS)('no file of more than 64 MB, %s', async (head) => {
    const tree = await treeOf(huge, head);
    const [large, small] = await Promise.all([held(tree, 'huge.bin'), held(tree, 'a.txt')]);
    expect(large).toBe(
      'it has 67,108,865 bytes, more than the 67,108,864 bytes that are read of a file',
    );
    expect(small).toBe('"a"');
  });

  const many = repository();
  const stream = ['commit refs/heads/main', 'committer Ana <ana@example.com> 1795000000 +0000'];
  stream.push('data 4', 'many');
  for (let n = 0; n < 5000; n += 1)
    stream.push(`M 100644 inline prompts/${n}.txt`, `data ${String(n).length}`, String(n));
  execFileSync('git', ['fast-import', '--quiet'], {
    cwd: many.folder,
    env: many.env,
    input: `${stream.join('\n')}\n`,
  });
  many.git('reset', '--quiet', '--hard');

  it.each(KINDS)('five thousand files at once, %s', async (head) => {
    const tree = await treeOf(many, head);
    const texts = await Promise.all(tree.paths.map((path) => held(tree, path)));
    expect(texts).toHaveLength(5000);
    expect(tree.paths.map((path) => JSON.stringify(/\d+/.exec(path)?.[0]))).toEqual(texts);
  });
});

describe('what is not committed', () => {
  const at = repository()
    .write({ 'kept.txt': 'k', 'staged.txt': 'before', 'gone.txt': 'g', '.gitignore': '*.log\n' })
    .commit('before');
  at.write({ 'staged.txt': 'staged' }).git('add', 'staged.txt');
  at.write({ 'staged.txt': 'after', 'new.txt': 'n', 'noise.log': 'x', 'gone.txt': undefined });

  it('stands in the index once it is added', async () => {
    const tree = await treeOf(at, 'INDEX');
    expect(tree.paths).toEqual(['.gitignore', 'gone.txt', 'kept.txt', 'staged.txt']);
    expect(await held(tree, 'staged.txt')).toBe('"staged"');
    expect(await held(tree, 'gone.txt')).toBe('"g"');
  });

  it('stands in the working tree unless it is ignored', async () => {
    const tree = await treeOf(at, 'WORKTREE');
    expect(tree.paths).toEqual(['.gitignore', 'kept.txt', 'new.txt', 'staged.txt']);
    expect(await held(tree, 'staged.txt')).toBe('"after"');
    expect(await idIn(tree, 'new.txt')).toBe(at.git('hash-object', 'new.txt'));
  });

  it('stands in no commit', async () => {
    const tree = await treeOf(at, 'HEAD');
    expect(tree.paths).toEqual(['.gitignore', 'gone.txt', 'kept.txt', 'staged.txt']);
    expect(await held(tree, 'staged.txt')).toBe('"before"');
  });
});
