import { describe, expect, it } from 'vitest';
import { acornCard, readAcornCard } from '../fixtures/rates/acorn.ts';

const oak = (aliases: string, id = 'oak-1'): string =>
  `  ${id}: {aliases: ${aliases}, prices: [{from: 2026-01-01, source: page, input: 1.00}]}\n`;
const errorsOf = (...models: readonly string[]): readonly string[] =>
  readAcornCard(`models:\n${models.join('')}`).errors;

describe('aliases', () => {
  it('are names, or names with the time for which they hold', () => {
    const { models } = acornCard(
      `models:\n${oak('[oak, {name: elder, from: 2026-02-01}, {name: young, until: "2026-02-01T16:00:00Z"}, {name: twig}]')}`,
    );
    expect(models[0]?.aliases).toEqual([
      { name: 'oak' },
      { name: 'elder', from: Date.UTC(2026, 1, 1) },
      { name: 'young', until: Date.UTC(2026, 1, 1, 16) },
      { name: 'twig' },
    ]);
  });

  it('may be one name alone', () => {
    expect(acornCard(`models:\n${oak('oak')}`).models[0]?.aliases).toEqual([{ name: 'oak' }]);
  });

  it.each([
    {
      name: 'no name',
      aliases: '[{from: 2026-01-01}]',
      error: 'models.oak-1.aliases: missing key "name"',
    },
    {
      name: 'an end before its beginning',
      aliases: '[{name: oak, from: 2026-02-01, until: 2026-02-01}]',
      error: 'models.oak-1.aliases: until 2026-02-01 is not after from',
    },
    {
      name: 'an impossible day',
      aliases: '[{name: oak, from: 2026-02-30}]',
      error:
        'models.oak-1.aliases.from: expected a day like 2026-11-01 or a time like 2026-11-01T16:00:00Z, found "2026-02-30"',
    },
    {
      name: 'an unknown key',
      aliases: '[{name: oak, form: 2026-02-01}]',
      error: 'models.oak-1.aliases: unknown key "form"; did you mean "from"?',
    },
  ])('with $name are refused', ({ aliases, error }) => {
    expect(errorsOf(oak(aliases))).toEqual([error]);
  });
});

const MEND = 'take one out, or give each a time of its own (from, until)';

describe('a name of two models', () => {
  it.each([
    {
      name: 'always',
      first: '[oak]',
      second: '[Oak]',
      errors: [`"Oak" names both oak-1 and oak-2; ${MEND}`],
    },
    {
      name: 'for a while',
      first: '[{name: oak, until: 2026-03-01}]',
      second: '[{name: oak, from: 2026-02-01}]',
      errors: [`"oak" names both oak-1 and oak-2 from 2026-02-01 until 2026-03-01; ${MEND}`],
    },
    {
      name: 'always for one of them',
      first: '[oak]',
      second: '[{name: oak, from: 2026-02-01}]',
      errors: [`"oak" names both oak-1 and oak-2 from 2026-02-01; ${MEND}`],
    },
    {
      name: 'as the id of one of them',
      first: '[{name: oak-2, until: 2026-02-01}]',
      second: '[oak]',
      errors: [`"oak-2" names both oak-1 and oak-2 until 2026-02-01; ${MEND}`],
    },
    {
      name: 'one after the other',
      first: '[{name: oak, until: 2026-02-01}]',
      second: '[{name: oak, from: 2026-02-01}]',
      errors: [],
    },
  ])('at one time is refused: $name', ({ first, second, errors }) => {
    expect(errorsOf(oak(first), oak(second, 'oak-2'))).toEqual(errors);
  });

  it('twice of one model is refused', () => {
    expect(errorsOf(oak('[oak, OAK]'))).toEqual([`"OAK" names both oak-1 and oak-1; ${MEND}`]);
  });
});
