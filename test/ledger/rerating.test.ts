import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import { call, desk, type Desk, jsonl, placeless } from '../support/fake-runtime.ts';
import { cardText } from '../support/ledgers.ts';

const CALLS = jsonl(
  call({ id: 'a1', provider: 'acme', model: 'anvil', input_tokens: 1_000_000, output_tokens: 0 }),
  call({ id: 'a2', provider: 'acme', model: 'anvil', input_tokens: 0, output_tokens: 1_000_000 }),
  call({ id: 'b1', provider: 'acme', model: 'bellows', input_tokens: 1_000_000, output_tokens: 0 }),
  call({
    id: 'o1',
    provider: 'openai',
    model: 'gpt-4o-mini',
    input_tokens: 1_000_000,
    output_tokens: 0,
  }),
);
const BEFORE = {
  anvil: { input: '1.00', output: '4.00' },
  bellows: { input: '2.00', output: '2.00' },
};
const AFTER = { ...BEFORE, anvil: { input: '1.50', output: '4.00' } };

let here: Desk;
let rates: string;
const price = (models: typeof BEFORE): void => writeFileSync(rates, cardText('acme', models));
const total = async (): Promise<string> =>
  JSON.parse(await here.must('report', '--rates', rates, '--format', 'json')).totals.cost_usd;
/** What the events of the ledger are besides their rates, straight from the table. */
const table = (): unknown => {
  const database = new Sqlite(here.ledger, { readonly: true });
  const rows = database.prepare('SELECT * FROM event ORDER BY id').all() as Record<
    string,
    unknown
  >[];
  database.close();
  return rows.map((row) => ({ ...row, rate_id: undefined }));
};
const spoil = (sql: string): void => {
  const database = new Sqlite(here.ledger);
  database.pragma('foreign_keys = OFF');
  database.exec(sql);
  database.close();
};

beforeEach(async () => {
  here = desk();
  rates = join(here.folder, 'acme.yaml');
  price(BEFORE);
  await here.must('ingest', '--rates', rates, here.write('a.jsonl', CALLS));
});

describe('a price that changes', () => {
  it('re-rates the calls of its model, and no other fact of any call', async () => {
    // 1 x 1.00 + 1 x 4.00 + 1 x 2.00, and gpt-4o-mini at 0.15.
    expect(await total()).toBe('7.15');
    const before = table();
    price(AFTER);
    const { out, err } = await here.aicost('report', '--rates', rates, '--format', 'json');
    expect(err).toMatch(/rate cards changed: 2 events of 1 \w+ re-rated/);
    expect(JSON.parse(out).totals.cost_usd).toBe('7.65');
    expect(table()).toEqual(before);
    await here.must('doctor', '--rates', rates);
  });

  it('is told once', async () => {
    price(AFTER);
    await here.must('report', '--rates', rates);
    expect((await here.aicost('report', '--rates', rates)).err).toBe('');
  });

  it('and changes back gives the ledger of before', async () => {
    const before = await here.must('export', 'events', '--rates', rates);
    price(AFTER);
    await here.must('report', '--rates', rates);
    price(BEFORE);
    expect(await here.must('export', 'events', '--rates', rates)).toBe(before);
  });

  it('a model that loses its card is unpriced and says so', async () => {
    price({ anvil: BEFORE.anvil } as typeof BEFORE);
    const { notes, totals } = JSON.parse(
      await here.must('report', '--rates', rates, '--format', 'json'),
    );
    expect(totals).toMatchObject({ cost_usd: '5.15', unrated_requests: 1 });
    expect(notes[1].message).toContain('acme has no price for model "bellows"');
  });

  it('a rebuild of everything changes no number', async () => {
    price(AFTER);
    const before = await here.must('export', 'events', '--rates', rates);
    const { code, err } = await here.aicost('doctor', '--rebuild', '--rates', rates);
    expect(code).toBe(0);
    expect(err).toContain('rebuilt rates and sums of 4 events');
    expect(await here.must('export', 'events', '--rates', rates)).toBe(before);
    expect(await total()).toBe('7.65');
  });

  it('a broken card ends with 2, names its line and touches nothing', async () => {
    const before = placeless(await here.events());
    writeFileSync(rates, cardText('acme', BEFORE).replace('input: 1.00', 'input: cheap'));
    const { code, err, out } = await here.aicost('report', '--rates', rates);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/acme\.yaml:\d+:\d+: /);
    price(BEFORE);
    expect(placeless(await here.events())).toEqual(before);
  });
});

describe('doctor', () => {
  it.each([
    ['a sum that is off', 'UPDATE cube SET input = input + 1 WHERE id = 1'],
    ['a sum that is gone', 'DELETE FROM cube WHERE id = 1'],
    [
      'a sum without events',
      "INSERT INTO cube SELECT 99, hour, sku_id, rate_id, tag_set_id, 'timeout', 1, 0, 0, 0, 0, 0, 0, 0, 0 FROM cube WHERE id = 1",
    ],
  ])('finds %s, names the remedy, and the remedy works', async (_, sql) => {
    spoil(sql);
    const { code, out } = await here.aicost('doctor', '--rates', rates);
    expect(code).toBe(1);
    expect(out).toMatch(/FAILED/);
    expect(out.replaceAll(/\s+/g, ' ')).toContain('aicost doctor --rebuild');
    expect((await here.aicost('doctor', '--rebuild', '--rates', rates)).code).toBe(0);
    expect(await total()).toBe('7.15');
  });

  it('finds counts that contradict themselves, and does not call them mended', async () => {
    spoil('UPDATE event SET reasoning = output + 1 WHERE id = 1');
    expect((await here.aicost('doctor', '--rebuild', '--rates', rates)).code).toBe(1);
  });
});
