import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { call, desk, type Desk, jsonl, type World } from './fake-runtime.ts';
import { cardText } from './ledgers.ts';

/** Prices per million tokens, in and out, that every desk begins with. */
export const BEFORE = {
  anvil: { input: '1.00', output: '4.00' },
  bellows: { input: '2.00', output: '2.00' },
};
/** The same with a dearer input of anvil. */
export const AFTER = { ...BEFORE, anvil: { input: '1.50', output: '4.00' } };

/** A call of acme: 1 M in of anvil unless it says otherwise. */
export const acme = (id: string, time: string, more: Readonly<Record<string, unknown>> = {}) =>
  call({
    id,
    time,
    provider: 'acme',
    model: 'anvil',
    input_tokens: 1_000_000,
    output_tokens: 0,
    ...more,
  });

/** October: a1 1.00, a2 1 M out 4.00, b1 2.00: 7.00 in 3 requests. November: n1 1.00. */
export const CALLS = jsonl(
  acme('a1', '2026-10-05T10:00:00Z', { tags: { team: 'search' } }),
  acme('a2', '2026-10-20T10:30:00Z', { input_tokens: 0, output_tokens: 1_000_000 }),
  acme('b1', '2026-10-31T23:59:59Z', { model: 'bellows' }),
  acme('n1', '2026-11-10T08:00:00Z', { tags: { team: 'search', user: 'ana' } }),
);
/** A call of October that is not among CALLS: 1.00 at the old price. */
export const LATE = acme('late', '2026-10-05T10:20:00Z', { tags: { team: 'search' } });
/** Asks for October. */
export const OCTOBER = ['--period', '2026-10'];
/** Asks for November. */
export const NOVEMBER = ['--period', '2026-11'];

/** The desk of the test that runs. */
export let here: Desk;
/** Path of its card of acme. */
export let rates: string;
/** Writes the card and returns its digest. */
export const price = (
  models: Readonly<Record<string, { input: string; output: string }>>,
): string => {
  const text = cardText('acme', models);
  writeFileSync(rates, text);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
};
/** Runs a command under the card. */
export const must = (...argv: string[]): Promise<string> => here.must(...argv, '--rates', rates);
/** A report as JSON. */
export const report = async (...argv: string[]) =>
  JSON.parse(await must('report', '--format', 'json', ...argv));
/** What a report says of numbers, apart from which cards and months they come from. */
export const numbers = async (...argv: string[]): Promise<unknown> => {
  const { rows, totals } = await report(...argv);
  return { rows, totals };
};
/** The total cost of a report. */
export const cost = async (...argv: string[]): Promise<string> =>
  (await report(...argv)).totals.cost_usd;
/** Codes of the notes of a report. */
export const codes = ({ notes }: { notes: { code: string }[] }): string[] =>
  notes.map(({ code }) => code);
let files = 0;
/** Ingests records from a file of their own. */
export const ingest = (...records: unknown[]): Promise<string> => {
  files += 1;
  return must('ingest', here.write(`more-${files}.jsonl`, jsonl(...records)));
};
/** As `must`, at another time. */
export const at = async (now: string, ...argv: string[]): Promise<string> => {
  const world: World = { now: Date.parse(now) };
  const { code, out, err } = await here.aicostIn(world, ...argv, '--rates', rates);
  if (code !== 0) throw new Error(err);
  return out;
};
/** Changes the ledger behind the back of aicost. */
export const inLedger = (sql: string): void => {
  const database = new Sqlite(here.ledger);
  database.exec(sql);
  database.close();
};

/** Lays a desk with CALLS ingested. */
export async function layDesk(): Promise<void> {
  here = desk();
  rates = join(here.folder, 'acme.yaml');
  price(BEFORE);
  await must('ingest', here.write('a.jsonl', CALLS));
}
