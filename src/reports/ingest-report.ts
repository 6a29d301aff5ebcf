import { counted } from '../domain/words.ts';
import type { Answer, Cell, Note } from './answer.ts';

/** What an ingest did, as counted while it ran. */
export interface IngestSummary {
  readonly files: number;
  readonly unchangedFiles: number;
  readonly records: number;
  readonly added: number;
  readonly duplicate: number;
  readonly completed: number;
  readonly skipped: ReadonlyMap<string, number>;
  readonly rejected: ReadonlyMap<string, number>;
  readonly unfinished: number;
  readonly foreignFiles: readonly string[];
}

const total = (reasons: ReadonlyMap<string, number>): number =>
  [...reasons.values()].reduce((sum, count) => sum + count, 0);

/** The summary of an ingest: what was read, and what became of it, by reason. */
export function ingestReport(summary: IngestSummary, ledger: string): Answer {
  const row = (outcome: string, reason: string, count: number): readonly Cell[] => [
    { kind: 'text', value: outcome },
    { kind: 'text', value: reason },
    { kind: 'count', value: BigInt(count) },
  ];
  const reasons = (
    outcome: string,
    found: ReadonlyMap<string, number>,
  ): readonly (readonly Cell[])[] =>
    [...found].sort(([, a], [, b]) => b - a).map(([reason, count]) => row(outcome, reason, count));
  return {
    schema: 'aicost.ingest/1',
    headline: `${counted(summary.files, 'file')}, ${counted(summary.records, 'record')} read into ${ledger}`,
    facts: {
      ledger,
      files: summary.files,
      files_unchanged: summary.unchangedFiles,
      records: summary.records,
      new: summary.added,
      duplicate: summary.duplicate,
      completed: summary.completed,
      skipped: total(summary.skipped),
      rejected: total(summary.rejected),
      unfinished: summary.unfinished,
    },
    tables: [
      {
        name: 'rows',
        columns: [
          { key: 'outcome', title: 'Outcome', yields: 0 },
          { key: 'reason', title: 'Reason', yields: 0, wraps: true },
          { key: 'count', title: 'Count', yields: 0 },
        ],
        rows: [
          row('new', 'added to the ledger', summary.added),
          row('duplicate', 'already there', summary.duplicate),
          ...(summary.completed === 0
            ? []
            : [row('completed', 'already there, now known more fully', summary.completed)]),
          ...reasons('skipped', summary.skipped),
          ...reasons('rejected', summary.rejected),
        ],
      },
    ],
    notes: ingestNotes(summary),
  };
}

const FILES_NAMED = 5;

/** What a reader of the numbers has to know about how they were read. */
export function ingestNotes(summary: IngestSummary): readonly Note[] {
  const found: Note[] = [];
  const rejected = total(summary.rejected);
  if (rejected > 0)
    found.push({
      code: 'rejected',
      message: `${counted(rejected, 'record')} could not be read; --rejects FILE lists each with its line`,
    });
  if (summary.unchangedFiles > 0)
    found.push({
      code: 'unchanged',
      message: `${counted(summary.unchangedFiles, 'file')} not read again: unchanged since the last time`,
    });
  if (summary.unfinished > 0)
    found.push({
      code: 'unfinished',
      message: `${counted(summary.unfinished, 'last line')} still being written; read next time`,
    });
  if (summary.foreignFiles.length > 0) {
    const named = summary.foreignFiles.slice(0, FILES_NAMED).join(', ');
    const more = summary.foreignFiles.length - FILES_NAMED;
    found.push({
      code: 'foreign-files',
      message: `no known format in ${named}${more > 0 ? ` and ${more} more` : ''}`,
    });
  }
  return found;
}
