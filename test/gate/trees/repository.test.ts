import { describe, expect, it } from 'vitest';
import { repository } from '../../support/repository.ts';

const FIRST = { 'prompts/search.txt': 'Answer briefly.\n' };

describe('a repository of a test', () => {
  it('has the same ids whenever it is made', () => {
    const made = (): string =>
      repository()
        .write(FIRST)
        .commit('search')
        .branch('longer')
        .write({ a: 'b' })
        .commit('a')
        .id();
    expect(made()).toBe(made());
  });

  it('makes the refs of a pull request and moves no branch', () => {
    const made = repository().write(FIRST).commit('search').branch('support');
    made.write({ 'prompts/support.txt': 'Be kind.\n' }).commit('support').checkout('main');
    const before = made.write({ 'other.md': 'x' }).commit('somebody else').id();
    made.pullRequest(7, 'support');
    expect(made.git('rev-parse', '--abbrev-ref', 'HEAD')).toBe('main');
    expect(made.id('main')).toBe(before);
    expect(made.id('refs/pull/7/merge^1')).toBe(before);
    expect(made.id('refs/pull/7/merge^2')).toBe(made.id('support'));
  });

  it('is checked out by CI with one commit and nothing else', () => {
    const made = repository().write(FIRST).commit('search').branch('support');
    made.write({ 'prompts/support.txt': 'Be kind.\n' }).commit('support').pullRequest(7, 'support');
    const checkout = made.ciCheckout('refs/pull/7/merge');
    expect(checkout.id()).toBe(made.id('refs/pull/7/merge'));
    expect(checkout.git('rev-list', '--count', '--all')).toBe('1');
    expect(checkout.git('rev-parse', '--is-shallow-repository')).toBe('true');
    expect(checkout.git('for-each-ref', '--format=%(refname)')).toBe('refs/remotes/pull/7/merge');
  });
});
