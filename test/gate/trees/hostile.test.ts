import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { openComparison, openWorkingTree } from '../../../src/gate/trees/comparison.ts';
import { freshFolder } from '../../support/fake-runtime.ts';
import { type Repository, repository } from '../../support/repository.ts';

const compare = (
  at: Repository,
  {
    base = 'HEAD',
    head = 'WORKTREE',
    env = {},
  }: { base?: string; head?: string; env?: Record<string, string | undefined> } = {},
) => openComparison({ cwd: at.folder, env: { ...at.env, ...env } }, { base, head, fetch: false });

/** The error of a promise that has to fail: `exit code: message | hint`. */
async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'nothing failed';
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return `${error.exitCode}: ${error.message} | ${error.hint}`;
  }
}

/** A program that leaves a mark when it is run. */
function marker(folder: string, name: string): { readonly program: string; readonly mark: string } {
  const [program, mark] = [join(folder, name), join(folder, `${name}.was-run`)];
  mkdirSync(join(program, '..'), { recursive: true });
  writeFileSync(program, `#!/bin/sh\ntouch '${mark}'\ncat\n`);
  chmodSync(program, 0o755);
  return { program, mark };
}

describe('nothing of a repository is run', () => {
  it('while it is read: no hook, no monitor, no filter, no program that its configuration names', async () => {
    const at = repository().write({
      'prompts/a.txt': 'a',
      '.gitattributes': '*.txt filter=evil diff=evil\n',
    });
    at.commit('a');
    const marks = freshFolder();
    const evil = marker(marks, 'evil');
    for (const hook of ['post-index-change', 'reference-transaction', 'fsmonitor-watchman'])
      writeFileSync(join(at.folder, '.git/hooks', hook), `#!/bin/sh\ntouch '${evil.mark}'\n`, {
        mode: 0o755,
      });
    for (const key of [
      'core.fsmonitor',
      'core.pager',
      'core.editor',
      'core.sshCommand',
      'core.askPass',
      'core.alternateRefsCommand',
      'diff.external',
      'diff.evil.command',
      'diff.evil.textconv',
      'filter.evil.clean',
      'filter.evil.smudge',
      'filter.evil.process',
      'gpg.program',
      'credential.helper',
      'uploadpack.packObjectsHook',
    ])
      at.git('config', key, evil.program);
    at.write({ 'prompts/a.txt': 'changed', 'prompts/b.txt': 'b' });
    for (const head of ['WORKTREE', 'INDEX', 'HEAD']) {
      const { trees, close } = await compare(at, { head });
      await Promise.all(trees.head.paths.map((path) => trees.head.read(path)));
      await Promise.all(trees.base.paths.map((path) => trees.base.read(path)));
      await close();
    }
    expect(readdirSync(marks)).toEqual(['evil']);
  });

  it('and the index is not even refreshed', async () => {
    const at = repository().write({ 'a.txt': 'a' }).commit('a').write({ 'a.txt': 'b' });
    const before = at.git('ls-files', '--debug');
    const { trees, close } = await compare(at);
    await trees.head.read('a.txt');
    await close();
    expect(at.git('ls-files', '--debug')).toBe(before);
    expect(at.git('status', '--porcelain')).toBe(' M a.txt');
  });

  it('and a program called git in the folder is not taken for git', async () => {
    const at = repository().write({ 'a.txt': 'a' }).commit('a');
    const { mark } = marker(at.folder, 'git');
    const path = `.:${at.env['PATH'] ?? ''}`;
    const { close } = await compare(at, { env: { PATH: path } });
    await close();
    expect(existsSync(mark)).toBe(false);
  });
});

describe('names of branches', () => {
  it.each([
    '$(touch${IFS}mark)',
    'a;touch',
    '|cat',
    'é',
    '\'quoted"',
    'refs/heads/x',
    '@home',
    '-b',
  ])('are names and nothing else: %s', async (name) => {
    const at = repository().write({ 'a.txt': 'a' }).commit('a');
    const id = at.id();
    at.git('update-ref', `refs/heads/${name}`, id);
    // A name like an option is a branch only when it is written out.
    const base = name.startsWith('-') ? `refs/heads/${name}` : name;
    const found = await compare(at.write({ 'a.txt': 'b' }).commit('b'), { base, head: 'HEAD' });
    await found.close();
    expect(found.base).toBe(id);
    expect(existsSync(join(at.folder, 'mark'))).toBe(false);
  });
});

describe('what stands in the way of git is said', () => {
  const HINT =
    'A comparison needs the history of the prompts: run it inside a clone of their repository.';

  it('where there is no repository', async () => {
    const cwd = freshFolder();
    const env = { PATH: process.env['PATH'] };
    expect(await refusal(openComparison({ cwd, env }, { fetch: false }))).toBe(
      `2: ${cwd} is in no git repository | ${HINT}`,
    );
  });

  it('where there is no git', async () => {
    const cwd = freshFolder();
    const said = refusal(openComparison({ cwd, env: { PATH: cwd } }, { fetch: false }));
    expect(await said).toBe(
      '2: git was not found | aicost reads both sides of a comparison through git: install it, or put it on the PATH.',
    );
  });

  it('where the repository belongs to somebody else', async () => {
    const at = repository().write({ 'a.txt': 'a' }).commit('a');
    const said = refusal(compare(at, { env: { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' } }));
    expect(await said).toBe(
      `2: git does not read ${at.folder}, since another user owns it | ` +
        `If you trust what it holds: git config --global --add safe.directory '${at.folder}'`,
    );
  });

  it('where its configuration is broken', async () => {
    const at = repository().write({ 'a.txt': 'a' }).commit('a');
    writeFileSync(join(at.folder, '.git/config'), '[core\n');
    expect(await refusal(compare(at))).toMatch(
      /^2: git cannot read the repository of .*: bad config line 1 in file \.?.*config \| undefined$/,
    );
  });

  it('where a content is damaged, of that file alone', async () => {
    const at = repository().write({ 'a.txt': 'a', 'b.txt': 'b', 'c.txt': 'c' }).commit('three');
    const id = at.id('HEAD:b.txt');
    const object = join(at.folder, '.git/objects', id.slice(0, 2), id.slice(2));
    chmodSync(object, 0o644);
    writeFileSync(object, 'damaged');
    const { trees, close } = await compare(at, { head: 'HEAD' });
    const files = await Promise.all(
      ['a.txt', 'b.txt', 'c.txt'].map((path) => trees.head.read(path)),
    );
    await close();
    expect(files.map((file) => (file.kind === 'unresolved' ? file.why : file.kind))).toEqual([
      'file',
      'git has no content for it: the clone is partial or damaged, and it could not be fetched',
      'file',
    ]);
  });

  it('where a file has become something that is none', async () => {
    const at = repository().write({ 'pipe.txt': 'a', 'folder.txt': 'a' }).commit('a');
    at.write({ 'pipe.txt': undefined, 'folder.txt': undefined, 'folder.txt/a.txt': 'a' });
    execFileSync('mkfifo', [join(at.folder, 'pipe.txt')]);
    const { tree, close } = await openWorkingTree({ cwd: at.folder, env: at.env });
    const files = await Promise.all(['pipe.txt', 'folder.txt'].map((path) => tree.read(path)));
    await close();
    const none = { kind: 'unresolved', why: 'it is no regular file' };
    expect(files).toEqual([none, none]);
  });
});

describe('reading', () => {
  it('ends with what was asked for when it is closed at once', async () => {
    const at = repository();
    at.write(Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`${n}.txt`, `${n}`])));
    const { trees, close } = await compare(at.commit('many'), { head: 'HEAD' });
    const reading = Promise.all(trees.head.paths.map((path) => trees.head.read(path)));
    await close();
    const kinds = new Set((await reading).map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(['file']));
  });

  it('is a mistake once it was closed', async () => {
    const at = repository().write({ 'a.txt': 'a' }).commit('a');
    const { trees, close } = await compare(at, { head: 'HEAD' });
    await close();
    await expect(trees.head.read('a.txt')).rejects.toThrow(/was closed before it was read/);
  });

  it('gives both trees one and the same content where it is equal', async () => {
    const at = repository().write({ 'a.txt': 'a', 'b.txt': 'b' }).commit('a');
    at.write({ 'b.txt': 'c' }).commit('b');
    const { trees, close } = await compare(at, { base: 'HEAD~1', head: 'HEAD' });
    expect(await trees.base.read('a.txt')).toBe(await trees.head.read('a.txt'));
    expect(await trees.base.read('b.txt')).not.toEqual(await trees.head.read('b.txt'));
    await close();
  });
});
