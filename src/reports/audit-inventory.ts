import { added, NO_CALLS, type Sum } from '../domain/coverage.ts';
import { distinctDimensions } from '../domain/filter-match.ts';
import { seenDays } from '../domain/first-seen.ts';
import { type Holding, holdings, ownedBy } from '../domain/ownership.ts';
import { tagNamed } from '../domain/required-tags.ts';
import type { Dimension } from '../domain/spend.ts';
import { counted } from '../domain/words.ts';
import type { Cell, Table } from './answer.ts';
import {
  type AuditSection,
  type AuditSubject,
  costCell,
  countCell,
  dayCell,
  dearestFirst,
  type Finding,
  textCell,
} from './audit-section.ts';

/** What an inventory lists: everything that somebody has to answer for. */
const INVENTORIED: readonly { readonly kind: string; readonly dimension: Dimension }[] = [
  { kind: 'key', dimension: tagNamed('api_key') },
  { kind: 'model', dimension: { kind: 'fact', name: 'model' } },
  { kind: 'project', dimension: tagNamed('project') },
  { kind: 'service', dimension: tagNamed('service') },
];

/**
 * Keys, models, projects and services with who answers for them; `ownerlessOnly` leaves out what has an owner,
 * `most` are listed of a kind before the rest is one row.
 */
export function inventorySection(
  subject: AuditSubject,
  ownerlessOnly: boolean,
  most: number,
): AuditSection {
  const listed = INVENTORIED.map(({ kind, dimension }) => listedOf(subject, kind, dimension));
  const table: Table = {
    name: 'inventory',
    title: ownerlessOnly ? 'Without an owner' : 'Inventory, with who answers for it',
    columns: [
      { key: 'kind', title: 'Kind', yields: 0 },
      { key: 'name', title: 'Name', yields: 0 },
      { key: 'owner', title: 'Owner', yields: 0 },
      { key: 'first_seen', title: 'First', yields: 3, whole: true },
      { key: 'last_seen', title: 'Last', yields: 5, whole: true },
      { key: 'requests', title: 'Calls', yields: 4 },
      { key: 'cost_usd', title: 'Spend', yields: 1 },
      { key: 'ownerless_cost_usd', title: 'Without owner', yields: 2 },
    ],
    rows: listed.flatMap(({ kind, rows }) =>
      shortened(
        kind,
        rows.filter(({ ownerless }) => !ownerlessOnly || ownerless),
        most,
      ),
    ),
    empty: ownerlessOnly ? 'Everything has an owner.' : 'No calls.',
  };
  return { name: 'inventory', tables: [table], findings: ownerFindings(subject, listed) };
}

interface Listed {
  readonly kind: string;
  readonly rows: readonly {
    readonly holding: Holding;
    readonly ownerless: boolean;
    readonly cells: readonly Cell[];
  }[];
}

function shortened(kind: string, rows: Listed['rows'], most: number): readonly (readonly Cell[])[] {
  const rest = rows.slice(most);
  const shown = rows.slice(0, most).map(({ cells }) => cells);
  if (rest.length === 0) return shown;
  const sum = (of: (holding: Holding) => Sum): Sum =>
    rest.reduce((total, { holding }) => added(total, of(holding)), NO_CALLS);
  const calls = sum((holding) => holding.calls);
  return [
    ...shown,
    [
      textCell(kind),
      textCell(`(${rest.length} more)`),
      textCell(''),
      textCell(''),
      textCell(''),
      countCell(calls.requests),
      costCell(calls),
      costCell(sum((holding) => holding.ownerless)),
    ],
  ];
}

function listedOf(subject: AuditSubject, kind: string, dimension: Dimension): Listed {
  const { ask, owners, timeZone } = subject;
  const by = distinctDimensions([dimension, ...ownedBy(owners)]);
  const seen = seenDays(ask({ by: [dimension], grain: 'day', span: {} }).rows);
  const found = dearestFirst(
    holdings(ask({ by }).rows, by, dimension, owners),
    ({ calls }) => calls,
    ({ value }) => value,
  );
  const rows = found.map((holding) => ({
    holding,
    ownerless: holding.ownerless.requests > 0n,
    cells: [
      textCell(kind),
      textCell(holding.value),
      ownerCell(holding),
      dayCell(seen.get(holding.value)?.first, timeZone),
      dayCell(seen.get(holding.value)?.last, timeZone),
      countCell(holding.calls.requests),
      costCell(holding.calls),
      costCell(holding.ownerless),
    ],
  }));
  return { kind, rows };
}

const ownerCell = ({ owners }: Holding): Cell =>
  owners.length === 0
    ? { kind: 'absent', label: '(nobody)' }
    : { kind: 'text', value: owners.join(', ') };

function ownerFindings({ owners }: AuditSubject, listed: readonly Listed[]): readonly Finding[] {
  const keys = listed.find(({ kind }) => kind === 'key')?.rows ?? [];
  const unowned = keys.filter(({ ownerless }) => ownerless).map(({ holding }) => holding);
  const calls = unowned.reduce((sum, { ownerless }) => added(sum, ownerless), NO_CALLS);
  if (owners.length === 0) {
    const models = listed.find(({ kind }) => kind === 'model')?.rows ?? [];
    const all = models.reduce((sum, { holding }) => added(sum, holding.calls), NO_CALLS);
    if (all.requests === 0n) return [];
    return [
      {
        code: 'no-owners',
        message:
          'aicost.yaml names no owners, so nobody answers for any of it; aicost init writes lines to fill in',
        calls: all,
        show: 'inventory',
      },
    ];
  }
  const [dearest] = unowned;
  if (dearest === undefined) return [];
  return [
    {
      code: 'key-without-owner',
      message: `${counted(unowned.length, 'key has', 'keys have')} calls without an owner, the dearest ${dearest.value}`,
      calls,
      show: 'inventory',
    },
  ];
}
