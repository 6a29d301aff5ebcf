import { describe, expect, it } from 'vitest';
import { isPathPattern, pathMatcher } from '../../src/domain/path-globs.ts';

const fits = (pattern: string, path: string): boolean | undefined => pathMatcher(pattern)?.(path);

describe('a pattern of paths', () => {
  it.each([
    ['prompts/**/*.prompt', 'prompts/a.prompt', true],
    ['prompts/**/*.prompt', 'prompts/x/y/a.prompt', true],
    ['prompts/**/*.prompt', 'prompts/a.prompty', false],
    ['prompts/**/*.prompt', 'other/prompts/a.prompt', false],
    ['prompts/*.md', 'prompts/x/a.md', false],
    ['prompts/*.md', 'prompts/.md', true],
    ['**', 'a/b/c', true],
    ['**/a.md', 'a.md', true],
    ['**/b/**/a.md', 'x/b/b/y/a.md', true],
    ['**/b/**/a.md', 'x/c/a.md', false],
    ['a/**/b/**/c/d', 'a/b/x/b/c/x/c/d', true],
    ['file?.txt', 'file1.txt', true],
    ['file?.txt', 'file.txt', false],
    ['file?.txt', 'file😀.txt', true],
    ['*a*b*', 'xxaxxbxx', true],
    ['*a*b*', 'xxbxxaxx', false],
    ['*.{yml,yaml}', 'a.yaml', true],
    ['*.{yml,yaml}', 'a.yml', true],
    ['*.{yml,yaml}', 'a.json', false],
    ['{a,b/{c,d}}/x', 'b/d/x', true],
    ['{a,b/{c,d}}/x', 'b/x', false],
    ['{id}.txt', '{id}.txt', true],
    ['a[1].txt', 'a[1].txt', true],
    ['a.txt', 'a.txt', true],
    ['a.txt', 'aatxt', false],
  ])('%s and %s: %s', (pattern, path, expected) => {
    expect(fits(pattern, path)).toBe(expected);
  });

  it('is refused when its braces stand for thousands', () => {
    expect(pathMatcher('{a,b}'.repeat(8))).toBeTypeOf('function');
    expect(pathMatcher('{a,b}'.repeat(12))).toBeUndefined();
  });

  it('takes no longer than its length for what nearly fits', () => {
    expect(fits(`${'*a'.repeat(200)}b`, 'a'.repeat(5000))).toBe(false);
    expect(fits(`${'**/a/'.repeat(200)}b`, 'a/'.repeat(5000))).toBe(false);
  });

  it('is told from a plain path', () => {
    expect(['a/b.txt', '{id}.txt', 'a/*.txt', '{a,b}', 'a?'].map(isPathPattern)).toEqual([
      false,
      false,
      true,
      true,
      true,
    ]);
  });
});
