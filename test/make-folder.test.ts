import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../src/make-folder.ts';
import { freshFolder } from './support/fake-runtime.ts';

const folder = freshFolder();

describe('making a folder', () => {
  it('makes those that it lies in too, for their owner alone, and leaves one that is there', () => {
    const deep = join(folder, 'one/two/three');
    makeFolder(deep);
    makeFolder(deep);
    expect(statSync(join(folder, 'one')).mode & 0o777).toBe(0o700);
    expect(statSync(deep).isDirectory()).toBe(true);
  });

  it('says what the file system says where a file is in the way', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => makeFolder(join(folder, 'file/below'))).toThrow(/ENOTDIR/);
  });

  it.runIf(existsSync('/proc/self'))(
    'ends where no folder can be made and none is said to be there',
    () =>
      expect(() => makeFolder('/proc/no-such/below')).toThrow(/ENOENT.*mkdir '\/proc\/no-such'/),
  );
});
