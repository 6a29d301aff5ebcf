import { describe, expect, it } from 'vitest';
import {
  changed,
  compared,
  config,
  cornerShop,
  diff,
  dotprompt,
  findings,
  FRAME,
  words,
} from './corner-shop.ts';

const shop = cornerShop();
const on = (branch: string) => shop.checkout('main').branch(branch);

describe('the shop', () => {
  it('costs what its texts come to by hand', async () => {
    on('s00').commit('nothing');
    const same = await compared(shop, '--base main --head s00');
    expect(same.prompts.map(({ id, base }) => [id, base?.tokens_in, base?.monthly_usd])).toEqual([
      ['escalate', 1076, '4.69'],
      ['extract', 828, '71.4'],
      ['support', 2658, '51.87'],
      ['triage', 1153, '5.859'],
      ['web-copy', 234, '1.0755'],
    ]);
    expect([same.exit, same.verdict, same.total.delta_usd, same.findings]).toEqual([
      0,
      'pass',
      '0',
      [],
    ]);
  });
});

describe('scenario', () => {
  it('1: a file that is renamed is neither new nor deleted', async () => {
    on('s01').move('prompts/support.txt', 'prompts/help/support.txt');
    shop
      .write({ 'aicost.yaml': config().replace('prompts/support.txt', 'prompts/help/support.txt') })
      .commit('rename');
    const result = await compared(shop, '--base main --head s01');
    expect([result.exit, result.verdict]).toEqual([0, 'pass']);
    expect(changed(result)).toEqual([
      {
        id: 'support',
        status: 'renamed',
        tokens: [2658, 2658],
        usd: ['51.87', '51.87', '0'],
        causes: [],
      },
    ]);
    expect(result.prompts.find(({ id }) => id === 'support')?.base_path).toBe(
      'prompts/support.txt',
    );
  });

  it('1: a file without an id that is renamed, and edited a little, keeps its identity', async () => {
    const bare = cornerShop().write({ 'aicost.yaml': undefined }).commit('no config');
    bare.branch('s01').move('apps/web/prompts/copy.txt', 'apps/web/prompts/texts/home.txt');
    bare.write({ 'apps/web/prompts/texts/home.txt': words(230) }).commit('rename and edit');
    const result = await compared(bare, '--base main --head s01');
    expect(
      result.prompts
        .filter(({ status }) => status !== 'same')
        .map(({ id, status, base_path }) => [id, status, base_path]),
    ).toEqual([
      ['apps/web/prompts/texts/home.txt', 'renamed+changed', 'apps/web/prompts/copy.txt'],
    ]);
  });

  it('2: a prompt that is removed saves its cost, and its row stays', async () => {
    on('s02').write({
      'prompts/escalate.prompt': undefined,
      'aicost.yaml': config().replace(/ {2}- \{id: escalate.*\n/, ''),
    });
    shop.commit('delete');
    const result = await compared(shop, '--base main --head s02');
    expect([result.exit, result.total.delta_usd]).toEqual([0, '-4.69']);
    expect(changed(result)).toEqual([
      {
        id: 'escalate',
        status: 'deleted',
        tokens: [1076, null],
        usd: ['4.69', '0', '-4.69'],
        causes: [],
      },
    ]);
  });

  it('3: a new prompt has no percentage and a limit of its own', async () => {
    const prompts =
      '  - {id: brief, path: prompts/brief.txt, model: gpt-4o, calls_per_month: 10000, output_tokens: 250}\n';
    on('s03').write({
      'prompts/brief.txt': words(893 - FRAME),
      'aicost.yaml': config({ prompts }),
    });
    shop.commit('new');
    const result = await compared(shop, '--base main --head s03');
    // (893 x 2.50 + 250 x 10.00) x 0.01 = 47.325.
    expect(changed(result)).toEqual([
      {
        id: 'brief',
        status: 'new',
        tokens: [null, 893],
        usd: ['0', '47.325', '47.325'],
        causes: [],
      },
    ]);
    expect(result.prompts.find(({ id }) => id === 'brief')?.change.delta_pct).toBeNull();
    expect([result.exit, findings(result)]).toEqual([1, ['error new-prompt brief']]);
    expect(result.findings[0]?.limit).toBe('$20 a month for a new prompt');
  });

  it('4: a shorter text on a dearer model', async () => {
    on('s04').write({
      'prompts/support.txt': `${words(2261)} {{ticket}}`,
      'aicost.yaml': config({ model: 'gpt-4o' }),
    });
    shop.commit('model');
    const result = await compared(shop, '--base main --head s04');
    // 330 x 0.15 x 0.1 = 4.95; (2,328 x 2.50 + 200 x 10.00) x 0.1 = 782.
    expect(changed(result)).toEqual([
      {
        id: 'support',
        status: 'changed',
        tokens: [2658, 2328],
        usd: ['51.87', '782', '730.13'],
        causes: ['text -4.95', 'model gpt-4o-mini → gpt-4o 735.08'],
      },
    ]);
    expect([result.exit, result.verdict, findings(result)]).toEqual([
      1,
      'fail',
      ['error prompt-cost-increase support', 'error prompt-cost-increase support'],
    ]);
    const { out } = await diff(shop, '--base main --head s04');
    expect(out).toContain('FAIL  support  $782.00   +$730.13 (+1408%)');
    const zero = await diff(shop, '--base main --head s04 --exit-zero');
    expect([zero.code, zero.out]).toEqual([0, out]);
  });

  it('5: only the sample of a variable grows', async () => {
    on('s05')
      .write({ 'samples/ticket.txt': words(5340) })
      .commit('sample');
    const result = await compared(shop, '--base main --head s05');
    // 5,280 x 0.15 x 0.1.
    expect(changed(result)).toEqual([
      {
        id: 'support',
        status: 'changed',
        tokens: [2658, 7938],
        usd: ['51.87', '131.07', '79.2'],
        causes: ['variable ticket 79.2'],
      },
    ]);
    expect(result.exit).toBe(1);
    expect(result.findings[0]).toMatchObject({ path: 'samples/ticket.txt', line: 1 });
    const { out } = await diff(shop, '--base main --head s05 --format github');
    expect(out).toMatch(/^::error file=samples\/ticket\.txt,line=1,title=Prompt cost::/);
  });

  it('6: only a part that two prompts include changes, and both say so', async () => {
    on('s06')
      .write({ 'prompts/_policy.prompt': words(2160) })
      .commit('policy');
    const result = await compared(shop, '--base main --head s06');
    // 1,760 x 2.50 x 0.001 and 1,760 x 0.15 x 0.02.
    expect(changed(result).map(({ id, usd, causes }) => [id, usd[2], causes])).toEqual([
      ['escalate', '4.4', ['text 4.4']],
      ['triage', '5.28', ['text 5.28']],
    ]);
    expect(result.prompts.flatMap(({ changed_inputs }) => changed_inputs)).toEqual([
      'prompts/_policy.prompt',
      'prompts/_policy.prompt',
    ]);
    expect([result.exit, findings(result)]).toEqual([
      1,
      ['error prompt-cost-increase escalate', 'error prompt-cost-increase triage'],
    ]);
    for (const { message, limit, path } of result.findings) {
      expect(message).toContain('through prompts/_policy.prompt');
      expect([limit, path]).toEqual(['20% per prompt', 'prompts/_policy.prompt']);
    }
  });

  it('7: a text that is not UTF-8 is read with a warning, and is a doubt under --strict', async () => {
    const latin1 = Buffer.from(`${words(2500)} caf\u00e9`, 'latin1');
    on('s07').write({ 'prompts/support.txt': latin1 }).commit('latin1');
    const result = await compared(shop, '--base main --head s07');
    expect([result.exit, findings(result)]).toEqual([0, ['warning not-utf8 support']]);
    // " café" is one token, as two tokenizers say: 7 + 2,500 + 1.
    expect(changed(result)[0]?.tokens).toEqual([2658, 2508]);
    expect((await diff(shop, '--base main --head s07 --strict')).code).toBe(3);
  });

  it.each([
    ['a byte order mark', '\ufeff'],
    ['line ends of Windows', ''],
  ])('7: %s alone changes next to nothing', async (name, mark) => {
    const text = `${words(2000)}\n${words(591)} {{ticket}}`;
    const edited = mark === '' ? text.replace('\n', '\r\n') : `${mark}${text}`;
    on(`s07-${mark.length}-before`).write({ 'prompts/support.txt': text }).commit('before');
    shop.branch(`s07-${mark.length}`).write({ 'prompts/support.txt': edited }).commit(name);
    const result = await compared(
      shop,
      `--base s07-${mark.length}-before --head s07-${mark.length}`,
    );
    expect([result.exit, result.verdict]).toEqual([0, 'pass']);
    expect(Math.abs(Number(result.total.delta_usd))).toBeLessThan(0.05);
  });

  it('8: a picture in a data URL is a picture, not text, and is never printed', async () => {
    // A PNG of 1024 x 1024 by its header: 85 + 4 x 170 = 765 tokens on gpt-4o.
    const png = (filler: string): string => {
      const header = Buffer.alloc(33);
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]).copy(header);
      header.writeUInt32BE(13, 8);
      header.write('IHDR', 12, 'latin1');
      header.writeUInt32BE(1024, 16);
      header.writeUInt32BE(1024, 20);
      return Buffer.concat([header, Buffer.alloc(786_000, filler)]).toString('base64');
    };
    const withImage = (data: string): string =>
      JSON.stringify({
        model: 'gpt-4o',
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: words(100) },
              { type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } },
            ],
          },
        ],
      });
    on('s08-before')
      .write({ 'prompts/extract.json': withImage(png('a')) })
      .commit('image');
    shop
      .branch('s08')
      .write({ 'prompts/extract.json': withImage(png('b')) })
      .commit('other image');
    const result = await compared(shop, '--base s08-before --head s08');
    expect(changed(result)).toMatchObject([
      { id: 'extract', tokens: [FRAME + 100 + 765, FRAME + 100 + 765], causes: [] },
    ]);
    expect([result.exit, result.total.delta_usd]).toEqual([0, '0']);
    const { out, err } = await diff(
      shop,
      '--base s08-before --head s08 --format json --format table --format md',
    );
    expect(out + err).not.toMatch(/YWFhYWFh|YmJiYmJi/);
  });

  it('11: one workspace of two changes, whichever folder it is asked from', async () => {
    on('s11')
      .write({ 'apps/web/prompts/copy.txt': words(8814 - FRAME) })
      .commit('web');
    const result = await compared(shop, '--base main --head s11');
    // 8,580 x 0.15 x 0.005 = 6.435.
    expect(changed(result)).toMatchObject([
      { id: 'web-copy', tokens: [234, 8814], usd: ['1.0755', '7.5105', '6.435'] },
    ]);
    expect(result.workspaces.map(({ name, change }) => [name, change.delta_usd])).toEqual([
      ['core', '0'],
      ['web', '6.435'],
    ]);
    expect([result.exit, result.findings.map(({ limit }) => limit)]).toEqual([
      1,
      ['20% per prompt'],
    ]);
    const line = '--base main --head s11 --format table';
    const below = await diff(shop, line, { cwd: `${shop.folder}/apps/web` });
    expect(below).toEqual(await diff(shop, line));
    const only = await compared(shop, '--base main --head s11 --only web');
    expect([only.id, only.prompts.map(({ id }) => id)]).toEqual(['web', ['web-copy']]);
    expect((await compared(shop, '--base main --head s11 --only core')).exit).toBe(0);
  });

  it('dotprompt files have the counts that they were written for', () => {
    expect(dotprompt('gpt-4o', 1076).match(/hello/g)).toHaveLength(1076 - FRAME - 400);
  });
});
