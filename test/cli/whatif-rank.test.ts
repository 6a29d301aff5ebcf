import { beforeAll, describe, expect, it } from 'vitest';
import { call, type Desk, desk, jsonl } from '../support/fake-runtime.ts';

// All of a token's meters cost alike, so that a model's price is the cost of a million tokens. None caches prompts.
const model = (id: string, price: string, features: string, more = '') =>
  `  ${id}:
    tokenizer: o200k_base
    features: [${features}]
    context_window: 1000000
    max_output: 1000000
${more}    prices: [{from: ${id === 'oak-aged' ? '2020-01-01' : '2026-01-01'}, source: page, input: ${price}, output: ${price}}]
`;

const CARD = `rate_card: 1
provider: openai
currency: USD
units: per million tokens
as_of: 2026-11-21
sources: {page: {note: a page, read: 2026-11-21}}
models:
${model('oak-4', '10.00', 'tools')}${model('oak-3', '9.50', 'tools')}${model('oak-2', '5.00', 'tools, batch')}${model('oak-1', '1.00', 'tools')}${model('oak-bare', '0.10', 'batch')}${model('oak-aged', '0.20', 'tools')}${model('oak-gone', '0.30', 'tools', '    retires: 2026-11-01\n')}`;

/** So many calls of a million tokens, one a day from the first of November on. */
const calls = (feature: string, used: string, count: number) =>
  Array.from({ length: count }, (_, index) =>
    call({
      id: `${feature}-${used}-${index}`,
      time: `2026-11-${String(index + 1).padStart(2, '0')}T09:00:00Z`,
      model: used,
      input_tokens: 1_000_000,
      output_tokens: 0,
      tags: feature === '' ? {} : { feature },
    }),
  );

let here: Desk;
beforeAll(async () => {
  here = desk();
  here.write('oak.yaml', CARD);
  here.write('aicost.yaml', 'rates: [oak.yaml]\n');
  here.write(
    'calls.jsonl',
    jsonl(
      ...calls('search', 'oak-4', 10),
      ...calls('support', 'oak-4', 4),
      ...calls('triage', 'oak-2', 5),
      ...calls('notes', 'oak-1', 1),
    ),
  );
  await here.ingest('calls.jsonl');
});

// Ten days are 3.04375 to the month: $100 of search are $304.375 a month.
const TEN_DAYS = ['--period', '2026-11-01..2026-11-11'];
const ranked = async (...argv: string[]) => {
  const json = ['--format', 'json', ...TEN_DAYS, ...argv];
  const { code, out, err } = await here.aicost('whatif', 'rank', ...json);
  if (out === '') throw new Error(err);
  return { code, answer: JSON.parse(out) };
};
const shown = ({ rows }: { rows: readonly Record<string, string>[] }) =>
  rows.map((row) => [row['feature'], row['lever'], row['to'], row['saving_per_month_usd']]);
const stepsOf = ({ gap_steps: steps }: { gap_steps: readonly Record<string, string>[] }) =>
  steps.map((step) => [step['feature'], step['lever'], step['to']]);

describe('aicost whatif rank', () => {
  it('tries every lever on the dearest line items, the most dollars a month first', async () => {
    const { answer } = await ranked('--top', '2');
    // oak-2 halves a cost, as batches do, oak-1 leaves a tenth; support is $40. Models that are aged, retired or
    // without tools are no candidates.
    expect(shown(answer)).toEqual([
      ['search', 'downshift', 'oak-1', '273.9375'],
      ['search', 'batch', null, '152.1875'],
      ['search', 'downshift', 'oak-2', '152.1875'],
      ['support', 'downshift', 'oak-1', '109.575'],
      ['support', 'batch', null, '60.875'],
      ['support', 'downshift', 'oak-2', '60.875'],
    ]);
    expect(answer.rows[0]).toMatchObject({ changes: 'answers', changed_requests: 10 });
    expect(answer.runs[0].flags).toEqual({ from: 'openai/oak-4', to: 'openai/oak-1' });
    expect(answer.runs[0].assumptions.map(({ name }: { name: string }) => name)).toContain(
      'answers',
    );
  });

  it('tries no lever for which the ledger lacks the facts, and names those', async () => {
    const { answer } = await ranked();
    expect(answer.lacking).toEqual([{ lever: 'exact-cache', facts: ['prompt_hash'] }]);
    expect(answer.not_tried).toContain('trim');
    expect(answer.notes).toContainEqual({
      code: 'not-tried',
      message: 'exact-cache not tried: no call has prompt_hash',
    });
  });

  it('leaves out what is below the floor, and says where the floor is', async () => {
    const { answer } = await ranked('--floor', '100');
    expect(answer).toMatchObject({
      floor_per_month_usd: '100',
      // triage 5 x $5 x 3.04375 = $76.09, notes $3.04
      below_floor: { items: 2, cost_per_month_usd: '79.1375' },
    });
    expect(new Set(shown(answer).map(([feature]) => feature))).toEqual(
      new Set(['search', 'support']),
    );
    expect(answer.notes).toContainEqual({
      code: 'floor',
      message: 'floor $100.00 a month: 2 line items below it, $79.14 a month',
    });
    const usual = await ranked();
    // A twentieth of $166 x 3.04375
    expect(usual.answer.floor_per_month_usd).toBe('25.263125');
  });

  it('multiplies what levers leave of a line item', async () => {
    const { answer } = await ranked('--top', '2');
    // search $100 x 0.5 x 0.1 = $5 stay, support $2; added up batch and oak-1 would save more than there is.
    expect(
      answer.items.map((item: Record<string, string>) => item['together_saving_per_month_usd']),
    ).toEqual(['289.15625', '115.6625']);
    expect(answer.together_saving_per_month_usd).toBe('404.81875');
    expect(answer.notes).toContainEqual({
      code: 'combined',
      message:
        'savings on one line item multiply: the best of each lever come to $404.82 a month together, added up to $596.58; begin with what changes nothing, then what makes wait, then what changes answers',
    });
  });

  it('closes a gap by the smallest steps that reach it', async () => {
    // Batches of search save $152.19 and change no answer; what else there is is not needed.
    const { code, answer } = await ranked('--gap', '150');
    expect([code, answer.gap]).toEqual([
      0,
      {
        wanted_per_month_usd: '150',
        saving_per_month_usd: '152.1875',
        saving_low_per_month_usd: '152.1875',
        reached: true,
        short_per_month_usd: '0',
      },
    ]);
    expect(stepsOf(answer)).toEqual([['search', 'batch', null]]);
  });

  it('changes answers only when waiting does not reach the gap, and then by the smallest step', async () => {
    // All batches: half of $100, $40 and $25 are $251.11 a month. With oak-2 for search $75 + $20 + $12.50.
    const { answer } = await ranked('--gap', '300');
    expect(stepsOf(answer)).toEqual([
      ['search', 'batch', null],
      ['support', 'batch', null],
      ['triage', 'batch', null],
      ['search', 'downshift', 'oak-2'],
    ]);
    expect(answer.gap.saving_per_month_usd).toBe('327.203125');
    // The last step halves what batches have left: $25, not $50.
    expect(answer.gap_steps.at(-1).saving_per_month_usd).toBe('76.09375');
  });

  it('says by how much a gap cannot be closed, and exits 1', async () => {
    const { code, answer } = await ranked('--gap', '1000', '--floor', '0');
    // search $95, support $38; of oak-2 and oak-1 only batches are cheaper, since oak-1 does none: $12.50 and $0.50.
    expect(code).toBe(1);
    expect(answer.gap).toEqual({
      wanted_per_month_usd: '1000',
      saving_per_month_usd: '444.3875',
      saving_low_per_month_usd: '444.3875',
      reached: false,
      short_per_month_usd: '555.6125',
    });
    expect(answer.notes).toContainEqual({
      code: 'gap-not-reached',
      message:
        'the gap of $1,000.00 a month cannot be closed here: $444.39 can be saved, $555.61 stay',
    });
  });

  it('takes no work to wait that nobody has named', async () => {
    const other = desk();
    other.write('oak.yaml', CARD);
    other.write('aicost.yaml', 'rates: [oak.yaml]\n');
    other.write('calls.jsonl', jsonl(...calls('', 'oak-4', 2)));
    await other.ingest('calls.jsonl');
    const answer = JSON.parse(await other.must('whatif', 'rank', '--format', 'json', ...TEN_DAYS));
    expect(shown(answer).map(([feature, lever]) => [feature, lever])).toEqual([
      [null, 'downshift'],
      [null, 'downshift'],
    ]);
  });

  it('makes no month of less than a day', async () => {
    const hours = ['--period', '2026-11-01T09:00:00Z..2026-11-01T12:00:00Z'];
    const { code, err } = await here.aicost('whatif', 'rank', ...hours);
    expect([code, err]).toEqual([
      3,
      'aicost: less than a day of calls is in this selection, so that no month can be told\nChoose a longer --period; aicost report --by day shows what there is.\n',
    ]);
  });

  it('answers where no line item has a price', async () => {
    const { code, answer } = await ranked('--where', 'feature=nope');
    expect([code, answer.rows, answer.items]).toEqual([0, [], []]);
  });
});
