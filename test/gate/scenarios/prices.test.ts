import { describe, expect, it } from 'vitest';
import { repository } from '../../support/repository.ts';
import { compared, config, cornerShop, diff, GATE, PRICES, words } from './corner-shop.ts';

const shop = cornerShop();
const on = (branch: string) => shop.checkout('main').branch(branch);

describe('scenario', () => {
  it('12: a price that changes is told apart and is nobody’s fault', async () => {
    on('s12')
      .write({
        'prices/openai.yaml': PRICES.replace('2.50', '5.00').replace('10.00', '20.00'),
      })
      .commit('prices');
    const result = await compared(shop, '--base main --head s12');
    expect([result.exit, result.total.delta_usd]).toEqual([0, '0']);
    // extract and escalate are on gpt-4o: 71.40 + 4.69.
    expect(result.apart.prices_usd).toBe('76.09');
    const { out } = await diff(shop, '--base main --head s12');
    expect(out).toContain('price drift +$76.09, not caused by this change');
  });

  it('12: so are volumes and answers that a change edits', async () => {
    on('s12-calls')
      .write({ 'aicost.yaml': config().replace('100000', '200000') })
      .commit('volumes');
    const result = await compared(shop, '--base main --head s12-calls');
    expect([result.exit, result.total.delta_usd, result.apart.assumptions_usd]).toEqual([
      0,
      '0',
      '51.87',
    ]);
  });

  it('12: a model that only the change has a price for is compared at that', async () => {
    on('s12-new-model').write({
      'prices/openai.yaml': `${PRICES}  gpt-next: {prices: [{from: 2026-01-01, source: page, input: 0.30, output: 1.20}]}\n`,
      'aicost.yaml': config({ model: 'gpt-next' }),
    });
    shop.commit('a model and its price');
    const result = await compared(shop, '--base main --head s12-new-model');
    // Twice the price: 51.87 more.
    expect(result.total.delta_usd).toBe('51.87');
    expect(result.findings).toContainEqual(
      expect.objectContaining({
        level: 'notice',
        message: '"gpt-next" has no price in the base, so the price of this change is taken',
      }),
    );
  });

  it('15: a change cannot loosen its own limits', async () => {
    const gate = GATE.replace('max_increase_usd: 10,', 'max_increase_usd: 1000,').replace(
      '20,',
      '9000,',
    );
    on('s15').write({
      'aicost.yaml': config({ gate }),
      'prompts/support.txt': `${words(10071)} {{ticket}}`,
    });
    shop.commit('loosen');
    const result = await compared(shop, '--base main --head s15');
    // 7,480 x 0.15 x 0.1.
    expect([result.exit, result.total.delta_usd, result.policy.source]).toEqual([
      1,
      '112.2',
      'base',
    ]);
    expect(
      result.findings.filter(({ rule }) => rule === 'policy-change').map(({ message }) => message),
    ).toEqual([
      'this change edits gate.prompt.max_increase_pct: 20% → 9000%',
      'this change edits gate.prompt.max_increase_usd: $10 → $1,000',
    ]);
    const { out } = await diff(shop, '--base main --head s15 --format md');
    expect(out).toContain('gate.prompt.max');
  });

  it('15: nor take a prompt out of the gate, nor its model', async () => {
    const grown = { 'prompts/support.txt': `${words(10071)} {{ticket}}` };
    const entry = / {2}- id: support\n(?: {4}.*\n)+/;
    on('s15-entry')
      .write({ ...grown, 'aicost.yaml': config().replace(entry, '') })
      .commit('out');
    const out = await compared(shop, '--base main --head s15-entry');
    expect([out.exit, out.total.delta_usd]).toEqual([1, '112.2']);
    expect(out.findings.map(({ message }) => message)).toContain(
      'this change takes prompts/support.txt out of the prompts, while its file stays',
    );
    const nameless = config().replace('    model: gpt-4o-mini\n', '');
    on('s15-model')
      .write({ ...grown, 'aicost.yaml': nameless })
      .commit('no model');
    const result = await compared(shop, '--base main --head s15-model');
    expect([result.exit, result.total.delta_usd]).toEqual([1, '112.2']);
    expect(result.findings.map(({ message }) => message)).toContain(
      '"support" names no model any more, so the model of the base is taken',
    );
  });

  it('15: nor point the id of a prompt at a shorter file without a word', async () => {
    on('s15-path')
      .write({
        'prompts/support.txt': `${words(10071)} {{ticket}}`,
        'prompts/short.txt': 'hello {{ticket}}',
        'aicost.yaml': config().replace('path: prompts/support.txt', 'path: prompts/short.txt'),
      })
      .commit('elsewhere');
    const { findings: found } = await compared(shop, '--base main --head s15-path');
    expect(found.map(({ rule, message }) => [rule, message])).toContainEqual([
      'policy-change',
      'this change takes prompts/support.txt out of the prompts, while its file stays',
    ]);
  });

  it('15: unless base leaves its policy to the change', async () => {
    const trusting = `${config()}policy_source: head\n`;
    on('trusting').write({ 'aicost.yaml': trusting }).commit('policy_source: head');
    const gate = GATE.replace('max_increase_usd: 10,', 'max_increase_usd: 1000,').replace(
      '20,',
      '9000,',
    );
    shop.branch('loosened').write({
      'aicost.yaml': `${config({ gate })}policy_source: head\n`,
      'prompts/support.txt': `${words(10071)} {{ticket}}`,
    });
    shop.commit('loosen');
    const result = await compared(shop, '--base trusting --head loosened');
    expect([result.exit, result.policy.source]).toEqual([0, 'head']);
  });

  it('a repository without prompts is never a plain pass', async () => {
    const empty = repository().write({ 'readme.txt': 'hello' }).commit('one');
    empty.branch('two').write({ 'readme.txt': 'hello hello' }).commit('two');
    const result = await compared(empty, '--base main --head two');
    expect([result.exit, result.verdict, result.findings[0]?.rule]).toEqual([
      0,
      'warn',
      'no-prompts',
    ]);
    expect((await diff(empty, '--base main --head two --strict')).code).toBe(3);
  });

  it('a prompt that moves to another workspace left the one and joined the other', async () => {
    on('moved').move('apps/web/prompts/copy.txt', 'prompts/copy.txt');
    shop
      .write({ 'aicost.yaml': config().replace('apps/web/prompts/copy.txt', 'prompts/copy.txt') })
      .commit('move');
    const result = await compared(shop, '--base main --head moved');
    expect(result.prompts.find(({ id }) => id === 'web-copy')).toMatchObject({
      status: 'moved',
      workspace: 'core',
      base_path: 'apps/web/prompts/copy.txt',
      change: { delta_usd: '0' },
    });
    expect(result.workspaces.map(({ name, change }) => [name, change.delta_usd])).toEqual([
      ['core', '1.0755'],
      ['web', '-1.0755'],
    ]);
    expect([result.exit, result.total.delta_usd]).toEqual([0, '0']);
  });

  it('a sample that moves with its place in the config is the same sample', async () => {
    on('sample').move('samples/ticket.txt', 'samples/letter.txt');
    shop.write({ 'aicost.yaml': config().replace('ticket.txt', 'letter.txt') }).commit('move');
    const result = await compared(shop, '--base main --head sample');
    expect([result.exit, result.verdict, result.total.delta_usd]).toEqual([0, 'pass', '0']);
  });

  it('a variable that comes with its size is reckoned at that', async () => {
    on('variable').write({
      'prompts/support.txt': `${words(2591)} {{ticket}} {{history}}`,
      'aicost.yaml': config().replace('vars: {', 'vars: {history: {tokens: 1000}, '),
    });
    shop.commit('history');
    const result = await compared(shop, '--base main --head variable');
    const support = result.prompts.find(({ id }) => id === 'support');
    // 1,000 tokens, and the space before them: 15.015 dollars at most.
    expect(support?.causes).toContainEqual({
      cause: 'variable',
      detail: 'history',
      delta_usd: '15',
    });
    expect(result.exit).toBe(1);
  });
});
