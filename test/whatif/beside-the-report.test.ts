import { describe, expect, it } from 'vitest';
import { desk } from '../support/fake-runtime.ts';
import { MOVE_CARD, moveDesk } from '../support/move-desk.ts';
import { whatif } from '../support/whatif-desk.ts';

const notesOf = (out: string): readonly string[] =>
  JSON.parse(out).notes.map(({ code }: { code: string }) => code);

describe('a what-if beside the report', () => {
  it('starts from what the report says, under every filter', async () => {
    const here = await moveDesk(
      { input_tokens: 500, output_tokens: 7, tags: { team: 'search' } },
      { input_tokens: 11, output_tokens: 3, tags: { team: 'support', run: 'r-1' } },
      { model: 'house-1', input_tokens: 11 },
    );
    for (const where of ['team=search', 'team!=search', 'run=r-*', 'team=', 'status=failure']) {
      const { totals } = JSON.parse(
        await here.must('report', '--where', where, '--format', 'json'),
      );
      const found = await whatif(here, 'downshift', '--to', 'gpt-4o-elm', '--where', where);
      expect([where, found.before_usd]).toEqual([where, totals.cost_usd]);
      expect([where, found.requests.total]).toEqual([where, totals.requests]);
    }
  });

  it('knows no cost of requests without a price, rather than none', async () => {
    const here = await moveDesk({ model: 'house-1', input_tokens: 11 });
    const found = await whatif(here, 'downshift', '--to', 'gpt-4o-elm');
    expect([found.before_usd, found.after_usd.mid, found.saving_usd.mid]).toEqual([
      null,
      null,
      null,
    ]);
    expect(
      found.rows.map((row: Record<string, unknown>) => [row['part'], row['before_usd']]),
    ).toEqual([
      // Nothing is changed, so that this is $0 indeed.
      ['changed', '0'],
      ['unchanged', '0'],
      ['excluded', null],
    ]);
    expect(found.excluded).toMatchObject([{ unpriced_requests: 1, before_usd: null }]);
  });

  it('says when no request is in the selection', async () => {
    const here = await moveDesk({ input_tokens: 500, tags: { team: 'search' } });
    const flags = ['whatif', 'downshift', '--to', 'gpt-4o-elm', '--format', 'json', '--where'];
    expect(notesOf(await here.must(...flags, 'team=serach'))).toContain('no-requests');
    expect(notesOf(await here.must(...flags, 'team=search'))).not.toContain('no-requests');
  });

  it('says of a ledger without a call that there is none, rather than a list of nothing', async () => {
    const here = desk();
    here.write('calls.jsonl', '');
    await here.ingest('calls.jsonl');
    const ended = await here.aicost(
      'whatif',
      'downshift',
      '--from',
      'gpt-4o',
      '--to',
      'gpt-4o-mini',
    );
    expect([ended.code, ended.err]).toEqual([
      2,
      'aicost: --from: the ledger has no call of "gpt-4o"\nIt has no calls at all; aicost ingest reads some.\n',
    ]);
  });

  it('says so where a closed month is another amount there', async () => {
    const here = await moveDesk({ time: '2026-10-02T12:00:00Z', input_tokens: 1000 });
    await here.must('close', '2026-10');
    here.write(
      'rates/acorn.yaml',
      MOVE_CARD.replace('input: 2.00, cache_read', 'input: 3.00, cache_read'),
    );
    const out = await here.must(
      'whatif',
      'downshift',
      '--to',
      'gpt-4o-elm',
      '--period',
      '2026-10',
      '--format',
      'json',
    );
    // 1,000 at $3.00 a million now, at $2.00 when the month was closed.
    expect(JSON.parse(out)).toMatchObject({ before_usd: '0.003', report_total_usd: '0.002' });
    expect(notesOf(out)).toContain('closed-live');
  });

  it('makes a month of whole days, and none of less than one', async () => {
    const here = await moveDesk(
      { input_tokens: 1000 },
      { time: '2026-11-03T23:00:00Z', input_tokens: 1000 },
    );
    const flags = ['whatif', 'downshift', '--to', 'gpt-4o-elm', '--format', 'json'];
    const whole = JSON.parse(await here.must(...flags));
    // 2 x 1,000 x $1.50 a million = $0.003 in two days: 30.4375 / 2 times that a month.
    expect([whole.days, whole.saving_per_month_usd.mid]).toEqual(['2', '0.04565625']);
    const hours = ['--since', '2026-11-02T10:00:00Z', '--until', '2026-11-02T14:00:00Z'];
    const short = JSON.parse(await here.must(...flags, ...hours));
    expect([short.days, short.saving_per_month_usd.mid]).toEqual([null, null]);
    expect(notesOf(JSON.stringify(short))).toContain('no-month');
  });

  it('sums up groups that save less than was asked', async () => {
    const here = await moveDesk(
      { input_tokens: 1000, tags: { team: 'search' } },
      { input_tokens: 10, tags: { team: 'support' } },
      { input_tokens: 20 },
    );
    const flags = ['downshift', '--to', 'gpt-4o-elm', '--by', 'team', '--min-saving', '0.001'];
    const { groups } = JSON.parse(await here.must('whatif', ...flags, '--format', 'json'));
    expect(
      groups.map(({ team, saving_usd }: { team: string; saving_usd: string }) => [
        team,
        saving_usd,
      ]),
    ).toEqual([
      ['search', '0.0015'],
      ['(2 groups saving less)', '0.000045'],
    ]);
  });
});
