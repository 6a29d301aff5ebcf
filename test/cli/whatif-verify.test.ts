import { beforeAll, describe, expect, it } from 'vitest';
import { call, type Desk, desk, jsonl } from '../support/fake-runtime.ts';

/** So many calls on each of two days before and two after 2026-11-10, with tokens in as given. */
function calls(
  feature: string,
  model: string,
  days: Readonly<Record<string, number>>,
  each: number,
) {
  return Object.entries(days).flatMap(([day, count]) =>
    Array.from({ length: count }, (_, index) =>
      call({
        id: `${feature}-${model}-${day}-${index}`,
        time: `2026-11-${day}T10:00:00Z`,
        model,
        input_tokens: each,
        output_tokens: 0,
        tags: { feature },
      }),
    ),
  );
}

let here: Desk;
beforeAll(async () => {
  here = desk();
  here.write(
    'calls.jsonl',
    jsonl(
      // search was trimmed from 100,000 to 60,000 tokens: $0.25 to $0.15 a call.
      ...calls('search', 'gpt-4o', { '08': 20, '09': 20 }, 100_000),
      ...calls('search', 'gpt-4o', { '10': 30, '11': 30 }, 60_000),
      // support moved from gpt-4o to gpt-4o-mini: $0.25 to $0.015.
      ...calls('support', 'gpt-4o', { '08': 20, '09': 20 }, 100_000),
      ...calls('support', 'gpt-4o-mini', { '10': 20, '11': 20 }, 100_000),
    ),
  );
  await here.ingest('calls.jsonl');
});

const verify = async (...argv: string[]) => {
  const { code, out } = await here.aicost('whatif', 'verify', '--format', 'json', ...argv);
  return { code, answer: JSON.parse(out) };
};

describe('aicost whatif verify', () => {
  it('tells the saving at equal volume and mix, and a month of it', async () => {
    const { code, answer } = await verify('--at', '2026-11-10', '--where', 'feature=search');
    expect(code).toBe(0);
    // 60 calls after x ($0.25 - $0.15) = $6 in two days; x 30.4375 / 2.
    expect(answer).toMatchObject({
      schema: 'aicost.whatif-verify/1',
      verdict: 'saving',
      before_period: { start: '2026-11-08T00:00:00.000Z', end: '2026-11-10T00:00:00.000Z' },
      period: { start: '2026-11-10T00:00:00.000Z', end: '2026-11-12T00:00:00.000Z' },
      saving_usd: '6',
      saving_per_month_usd: '91.3125',
      before: { requests: 40, cost_usd: '10' },
      after: { requests: 60, cost_usd: '9' },
      scores: null,
    });
    // 20 calls more at $0.25 = $5; 10 + 5 - 6 = 9.
    expect(
      answer.effects.map(({ effect, cost_usd: cost }: Record<string, string>) => [effect, cost]),
    ).toEqual([
      ['before', '10'],
      ['volume', '5'],
      ['mix', '0'],
      ['price', '-6'],
      ['new', '0'],
      ['gone', '0'],
    ]);
  });

  it('shows calls of another model as new and gone, unless the lever is one that moves models', async () => {
    const plain = await verify('--at', '2026-11-10', '--where', 'feature=support');
    expect([plain.code, plain.answer.verdict]).toEqual([3, 'too-few-calls']);
    expect(plain.answer.rows.map(({ state }: { state: string }) => state)).toEqual(['gone', 'new']);
    const { code, answer } = await verify(
      'downshift',
      '--at',
      '2026-11-10',
      '--where',
      'feature=support',
    );
    // 40 x ($0.25 - $0.015)
    expect([code, answer.verdict, answer.saving_usd]).toEqual([0, 'saving', '9.4']);
    expect(answer.mix).toEqual(['feature', 'operation']);
  });

  it('takes two spans, and says when nothing was saved', async () => {
    const { code, answer } = await verify(
      '--before',
      '2026-11-08',
      '--after',
      '2026-11-09',
      '--min-calls',
      '20',
    );
    expect([code, answer.verdict, answer.saving_usd]).toEqual([1, 'no-saving', '0']);
  });

  it('is not a saving when the score fell', async () => {
    here.write(
      'eval.csv',
      [
        'id,score',
        'search-gpt-4o-08-0,0.9',
        'search-gpt-4o-09-1,0.8',
        'search-gpt-4o-10-0,0.8',
        'search-gpt-4o-11-5,0.7',
        'support-gpt-4o-08-0,1',
        'nobody,1',
      ].join('\n'),
    );
    const { code, answer } = await verify(
      '--at',
      '2026-11-10',
      '--where',
      'feature=search',
      '--score',
      'eval.csv',
    );
    expect([code, answer.verdict]).toEqual([1, 'lower-score']);
    expect(answer.scores).toEqual({
      before: { count: 2, mean: '0.85' },
      after: { count: 2, mean: '0.75' },
      elsewhere: 2,
    });
    expect(answer.notes).toContainEqual({
      code: 'lower-score',
      message: 'cheaper and worse: the score fell from 0.8500 to 0.7500',
    });
  });

  it('takes scores by time, and cannot decide with those of one span', async () => {
    const search = ['--at', '2026-11-10', '--where', 'feature=search', '--score', 'times.csv'];
    here.write('times.csv', 'time,score\n2026-11-08,0.5\n2026-11-10 12:00,0.6\n');
    const better = await verify(...search);
    expect([better.code, better.answer.verdict]).toEqual([0, 'saving']);
    here.write('times.csv', 'time,score\n2026-11-10 12:00,0.6\n');
    const half = await verify(...search);
    expect([half.code, half.answer.verdict]).toEqual([3, 'no-scores']);
  });

  it.each([
    {
      name: 'no day',
      argv: [],
      code: 2,
      err: 'aicost: when the lever was pulled is missing\nGive --at 2026-11-10, or both spans: --before 2026-10 --after 2026-11.\n',
    },
    {
      name: 'a lever that there is none of',
      argv: ['downshft', '--at', '2026-11-10'],
      code: 2,
      err: 'aicost: there is no lever "downshft"\nDid you mean downshift? Levers: batch, downshift, exact-cache, max-tokens, prefix-cache, reprice, retrieval, route, self-host, trim.\n',
    },
    {
      name: 'spans that overlap',
      argv: ['--before', '2026-11', '--after', '2026-11-09'],
      code: 2,
      err: 'aicost: --after begins before --before has ended\nThe two spans must not share a call.\n',
    },
    {
      name: 'a day after which nothing was called',
      argv: ['--at', '2026-11-15'],
      code: 3,
      err: 'aicost: no call since 2026-11-15 is in this selection\naicost report --by day shows which days there are.\n',
    },
    {
      name: 'a score that is none',
      argv: ['--at', '2026-11-10', '--score', 'bad.csv'],
      code: 2,
      err: 'aicost: bad.csv:2: score: expected a number like 0.92, found "good"\n',
    },
    {
      name: 'a step of time as a kind',
      argv: ['--at', '2026-11-10', '--mix', 'feature,day'],
      code: 2,
      err: 'aicost: --mix: day is a step of time, not a kind of call\nFor example --mix feature,model.\n',
    },
  ])('refuses $name', async ({ argv, code, err }) => {
    here.write('bad.csv', 'id,score\nx,good\n');
    const ended = await here.aicost('whatif', 'verify', ...argv);
    expect([ended.code, ended.err]).toEqual([code, err]);
  });
});
