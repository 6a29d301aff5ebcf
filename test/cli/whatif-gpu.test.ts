import { describe, expect, it } from 'vitest';
import { type Desk, desk } from '../support/fake-runtime.ts';

const rightsized = async (here: Desk, ...argv: string[]) =>
  JSON.parse(await here.must('whatif', 'gpu', '--format', 'json', ...argv));

/** Four pods over two hours. Hour 0: 90, 30, 0, 0 percent on average; hour 1: 10, 10, 0, 0. */
const TIMED = `timestamp_anon,value,container_ip
0.0,100,pod-a
1800.5,80,pod-a
60.0,30,pod-b
0.0,0,pod-c
0.0,0,pod-d
3600.0,10,pod-a
3660.0,10.0,pod-b
3600.0,0,pod-c
3600.0,0,pod-d
3601.0,NULL,pod-d
`;

describe('aicost whatif gpu', () => {
  it('says how busy pods are and how many their busiest hour needs', async () => {
    const here = desk();
    here.write('duty.csv', TIMED);
    const found = await rightsized(here, '--duty', 'duty.csv', '--target-utilisation', '50%');
    expect(found).toMatchObject({
      schema: 'aicost.whatif-gpu/1',
      pods: 4,
      samples: 9,
      rows_without_a_sample: 1,
      // (100 + 80 + 30 + 10 + 10) / 9 = 25.56 %; 4 of 9 samples are zero
      mean_duty: '0.255556',
      zero_share: '0.444444',
      peak_duty: '1',
      // Hour 0 has 0.9 + 0.3 = 1.2 pods of work: 1.2 / 0.5 = 2.4. On average 4 x 0.2556 / 0.5 = 2.04.
      busiest_hour: { load_pods: '1.2' },
      pods_needed: 3,
      pods_needed_on_average: 3,
    });
    expect(found.rows.map(({ pod }: { pod: string }) => pod)).toEqual([
      'pod-c',
      'pod-d',
      'pod-b',
      'pod-a',
    ]);
  });

  it('prices what stands idle, and what is needed', async () => {
    const here = desk();
    here.write('duty.csv', TIMED);
    const half = ['--target-utilisation', '0.5'];
    const found = await rightsized(here, '--duty', 'duty.csv', ...half, '--gpu-hour', '2.00');
    // A pod is 730.5 h x $2 = $1,461 a month. Idle: 4 x 1,461 x (1 - 230/900).
    expect(found).toMatchObject({
      before_per_month_usd: '5844',
      after_per_month_usd: '4383',
      saving_per_month_usd: '1461',
      idle_per_month_usd: '4350.533333333333333333',
    });
  });

  it('needs pods for the mean load where samples carry no time, and says that it may be more', async () => {
    const here = desk();
    const rows = Array.from({ length: 143 }, (_, pod) => `p${pod};7.0\n`).join('');
    here.write('duty.csv', `Pod Name;GPU-Util\n${rows}`);
    const found = await rightsized(here, '--duty', 'duty.csv');
    // 143 x 0.07 / 0.6 = 16.7
    expect(found).toMatchObject({ mean_duty: '0.07', pods_needed: 17, busiest_hour: null });
    expect(found.notes.map(({ code }: { code: string }) => code)).toEqual(['no-times']);
  });

  it('takes shares of 1 when told to, and asks where percentages look like them', async () => {
    const here = desk();
    here.write('duty.csv', 'pod,duty\na,0.5\nb,1\n');
    const shares = await rightsized(here, '--duty', 'duty.csv', '--unit', 'share');
    expect(shares.mean_duty).toBe('0.75');
    const percent = await rightsized(here, '--duty', 'duty.csv');
    expect(percent.mean_duty).toBe('0.0075');
    expect(percent.notes).toContainEqual({
      code: 'unit',
      message: 'no sample is above 1 %: if they are shares of 1, read them with --unit share',
    });
  });

  it.each([
    {
      name: 'a duty that is none',
      text: 'pod,duty\na,5\nb,busy\n',
      err: 'aicost: duty.csv:3: duty: expected a percentage from 0 to 100, found "busy"\n',
    },
    {
      name: 'more than always',
      text: 'pod,duty\na,100.1\n',
      err: 'aicost: duty.csv:2: duty: expected a percentage from 0 to 100, found "100.1"\n',
    },
    {
      name: 'a time that is none',
      text: 'pod,duty,time\na,5,noon\n',
      err: 'aicost: duty.csv:2: expected a time like 2026-11-01T09:00:00Z, found "noon"\n',
    },
    {
      name: 'no pod',
      text: 'who,duty\na,5\n',
      err: 'aicost: duty.csv:1: expected a column pod, found who, duty\nNames that are read: pod, pod_name, pod_id, container, container_id, container_ip, instance, hostname, gpu, uuid.\n',
    },
    {
      name: 'an empty file',
      text: '',
      err: 'aicost: duty.csv:1: expected a column pod, found an empty file\nNames that are read: pod, pod_name, pod_id, container, container_id, container_ip, instance, hostname, gpu, uuid.\n',
    },
    {
      name: 'JSON',
      text: '{"pod":"a","duty":5}\n',
      err: 'aicost: duty.csv:1: expected CSV with a header, found JSON\n',
    },
    {
      name: 'nothing but gaps',
      text: 'pod,duty\na,\n,5\n',
      err: 'aicost: duty.csv: no row has a pod and a duty\n',
    },
  ])('refuses $name, with its line', async ({ text, err }) => {
    const here = desk();
    here.write('duty.csv', text);
    const ended = await here.aicost('whatif', 'gpu', '--duty', 'duty.csv');
    expect([ended.code, ended.err]).toEqual([2, err]);
  });
});
