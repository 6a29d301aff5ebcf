import { describe, expect, it } from 'vitest';
import { runIn } from '../../support/fake-runtime.ts';
import { type Repository, repository } from '../../support/repository.ts';
import { compared, diff } from './corner-shop.ts';

const COUNTS = '.aicost/counts.json';
const PROMPT = 'prompts/reply.txt';
const counts = (tokens: Readonly<Record<string, number>>): string =>
  JSON.stringify({ schema: 'aicost.counts/1', counts: tokens });

const shop = (): Repository =>
  repository()
    .write({
      'aicost.yaml': `prompts:
  - {id: reply, path: ${PROMPT}, model: claude-sonnet-4-5, calls_per_month: 1000, output_tokens: 10}
`,
      [PROMPT]: 'Answer in one kind sentence.',
    })
    .commit('one prompt');

/** Key of the one request of the working tree that no count is known of. */
async function keyOf({ folder, env }: Repository): Promise<string> {
  const { out } = await runIn({ cwd: folder, env }, ['estimate', '--requests']);
  return JSON.parse(out).key;
}

describe('counts that a provider gave', () => {
  it('make both sides of a comparison exact', async () => {
    const at = shop();
    const old = await keyOf(at);
    at.write({ [COUNTS]: counts({ [old]: 20 }) }).commit('counted');
    at.branch('longer').write({ [PROMPT]: 'Answer in one kind and short sentence.' });
    const fresh = await keyOf(at);
    at.write({ [COUNTS]: counts({ [old]: 20, [fresh]: 23 }) }).commit('longer, and counted');
    const result = await compared(at, '--base main --head longer');
    const [prompt] = result.prompts;
    expect([prompt?.base?.tokens_in, prompt?.head?.tokens_in]).toEqual([20, 23]);
    expect(prompt?.head?.tokens_source).toBe('exact');
    const why = await diff(at, '--base main --head longer --why');
    expect(why.out).toMatch(
      /tokens in +20 exact, \.aicost\/counts\.json +23 exact, \.aicost\/counts\.json/,
    );
    // 3 more tokens at 3.00 a million, 1,000 times.
    expect(prompt?.change.delta_usd).toBe('0.009');
    expect(result.findings).toContainEqual(
      expect.objectContaining({
        level: 'notice',
        rule: 'imported-counts',
        message: "this change brings 1 count in .aicost/counts.json, taken for the provider's own",
      }),
    );
  });

  it('change nothing by being imported, and cannot be rewritten by the change that they judge', async () => {
    const at = shop();
    const key = await keyOf(at);
    at.branch('counted')
      .write({ [COUNTS]: counts({ [key]: 20 }) })
      .commit('counted');
    const brought = await compared(at, '--base main --head counted');
    expect([brought.exit, brought.total.delta_usd]).toEqual([0, '0']);
    at.branch('cheaper')
      .write({ [COUNTS]: counts({ [key]: 1 }) })
      .commit('cheaper');
    const rewritten = await compared(at, '--base counted --head cheaper');
    expect(rewritten.prompts.map(({ base, head }) => [base?.tokens_in, head?.tokens_in])).toEqual([
      [20, 20],
    ]);
  });

  it('are refused where they are broken: 2 in the change, 3 in the base, which is named', async () => {
    const at = shop();
    at.branch('broken').write({ [COUNTS]: '{"schema": "aicost.counts/1", "count": {}}' });
    at.commit('broken');
    const place = `${COUNTS}:1:31: unknown key "count"; did you mean "counts"?`;
    const head = await diff(at, '--base main --head broken');
    expect([head.code, head.err.includes(place), head.err.includes('in the base')]).toEqual([
      2,
      true,
      false,
    ]);
    at.branch('mended')
      .write({ [COUNTS]: undefined })
      .commit('mended');
    const base = await diff(at, '--base broken --head mended');
    expect([base.code, base.err.includes(place), base.err.includes('in the base')]).toEqual([
      3,
      true,
      true,
    ]);
  });

  it('are read from the index too', async () => {
    const at = shop();
    const key = await keyOf(at);
    at.write({ [COUNTS]: counts({ [key]: 20 }) }).git('add', '-A');
    at.write({ [COUNTS]: undefined });
    const { prompts } = await compared(at, '--base main --head INDEX');
    expect(prompts[0]?.head?.tokens_in).toBe(20);
  });
});
