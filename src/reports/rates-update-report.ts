import { EVERY_CALL } from '../domain/price-lines.ts';
import { meterName } from '../domain/meters.ts';
import type { Proposal, TableComparison } from '../domain/price-proposals.ts';
import type { PriceTable } from '../domain/price-table.ts';
import { counted, grouped } from '../domain/words.ts';
import { type Answer, type Cell, type Note, optionalText as text, type Table } from './answer.ts';
import { priceText } from './explain-report.ts';

/** What a foreign price table was read from, what it was held against, and what was written. */
export interface UpdateOf {
  readonly file: string;
  readonly format: PriceTable['format'];
  /** `2026-11-22`. */
  readonly asOf: string;
  /** The folder of cards; `shipped` where there was none of the user's. */
  readonly into: string;
  /** Card files that were changed; absent when nothing was to be written. */
  readonly written?: readonly string[];
}

/** What a price table of somebody else says that the cards do not. */
export function ratesUpdateReport(of: UpdateOf, comparison: TableComparison): Answer {
  const { proposals, same, passedOver } = comparison;
  const count = (kind: Proposal['kind']): number =>
    proposals.filter((proposal) => proposal.kind === kind).length;
  const skipped = passedOver.reduce((total, { rows }) => total + rows, 0);
  return {
    schema: 'aicost.rates-update/1',
    headline: `${of.file} (${of.format}, as of ${of.asOf}) against ${of.into}: ${counted(count('new model'), 'new model')}, ${counted(count('changed'), 'model with a changed price', 'models with a changed price')}, ${counted(count('disagrees'), 'disagreement')}, ${grouped(count('doubtful'))} doubtful, ${grouped(count('by hand'))} by hand`,
    facts: {
      file: of.file,
      format: of.format,
      as_of: of.asOf,
      into: of.into,
      written: of.written ?? null,
      new_models: count('new model'),
      changed: count('changed'),
      disagreements: count('disagrees'),
      doubtful: count('doubtful'),
      by_hand: count('by hand'),
      same,
      passed_over_rows: skipped,
    },
    tables: [
      proposalsTable(proposals),
      ...[reasonsTable(proposals), passedOverTable(passedOver)].filter(
        ({ rows }) => rows.length > 0,
      ),
    ],
    notes: [...notesOf(of, comparison, count('new model') + count('changed'))],
  };
}

const ORDER: readonly Proposal['kind'][] = [
  'changed',
  'new model',
  'disagrees',
  'doubtful',
  'by hand',
];

const inOrder = (proposals: readonly Proposal[]): readonly Proposal[] =>
  [...proposals].sort(
    (a, b) =>
      ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) ||
      (`${a.provider}\0${a.model}` < `${b.provider}\0${b.model}` ? -1 : 1),
  );

// What is the same in every line is no news to people; the contract of programs stays.
const PROGRAMS = { only: 'programs' } as const;

/** Every price that differs; a proposal with nothing but doubts stands below only. */
function proposalsTable(proposals: readonly Proposal[]): Table {
  const isSame = new Set(proposals.map(({ provider }) => provider)).size <= 1;
  const tiered = proposals.some(({ differences }) =>
    differences.some(({ applies }) => applies !== EVERY_CALL),
  );
  return {
    name: 'rows',
    columns: [
      { key: 'proposal', title: 'Proposal', yields: 0, whole: true },
      { key: 'provider', title: 'Provider', yields: 3, ...(isSame ? PROGRAMS : {}) },
      { key: 'model', title: 'Model', yields: 0, wraps: true },
      {
        key: 'applies',
        title: 'Applies to',
        yields: 0,
        wraps: true,
        ...(tiered ? {} : PROGRAMS),
      },
      { key: 'meter', title: 'Meter', yields: 0, whole: true },
      { key: 'ours_usd_per_million', title: 'Card', yields: 0, whole: true },
      { key: 'theirs_usd_per_million', title: 'Table', yields: 0, whole: true },
      { key: 'change_ratio', title: 'Moves', yields: 1 },
      { key: 'held_from', title: 'Card from', yields: 4, ...PROGRAMS },
      { key: 'held_status', title: 'Card status', yields: 5, ...PROGRAMS },
    ],
    rows: inOrder(proposals).flatMap(({ kind, provider, model, held, differences }) =>
      differences.map(({ applies, meter, ours, theirs }): readonly Cell[] => [
        text(kind),
        text(provider),
        text(model),
        text(applies),
        text(meterName(meter)),
        ours === undefined ? { kind: 'unknown' } : text(priceText(ours)),
        text(priceText(theirs)),
        ours === undefined
          ? text(undefined)
          : { kind: 'change', from: ours.amount, to: theirs.amount },
        text(held?.fromText),
        text(held?.status),
      ]),
    ),
    empty: 'The table has no price that the cards have not.',
  };
}

/** Why what differs is not proposed. */
function reasonsTable(proposals: readonly Proposal[]): Table {
  return {
    name: 'not_proposed',
    title: 'Not proposed',
    columns: [
      { key: 'proposal', title: 'Proposal', yields: 1, whole: true },
      { key: 'provider', title: 'Provider', yields: 2 },
      { key: 'model', title: 'Model', yields: 0, wraps: true },
      { key: 'why', title: 'Why', yields: 0, wraps: true },
    ],
    rows: inOrder(proposals).flatMap(({ kind, provider, model, why }) =>
      why === undefined ? [] : [[text(kind), text(provider), text(model), text(why)]],
    ),
  };
}

function passedOverTable(passedOver: TableComparison['passedOver']): Table {
  return {
    name: 'passed_over',
    title: 'Rows of the table that were not compared',
    columns: [
      { key: 'provider', title: 'Provider', yields: 0 },
      { key: 'reason', title: 'Reason', yields: 0 },
      { key: 'rows', title: 'Rows', yields: 0 },
    ],
    rows: [...passedOver]
      .sort((a, b) => b.rows - a.rows || (a.provider + a.reason < b.provider + b.reason ? -1 : 1))
      .map(({ provider, reason, rows }) => [
        text(provider),
        text(reason),
        { kind: 'count', value: BigInt(rows) },
      ]),
  };
}

function* notesOf(
  { written, into }: UpdateOf,
  { same }: TableComparison,
  writable: number,
): Generator<Note> {
  yield {
    code: 'same',
    message: `${counted(same, 'model agrees', 'models agree')}, as far as the table goes`,
  };
  if (written !== undefined && written.length > 0)
    yield {
      code: 'written',
      message: `written to ${written.join(', ')}; look at the difference, then run aicost rates lint`,
    };
  else if (written !== undefined) yield { code: 'written', message: 'nothing to write' };
  else if (writable > 0)
    yield {
      code: 'not-written',
      message:
        into === 'shipped'
          ? 'nothing was written; name a folder of cards with --into to write there'
          : 'nothing was written; --write adds the new models and changed prices as rows of their own',
    };
}
