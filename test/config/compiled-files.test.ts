import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { compiledFiles, layered, packagedFiles } from '../../src/config/compiled-files.ts';
import { freshFolder } from '../support/fake-runtime.ts';

const TEXT = '{"provider":"acorn"}';
const KEY = 'a1';

/** A folder with one kept text; how to damage it, and what is read afterwards. */
function kept() {
  const folder = join(freshFolder(), 'aicost', 'cards');
  const files = compiledFiles(folder, { write: true });
  files.keep(KEY, TEXT);
  const path = join(folder, `card-${KEY}`);
  return { folder, path, files, read: () => compiledFiles(folder, { write: true }).read(KEY) };
}

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const isRoot = process.getuid?.() === 0;

describe('a kept text', () => {
  it('is read by the next run', () => expect(kept().read()).toBe(TEXT));

  it('is for its user alone', () => {
    const { folder, path } = kept();
    expect([mode(folder), mode(path)]).toEqual(['700', '600']);
  });

  it('replaces the one before it, and leaves nothing unfinished', () => {
    const { files, folder, read } = kept();
    files.keep(KEY, 'another');
    expect([read(), readdirSync(folder)]).toEqual(['another', [`card-${KEY}`]]);
  });

  it('of another key is another one', () => expect(kept().files.read('b2')).toBeUndefined());
});

describe('a file that cannot be trusted is as good as absent, and can be written again', () => {
  const flip = (path: string): void => {
    const bytes = readFileSync(path);
    bytes[bytes.length - 3] = (bytes.at(-3) ?? 0) ^ 1;
    writeFileSync(path, bytes);
  };
  const damages: [string, (path: string, folder: string) => void][] = [
    ['a file with another byte in it', flip],
    ['a truncated file', (path) => truncateSync(path, 70)],
    ['an empty file', (path) => truncateSync(path, 0)],
    ['a file without a digest', (path) => writeFileSync(path, TEXT)],
    ['a file that others may write', (path) => chmodSync(path, 0o666)],
    [
      'a link to a sound file',
      (path, folder) => {
        renameSync(path, join(folder, 'elsewhere'));
        symlinkSync(join(folder, 'elsewhere'), path);
      },
    ],
  ];
  it.each(damages)('%s', (_, damage) => {
    const { folder, path, files, read } = kept();
    damage(path, folder);
    expect(read()).toBeUndefined();
    files.keep(KEY, TEXT);
    expect(read()).toBe(TEXT);
  });

  it('a folder in place of the file stays, and a run goes on without it', () => {
    const { path, files, read } = kept();
    renameSync(path, `${path}.old`);
    mkdirSync(path);
    files.keep(KEY, TEXT);
    expect(read()).toBeUndefined();
  });

  it('a file in a folder that others may write', () => {
    const { folder, read } = kept();
    chmodSync(folder, 0o777);
    expect(read()).toBeUndefined();
  });

  it.runIf(isRoot)('a file, or a folder, of another user', () => {
    const { folder, path, read } = kept();
    chownSync(path, 12345, 12345);
    expect(read()).toBeUndefined();
    chownSync(path, 0, 0);
    expect(read()).toBe(TEXT);
    chownSync(folder, 12345, 12345);
    expect(read()).toBeUndefined();
  });
});

describe('where nothing can be kept', () => {
  it('a run goes on without it', () => {
    const place = join(freshFolder(), 'a-file');
    writeFileSync(place, '');
    const files = compiledFiles(join(place, 'cards'), { write: true });
    files.keep(KEY, TEXT);
    expect(files.read(KEY)).toBeUndefined();
  });

  it('because the caller only reads, no folder is made', () => {
    const place = freshFolder();
    const files = compiledFiles(join(place, 'cards'), { write: false });
    files.keep(KEY, TEXT);
    expect([files.read(KEY), readdirSync(place)]).toEqual([undefined, []]);
  });
});

describe('what came with the package', () => {
  const user = () => compiledFiles(join(freshFolder(), 'cards'), { write: true });

  it('is read first, also where it belongs to whoever installed it', () => {
    const { folder, path } = kept();
    if (isRoot) chownSync(path, 12345, 12345);
    chmodSync(path, 0o666);
    expect(layered(packagedFiles(folder), user()).read(KEY)).toBe(TEXT);
  });

  it('is not read when it is damaged, or not there', () => {
    const { folder, path } = kept();
    const both = layered(packagedFiles(folder), user());
    truncateSync(path, 70);
    expect(both.read(KEY)).toBeUndefined();
    both.keep(KEY, 'from this run');
    expect(both.read(KEY)).toBe('from this run');
    expect(layered(packagedFiles('/nonexistent'), user()).read(KEY)).toBeUndefined();
  });

  it('is never written', () => {
    const { folder } = kept();
    packagedFiles(folder).keep('b2', TEXT);
    expect(readdirSync(folder)).toEqual([`card-${KEY}`]);
  });
});

describe('many entries', () => {
  it('leave when they are older than the newest 200', () => {
    const { folder, files } = kept();
    for (let n = 0; n < 205; n += 1) {
      const path = join(folder, `card-old-${String(n).padStart(3, '0')}`);
      writeFileSync(path, '');
      utimesSync(path, 1_000_000 + n, 1_000_000 + n);
    }
    mkdirSync(join(folder, 'writing-killed'));
    utimesSync(join(folder, 'writing-killed'), 1, 1);
    writeFileSync(join(folder, 'not-ours'), '');
    files.keep('newest', TEXT);
    const left = readdirSync(folder).sort();
    // 1 kept before, 205 old, 1 newest: the 7 oldest of 207 go, and the unfinished one with them.
    expect(left.length).toBe(201);
    expect(left.slice(0, 3)).toEqual([`card-${KEY}`, 'card-newest', 'card-old-007']);
    expect(left.at(-1)).toBe('not-ours');
  });
});
