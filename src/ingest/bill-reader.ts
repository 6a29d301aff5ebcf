import type { BillAdapter } from '../adapters/bills-contract/bill-adapter.ts';
import { DecodeError } from '../adapters/contract/decode-error.ts';
import type { BillLine } from '../domain/bill.ts';
import type { IncomingBillLine } from '../ledger/bill-lines.ts';
import type { ReadingTally } from './noted-counts.ts';
import type { RecordKeys } from './record-key.ts';
import { withoutSecrets } from './secrets.ts';

/** Where a bill's record stands. */
export interface BillRecord {
  readonly value: unknown;
  /** The record's own text, for the identity of lines that carry no id. */
  readonly text: string;
  readonly line: number;
}

/** Turns the records of bills in one source into lines, which wait until the source's next commit. */
export interface BillReader {
  readonly read: (adapter: BillAdapter, record: BillRecord) => Promise<void>;
  /** How many lines are waiting. */
  readonly waiting: () => number;
  /** The lines read since the last time. */
  readonly take: () => readonly IncomingBillLine[];
}

/** A reader for one source. `keys` counts equal records, so that two equal rows of a file are two lines. */
export function createBillReader(
  source: { readonly shownAs: string; readonly fileId: number | null },
  tags: Readonly<Record<string, string>>,
  tally: ReadingTally,
  keys: () => Promise<RecordKeys>,
): BillReader {
  let lines: IncomingBillLine[] = [];
  return {
    async read(adapter, { value, text, line: lineNumber }) {
      try {
        const found = adapter.normalize(value);
        const wrong = found.lines.map(implausibleLine).find((reason) => reason !== undefined);
        if (wrong !== undefined) throw new DecodeError('bill', wrong, undefined);
        for (const reason of found.skipped ?? []) tally.skipped(reason);
        let textKey: string | undefined;
        for (const [index, line] of found.lines.entries()) {
          const { part } = line;
          const kept = scrubbedLine({ ...line, tags: { ...tags, ...line.tags } });
          if (line.id === undefined && part === undefined) textKey ??= (await keys()).keyOf(text);
          const hashed =
            part === undefined
              ? `${textKey}${index === 0 ? '' : `/${index + 1}`}`
              : (await keys()).keyOf(part);
          lines.push({
            line: kept,
            key: `${adapter.id}:${kept.id ?? hashed}`,
            format: adapter.id,
            fileId: source.fileId,
            lineNumber,
          });
        }
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        tally.rejected(source.shownAs, lineNumber, withoutSecrets(error.message));
      }
    },
    waiting: () => lines.length,
    take() {
      const taken = lines;
      lines = [];
      return taken;
    },
  };
}

const FIRST = Date.UTC(2000, 0, 1);
const LAST = Date.UTC(2100, 0, 1);

/** What a line would have to be to be believed, or `undefined` when it can be. */
function implausibleLine({ start, end, currency }: BillLine): string | undefined {
  if (!(start >= FIRST && end <= LAST)) return 'a charge period from 2000 to 2099';
  if (end < start) return 'a charge period that ends after it begins';
  if (!/^[A-Z]{3}$/.test(currency)) return 'a currency of three letters';
  return undefined;
}

/** The line with no credential in any text that is kept. */
function scrubbedLine(line: BillLine): BillLine {
  const clean = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : withoutSecrets(text);
  return {
    ...line,
    id: clean(line.id),
    account: clean(line.account),
    service: clean(line.service),
    description: clean(line.description),
    sku: clean(line.sku),
    meter: clean(line.meter),
    resource: clean(line.resource),
    model: clean(line.model),
    tags: Object.fromEntries(
      Object.entries(line.tags).map(([key, value]) => [withoutSecrets(key), withoutSecrets(value)]),
    ),
    labels: line.labels.map(withoutSecrets),
    ai: { ...line.ai, reason: withoutSecrets(line.ai.reason) },
  };
}
