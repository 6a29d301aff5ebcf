import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { call, jsonl, runIn } from '../support/fake-runtime.ts';
import { repository } from '../support/repository.ts';
import { changed, compared, config, cornerShop, PRICES, words } from './scenarios/corner-shop.ts';

/** What no other tool of its kind has, or not all of it, and the test that runs it. */
const PROMISES: readonly (readonly [promise: string, file: string, test: string])[] = [
  ['works offline, without a key', 'scenarios/trees', 'is judged without a secret'],
  ['prompt files and templates', 'promises', 'reads prompt files and templates of many kinds'],
  ['counts tools', 'promises', 'counts tools, and says that they are why'],
  ['counts images', 'scenarios/changes', '8: a picture in a data URL is a picture'],
  ['counts includes', 'scenarios/changes', '6: only a part that two prompts include changes'],
  ['monthly cost from volumes', 'scenarios/changes', 'costs what its texts come to by hand'],
  ['volumes and output measured locally', 'promises', 'takes calls and answers from the ledger'],
  ['base and head without a checkout', 'promises', 'reads two commits and touches no file'],
  ['aware of merge parent', 'scenarios/trees', 'fetches the one commit that it is compared with'],
  [
    'aware of merge base',
    'scenarios/trees',
    'are the working tree and the branch that the config names',
  ],
  ['heals a shallow clone', 'scenarios/trees', 'fetches the one commit that it is compared with'],
  [
    'a rename keeps identity',
    'scenarios/changes',
    '1: a file that is renamed is neither new nor deleted',
  ],
  ['limits in a local file', 'limits', 'in %s fail alone'],
  ['limits per workspace', 'limits', 'of a workspace hold for its prompts only'],
  ['limits of new prompts', 'limits', 'has a limit of its own and no percentage'],
  [
    'a failed gate is no tool error',
    'scenarios/troubles',
    'ends with 2 for a config that cannot be read',
  ],
  ['price drift apart from code', 'scenarios/prices', '12: a price that changes is told apart'],
  ['cause split', 'comparison', 'add up to the whole to the last digit, whatever changed'],
  [
    'cache prefix and cliff',
    'scenarios/cache',
    '13: that is trimmed below what the provider caches',
  ],
  ['limits read from base', 'scenarios/prices', '15: a change cannot loosen its own limits'],
  ['waivers read from base', 'scenarios/troubles', 'of base allow, to their ceiling and day'],
  ['expiring waivers with a ceiling', 'waivers', 'is a ceiling, not a switch'],
  [
    'where numbers come from, and how far off',
    'promises',
    'says where numbers come from and how far off they may be',
  ],
  ['comment from JSON with a race guard', 'comment', 'leaves a newer comment alone'],
  ['annotations', 'outputs/outputs', 'stand at the line and escape'],
  ['JUnit', 'outputs/outputs', 'is a test case for each prompt'],
  ['SARIF', 'outputs/outputs', 'keeps a finding the same finding'],
  ['GitLab code quality', 'outputs/outputs', 'is a list of issues with a fingerprint'],
  ['fork pull requests', 'recipes', 'makes a gate that fails a pull request'],
];

describe('what the gate promises is run by a test', () => {
  it.each(PROMISES)('%s', (_, file, test) => {
    const text = readFileSync(join(import.meta.dirname, `${file}.test.ts`), 'utf8');
    expect(text.replaceAll(/\s+/g, ' ')).toContain(`'${test}`);
  });
});

describe('the gate', () => {
  it('reads prompt files and templates of many kinds', async () => {
    const files = {
      'prompts/a.txt': words(10),
      'prompts/b.prompt.yml':
        'model: openai/gpt-4o-mini\nmessages: [{role: user, content: "hello {{q}}"}]\ntestData: [{q: hello}]\n',
      'prompts/c.prompty': '---\nmodel: gpt-4o-mini\n---\nsystem:\nhello\nuser:\nhello\n',
      'prompts/d.prompt': '---\nmodel: openai/gpt-4o-mini\n---\n{{role "user"}}hello',
      'prompts/e.json': JSON.stringify({
        model: 'gpt-4o-mini',
        messages: [{ role: 'user', content: 'hello' }],
      }),
    };
    const at = repository().write(files).commit('one').branch('two');
    at.write({ 'prompts/c.prompty': `${files['prompts/c.prompty']} hello` }).commit('two');
    const { prompts } = await compared(at, '--base main --head two');
    expect(prompts.map(({ path, status, head }) => [path, status, head?.model])).toEqual([
      ['prompts/a.txt', 'same', null],
      ['prompts/b.prompt.yml', 'same', 'gpt-4o-mini'],
      ['prompts/c.prompty', 'changed', 'gpt-4o-mini'],
      ['prompts/d.prompt', 'same', 'gpt-4o-mini'],
      ['prompts/e.json', 'same', 'gpt-4o-mini'],
    ]);
  });

  it('counts tools, and says that they are why', async () => {
    const shop = cornerShop();
    const body = (more: object): string =>
      JSON.stringify({
        model: 'gpt-4o',
        messages: [{ role: 'user', content: words(100) }],
        ...more,
      });
    const tool = {
      type: 'function',
      function: {
        name: 'find_order',
        description: words(40),
        parameters: { type: 'object', properties: { id: { type: 'string' } } },
      },
    };
    shop
      .branch('plain')
      .write({ 'prompts/extract.json': body({}) })
      .commit('plain');
    shop
      .branch('tools')
      .write({ 'prompts/extract.json': body({ tools: [tool] }) })
      .commit('tools');
    const [extract] = changed(await compared(shop, '--base plain --head tools'));
    expect(extract?.causes).toHaveLength(1);
    expect(extract?.causes[0]).toMatch(/^tools \d/);
    const [before, after] = extract?.tokens ?? [];
    expect((after ?? 0) - (before ?? 0)).toBeGreaterThan(40);
  });

  it('takes calls and answers from the ledger', async () => {
    const shop = cornerShop();
    // 480 calls of 30 days in the ledger: 16 a day, of 250 tokens each.
    const calls = Array.from({ length: 480 }, (_, index) =>
      call({
        id: `call-${index}`,
        time: new Date(Date.parse('2026-11-20T09:00:00Z') - index * 3_600_000).toISOString(),
        output_tokens: 250,
        tags: { prompt: 'support' },
      }),
    );
    const ledger = join(shop.folder, '.git', 'ledger.db');
    const log = join(shop.folder, '.git', 'calls.jsonl');
    const world = { cwd: shop.folder, env: { ...shop.env, AICOST_LEDGER: ledger } };
    writeFileSync(log, jsonl(...calls));
    expect((await runIn(world, ['ingest', log])).code).toBe(0);
    shop
      .branch('work')
      .write({ 'prompts/support.txt': `${words(3591)} {{ticket}}` })
      .commit('longer');
    const result = await compared(shop, '--base main --head work', {
      env: { AICOST_LEDGER: ledger },
    });
    const support = result.prompts.find(({ id }) => id === 'support');
    // 480 calls in 30 days are 487 in a month of 30.4375 days; 1,000 tokens more at 0.15.
    expect(support?.head?.calls_per_month).toMatchObject({ value: '487', source: 'measured' });
    expect(support?.head?.output_tokens).toMatchObject({ value: '250', source: 'measured' });
    expect(support?.change.delta_usd).toBe('0.07305');
  });

  it('reads two commits and touches no file', async () => {
    const shop = cornerShop();
    shop
      .branch('a')
      .write({ 'prompts/support.txt': words(10) })
      .commit('a')
      .checkout('main');
    shop.write({ 'prompts/support.txt': 'not committed' });
    const before = shop.git('status', '--porcelain');
    const result = await compared(shop, '--base main --head a');
    expect(changed(result)[0]?.tokens).toEqual([2658, 17]);
    expect(shop.git('status', '--porcelain')).toBe(before);
  });

  it('says where numbers come from and how far off they may be', async () => {
    const shop = cornerShop();
    const anthropic = PRICES.replace('provider: openai', 'provider: anthropic').replace(
      'gpt-4o-mini:',
      'claude-oak-1:',
    );
    const claude = config({ model: 'anthropic/claude-oak-1' }).replace(
      'prices/openai.yaml',
      'prices',
    );
    shop.write({ 'prices/anthropic.yaml': anthropic, 'aicost.yaml': claude }).commit('claude');
    shop
      .branch('work')
      .write({ 'prompts/support.txt': `${words(3591)} {{ticket}}` })
      .commit('longer');
    const result = await compared(shop, '--base main --head work');
    const { head } = result.prompts.find(({ id }) => id === 'support') ?? {};
    expect(head?.tokens_source).toMatch(/estimated|assumed/);
    expect(head?.tokens_low).toBeLessThan(head?.tokens_in ?? 0);
    expect(head?.tokens_high).toBeGreaterThan(head?.tokens_in ?? 0);
    expect(Number(head?.monthly_low_usd)).toBeLessThan(Number(head?.monthly_high_usd));
    expect(head?.calls_per_month).toEqual({
      value: '100000',
      source: 'declared',
      from: expect.stringMatching(/^aicost\.yaml:9:/),
    });
  });
});
