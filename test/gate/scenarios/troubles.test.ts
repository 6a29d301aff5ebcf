import { describe, expect, it } from 'vitest';
import { repository } from '../../support/repository.ts';
import {
  changed,
  compared,
  config,
  cornerShop,
  diff,
  FILES,
  findings,
  GATE,
  words,
} from './corner-shop.ts';

const shop = cornerShop();
const on = (branch: string) => shop.checkout('main').branch(branch);

describe('16: a gate that cannot look', () => {
  it('takes limits of the change when the base has no config, and says so', async () => {
    const bare = cornerShop();
    bare.branch('bare').write({ 'aicost.yaml': undefined }).commit('no config');
    bare.branch('first').write({
      'aicost.yaml': config(),
      'prompts/support.txt': `${words(10071)} {{ticket}}`,
    });
    bare.commit('first config');
    const result = await compared(bare, '--base bare --head first');
    expect([result.exit, result.policy.source, result.total.delta_usd]).toEqual([
      1,
      'head',
      '112.2',
    ]);
    expect(result.findings).toContainEqual(
      expect.objectContaining({
        level: 'notice',
        message: 'the base has no aicost.yaml, so limits and volumes are those of this change',
      }),
    );
  });

  it('says that nothing can fail where nobody sets a limit', async () => {
    const unlimited = 'no limit is set, so no cost can fail here; `gate:` in aicost.yaml sets them';
    on('unlimited')
      .write({ 'aicost.yaml': config({ gate: '' }) })
      .commit('no gate');
    shop
      .branch('long')
      .write({ 'prompts/support.txt': words(9000) })
      .commit('long');
    const told = async (base: string): Promise<readonly string[]> =>
      (await compared(shop, `--base ${base} --head long`)).findings.map(({ message }) => message);
    expect(await told('unlimited')).toContain(unlimited);
    expect(await told('main')).not.toContain(unlimited);
  });

  it('lets a change take out an entry whose file the base had lost', async () => {
    const entry = '  - {path: prompts/gone.txt, model: gpt-4o-mini}\n';
    on('stale')
      .write({ 'aicost.yaml': config({ prompts: entry }) })
      .commit('stale');
    shop.branch('mended').write({ 'aicost.yaml': config() }).commit('mended');
    const result = await compared(shop, '--base stale --head mended');
    expect([result.exit, result.total.delta_usd]).toEqual([0, '0']);
    const { code, err } = await diff(shop, '--base main --head stale');
    expect([code, err]).toEqual([
      2,
      expect.stringContaining(
        `no file "prompts/gone.txt" in commit ${shop.id('stale').slice(0, 7)}`,
      ),
    ]);
  });

  it('cannot tell where a partial clone lacks the config and may not fetch it', async () => {
    const origin = cornerShop();
    origin.git('config', 'uploadpack.allowFilter', 'true');
    origin
      .branch('grown')
      .write({ 'samples/ticket.txt': words(90) })
      .commit('grown');
    const clone = origin.clone('--filter=blob:none', '--no-checkout');
    const line = '--base origin/main --head origin/grown';
    const { code, err } = await diff(clone, `${line} --no-fetch`);
    expect([code, err]).toEqual([3, expect.stringContaining('leave out --no-fetch')]);
    expect((await diff(clone, line)).code).toBe(0);
  });

  it('takes prompts for new that come with the first config', async () => {
    const bare = repository().write({ 'readme.txt': 'hello' }).commit('nothing yet');
    bare.branch('first').write(FILES).commit('config and prompts');
    const result = await compared(bare, '--base main --head first');
    expect(result.prompts.map(({ status }) => status)).toEqual(Array(5).fill('new'));
    // 4.69 + 71.4 + 51.87 + 5.859 + 1.0755; two of them are over the 20 dollars of a new prompt.
    expect([result.exit, result.total.delta_usd]).toEqual([1, '134.8945']);
    const some = cornerShop();
    some.branch('bare').write({ 'aicost.yaml': undefined, 'prompts/support.txt': undefined });
    some.commit('no config').branch('adds').write(FILES).commit('config and one prompt');
    const one = await compared(some, '--base bare --head adds');
    expect(changed(one).map(({ id, status }) => [id, status])).toEqual([['support', 'new']]);
  });

  it('ends with 2 for an id that two prompts have', async () => {
    on('twice').write({
      'aicost.yaml': config({
        prompts: '  - {id: support, path: prompts/other.txt, model: gpt-4o-mini}\n',
      }),
      'prompts/other.txt': words(10),
    });
    shop.commit('twice');
    const { code, err } = await diff(shop, '--base main --head twice');
    expect([code, err]).toEqual([2, expect.stringContaining('"support"')]);
  });

  it('ends with 2 for parts that include each other', async () => {
    on('cycle').write({ 'prompts/_policy.prompt': 'hello {{>policy}}' }).commit('cycle');
    const { code, err, out } = await diff(shop, '--base main --head cycle --format json');
    expect(code).toBe(2);
    expect(err).toContain('prompts/_policy.prompt');
    expect(JSON.parse(out)).toMatchObject({ verdict: 'error', code: 2 });
    // Others may go on meanwhile: what was broken before is unknown, and not theirs to mend.
    shop
      .branch('others')
      .write({ 'apps/web/prompts/copy.txt': words(200) })
      .commit('other');
    const others = await compared(shop, '--base cycle --head others');
    expect([others.exit, others.total.at_least]).toEqual([0, true]);
  });

  it('ends with 3 for a template that never ends, soon', async () => {
    const loop = '{% for i in range(10**9) %}hello {% endfor %}';
    on('loop').write({
      'prompts/support.txt': loop,
      'aicost.yaml': config().replace('engine: mustache', 'engine: jinja'),
    });
    shop.commit('loop');
    const result = await compared(shop, '--base main --head loop');
    expect([result.exit, result.verdict]).toEqual([3, 'undecided']);
    expect(findings(result)).toContain('error rendering-cap support');
    expect((await diff(shop, '--base main --head loop --exit-zero')).code).toBe(3);
    // The amount is a lower bound, so a percentage of it would say nothing.
    expect(result.total).toMatchObject({ at_least: true, delta_pct: null });
  });

  it('asks no volumes of a new prompt that cannot be rendered', async () => {
    const gate = 'gate: {new_prompt: {require: [model, calls_per_month]}}\n';
    on('new-loop').write({
      'prompts/new.j2': '{% for i in range(10**9) %}hello {% endfor %}',
      'aicost.yaml': config({
        gate,
        prompts: '  - {id: new, path: prompts/new.j2, model: gpt-4o, calls_per_month: 10}\n',
      }),
    });
    shop.commit('new loop');
    const result = await compared(shop, '--base main --head new-loop');
    expect([result.exit, findings(result)]).toEqual([
      3,
      ['error rendering-cap new', 'warning unknown-price new'],
    ]);
  });

  it('shows a pointer of git LFS as unresolved, never as a text of 130 bytes', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12345\n`;
    on('lfs').write({ 'prompts/support.txt': pointer }).commit('lfs');
    const result = await compared(shop, '--base main --head lfs');
    expect(result.prompts.find(({ path }) => path === 'prompts/support.txt')).toMatchObject({
      verdict: 'unknown',
      head: { monthly_usd: null },
    });
    expect(result.total.at_least).toBe(true);
    // The verdict passes no error by: neither for the pointer nor for the variable that it cannot use.
    expect([result.exit, result.verdict, findings(result)]).toEqual([
      0,
      'warn',
      ['warning unknown-price support', 'warning unresolved-file support'],
    ]);
    expect(result.findings.map(({ rule }) => rule)).not.toContain('unused-variable');
    expect((await diff(shop, '--base main --head lfs --strict')).code).toBe(3);
  });

  it('shows a model without a price as unknown, and decides nothing under --strict', async () => {
    on('unknown')
      .write({ 'aicost.yaml': config({ model: 'oak-9-huge' }) })
      .commit('unknown');
    const result = await compared(shop, '--base main --head unknown');
    expect([result.exit, result.verdict, findings(result)]).toEqual([
      0,
      'warn',
      ['warning unknown-price support'],
    ]);
    const { out } = await diff(shop, '--base main --head unknown');
    expect(out).toContain('≥ ');
    expect((await diff(shop, '--base main --head unknown --strict')).code).toBe(3);
    const strict = config({ model: 'oak-9-huge', gate: `${GATE}  unknown: fail\n` });
    on('base-fails').write({ 'aicost.yaml': strict }).commit('unknown: fail');
    shop
      .branch('still')
      .write({ 'prompts/support.txt': words(10) })
      .commit('edit');
    expect((await compared(shop, '--base base-fails --head still')).exit).toBe(3);
  });

  it('ends with 2 for a config that cannot be read, with its place', async () => {
    on('broken')
      .write({ 'aicost.yaml': config().replace('gate:', 'gaet:') })
      .commit('broken');
    const { code, err } = await diff(shop, '--base main --head broken');
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(
        /^aicost: aicost\.yaml:\d+:1: unknown key "gaet"; did you mean "gate"\?/,
      ),
    ]);
  });

  it('ends with 3 for a config of base that cannot be read, and says whose it is', async () => {
    shop.checkout('broken').branch('mends').write({ 'aicost.yaml': config() }).commit('mend');
    const { code, err } = await diff(shop, '--base broken --head mends');
    expect([code, err]).toEqual([
      3,
      expect.stringMatching(
        /^aicost: aicost\.yaml:\d+:1: unknown key "gaet".*, in the base [0-9a-f]{7}\n/,
      ),
    ]);
    shop.checkout('main');
  });

  it('ends with 2 outside a repository and 3 for a base that is nowhere', async () => {
    const { code, err } = await diff(shop, '--base nowhere');
    expect([code, err]).toEqual([3, expect.stringContaining('nowhere')]);
    const outside = await diff(shop, '', { cwd: '/' });
    expect([outside.code, outside.err]).toEqual([2, expect.stringContaining('no git repository')]);
  });

  it('ends with 2 for a name that nothing has', async () => {
    shop.checkout('main');
    expect(await diff(shop, '--base main --head main~0 --only suport')).toMatchObject({
      code: 2,
      err: 'aicost: --only suport: no prompt and no workspace has this name\n',
    });
  });
});

describe('waivers in files', () => {
  const grown = { 'prompts/support.txt': `${words(10071)} {{ticket}}` };
  const waiver = (dollars: number): string =>
    `- {prompt: support, up_to_usd: ${dollars}, reason: "new EU policy text", by: ana, expires: 2026-12-31}\n`;

  it('of base allow, to their ceiling and day; of the change they are marked', async () => {
    on('waived')
      .write({ '.aicost/waivers.yaml': waiver(120) })
      .commit('waiver');
    shop.branch('uses').write(grown).commit('grow');
    const used = await compared(shop, '--base waived --head uses');
    expect([used.exit, used.waivers[0]?.self_waived]).toEqual([0, false]);
    const late = { now: Date.parse('2027-01-01T00:00:00Z') };
    expect((await compared(shop, '--base waived --head uses', late)).exit).toBe(1);
    on('self')
      .write({ ...grown, '.aicost/waivers.yaml': waiver(120) })
      .commit('both');
    const self = await compared(shop, '--base main --head self');
    expect([self.exit, self.waivers[0]?.self_waived]).toEqual([0, true]);
    expect((await diff(shop, '--base main --head self --format md')).out).toContain('self-waived');
    on('low')
      .write({ ...grown, '.aicost/waivers.yaml': waiver(100) })
      .commit('low');
    expect((await compared(shop, '--base main --head low')).exit).toBe(1);
  });
});
