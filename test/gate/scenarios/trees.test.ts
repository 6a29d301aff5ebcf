import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Repository } from '../../support/repository.ts';
import { HOSTILE } from '../results.ts';
import { compared, config, cornerShop, diff, GATE, words } from './corner-shop.ts';

/** A pull request that makes support dearer: #4 of the scenarios. */
function pullRequest(): Repository {
  const shop = cornerShop();
  shop.branch('s04').write({
    'prompts/support.txt': `${words(2261)} {{ticket}}`,
    'aicost.yaml': config({ model: 'gpt-4o' }),
  });
  return shop.commit('model').checkout('main').pullRequest(4, 's04');
}

const origin = pullRequest();

/** The environment of a job for that pull request, as a fork's job has it: no token, no secret. */
function job(checkout: Repository, event: unknown = {}): { readonly env: Record<string, string> } {
  const file = join(checkout.folder, '.git', 'event.json');
  writeFileSync(
    file,
    JSON.stringify({
      number: 4,
      pull_request: {
        base: { sha: origin.id('main') },
        head: { sha: origin.id('s04') },
        labels: [],
      },
      ...(event as object),
    }),
  );
  return {
    env: {
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_BASE_REF: 'main',
      GITHUB_REF: 'refs/pull/4/merge',
      GITHUB_SHA: checkout.id(),
      GITHUB_EVENT_PATH: file,
    },
  };
}

describe('9: a checkout of the merge alone', () => {
  it('fetches the one commit that it is compared with, and says the same as a full clone', async () => {
    const shallow = origin.ciCheckout('refs/pull/4/merge');
    const there = await compared(shallow, '', job(shallow));
    expect([there.exit, there.total.delta_usd]).toEqual([1, '730.13']);
    expect(there.how).toContain('first parent of the merge');
    const full = origin.clone();
    full.git('fetch', '--quiet', 'origin', 'refs/pull/4/merge');
    full.checkout('FETCH_HEAD');
    const same = await compared(full, '', job(full));
    expect({ ...same, how: '' }).toEqual({ ...there, how: '' });
    expect(full.git('rev-parse', '--is-shallow-repository')).toBe('false');
  });

  it('says how to mend it when it may fetch nothing, and never passes', async () => {
    const shallow = origin.ciCheckout('refs/pull/4/merge');
    const { code, out, err } = await diff(shallow, '--no-fetch', job(shallow));
    expect([code, out]).toEqual([3, '']);
    expect(err).toContain('fetch-depth: 2');
  });

  it('says so in every format that was asked for', async () => {
    const shallow = origin.ciCheckout('refs/pull/4/merge');
    const line = '--no-fetch --format json --format junit=j.xml --format github';
    const { code, out } = await diff(shallow, line, job(shallow));
    expect(code).toBe(3);
    expect(JSON.parse(out.slice(0, out.lastIndexOf('}') + 1))).toMatchObject({
      schema: 'aicost.diff/1',
      verdict: 'error',
      code: 3,
    });
    expect(out).toContain('::error title=Prompt cost not compared::');
    expect(readFileSync(join(shallow.folder, 'j.xml'), 'utf8')).toContain('errors="1"');
  });

  it('holds absolute limits alone where that is asked for, and says that nothing was compared', async () => {
    const shallow = origin.ciCheckout('refs/pull/4/merge');
    const result = await compared(shallow, '--no-fetch --base-missing=absolute', job(shallow));
    expect([result.exit, result.base, result.policy.source]).toEqual([0, null, 'head']);
    const unknown = { base_usd: null, delta_usd: null, delta_pct: null };
    for (const { change } of [result, ...result.workspaces, ...result.prompts].map((each) => ({
      change: 'total' in each ? each.total : each.change,
    })))
      expect(change).toMatchObject(unknown);
    expect(result.findings.map(({ message }) => message)).toContain(
      'there is no base to take limits, waivers and volumes from, so they are those of this change',
    );
    const { out } = await diff(shallow, '--no-fetch --base-missing=absolute', job(shallow));
    expect(out).toContain('no comparison made');
    expect(out).toContain('No comparison made: ');
  });
});

describe('10: the pull request of a fork', () => {
  it('is judged without a secret, with a summary and annotations', async () => {
    const checkout = origin.ciCheckout('refs/pull/4/merge', 2);
    const summary = join(checkout.folder, 'summary.md');
    writeFileSync(summary, '');
    const world = job(checkout);
    const { code, out } = await diff(checkout, '--format table --format github --no-fetch', {
      env: { ...world.env, GITHUB_STEP_SUMMARY: summary },
    });
    expect(code).toBe(1);
    expect(out).toContain('::error file=prompts/support.txt,line=1,title=Prompt cost::');
    expect(readFileSync(summary, 'utf8')).toContain('### 🔴 Prompt cost +$730.13 / month');
  });

  it('may name its prompts as it likes', async () => {
    const shop = cornerShop();
    const id = JSON.stringify(HOSTILE.replace(/\u001b/g, ''));
    shop.branch('hostile').write({
      'prompts/new.txt': words(50),
      'aicost.yaml': config({
        prompts: `  - {id: ${id}, path: prompts/new.txt, model: gpt-4o, calls_per_month: 1000000}\n`,
      }),
    });
    shop.commit('hostile');
    const { code, out } = await diff(shop, '--base main --head hostile --format md');
    expect(code).toBe(1);
    expect(out).not.toMatch(/@all|<img|\u202e/);
    const { out: lines } = await diff(shop, '--base main --head hostile --format github');
    expect(
      lines
        .trimEnd()
        .split('\n')
        .every((line) => line.startsWith('::')),
    ).toBe(true);
  });

  it('passes by a label that somebody with rights gave it', async () => {
    const checkout = origin.ciCheckout('refs/pull/4/merge', 2);
    const labelled = job(checkout, {
      pull_request: {
        base: { sha: origin.id('main') },
        head: { sha: origin.id('s04') },
        labels: [{ name: 'cost-approved' }],
      },
    });
    const line = '--no-fetch --approved-label cost-approved';
    const result = await compared(checkout, line, labelled);
    expect([result.exit, result.waivers.map(({ from }) => from)]).toEqual([
      0,
      ['label cost-approved'],
    ]);
    expect((await compared(checkout, line, job(checkout))).exit).toBe(1);
  });
});

describe('the sides of a comparison', () => {
  it('are the index and HEAD for a hook that runs before a commit', async () => {
    const shop = cornerShop();
    shop.write({ 'prompts/support.txt': `${words(10071)} {{ticket}}` });
    expect((await compared(shop, '--base HEAD --head INDEX --no-fetch')).total.delta_usd).toBe('0');
    shop.git('add', '--all');
    const result = await compared(shop, '--base HEAD --head INDEX --no-fetch');
    expect([result.exit, result.total.delta_usd, result.head.commit]).toEqual([1, '112.2', null]);
  });

  it('are the working tree and the branch that the config names, without a flag', async () => {
    const shop = cornerShop();
    shop.write({ 'aicost.yaml': `${config()}base: main\n` }).commit('base');
    shop.branch('work').write({ 'prompts/support.txt': `${words(10071)} {{ticket}}` });
    const result = await compared(shop, '');
    expect([result.exit, result.head.name, result.total.delta_usd]).toEqual([
      1,
      'working tree',
      '112.2',
    ]);
  });

  it('mirror each other when they are exchanged', async () => {
    const shop = cornerShop();
    shop
      .branch('there')
      .write({ 'prompts/support.txt': `${words(3000)} {{ticket}}` })
      .commit('a');
    const forth = await compared(shop, '--base main --head there');
    shop
      .branch('back')
      .write({ 'prompts/support.txt': `${words(2591)} {{ticket}}` })
      .commit('b');
    const back = await compared(shop, '--base there --head back');
    expect([forth.total.delta_usd, back.total.delta_usd]).toEqual(['6.135', '-6.135']);
  });
});

describe('trailers of commits', () => {
  it('count only where base allows them', async () => {
    const shop = cornerShop();
    const grown = { 'prompts/support.txt': `${words(10071)} {{ticket}}` };
    const message = 'grow\n\nAicost-Allow: support <=200 a policy of the EU';
    shop.branch('forbidden').write(grown).commit(message);
    expect((await compared(shop, '--base main --head forbidden')).exit).toBe(1);
    shop
      .checkout('main')
      .branch('allows')
      .write({
        'aicost.yaml': config({ gate: `${GATE}  allow_trailers: true\n` }),
      });
    shop.commit('allow').branch('allowed').write(grown).commit(message);
    const result = await compared(shop, '--base allows --head allowed');
    expect([result.exit, result.waivers[0]?.reason]).toEqual([0, 'a policy of the EU']);
  });
});
