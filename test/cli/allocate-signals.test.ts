import { beforeAll, describe, expect, it } from 'vitest';
import {
  ANSWERED,
  type AllocationDesk,
  allocationDesk,
  anvil,
} from '../support/allocation-desk.ts';

let here: AllocationDesk;
// Search makes 2 calls of 2 runs and 3 steps in 3 s, one retried once; support 1 call of 1 run in 1 s, retried once.
beforeAll(async () => {
  here = await allocationDesk([
    anvil(
      's1',
      4_000_000,
      { team: 'search', run: 'r1', step: 'a' },
      { latency_ms: 1000, retry_count: 1, output_tokens: 0 },
    ),
    anvil(
      's2',
      2_000_000,
      { team: 'search', run: 'r2', step: 'a' },
      { latency_ms: 1000, retry_count: 0 },
    ),
    anvil(
      's3',
      0,
      { team: 'search', run: 'r2', step: 'b' },
      { latency_ms: 1000, retry_count: 0, output_tokens: 1_000_000 },
    ),
    anvil(
      'p1',
      3_000_000,
      { team: 'support', run: 'r3', step: 'a' },
      { latency_ms: 1000, retry_count: 1 },
    ),
  ]);
});

/** What each team is charged of 120.00, by a signal; a file of it, where one is given. */
async function shares(signal: string, csv?: string): Promise<readonly string[]> {
  here.rules(`  pools: {shared: {part: infrastructure, amounts: [{amount: 120.00, from: 2026-10-01, until: 2026-11-01}]}}
  rules: [{name: split, pool: shared, by: team, method: usage, signal: ${signal}, ${ANSWERED}}]
`);
  const file = csv === undefined ? [] : ['--signal', here.write(`${signal}.csv`, csv)];
  const { code, answer } = await here.allocated(...file);
  expect([code, answer.notes.filter(({ code: each }) => each !== 'sum')]).toEqual([0, []]);
  return answer.allocations.map(
    ({ AllocatedTags, amount_usd, AllocatedMethodDetails }) =>
      `${AllocatedTags['team']} ${amount_usd} for ${AllocatedMethodDetails?.Elements[0]?.UsageQuantity} ${AllocatedMethodDetails?.Elements[0]?.UsageUnit}`,
  );
}

describe('a shared endpoint is split by what the ledger knows:', () => {
  it.each([
    // 3 of 4.
    ['requests', ['search 90 for 3 Requests', 'support 30 for 1 Requests']],
    // 7 of 10 million.
    ['tokens', ['search 84 for 7000000 Tokens', 'support 36 for 3000000 Tokens']],
    // 6 of 9 million, and all of the output.
    ['input_tokens', ['search 80 for 6000000 Tokens', 'support 40 for 3000000 Tokens']],
    ['output_tokens', ['search 120 for 1000000 Tokens']],
    ['compute_time', ['search 90 for 3 Seconds', 'support 30 for 1 Seconds']],
    ['retries', ['search 60 for 1 Retries', 'support 60 for 1 Retries']],
    // 2 of 3, and 3 of 4.
    ['runs', ['search 80 for 2 Runs', 'support 40 for 1 Runs']],
    ['steps', ['search 90 for 3 Steps', 'support 30 for 1 Steps']],
  ] as const)('%s', async (signal, is) => expect([...(await shares(signal))].sort()).toEqual(is));
});

describe('what is metered elsewhere is read from a CSV named for its signal:', () => {
  // A third and two thirds each, in units that differ from line to line.
  it.each([
    // A cluster of GPUs.
    ['gpu_seconds', '1,GPU-hours', '120,GPU-minutes', '3600', '7200', 'GPU-Seconds'],
    ['pod_runtime', '30,s', '60000,ms', '30', '60', 'Pod-Seconds'],
    ['queue_time', '0.5,seconds', '1,s', '0.5', '1', 'Seconds'],
    ['namespace', '1,namespaces', '2,count', '1', '2', 'Namespaces'],
    ['workload', '3,jobs', '6,workloads', '3', '6', 'Workloads'],
    // A vector database; GiB and GB are apart: 1 GiB is 1,073,741,824 bytes.
    ['queries', '5,queries', '0.01,1K queries', '5', '10', 'Queries'],
    ['storage', '1,GiB', '2147483648,B', '1073741824', '2147483648', 'Bytes'],
    ['index_size', '1,GB', '2000,MB', '1000000000', '2000000000', 'Bytes'],
    ['tenant_collections', '1,collections', '2,collection', '1', '2', 'Collections'],
    // A pipeline of embeddings.
    ['documents', '1,documents', '2,document', '1', '2', 'Documents'],
    ['embeddings', '1,1M embeddings', '2000,1K vectors', '1000000', '2000000', 'Embeddings'],
    ['reindex_jobs', '1,jobs', '2,job', '1', '2', 'Jobs'],
    // Orchestration; a file goes before the ledger's own runs.
    ['runs', '1,runs', '2,runs', '1', '2', 'Runs'],
    ['steps', '1,steps', '2,steps', '1', '2', 'Steps'],
    ['tool_calls', '1,calls', '2,calls', '1', '2', 'Calls'],
    ['duration', '1,min', '2,minutes', '60', '120', 'Seconds'],
    // Logging.
    ['events', '1,events', '2,events', '1', '2', 'Events'],
    ['spans', '1,spans', '2,spans', '1', '2', 'Spans'],
  ] as const)('%s', async (signal, search, support, first, second, unit) =>
    expect(
      await shares(
        signal,
        `time,team,quantity,unit\n2026-10-02T08:00:00Z,search,${search}\n2026-10,support,${support}\n`,
      ),
    ).toEqual([`search 40 for ${first} ${unit}`, `support 80 for ${second} ${unit}`]),
  );

  it('storage over time is measured in byte-seconds', async () =>
    expect(
      await shares(
        'storage',
        'time,team,quantity,unit\n2026-10-01,search,1,GB-hours\n2026-10-01,support,2,GB-hours\n',
      ),
    ).toEqual([
      'search 40 for 3600000000000 Byte-Seconds',
      'support 80 for 7200000000000 Byte-Seconds',
    ]));

  it('lines of one consumer are added, with a byte order mark and CRLF too', async () =>
    expect(
      await shares(
        'queries',
        '\uFEFFtime,team_name,quantity,unit\r\n2026-10-01,search,1,queries\r\n2026-10-31,search,1,queries\r\n2026-10-31,support,4,queries\r\n',
      ),
    ).toEqual(['search 40 for 2 Queries', 'support 80 for 4 Queries']));
});

describe('a line that cannot be counted ends the run, with its place:', () => {
  const failure = async (name: string, csv: string): Promise<string> => {
    here.rules('  pools: {}\n');
    here.write(name, csv);
    const { code, out, err } = await here.aicost('allocate', '--signal', name);
    expect([code, out]).toEqual([2, '']);
    return err;
  };
  const line = (text: string): string =>
    `time,team,quantity,unit\n2026-10-01,a,1,queries\n${text}\n`;

  it.each([
    {
      case: 'an unknown unit',
      csv: line('2026-10-01,a,1,parsecs'),
      says: 'unit: "parsecs" is none that is known; of queries there are queries, requests, count',
    },
    {
      case: 'a unit of something else',
      csv: line('2026-10-01,a,1,GiB'),
      says: 'unit: "GiB" does not measure queries; of it there are queries, requests, count',
    },
    {
      case: 'a quantity below nothing',
      csv: line('2026-10-01,a,-1,queries'),
      says: 'quantity: expected a number, 0 or more, found "-1"',
    },
    {
      case: 'no number',
      csv: line('2026-10-01,a,many,queries'),
      says: 'quantity: expected a number, 0 or more, found "many"',
    },
    {
      case: 'a number past all reason',
      csv: line('2026-10-01,a,1e999999,queries'),
      says: 'quantity: expected a number, 0 or more, found "1e999999"',
    },
    {
      case: 'no time',
      csv: line('yesterday,a,1,queries'),
      says: 'time: expected a day, a month or a UTC time, found "yesterday"\nFor example 2026-10-01, 2026-10 or 2026-10-01T09:00:00Z.',
    },
    {
      case: 'a missing column',
      csv: 'time,team,quantity\n2026-10-01,a,1\n',
      says: 'expected columns time, quantity and unit, found no unit\nA line is for example: time,team,quantity,unit and 2026-10-01,search,12.5,GPU-hours.',
      at: 2,
    },
    {
      case: 'a quote that is never closed',
      csv: line('2026-10-01,"a,1,queries'),
      says: 'not valid CSV: Quote Not Closed: the parsing is finished with an opening quote',
    },
  ])('$case', async ({ csv, says, at = 3 }) =>
    expect(await failure('queries.csv', csv)).toBe(`aicost: queries.csv:${at}: ${says}\n`),
  );

  it('bytes beside bytes over time', async () =>
    expect(
      await failure(
        'storage.csv',
        'time,team,quantity,unit\n2026-10-01,a,1,GB\n2026-10-01,a,1,GB-hours\n',
      ),
    ).toBe(
      'aicost: storage.csv:3: unit: measures byte-time, while storage.csv:2 measures bytes; the two cannot be added\n',
    ));

  it('a file that does not say which signal it is', async () =>
    expect(await failure('usage.csv', line(''))).toMatch(
      /^aicost: usage\.csv:2: nothing says which signal this is; add a column signal, or write --signal NAME=FILE with one of requests, /,
    ));

  it('a signal that nobody knows', async () =>
    expect(
      await failure('usage.csv', 'time,team,signal,quantity,unit\n2026-10-01,a,gpu_second,1,s\n'),
    ).toBe('aicost: usage.csv:2: no signal is called "gpu_second"; did you mean "gpu_seconds"?\n'));
});

describe('a signal that says nothing fails its rule and nothing else:', () => {
  const RULE = `  pools: {shared: {part: infrastructure, amounts: [{amount: 120.00, from: 2026-10-01, until: 2026-11-01}]}}
  rules: [{name: split, pool: shared, by: team, method: usage, signal: queries, ${ANSWERED}}]
`;

  it.each([
    {
      case: 'lines of another month only',
      csv: 'time,team,quantity,unit\n2026-09-30,search,1,queries\n2026-11-01,search,1,queries\n',
      says: 'no line of queries lies between 2026-10-01 00:00 and 2026-11-01 00:00',
    },
    {
      case: 'no column of who',
      csv: 'time,squad,quantity,unit\n2026-10-01,search,1,queries\n',
      says: 'queries.csv:2 and the lines after it have no team',
    },
    {
      case: 'an empty file',
      csv: 'time,team,quantity,unit\n',
      says: 'no file gives queries; name one under signals: or with --signal queries=FILE',
    },
  ])('$case', async ({ csv, says }) => {
    here.write('queries.csv', csv);
    here.rules(RULE);
    const { code, answer } = await here.allocated('--signal', 'queries=queries.csv');
    expect(code).toBe(1);
    expect(answer.rows.at(-1)).toMatchObject({ kind: 'unallocated', total_usd: '120' });
    expect(answer.notes).toContainEqual({
      code: 'signal-missing',
      message: `split: ${says}, so that shared stays unallocated`,
    });
  });

  it('a tag that no call has', async () => {
    const bare = await allocationDesk();
    bare.rules(RULE.replace('queries', 'runs'));
    const { code, answer } = await bare.allocated();
    expect(code).toBe(1);
    expect(answer.notes).toContainEqual({
      code: 'signal-missing',
      message: 'split: no call of the period has a tag run, so that shared stays unallocated',
    });
  });
});
