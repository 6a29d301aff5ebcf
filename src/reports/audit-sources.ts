import { added, callsOf, NO_CALLS, type Sum, type TagCoverage } from '../domain/coverage.ts';
import { valuesOf } from '../domain/filter-match.ts';
import { judgedBy, judgeTags, tagNamed } from '../domain/required-tags.ts';
import type { Dimension } from '../domain/spend.ts';
import type { Cell, Table } from './answer.ts';
import {
  type AuditSection,
  type AuditSubject,
  callsText,
  costCell,
  countCell,
  dearestFirst,
  type Finding,
  textCell,
} from './audit-section.ts';

/** Where calls come from: what whoever has to tag them can be found by. */
const SOURCES: readonly { readonly kind: string; readonly dimension: Dimension }[] = [
  { kind: 'key', dimension: tagNamed('api_key') },
  { kind: 'service', dimension: tagNamed('service') },
  { kind: 'model', dimension: { kind: 'fact', name: 'model' } },
  { kind: 'format', dimension: { kind: 'fact', name: 'format' } },
];

/** Sources that are shown of a kind; the others are one row, so that nothing is left out. */
const MOST_OF_A_KIND = 5;

/** Spend that lacks a required tag, by where it comes from; the dearest sources first. */
export function sourcesSection(subject: AuditSubject, { together }: TagCoverage): AuditSection {
  // Asking takes longest of all where there are many customers, so it is left where nothing is missing.
  const asked = together.missing.requests === 0n ? [] : SOURCES;
  const found = asked.map(({ kind, dimension }) => ({
    kind,
    name: dimension.name,
    sources: untaggedBy(subject, dimension),
  }));
  // A log without keys or services would say of all of its spend that it has none.
  const telling = found.filter(({ sources }) => sources.some(({ value }) => value !== null));
  const table: Table = {
    name: 'sources',
    title: 'Where spend without required tags comes from',
    columns: [
      { key: 'kind', title: 'By', yields: 0 },
      { key: 'source', title: 'Source', yields: 0 },
      { key: 'lacks', title: 'Lacks', yields: 3, wraps: true },
      { key: 'missing_requests', title: 'Calls', yields: 1 },
      { key: 'missing_cost_usd', title: 'Spend', yields: 0 },
      { key: 'share', title: 'Of all untagged', yields: 2, bar: true },
    ],
    rows: telling.flatMap(({ kind, sources }) => rowsOf(kind, sources)),
    empty: 'Every call carries its required tags.',
  };
  return { name: 'sources', tables: [table], findings: worstOf(telling) };
}

interface Source {
  readonly value: string | null;
  readonly missing: Sum;
  /** Required tags that some of its calls lack. */
  readonly lacks: readonly string[];
}

function untaggedBy({ ask, policy }: AuditSubject, dimension: Dimension): readonly Source[] {
  const judged = judgedBy(policy);
  const by = [dimension, ...judged];
  const sources = new Map<string | null, Source>();
  for (const row of ask({ by }).rows) {
    const { missing } = judgeTags(policy, valuesOf(judged, row.key.slice(1)));
    if (missing.length === 0) continue;
    const value = row.key[0] ?? null;
    const before = sources.get(value) ?? { value, missing: NO_CALLS, lacks: [] };
    sources.set(value, {
      value,
      missing: added(before.missing, callsOf(row)),
      lacks: [...new Set([...before.lacks, ...missing])],
    });
  }
  return dearestFirst(
    [...sources.values()],
    ({ missing }) => missing,
    ({ value }) => value ?? '',
  );
}

function rowsOf(kind: string, sources: readonly Source[]): readonly (readonly Cell[])[] {
  const whole = sources.reduce((sum, { missing }) => added(sum, missing), NO_CALLS);
  const row = (source: Cell, lacks: readonly string[], missing: Sum): readonly Cell[] => [
    textCell(kind),
    source,
    textCell(lacks.join(', ')),
    countCell(missing.requests),
    costCell(missing),
    missing.unrated === missing.requests
      ? { kind: 'unknown' }
      : { kind: 'share', part: missing.cost, whole: whole.cost },
  ];
  const shown = sources.slice(0, MOST_OF_A_KIND);
  const rest = sources.slice(MOST_OF_A_KIND);
  return [
    ...shown.map(({ value, lacks, missing }) =>
      row(value === null ? { kind: 'absent', label: '(none)' } : textCell(value), lacks, missing),
    ),
    ...(rest.length === 0
      ? []
      : [
          row(
            textCell(`(${rest.length} more)`),
            [...new Set(rest.flatMap(({ lacks }) => lacks))],
            rest.reduce((sum, { missing }) => added(sum, missing), NO_CALLS),
          ),
        ]),
  ];
}

/** The one source that mending would help most, as the first kind that names it has it. */
function worstOf(
  found: readonly { readonly kind: string; readonly sources: readonly Source[] }[],
): readonly Finding[] {
  const named = found.flatMap(({ kind, sources }) =>
    sources.flatMap(({ value, ...source }) => (value === null ? [] : [{ kind, value, ...source }])),
  );
  const [first, ...others] = named;
  if (first === undefined) return [];
  const { kind, value, missing, lacks } = others.reduce(
    (worst, other) => (other.missing.cost > worst.missing.cost ? other : worst),
    first,
  );
  return [
    {
      code: 'untagged-source',
      message: `${callsText(missing)} of ${kind} ${value} without ${lacks.join(', ')}`,
      calls: missing,
      show: 'sources',
    },
  ];
}
