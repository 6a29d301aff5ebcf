import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runIn } from '../../support/fake-runtime.ts';
import type { Repository } from '../../support/repository.ts';
import {
  changed,
  compared,
  config,
  cornerShop,
  diff,
  dotprompt,
  FILES,
  GATE,
  PRICES,
  words,
} from './corner-shop.ts';

const FILE = '.aicost/baseline.json';

const write = (shop: Repository) =>
  runIn({ cwd: shop.folder, env: shop.env }, ['estimate', '--write-baseline']);

const textOf = (shop: Repository): string => readFileSync(join(shop.folder, FILE), 'utf8');

/** The shop with a baseline committed on `main`. */
async function shopWithBaseline(): Promise<Repository> {
  const shop = cornerShop();
  const { code, err } = await write(shop);
  if (code !== 0) throw new Error(err);
  return shop.commit('baseline');
}

/** The shop whose committed baseline was edited. */
async function edited(edit: (text: string) => string): Promise<Repository> {
  const shop = await shopWithBaseline();
  return shop.write({ [FILE]: edit(textOf(shop)) }).commit('an edit');
}

const refusal = async (shop: Repository, line = `--baseline ${FILE}`) => {
  const { code, out, err } = await diff(shop, line);
  return { code, out, err };
};

describe('a comparison with a committed baseline', () => {
  it('of what did not change costs nothing', async () => {
    const result = await compared(await shopWithBaseline(), `--baseline ${FILE}`);
    // 51.87 + 5.859 + 4.69 + 71.4 + 1.0755.
    expect([result.exit, result.total.base_usd, result.total.delta_usd]).toEqual([
      0,
      '134.8945',
      '0',
    ]);
    expect(result.prompts.map(({ status }) => status)).toEqual(Array(5).fill('same'));
  });

  it.each([
    ['a text that grows', { 'prompts/support.txt': `${words(3591)} {{ticket}}` }],
    [
      'a shorter text on a dearer model',
      {
        'aicost.yaml': config({ model: 'gpt-4o' }),
        'prompts/support.txt': `${words(2261)} {{ticket}}`,
      },
    ],
    ['a sample that grows', { 'samples/ticket.txt': words(5340) }],
    ['an include that grows', { 'prompts/_policy.prompt': words(2160) }],
    [
      'a prompt that is new',
      {
        'aicost.yaml': config({
          prompts:
            '  - {id: more, path: more.txt, model: gpt-4o, calls_per_month: 10000, output_tokens: 250}\n',
        }),
        'more.txt': words(886),
      },
    ],
    [
      'volumes that are made smaller',
      {
        'aicost.yaml': config().replace('100000', '10'),
        'prompts/support.txt': `${words(3591)} {{ticket}}`,
      },
    ],
    [
      'a prompt that leaves the config, while its file stays',
      { 'aicost.yaml': config().replace(/.*id: triage.*\n/, '') },
    ],
    ['a model in the file of a prompt', { 'prompts/triage.prompt': dotprompt('gpt-4o', 1153) }],
  ])('says of %s what a comparison of trees says', async (_name, files) => {
    const shop = await shopWithBaseline();
    shop.branch('change').write(files).commit('the change');
    const trees = await compared(shop, '--base main --head change');
    const result = await compared(shop, `--baseline ${FILE} --head change`);
    expect([result.exit, result.total]).toEqual([trees.exit, trees.total]);
    expect(result.prompts).toEqual(trees.prompts);
    expect(result.findings.filter(({ level }) => level !== 'notice')).toEqual(
      trees.findings.filter(({ level }) => level !== 'notice'),
    );
  });

  it('follows a file that moved as it was', async () => {
    const shop = await shopWithBaseline();
    shop.branch('moved').move('apps/web/prompts/copy.txt', 'apps/web/prompts/words.txt');
    shop.write({
      'aicost.yaml': config().replace(
        '- {id: web-copy, path: apps/web/prompts/copy.txt',
        '- {path: apps/web/prompts/words.txt',
      ),
    });
    const result = await compared(shop.commit('move'), `--baseline ${FILE}`);
    expect(changed(result)).toMatchObject([{ status: 'renamed', usd: ['1.0755', '1.0755', '0'] }]);
  });

  it('holds limits of head, says so, and tells an edit of them', async () => {
    const shop = await shopWithBaseline();
    const loose = config({ gate: GATE.replace('max_increase_usd: 10', 'max_increase_usd: 500') });
    shop.branch('loose').write({ 'aicost.yaml': loose }).commit('looser');
    const { policy, base, findings } = await compared(shop, `--baseline ${FILE}`);
    expect([policy.source, base]).toEqual(['head', { name: `baseline ${FILE}`, commit: null }]);
    expect(findings.map(({ message }) => message)).toEqual([
      'this change edits gate.prompt.max_increase_usd: $10 → $500',
      'a baseline is a file of this change, so limits and waivers are those of this change too',
    ]);
  });
});

describe('a baseline', () => {
  it('is the same file whenever it is written, one prompt a line, without their texts', async () => {
    const shop = await shopWithBaseline();
    const first = textOf(shop);
    await write(shop);
    expect(textOf(shop)).toBe(first);
    const prompts = first.split('\n').filter((line) => line.startsWith('{"id"'));
    expect(prompts.map((line) => /^\{"id":"([^"]+)"/.exec(line)?.[1])).toEqual([
      'escalate',
      'extract',
      'support',
      'triage',
      'web-copy',
    ]);
    expect(first).not.toContain('hello hello');
  });

  it('16: that was made at other prices is stale: undecided', async () => {
    const shop = await shopWithBaseline();
    shop.write({ 'prices/openai.yaml': PRICES.replace('2.50', '5.00') }).commit('dearer');
    const { code, out, err } = await refusal(shop);
    expect([code, out]).toEqual([3, '']);
    expect(err).toMatch(
      /^aicost: \.aicost\/baseline\.json: the baseline is stale: it was made with prices [0-9a-f]{16}, and [0-9a-f]{16} hold\n/m,
    );
    expect(err).toContain('Write it anew on the base branch: aicost estimate --write-baseline');
    const json = JSON.parse((await refusal(shop, `--baseline ${FILE} --format json`)).out);
    expect([json.verdict, json.code, json.path]).toEqual(['error', 3, FILE]);
  });

  it('16: that was counted by other rules is stale: undecided', async () => {
    const shop = await edited((text) => text.replace(/"rules":"[^"]+"/, '"rules":"2020-01-01"'));
    const { code, err } = await refusal(shop);
    expect(code).toBe(3);
    expect(err).toContain(
      'the baseline is stale: it was counted by the rules of 2020-01-01, and those of',
    );
  });

  it('16: that was committed with other prompts than it was made of is stale: undecided', async () => {
    const shop = cornerShop();
    await write(shop);
    shop.write({ 'samples/ticket.txt': words(61) }).commit('both');
    const { code, err } = await refusal(shop);
    expect(code).toBe(3);
    expect(err).toContain(
      `the baseline is stale: samples/ticket.txt was another one already in ${shop.id().slice(0, 7)}, where it was committed`,
    );
  });

  it('that no commit has is undecided', async () => {
    const shop = cornerShop();
    await write(shop);
    const { code, err } = await refusal(shop);
    expect(code).toBe(3);
    expect(err).toContain(
      `the baseline ${FILE} is not as any commit has it, so nobody vouches for it`,
    );
    shop.commit('baseline').write({ [FILE]: `${textOf(shop)}\n` });
    expect((await refusal(shop)).code).toBe(3);
  });

  it('in a clone whose history is cut off is undecided where files differ', async () => {
    const shop = await shopWithBaseline();
    shop.write({ 'samples/ticket.txt': words(61) }).commit('longer');
    expect((await refusal(shop)).code).toBe(0);
    const { code, err } = await refusal(shop.clone('--depth', '1'));
    expect(code).toBe(3);
    expect(err).toContain(
      'samples/ticket.txt differs, and the history that would say since when is cut off',
    );
  });

  it.each([
    ['that is no JSON', () => '{"schema"', /is no JSON: /],
    [
      'of another kind',
      () => '{"schema":"aicost.diff/1"}',
      /schema: expected aicost\.baseline\/1, found aicost\.diff\/1/,
    ],
    ['that is a list', () => '[]', /expected an object, found a list/],
    [
      'with a prompt twice',
      (text: string) => text.replace('"id":"triage"', '"id":"support"'),
      /prompts\[3\]\.id: "support" is there twice/,
    ],
    [
      'with less than nothing',
      (text: string) => text.replace('"tokens":{"tokens":2658', '"tokens":{"tokens":-1'),
      /prompts\[2\]\.cases\[0\]\.tokens\.tokens: expected a whole number of 0 or more, found "?-1/,
    ],
    [
      'with a sum that is none',
      (text: string) => text.replace('"tokens":{"tokens":2658', '"tokens":{"tokens":2657'),
      /prompts\[2\]\.cases\[0\]\.tokens: 2657, while its parts add up to 2658/,
    ],
    [
      'with a weight of nothing',
      (text: string) => text.replace('"weight":"1"', '"weight":"0"'),
      /prompts\[0\]\.cases\[0\]\.weight: expected a decimal above 0, found "0"/,
    ],
    [
      'with an entry that is not there',
      (text: string) => text.replace('"entry":0', '"entry":99'),
      /"support" is said to be entry 99 of a config with 5/,
    ],
    [
      'that a merge mixed',
      (text: string) => text.replace('"calls_per_month', '"calls').replace('100000', '10'),
      /tree: it does not fit the config and the files below it, as after a merge/,
    ],
  ])('%s is undecided, located and without an answer', async (_name, edit, message) => {
    const { code, out, err } = await refusal(await edited(edit));
    expect([code, out]).toEqual([3, '']);
    expect(err).toMatch(message);
    expect(err).toContain(FILE);
  });

  it('counts for a checkout whose lines end in another way', async () => {
    const shop = await shopWithBaseline();
    const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
    shop.write({ 'aicost.yaml': crlf(config()), [FILE]: crlf(textOf(shop)) });
    const result = await compared(shop, `--baseline ${FILE}`);
    expect([result.exit, result.total.delta_usd]).toEqual([0, '0']);
  });

  it('that is not there is undecided', async () => {
    const { code, err } = await refusal(cornerShop(), '--baseline none.json');
    expect(code).toBe(3);
    expect(err).toContain('there is no baseline none.json');
  });

  it('is of all prompts: with paths or other assumptions none is written', async () => {
    const { folder, env } = cornerShop();
    const { code, err } = await runIn({ cwd: folder, env }, [
      'estimate',
      'prompts',
      '--write-baseline',
      'b.json',
    ]);
    expect([code, err]).toEqual([
      2,
      expect.stringContaining('--write-baseline takes in all prompts, so it takes no paths'),
    ]);
    expect(
      (await runIn({ cwd: folder, env }, ['estimate', '--write-baseline', '--model', 'gpt-4o']))
        .code,
    ).toBe(2);
    expect(Object.keys(FILES)).not.toContain(FILE);
  });
});
