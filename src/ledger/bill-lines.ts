import {
  amountText,
  type BillLine,
  CHARGE_CATEGORIES,
  type ChargeCategory,
  parseAmount,
  type TokenType,
} from '../domain/bill.ts';
import type { Decimal } from '../domain/money.ts';
import type { Database } from './database.ts';

/** A line of a bill with the place it was read from and the key that makes it one line. */
export interface IncomingBillLine {
  readonly line: BillLine;
  /** The line's own id, or a hash of its record. */
  readonly key: string;
  /** The adapter that read it. */
  readonly format: string;
  readonly fileId: number | null;
  readonly lineNumber: number;
}

/** What became of the bill lines of a batch. */
export interface BillLinesAppended {
  readonly added: number;
  readonly duplicate: number;
  /** There under the same id; the newer export of the bill says otherwise and holds. */
  readonly replaced: number;
}

/** A line of a bill as the ledger holds it. */
export interface StoredBillLine {
  readonly key: string;
  readonly line: BillLine;
  readonly format: string;
  /** Absolute path of the source file; null when it came through a pipe. */
  readonly file: string | null;
  readonly lineNumber: number;
}

const COLUMNS = [
  'own_id',
  'format',
  'start_ms',
  'end_ms',
  'provider',
  'account',
  'service',
  'description',
  'sku',
  'meter',
  'resource',
  'category',
  'currency',
  'billed',
  'effective',
  'list',
  'contracted',
  'quantity',
  'unit',
  'tokens',
  'model',
  'token_type',
  'tags',
  'labels',
  'flags',
  'ai_kept',
  'ai_reason',
] as const;

type Value = string | number | null;

const text = (amount: Decimal | undefined): string | null =>
  amount === undefined ? null : amountText(amount);

const rowOf = ({ line, format }: IncomingBillLine): readonly Value[] => [
  line.id ?? null,
  format,
  line.start,
  line.end,
  line.provider,
  line.account ?? null,
  line.service ?? null,
  line.description ?? null,
  line.sku ?? null,
  line.meter ?? null,
  line.resource ?? null,
  line.category,
  line.currency,
  amountText(line.billed),
  text(line.effective),
  text(line.list),
  text(line.contracted),
  text(line.quantity),
  line.unit ?? null,
  line.tokens ?? null,
  line.model ?? null,
  line.tokenType ?? null,
  JSON.stringify(line.tags),
  JSON.stringify(line.labels),
  JSON.stringify(line.flags),
  line.ai.kept ? 1 : 0,
  line.ai.reason,
];

/** Adds bill lines inside the caller's transaction. A line that is there is never added again. */
export function openBillLines(
  database: Database,
): (lines: readonly IncomingBillLine[]) => BillLinesAppended {
  const all = [...COLUMNS, 'key', 'file_id', 'line'];
  const insert = database.prepare(
    `INSERT OR IGNORE INTO bill_line (${all.join(', ')}) VALUES (${all.map(() => '?').join(', ')})`,
  );
  // IS NOT also tells a value from NULL.
  const update = database.prepare(
    `UPDATE bill_line SET ${[...COLUMNS, 'file_id', 'line'].map((name) => `${name} = ?`).join(', ')}
     WHERE key = ? AND (${COLUMNS.map((name) => `${name} IS NOT ?`).join(' OR ')})`,
  );
  return (lines) => {
    const counts = { added: 0, duplicate: 0, replaced: 0 };
    for (const incoming of lines) {
      const row = rowOf(incoming);
      const { key, fileId, lineNumber } = incoming;
      if (insert.run(...row, key, fileId, lineNumber).changes === 1) counts.added += 1;
      else if (update.run(...row, fileId, lineNumber, key, ...row).changes === 1)
        counts.replaced += 1;
      else counts.duplicate += 1;
    }
    return counts;
  };
}

type StoredRow = Readonly<
  Record<
    | 'key'
    | 'format'
    | 'provider'
    | 'category'
    | 'currency'
    | 'billed'
    | 'tags'
    | 'labels'
    | 'flags',
    string
  >
> &
  Readonly<
    Record<
      | 'own_id'
      | 'account'
      | 'service'
      | 'description'
      | 'sku'
      | 'meter'
      | 'resource'
      | 'effective'
      | 'list'
      | 'contracted'
      | 'quantity'
      | 'unit'
      | 'model'
      | 'token_type'
      | 'path',
      string | null
    >
  > & {
    readonly start_ms: number;
    readonly end_ms: number;
    readonly tokens: number | null;
    readonly ai_kept: number;
    readonly ai_reason: string;
    readonly line: number;
  };

/** Which bill lines: those whose charge period begins in the span, milliseconds UTC, half-open. */
export interface BillSpan {
  readonly start?: number;
  readonly end?: number;
}

/** The bill lines of a span in the order of time; equal times by place, so that the order of ingest is no matter. */
export function* readBillLines(database: Database, span: BillSpan): Generator<StoredBillLine> {
  const rows = database
    .prepare<[number, number], StoredRow>(
      `SELECT bill_line.*, source_file.path AS path FROM bill_line
       LEFT JOIN source_file ON source_file.id = bill_line.file_id
       WHERE start_ms >= ? AND start_ms < ? ORDER BY start_ms, path, line, bill_line.key`,
    )
    .iterate(span.start ?? Number.MIN_SAFE_INTEGER, span.end ?? Number.MAX_SAFE_INTEGER);
  for (const row of rows)
    yield {
      key: row.key,
      line: lineFrom(row),
      format: row.format,
      file: row.path,
      lineNumber: row.line,
    };
}

const lineFrom = (row: StoredRow): BillLine => ({
  id: row.own_id ?? undefined,
  start: row.start_ms,
  end: row.end_ms,
  provider: row.provider,
  account: row.account ?? undefined,
  service: row.service ?? undefined,
  description: row.description ?? undefined,
  sku: row.sku ?? undefined,
  meter: row.meter ?? undefined,
  resource: row.resource ?? undefined,
  category: categoryFrom(row.category),
  currency: row.currency,
  billed: amountFrom(row.billed) ?? damaged(row, 'billed'),
  effective: amountFrom(row.effective),
  list: amountFrom(row.list),
  contracted: amountFrom(row.contracted),
  quantity: amountFrom(row.quantity),
  unit: row.unit ?? undefined,
  tokens: row.tokens ?? undefined,
  model: row.model ?? undefined,
  tokenType: row.token_type === null ? undefined : (row.token_type as TokenType),
  tags: JSON.parse(row.tags) as Record<string, string>,
  labels: JSON.parse(row.labels) as string[],
  flags: JSON.parse(row.flags) as string[],
  ai: { kept: row.ai_kept === 1, reason: row.ai_reason },
});

const amountFrom = (stored: string | null): Decimal | undefined =>
  stored === null ? undefined : parseAmount(stored);

const categoryFrom = (stored: string): ChargeCategory =>
  CHARGE_CATEGORIES.find((known) => known === stored) ?? 'Adjustment';

const damaged = ({ key }: StoredRow, column: string): never => {
  throw new Error(`bill line ${key} has no readable ${column}`);
};
