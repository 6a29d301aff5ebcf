import { beforeAll, describe, expect, it } from 'vitest';
import { contract } from '../support/acorn-desk.ts';
import { type Desk, jsonl } from '../support/fake-runtime.ts';
import { asked, costs, deskWith, dollars } from '../support/tag-desk.ts';

describe('inference', () => {
  const RULES = 'tags: {infer: [run, session, api_key]}\n';
  const of = (run: string, feature?: string) =>
    feature === undefined ? { run } : { run, feature };
  let here: Desk;
  beforeAll(async () => {
    here = await deskWith(
      RULES,
      // Four of five agree, which is enough; the sixth follows them.
      ...[1, 2, 3, 4].map((n) => dollars(`a${n}`, 1, of('r1', 'search'))),
      dollars('a5', 1, of('r1', 'cart')),
      dollars('a6', 10, of('r1')),
      // Two of three are too few, and one alone says nothing.
      ...[1, 2].map((n) => dollars(`b${n}`, 1, of('r2', 'search'))),
      dollars('b3', 1, of('r2', 'cart')),
      dollars('b4', 20, of('r2')),
      dollars('c1', 1, of('r3', 'search')),
      dollars('c2', 40, of('r3')),
      // The run decides nothing, the session does.
      dollars('d1', 1, { session: 's', feature: 'cart' }),
      dollars('d2', 1, { session: 's', feature: 'cart' }),
      dollars('d3', 80, { session: 's', run: 'r3' }),
    );
  });

  it('gives a call what most calls of its run, else of its session, carry', async () => {
    const { rows, totals, notes } = await asked(here, '--by', 'feature');
    expect(rows.map((row) => [row['feature'], row['cost_usd'], row['inferred_cost_usd']])).toEqual([
      ['cart', '84', '80'],
      [null, '60', '0'],
      ['search', '17', '10'],
    ]);
    expect(rows.map((row) => row['inferred_confidence'])).toEqual([1, null, 0.8]);
    expect(totals).toMatchObject({ cost_usd: '161', inferred_cost_usd: '90' });
    expect(notes[0]).toEqual({
      code: 'inferred',
      message:
        '$90.00 of 2 requests has no tag of its own and follows most calls of the same run, session or key; --no-infer leaves it untagged',
    });
  });

  it('is left out by --no-infer, to the last digit', async () => {
    const without = await here.must('report', '--by', 'feature', '--no-infer', '--format', 'json');
    here.write('plain.yaml', 'rates: acme.yaml\n');
    expect(without).toBe(
      await here.must('report', '--by', 'feature', '--config', 'plain.yaml', '--format', 'json'),
    );
    expect(await costs(here, 'feature', '--no-infer')).toEqual({
      search: '7',
      cart: '4',
      null: '150',
    });
  });

  it('has no column for people where nothing was inferred, and one for programs', async () => {
    const argv = ['report', '--by', 'feature', '--where', 'run=r3', '--where', 'session='];
    expect(await here.must(...argv)).not.toContain('Inferred');
    expect(await here.must(...argv, '--format', 'json')).toContain('"inferred_cost_usd": "0"');
  });

  it('costs what contracts make of it', async () => {
    const volume = 'volume: {period: month, steps: [{from: 0, discount_percent: 50}]}';
    here.write('deals/contracts/deal.yaml', contract(`  - {id: volume, ${volume}}`));
    const argv = ['--by', 'feature', '--cost', 'contracted', '--rates', 'deals'];
    // Half of 161, and half of 90.
    expect((await asked(here, ...argv)).totals).toMatchObject({
      cost_usd: '80.5',
      inferred_cost_usd: '45',
    });
  });

  it('has no place among single calls, which have many tags', async () => {
    const { code, err } = await here.aicost('top', '--quiet', '--where', 'attribution_source=key');
    expect(code).toBe(2);
    expect(err).toBe(`aicost: --where: attribution_source is told of sums of spend, not of calls
aicost report --by team,attribution_source shows it; aicost explain tells it for every tag of a call.
`);
  });

  it('can be asked for and filtered by', async () => {
    expect(await costs(here, 'feature,attribution_source')).toEqual({
      'cart inferred': '80',
      'cart request': '4',
      'search inferred': '10',
      'search request': '7',
      'null null': '60',
    });
    expect(await costs(here, 'feature', '--where', 'attribution_source!=inferred')).toEqual({
      search: '7',
      cart: '4',
      null: '60',
    });
  });

  it('is told of single calls with how sure it is', async () => {
    expect(await here.must('explain', 'a6')).toContain(
      'feature=search (inferred, 80 % of the others agree)',
    );
    expect(await here.must('explain', 'b4')).not.toContain('by rules');
    expect(await here.must('explain', 'a6', '--no-infer')).not.toContain('by rules');
    const exported = (await here.must('export', 'events', '--where', 'feature=search'))
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
    expect(exported).toHaveLength(8);
    expect(exported.find(({ id }) => id === 'a6')).toMatchObject({
      tags: { run: 'r1' },
      attributed: { feature: { value: 'search', source: 'inferred', confidence: 0.8 } },
    });
    const trace = JSON.parse(await here.must('trace', 'r1', '--format', 'json'));
    expect(trace.rows).toHaveLength(6);
  });
});

describe('calls without a time', () => {
  it('are under rules without dates only, and are told when a period leaves them out', async () => {
    const here = await deskWith(
      `keys:
  - {api_key: old, set: {team: red}, since: 2026-01-01}
  - {api_key: new, set: {team: blue}}
`,
      dollars('t1', 1, { api_key: 'old' }),
      dollars('t2', 2, { api_key: 'new' }),
    );
    const undated = ['old', 'new'].map((api_key) => ({
      id: `chatcmpl-${api_key}`,
      object: 'chat.completion',
      model: 'gpt-4o-mini',
      usage: { prompt_tokens: 10, completion_tokens: 1, total_tokens: 11 },
      metadata: { api_key },
    }));
    await here.must('ingest', here.write('undated.jsonl', jsonl(...undated)));
    const { rows } = await asked(here, '--by', 'team');
    expect(rows.map((row) => [row['team'], row['requests']])).toEqual(
      expect.arrayContaining([
        ['red', 1],
        ['blue', 2],
        [null, 1],
      ]),
    );
    const { notes } = await asked(
      here,
      '--by',
      'team',
      '--period',
      '2026-11',
      '--where',
      'team=blue',
    );
    expect(notes.filter(({ code }) => code === 'undated')).toEqual([
      {
        code: 'undated',
        message:
          '1 request without a time, left out of the period; give them one with aicost ingest --time',
      },
    ]);
    const red = await asked(here, '--by', 'team', '--period', '2026-11', '--where', 'team=red');
    expect(red.notes.filter(({ code }) => code === 'undated')).toEqual([]);
  });
});
