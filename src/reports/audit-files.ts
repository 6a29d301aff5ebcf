import { added, NO_CALLS, type Sum } from '../domain/coverage.ts';
import type { ValueOf } from '../domain/filter-match.ts';
import { judgeTags, type TagPolicy } from '../domain/required-tags.ts';
import type { Table } from './answer.ts';
import { type AuditSection, costCell, countCell, dearestFirst, textCell } from './audit-section.ts';

/** A call with the place that it was read from and what rules make of its tags. */
export interface PlacedCall {
  /** As it is shown; null when the call came through a pipe. */
  readonly file: string | null;
  readonly line: number;
  readonly calls: Sum;
  readonly valueOf: ValueOf;
}

interface UntaggedFile {
  readonly file: string | null;
  /** The first line of it that lacks a tag. */
  readonly line: number;
  readonly lacks: ReadonlySet<string>;
  readonly missing: Sum;
}

/** Files whose calls lack required tags, the dearest first. Every call is looked at, one after another. */
export function filesSection(calls: Iterable<PlacedCall>, policy: TagPolicy): AuditSection {
  const files = new Map<string | null, UntaggedFile>();
  for (const { file, line, calls: sum, valueOf } of calls) {
    const { missing } = judgeTags(policy, valueOf);
    if (missing.length === 0) continue;
    const before = files.get(file);
    files.set(file, {
      file,
      line: Math.min(before?.line ?? line, line),
      lacks: new Set([...(before?.lacks ?? []), ...missing]),
      missing: added(before?.missing ?? NO_CALLS, sum),
    });
  }
  const dearest = dearestFirst(
    [...files.values()],
    ({ missing }) => missing,
    ({ file }) => file ?? '',
  );
  const table: Table = {
    name: 'files',
    title: 'Files with calls that lack required tags',
    columns: [
      { key: 'file', title: 'File', yields: 0, wraps: true },
      { key: 'first_line', title: 'First at', yields: 2 },
      { key: 'lacks', title: 'Lacks', yields: 3 },
      { key: 'missing_requests', title: 'Calls', yields: 1 },
      { key: 'missing_cost_usd', title: 'Spend', yields: 0 },
    ],
    rows: dearest.map(({ file, line, lacks, missing }) => [
      file === null ? { kind: 'absent', label: '(pipe)' } : textCell(file),
      countCell(BigInt(line)),
      textCell([...lacks].join(', ')),
      countCell(missing.requests),
      costCell(missing),
    ]),
    empty: 'Every call carries its required tags.',
  };
  return { name: 'files', tables: [table], findings: [] };
}
