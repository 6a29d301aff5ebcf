import type { Ledger } from '../ledger/ledger.ts';

/** What an ingest did, counted. Records are what files hold; events are what became of them. */
export interface IngestCounts {
  readonly files: number;
  /** Files that had not changed since they were read last. */
  readonly unchangedFiles: number;
  readonly records: number;
  readonly added: number;
  readonly duplicate: number;
  readonly completed: number;
  /** Of duplicate and completed, those that another file or format had told before. */
  readonly joined: number;
  readonly skipped: ReadonlyMap<string, number>;
  readonly rejected: ReadonlyMap<string, number>;
  /** Lines of bills, which are no usage: new, there already, replaced by a newer export. */
  readonly billLines: {
    readonly added: number;
    readonly duplicate: number;
    readonly replaced: number;
  };
  /** Columns of tables that their format does not know, as `format: column`. */
  readonly unknownColumns: readonly string[];
  /** Last lines that were still being written. */
  readonly unfinished: number;
  /** Files of a folder in which no known format was found. */
  readonly foreignFiles: readonly string[];
}

/** Counts as records go by. */
export interface IngestTally {
  readonly read: (records?: number) => void;
  readonly appended: (appended: ReturnType<Ledger['append']>) => void;
  readonly skipped: (reason: string, records?: number) => void;
  readonly rejected: (file: string, line: number, reason: string) => void;
  readonly unfinished: (lines?: number) => void;
  readonly unknownColumn: (format: string, column: string) => void;
  readonly fileDone: () => void;
  readonly fileUnchanged: () => void;
  readonly fileForeign: (file: string) => void;
  readonly progress: () => void;
  readonly counts: () => IngestCounts;
}

/** Where the tally tells what happens as it happens. */
export interface TallyListener {
  /** One rejected record, as `file:line: reason`. */
  readonly onRejected?: (line: string) => void;
  /** Called now and then with the counts so far. */
  readonly onProgress?: (counts: IngestCounts) => void;
}

/** Different reasons that are told apart; the rest is counted together. */
const REASONS = 50;

/** A tally that starts at nothing. */
export function createTally({ onRejected, onProgress }: TallyListener): IngestTally {
  const skipped = new Map<string, number>();
  const rejected = new Map<string, number>();
  const foreignFiles: string[] = [];
  const unknownColumns = new Set<string>();
  const billLines = { added: 0, duplicate: 0, replaced: 0 };
  const totals = {
    files: 0,
    unchangedFiles: 0,
    records: 0,
    added: 0,
    duplicate: 0,
    completed: 0,
    joined: 0,
    unfinished: 0,
  };
  const count = (reasons: Map<string, number>, reason: string, records: number): void => {
    const name = reasons.has(reason) || reasons.size < REASONS ? reason : 'other reasons';
    reasons.set(name, (reasons.get(name) ?? 0) + records);
  };
  const counts = (): IngestCounts => ({
    ...totals,
    billLines: { ...billLines },
    skipped,
    rejected,
    foreignFiles,
    unknownColumns: [...unknownColumns],
  });
  return {
    read: (records = 1) => void (totals.records += records),
    appended({ added, duplicate, completed, joined, bills }) {
      totals.added += added;
      totals.duplicate += duplicate;
      totals.completed += completed;
      totals.joined += joined;
      billLines.added += bills?.added ?? 0;
      billLines.duplicate += bills?.duplicate ?? 0;
      billLines.replaced += bills?.replaced ?? 0;
    },
    skipped: (reason, records = 1) => count(skipped, reason, records),
    rejected(file, line, reason) {
      // The value differs from record to record; the reason is what can be counted.
      count(rejected, reason.replace(/, found .*$/s, ''), 1);
      onRejected?.(`${file}:${line}: ${reason}`);
    },
    unfinished: (lines = 1) => void (totals.unfinished += lines),
    unknownColumn: (format, column) => void unknownColumns.add(`${format}: ${column}`),
    fileDone: () => void (totals.files += 1),
    fileUnchanged() {
      totals.files += 1;
      totals.unchangedFiles += 1;
    },
    fileForeign: (file) => void foreignFiles.push(file),
    progress: () => onProgress?.(counts()),
    counts,
  };
}

/**
 * The counts of two looks at the same sources, one after the other. A file that was read at both counts twice; a line
 * that was half written at the first is no longer, or is counted at the second.
 */
export function together(first: IngestCounts, second: IngestCounts): IngestCounts {
  const reasons = (one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>) => {
    const sums = new Map(one);
    for (const [reason, count] of other) sums.set(reason, (sums.get(reason) ?? 0) + count);
    return sums;
  };
  return {
    files: first.files + second.files,
    unchangedFiles: first.unchangedFiles + second.unchangedFiles,
    records: first.records + second.records,
    added: first.added + second.added,
    duplicate: first.duplicate + second.duplicate,
    completed: first.completed + second.completed,
    joined: first.joined + second.joined,
    billLines: {
      added: first.billLines.added + second.billLines.added,
      duplicate: first.billLines.duplicate + second.billLines.duplicate,
      replaced: first.billLines.replaced + second.billLines.replaced,
    },
    skipped: reasons(first.skipped, second.skipped),
    rejected: reasons(first.rejected, second.rejected),
    unknownColumns: [...new Set([...first.unknownColumns, ...second.unknownColumns])],
    unfinished: second.unfinished,
    foreignFiles: [...new Set([...first.foreignFiles, ...second.foreignFiles])],
  };
}
