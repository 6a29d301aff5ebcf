import type { BillLine } from '../../domain/bill.ts';

/** What one record of a bill turned into. A record that charges nothing says why not. */
export interface BillNormalized {
  readonly lines: readonly BillLine[];
  /** One reason per row left out on purpose: `empty bucket`, `sum over other rows`. */
  readonly skipped?: readonly string[];
}

/** Reads one bill format. Pure: sees one record at a time, touches no file, clock or ledger. */
export interface BillAdapter {
  /** Tells it from an adapter of usage: its lines are kept apart from usage. */
  readonly reads: 'bills';
  /** Equals the file name: what `--adapter` takes and what the ledger records. */
  readonly id: string;
  /** Producer and export, as `aicost ingest --list` lists it. */
  readonly title: string;
  /** Where the format is documented, and when that was last read. */
  readonly source: { readonly url: string; readonly checked: string };
  /**
   * For tables: every column that the format is known to have, in lower case, read or not; `x_*` stands
   * for all that begin so. A column outside is counted in the summary, since something may be lost.
   */
  readonly columns?: readonly string[];
  /** Whether this record is certainly in this format. Cheap: it is asked for every record of a mixed file. */
  recognizes(record: unknown): boolean;
  /** Throws DecodeError on a malformed record; the run goes on and counts it as rejected. */
  normalize(record: unknown): BillNormalized;
}

/** A record that charges nothing. */
export const skipRow = (reason: string): BillNormalized => ({ lines: [], skipped: [reason] });
