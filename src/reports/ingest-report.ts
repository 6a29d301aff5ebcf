import { counted } from '../domain/words.ts';
import type { Correction } from '../domain/spend.ts';
import type { Answer, Cell, Note } from './answer.ts';
import { correctionFacts, correctionNotes } from './books-notes.ts';

/** What an ingest did, as counted while it ran. */
export interface IngestSummary {
  readonly files: number;
  readonly unchangedFiles: number;
  readonly records: number;
  readonly added: number;
  readonly duplicate: number;
  readonly completed: number;
  readonly joined: number;
  /** Lines of bills, which are kept apart from usage. */
  readonly billLines: {
    readonly added: number;
    readonly duplicate: number;
    readonly replaced: number;
  };
  readonly skipped: ReadonlyMap<string, number>;
  readonly rejected: ReadonlyMap<string, number>;
  readonly unknownColumns: readonly string[];
  readonly unfinished: number;
  readonly foreignFiles: readonly string[];
  /** What it changed in closed months; none when left out. */
  readonly corrections?: readonly Correction[];
  /** Tags that turned out to be identifiers; none when left out. */
  readonly identifiers?: readonly FoundIdentifier[];
}

/** A tag that is kept with each call from now on; `seen` is null where aicost.yaml asked for it. */
interface FoundIdentifier {
  readonly key: string;
  readonly seen: { readonly values: number; readonly requests: number } | null;
}

const total = (reasons: ReadonlyMap<string, number>): number =>
  [...reasons.values()].reduce((sum, count) => sum + count, 0);

/** A folder of a coding agent that was found. */
interface FoundAgent {
  readonly agent: string;
  readonly path: string;
}

/** The summary of an ingest: what was read, and what became of it, by reason. */
export function ingestReport(
  summary: IngestSummary,
  ledger: string,
  agents: readonly FoundAgent[] = [],
): Answer {
  const bills = summary.billLines;
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
      joined: summary.joined,
      bill_lines: { new: bills.added, duplicate: bills.duplicate, replaced: bills.replaced },
      skipped: total(summary.skipped),
      rejected: total(summary.rejected),
      unknown_columns: summary.unknownColumns,
      unfinished: summary.unfinished,
      identifiers: (summary.identifiers ?? []).map(({ key }) => key),
      corrections: correctionFacts(summary.corrections ?? [], 'list'),
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
          ...billRows(bills, row),
          ...reasons('skipped', summary.skipped),
          ...reasons('rejected', summary.rejected),
        ],
      },
    ],
    notes: [...agentNotes(agents), ...ingestNotes(summary)],
  };
}

const agentNotes = (agents: readonly FoundAgent[]): readonly Note[] =>
  agents.map(({ agent, path }) => ({ code: 'agent', message: `found ${agent}: ${path}` }));

/** What became of lines of bills; no row when there was none. */
const billRows = (
  { added, duplicate, replaced }: IngestSummary['billLines'],
  row: (outcome: string, reason: string, count: number) => readonly Cell[],
): readonly (readonly Cell[])[] =>
  [
    row('bill line', 'added to the ledger, apart from usage', added),
    row('bill line', 'already there', duplicate),
    row('bill line', 'replaced by this newer export', replaced),
  ].filter((_, index) => [added, duplicate, replaced][index] !== 0);

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
  if (summary.joined > 0)
    found.push({
      code: 'joined',
      message: `${counted(summary.joined, 'record')} joined an event that another file or format had told`,
    });
  if (summary.unknownColumns.length > 0)
    found.push({
      code: 'unknown-columns',
      message: `${counted(summary.unknownColumns.length, 'column')} not known and not read: ${listed(summary.unknownColumns)}`,
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
    found.push({
      code: 'foreign-files',
      message: `no known format in ${listed(summary.foreignFiles)}`,
    });
  }
  return [
    ...found,
    ...identifierNotes(summary.identifiers ?? []),
    ...correctionNotes(summary.corrections ?? []),
  ];
}

const identifierNotes = (identifiers: readonly FoundIdentifier[]): readonly Note[] =>
  identifiers.map(({ key, seen }) => ({
    code: 'identifier-tag',
    message:
      `tag "${key}" ${seen === null ? 'is an identifier, as aicost.yaml says' : `is an identifier: ${counted(seen.values, 'value')} in ${counted(seen.requests, 'request')}`}; ` +
      `it is kept with each call, so that --where ${key}=..., explain, export and --by ${key} still find it, the last by reading every call`,
  }));

/** The first few of a list, and how many more there are. */
function listed(names: readonly string[]): string {
  const more = names.length - FILES_NAMED;
  return `${names.slice(0, FILES_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
