import { describe, expect, it } from 'vitest';
import { call, desk, jsonl } from '../support/fake-runtime.ts';

const orders = (count: number, more: (index: number) => Readonly<Record<string, string>>) =>
  jsonl(
    ...Array.from({ length: count }, (_, index) =>
      call({ id: `c${index}`, tags: { team: 'search', ...more(index) } }),
    ),
  );

describe('a tag with a value of its own for every call', () => {
  it('is told of by the ingest that finds it out, and by no other', async () => {
    const { must, write } = desk();
    const file = write(
      'a.jsonl',
      orders(3_000, (index) => ({ order: `o-${index}` })),
    );
    const summary = await must('ingest', file, '--format', 'json');
    // Looked at with the 2,048th tag set, after the third thousand of calls that are written at once.
    expect(JSON.parse(summary)).toMatchObject({
      identifiers: ['order'],
      notes: [
        {
          code: 'identifier-tag',
          message:
            'tag "order" is an identifier: 3,000 values in 3,000 requests; it is kept with each call, so that --where order=..., explain, export and --by order still find it, the last by reading every call',
        },
      ],
    });
    const more = write(
      'b.jsonl',
      orders(3_001, (index) => ({ order: `o-${index}` })),
    );
    expect(JSON.parse(await must('ingest', more, '--format', 'json'))).toMatchObject({
      identifiers: [],
      notes: [{ code: 'joined' }],
    });
    await must('doctor');
  });

  it('is found by every command, and comes back from an export as it was', async () => {
    const { events, must, write } = desk();
    await must(
      'ingest',
      write(
        'a.jsonl',
        orders(3_000, (index) => ({ order: `o-${index}` })),
      ),
    );
    const report = JSON.parse(
      await must('report', '--by', 'team', '--where', 'order=o-17', '--format', 'json'),
    );
    expect(report.rows[0]).toMatchObject({ team: 'search', requests: 1 });
    expect(report.totals.requests).toBe(1);
    const all = JSON.parse(await must('report', '--by', 'order', '--format', 'json'));
    expect(all.totals.requests).toBe(3_000);
    expect(await must('explain', 'c17')).toContain('o-17');
    const exported = await events();
    expect(exported.find(({ id }) => id === 'c17')?.tags).toEqual({
      team: 'search',
      order: 'o-17',
    });
    const other = desk();
    const again = other.write('again.jsonl', await must('export', 'events'));
    await other.must('ingest', again);
    expect(await other.must('report', '--by', 'order', '--format', 'json')).toEqual(
      await must('report', '--by', 'order', '--format', 'json'),
    );
  });
});

describe('aicost.yaml', () => {
  it('makes an identifier of a tag before there is anything to see', async () => {
    const { must, write } = desk();
    write('aicost.yaml', 'identifiers: [order, customer_id, customer]\n');
    const file = write(
      'a.jsonl',
      orders(2, (index) => ({ order: `o-${index}`, customer: 'c' })),
    );
    expect(JSON.parse(await must('ingest', file, '--format', 'json'))).toMatchObject({
      identifiers: ['customer', 'order'],
      notes: [
        {
          message: expect.stringMatching(/^tag "customer" is an identifier, as aicost.yaml says; /),
        },
        { message: expect.stringMatching(/^tag "order" is an identifier, as aicost.yaml says; /) },
      ],
    });
    const { rows } = JSON.parse(await must('report', '--by', 'customer', '--format', 'json'));
    expect(rows).toMatchObject([
      { customer: 'c', requests: 2 },
      { customer: null, requests: 0 },
    ]);
  });

  it('changes nothing for tags that every call keeps anyway', async () => {
    const { must, write } = desk();
    write('aicost.yaml', 'identifiers: [run_id, user, user_id]\n');
    const file = write(
      'a.jsonl',
      orders(2, (index) => ({ run: `r-${index}`, user: 'ana' })),
    );
    expect(JSON.parse(await must('ingest', file, '--format', 'json')).identifiers).toEqual([]);
    const { totals } = JSON.parse(
      await must('report', '--where', 'run=r-1', '--where', 'user=ana', '--format', 'json'),
    );
    expect(totals.requests).toBe(1);
  });

  it('keeps a tag from becoming one', async () => {
    const { must, write } = desk();
    write('aicost.yaml', 'not_identifiers: order\n');
    const file = write(
      'a.jsonl',
      orders(3_000, (index) => ({ order: `o-${index}` })),
    );
    expect(JSON.parse(await must('ingest', file, '--format', 'json')).identifiers).toEqual([]);
  });

  it('must not say both of one tag', async () => {
    const { aicost, write } = desk();
    const path = write('aicost.yaml', 'identifiers: [order]\nnot_identifiers: [shard, order]\n');
    const { code, err } = await aicost('report');
    expect([code, err]).toEqual([
      2,
      `aicost: ${path}:2:18: not_identifiers: "order" stands under identifiers too; leave it in one of them\n`,
    ]);
  });
});
