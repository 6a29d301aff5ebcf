import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openComparison } from '../../../src/gate/trees/comparison.ts';
import { type Lone, renamesBetween, renamesOf } from '../../../src/gate/trees/renames.ts';
import { blobId } from '../../../src/gate/trees/working-file.ts';
import { repository } from '../../support/repository.ts';

const lone = (path: string, text: string): Lone => {
  const bytes = Buffer.from(text);
  return { path, bytes, id: blobId(bytes, 'sha1') };
};

/** Lines of 10 bytes each, numbered from one number to another. */
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, n) => `line ${String(from + n).padStart(4, '0')}\n`).join(
    '',
  );

const shown = (gone: readonly Lone[], fresh: readonly Lone[]): readonly string[] =>
  renamesOf(gone, fresh).map(({ from, to, similarity }) => `${from} -> ${to} ${similarity}`);

describe('a file that moved', () => {
  it('is known by its content', () => {
    expect(shown([lone('a.txt', 'same')], [lone('b.txt', 'same')])).toEqual(['a.txt -> b.txt 1']);
  });

  it('is known by half of its content, and not by less', () => {
    const before = lone('a.txt', lines(0, 10));
    expect(shown([before], [lone('b.txt', lines(5, 15))])).toEqual(['a.txt -> b.txt 0.5']);
    expect(shown([before], [lone('b.txt', lines(6, 16))])).toEqual([]);
    // 10 lines of 20 stay.
    expect(shown([before], [lone('b.txt', lines(0, 20))])).toEqual(['a.txt -> b.txt 0.5']);
    expect(shown([before], [lone('b.txt', lines(0, 21))])).toEqual([]);
  });

  it('is the equal one before one that is nearly so', () => {
    const before = lone('a.txt', lines(0, 10));
    const after = [lone('a2.txt', lines(0, 9)), lone('z.txt', lines(0, 10))];
    expect(shown([before], after)).toEqual(['a.txt -> z.txt 1']);
  });

  it('is paired once: of two that became one, the more alike has moved', () => {
    const gone = [lone('a.txt', lines(0, 8)), lone('b.txt', lines(0, 9))];
    expect(shown(gone, [lone('one.txt', lines(0, 10))])).toEqual(['b.txt -> one.txt 0.9']);
  });

  it('is paired once: of two copies, the one with its name, then the nearer one', () => {
    const before = lone('web/prompts/a.txt', 'same');
    const copies = [lone('web/prompts/b.txt', 'same'), lone('api/a.txt', 'same')];
    expect(shown([before], copies)).toEqual(['web/prompts/a.txt -> api/a.txt 1']);
    const others = [lone('api/b.txt', 'same'), lone('web/prompts/c.txt', 'same')];
    expect(shown([before], others)).toEqual(['web/prompts/a.txt -> web/prompts/c.txt 1']);
  });

  it('keeps its likeness when only its line endings change', () => {
    const text = lines(0, 10);
    const [found] = renamesOf(
      [lone('a.txt', text)],
      [lone('b.txt', text.replaceAll('\n', '\r\n'))],
    );
    // 100 of 110 bytes: the CR alone are new.
    expect(found?.similarity).toBe(100 / 110);
  });

  it('is found among thousands of equal ones', () => {
    const many = (folder: string): Lone[] =>
      Array.from({ length: 3000 }, (_, n) =>
        lone(`${folder}/${String(n).padStart(4, '0')}.txt`, ''),
      );
    const found = renamesOf(many('old'), many('new'));
    expect(found).toHaveLength(3000);
    expect(found.every(({ from, to }) => from.slice(3) === to.slice(3))).toBe(true);
  });
});

const files = fc
  .uniqueArray(
    fc.record({
      path: fc
        .constantFrom('a', 'b', 'c', 'd')
        .chain((folder) => fc.integer({ min: 0, max: 5 }).map((name) => `${folder}/${name}.txt`)),
      from: fc.integer({ min: 0, max: 12 }),
      count: fc.integer({ min: 0, max: 12 }),
    }),
    { selector: ({ path }) => path, maxLength: 8 },
  )
  .map((made) => made.map(({ path, from, count }) => lone(path, lines(from, from + count))));

/** The same files below a folder of their side: a path that both sides have has not moved. */
const below = (side: string, made: readonly Lone[]): readonly Lone[] =>
  made.map((file) => ({ ...file, path: `${side}/${file.path}` }));

const RUNS = { seed: 6, numRuns: 300 };

describe('renames', () => {
  it('do not depend on the order of files', () => {
    fc.assert(
      fc.property(files, files, fc.func(fc.integer()), (gone, fresh, order) => {
        const [one, other] = [below('old', gone), below('new', fresh)];
        const mixed = (made: readonly Lone[]): Lone[] =>
          made.toSorted((a, b) => order(a.path) - order(b.path));
        expect(renamesOf(mixed(one), mixed(other))).toEqual(renamesOf(one, other));
      }),
      RUNS,
    );
  });

  it('are the same both ways', () => {
    fc.assert(
      fc.property(files, files, (gone, fresh) => {
        const [one, other] = [below('old', gone), below('new', fresh)];
        const there = renamesOf(one, other);
        const back = renamesOf(other, one).map(({ from, to, similarity }) => ({
          from: to,
          to: from,
          similarity,
        }));
        expect(new Set(back.map((found) => JSON.stringify(found)))).toEqual(
          new Set(there.map((found) => JSON.stringify(found))),
        );
      }),
      RUNS,
    );
  });

  it('are those that git finds', async () => {
    const at = repository().write({
      'prompts/search.txt': lines(0, 40),
      'prompts/support.txt': lines(100, 140),
      'prompts/triage.txt': lines(200, 240),
      'prompts/kept.txt': lines(300, 340),
      'prompts/long-lines.txt': 'word '.repeat(400),
    });
    at.commit('before');
    at.move('prompts/search.txt', 'search/prompt.txt').write({ 'search/prompt.txt': lines(0, 47) });
    at.move('prompts/support.txt', 'help/support.txt');
    at.write({ 'prompts/triage.txt': undefined, 'prompts/other.txt': lines(230, 270) });
    at.write({ 'prompts/kept.txt': lines(300, 341) });
    at.move('prompts/long-lines.txt', 'prompts/longer.txt').write({
      'prompts/longer.txt': 'word '.repeat(500),
    });
    const said = at.git('add', '--all') + at.git('diff', '--cached', '-M50%', '--name-status');
    const byGit = said.split('\n').flatMap((line) => {
      const [, score, from, to] = /^R(\d+)\t(.*)\t(.*)$/.exec(line) ?? [];
      return score === undefined ? [] : `${from} -> ${to} ${score}`;
    });
    expect(byGit).toHaveLength(3);
    for (const head of ['INDEX', 'WORKTREE']) {
      const place = { cwd: at.folder, env: at.env };
      const { trees, close } = await openComparison(place, { base: 'HEAD', head, fetch: false });
      const paths = { base: trees.base.paths, head: trees.head.paths };
      const found = await renamesBetween(trees, paths);
      await close();
      expect(
        found.map(
          ({ from, to, similarity }) =>
            `${from} -> ${to} ${String(Math.floor(similarity * 100)).padStart(3, '0')}`,
        ),
      ).toEqual(byGit.toSorted());
    }
  });
});
