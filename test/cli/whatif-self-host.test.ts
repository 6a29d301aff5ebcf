import { beforeAll, describe, expect, it } from 'vitest';
import { call, type Desk, desk, jsonl } from '../support/fake-runtime.ts';

/** 24 calls of gpt-4o a day, each hour one of 1,000,000 tokens in and 250,000 out: $2.50 + $2.50 each. */
const flatDay = (hours = 24): string =>
  jsonl(
    ...Array.from({ length: hours }, (_, hour) =>
      call({
        id: `c${hour}`,
        time: `2026-11-02T${String(hour).padStart(2, '0')}:10:00Z`,
        model: 'gpt-4o',
        input_tokens: 750_000,
        cache_read_tokens: 0,
        output_tokens: 500_000,
        tags: { feature: hour < 12 ? 'search' : 'support' },
      }),
    ),
  );

async function deskWith(calls: string): Promise<Desk> {
  const here = desk();
  here.write('calls.jsonl', calls);
  await here.ingest('calls.jsonl');
  return here;
}

const GPU = ['--gpu-hour', '2.50', '--tps', '700'];
const DAY = ['--period', '2026-11-02'];

const answer = async (here: Desk, ...argv: string[]) =>
  JSON.parse(await here.must('whatif', 'self-host', '--format', 'json', ...argv));

let flat: Desk;
let short: Desk;
beforeAll(async () => {
  flat = await deskWith(flatDay());
  short = await deskWith(flatDay(2));
});

describe('aicost whatif self-host', () => {
  it('compares own GPUs with what the API was paid for the same calls', async () => {
    const here = flat;
    const found = await answer(here, ...GPU, ...DAY, '--target-utilisation', '100%');
    // Each hour 0.75 M x $2.50 + 0.5 M x $10.00 = $6.875; 1.25 M / 3,600 s = 347.2 a second, one GPU.
    expect(found).toMatchObject({
      schema: 'aicost.whatif-self-host/1',
      lever: 'self-host',
      requests: 24,
      before_usd: '165',
      after_usd: '60',
      saving_usd: '105',
      // x 30.4375
      saving_per_month_usd: '3195.9375',
      traffic: { tokens_per_second: '347.222222', peak_to_mean: '1', hours_with_calls: 24 },
      machines: { gpus: 1, gpu_hour_usd: '2.5', utilisation: '0.496032' },
      // $60 and $165 over 30 M tokens; $2.50 over 2.52 M
      usd_per_million_tokens: {
        api: '5.5',
        gpus_allocation_based: '2',
        gpus_usage_based: '0.992063492063492063',
      },
      // $60 of $165 a day
      break_even: { tokens_per_day: '10909090.909091', traffic_multiple: '0.363636', gpus: 1 },
    });
  });

  it('counts hours without calls, so that the same calls in fewer hours need more for less', async () => {
    const found = await answer(short, ...GPU, ...DAY);
    // Two busy hours of 24: 12 times the mean. 347.2 / (700 x 0.6) needs one GPU for $60; the API took 2 x $6.875.
    expect(found).toMatchObject({
      before_usd: '13.75',
      after_usd: '60',
      saving_usd: '-46.25',
      traffic: { peak_to_mean: '12', hours: 24, hours_with_calls: 2 },
    });
    // Full GPUs only, at 60 % of the peak: $60 x 0.8267 / 2.5 M = $19.84 a million against $5.50.
    expect(found.break_even).toBeNull();
    expect(found.usd_per_million_tokens.gpus_at_best).toBe(
      '19.841269841269841270'.replace(/0$/, ''),
    );
    expect(found.notes).toContainEqual({
      code: 'dearer',
      message: 'self-hosting is dearer for this traffic',
    });
  });

  it('says what it assumes and what was said', async () => {
    const here = flat;
    const found = await answer(here, ...GPU, ...DAY, '--engineer', '3043.75');
    expect(found.after_usd).toBe('160');
    expect(found.assumptions).toContainEqual({
      name: 'target utilisation',
      value: '0.6',
      source: 'assumed',
      note: 'the rest of the busiest hour is for bursts within it',
    });
    expect(found.assumptions).toContainEqual({
      name: 'people',
      value: '$3043.75 a month',
      source: 'declared',
      note: 'a month is 30.4375 days',
    });
  });

  it('takes the price of an hour from a hardware pool that no model runs on yet', async () => {
    const here = flat;
    here.write(
      'machines.yaml',
      'infrastructure: 1\ncurrency: USD\npools:\n  rented: {accelerators: 4, hourly_per_accelerator: 3.00}\nserves: []\n',
    );
    const pool = ['--rates', 'machines.yaml', '--gpu', 'rented', '--tps', '700'];
    const found = await answer(here, ...pool, ...DAY);
    expect(found).toMatchObject({ after_usd: '72', machines: { pool: 'rented' } });
    const { code, err } = await here.aicost('whatif', 'self-host', ...pool, '--gpu', 'renned');
    expect([code, err]).toEqual([
      2,
      'aicost: --gpu: there is no hardware pool "renned"\nDid you mean rented?\n',
    ]);
  });

  it('leaves calls of models without a price out on both sides, and says so', async () => {
    const here = await deskWith(
      `${flatDay()}${jsonl(call({ id: 'x', time: '2026-11-02T09:00:00Z', provider: 'house', model: 'house-llm', input_tokens: 9_000_000 }))}`,
    );
    const found = await answer(here, ...GPU, ...DAY);
    expect(found).toMatchObject({
      requests: 24,
      requests_unpriced: 1,
      models: ['openai/gpt-4o'],
      traffic: { tokens: '30000000' },
    });
    expect(found.notes).toContainEqual({
      code: 'unrated',
      message: '1 request without a price, left out on both sides',
    });
  });

  it.each([
    {
      name: 'no throughput',
      argv: ['--gpu-hour', '2.50'],
      code: 2,
      err: 'aicost: the throughput of a GPU is missing\nMeasure it with your model and give --tps 700, or --tps-input and --tps-output.\n',
    },
    {
      name: 'no price',
      argv: ['--tps', '700'],
      code: 2,
      err: 'aicost: what a GPU costs is said by --gpu or by --gpu-hour, one of them\nFor example --gpu-hour 2.50, or --gpu with a pool of your infrastructure/ files.\n',
    },
    {
      name: 'a share above all',
      argv: [...GPU, '--target-utilisation', '60'],
      code: 2,
      err: "aicost: option '--target-utilisation <share>' argument '60' is invalid. expected a share above 0 and up to all of it, like 60% or 0.6.\n",
    },
    {
      name: 'nothing to host',
      argv: [...GPU, '--where', 'feature=nope'],
      code: 3,
      err: 'aicost: no call with tokens and a price is in this selection\nChoose another --period or --where; aicost report shows what there is.\n',
    },
  ])('refuses $name', async ({ argv, code, err }) => {
    const ended = await short.aicost('whatif', 'self-host', ...argv);
    expect([ended.code, ended.err]).toEqual([code, err]);
  });
});
