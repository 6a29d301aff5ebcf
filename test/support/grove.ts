import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { desk, type Desk } from './fake-runtime.ts';

const TABLES = join(import.meta.dirname, '../fixtures/price-tables');
/** The card of acorn that tables are held against. */
export const CARD = readFileSync(join(TABLES, 'acorn.yaml'), 'utf8');
/** Path of a fixture table. */
export const table = (name: string): string => join(TABLES, name);

/** A desk with a folder rates/ that holds the card of acorn. */
export function grove(card = CARD): Desk {
  const here = desk();
  mkdirSync(join(here.folder, 'rates'));
  here.write('rates/acorn.yaml', card);
  return here;
}

interface Row {
  readonly proposal: string;
  readonly model: string;
  readonly applies: string;
  readonly meter: string;
  readonly ours_usd_per_million: string | null;
  readonly theirs_usd_per_million: string;
  readonly change_ratio: number | null;
  readonly held_from: string | null;
  readonly held_status: string | null;
}

/** What `aicost rates update` says: the whole answer, and its rows in a few words each. */
export async function updateFrom(here: Desk, name: string, ...argv: string[]) {
  const answer = JSON.parse(
    await here.must('rates', 'update', '--from', table(name), '--format', 'json', ...argv),
  );
  const rows: readonly Row[] = answer.rows;
  const said = rows.map((row) =>
    [
      row.proposal,
      row.model,
      row.applies === undefined || row.applies === 'every call' ? undefined : row.applies,
      row.meter,
      row.ours_usd_per_million ?? '-',
      row.theirs_usd_per_million,
    ]
      .filter((part) => part !== undefined && part !== null)
      .join(' '),
  );
  return { answer, rows, said };
}

/** The card on a desk as it is now. */
export const cardOf = (here: Desk): string =>
  readFileSync(join(here.folder, 'rates/acorn.yaml'), 'utf8');
