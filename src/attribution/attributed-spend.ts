import { dimensionNamed, fitsFilter } from '../domain/filter-text.ts';
import {
  type AskSpend,
  commonFirst,
  type Dimension,
  type Filter,
  type SpendAnswer,
  type SpendQuery,
  type SpendRow,
  sumOfCorrections,
  type UnratedReason,
} from '../domain/spend.ts';
import { ATTRIBUTION_SOURCES, SOURCE_DIMENSION } from '../domain/tag-rules.ts';
import type { Attribution } from './attribution.ts';
import { addReason, type FoldedRows, foldRows } from './folded-rows.ts';
import type { Found, RawValues } from './resolver.ts';
import { rowReader } from './row-reader.ts';
import { askByPieces, askPiece, type PieceAnswer, type TimePiece } from './time-pieces.ts';
import { inferBy, type Verdicts } from './verdicts.ts';

/**
 * Answers questions about spend as the rules attribute it, from what answers them as it was logged. A question
 * about a dimension that rules may change is asked by the raw ones they read, cut where rules begin and end, and
 * its rows are folded into those that were asked for: nothing is written, and every sum stays exact.
 */
export function attributedSpend(
  ask: AskSpend,
  attribution: Attribution,
  verdicts: Verdicts,
): AskSpend {
  return (query) => {
    const touched = touchedNames(query, attribution);
    if (touched.length === 0) return ask(query);
    const plan = planOf(query, touched, attribution);
    const folded = foldRows(query);
    const pieces = askByPieces(ask, plan.expanded, plan.cuts);
    const world = { ask, attribution, verdicts };
    for (const { piece, answer } of pieces)
      for (const row of attributedRows(piece, answer, plan, world)) folded.add(...row);
    const rows = folded.rows();
    return {
      ...whole(rows, pieces),
      rows: query.itemized === true ? rows : rows.map(withoutItems),
      undatedLeftOut: undatedLeftOut(pieces, plan, world),
    };
  };
}

function withoutItems(row: SpendRow): SpendRow {
  const { items: _, ...rest } = row;
  return rest;
}

/** How a question is asked of the ledger and answered for its asker. */
interface Plan {
  readonly query: SpendQuery;
  /** Grouped by all that decides, with the filters that no rule touches. */
  readonly expanded: SpendQuery;
  /** Filters on what rules may change. */
  readonly filters: readonly Filter[];
  /** What rules may change among the groups; among the filters where no group is. */
  readonly touched: readonly string[];
  /** Tags that may have to be inferred. */
  readonly inferred: readonly string[];
  readonly cuts: readonly number[];
}

interface World {
  readonly ask: AskSpend;
  readonly attribution: Attribution;
  readonly verdicts: Verdicts;
}

const touchedNames = ({ by, where }: SpendQuery, { touches }: Attribution): readonly string[] => [
  ...new Set(
    [...by, ...where.map(({ dimension }) => dimension)].flatMap(({ name }) =>
      touches(name) ? [name] : [],
    ),
  ),
];

function planOf(query: SpendQuery, all: readonly string[], attribution: Attribution): Plan {
  const isTouched = (dimension: Dimension): boolean => all.includes(dimension.name);
  const names = all.filter((name) => name !== SOURCE_DIMENSION);
  const plain = query.by.filter((dimension) => !isTouched(dimension));
  const raw = new Set(names.flatMap((name) => [...attribution.readsOf(name)]));
  const by = new Map([...plain, ...[...raw].map(dimensionNamed)].map((one) => [one.name, one]));
  const grouped = query.by.map(({ name }) => name).filter((name) => names.includes(name));
  return {
    query,
    expanded: {
      ...query,
      by: [...by.values()],
      where: query.where.filter(({ dimension }) => !isTouched(dimension)),
      itemized: true,
    },
    filters: query.where.filter(({ dimension }) => isTouched(dimension)),
    touched: grouped.length > 0 ? grouped : names,
    inferred: [...new Set(names.flatMap(attribution.inferredFor))],
    cuts: attribution.cutsOf(names),
  };
}

/** A row of the ledger as the rules see it: where it goes, and how sure that is when some of it was inferred. */
type AttributedRow = Parameters<FoldedRows['add']>;

/** The rows of a piece that pass the filters; those that lack a tag are asked again by what inference looks at. */
function attributedRows(
  piece: TimePiece,
  answer: SpendAnswer,
  plan: Plan,
  world: World,
): readonly AttributedRow[] {
  const { attribution, verdicts } = world;
  const { find } = attribution.at(piece.at);
  const read = rowReader(plan.expanded.by);
  const missing = new Set<string>();
  const rows: AttributedRow[] = [];
  for (const row of answer.rows) {
    const raw = read(row.key);
    const unknown = plan.inferred.filter((name) => find(name, raw) === undefined);
    for (const name of unknown) missing.add(name);
    if (unknown.length === 0) rows.push(...attributed(row, (name) => find(name, raw), plan));
  }
  if (missing.size === 0) return rows;
  const inferrable = inferrableRows(piece, plan, [...missing], world);
  for (const basis of attribution.rules.infer) {
    const values = new Set(inferrable.flatMap(({ raw }) => raw(basis) ?? []));
    verdicts.learn(basis, [...missing], values);
  }
  for (const { row, raw } of inferrable) {
    const infer = inferBy(attribution, verdicts, raw);
    rows.push(...attributed(row, (name) => find(name, raw, infer), plan));
  }
  return rows;
}

/**
 * The part of a piece that lacks a tag, grouped by run, session or key too. A call that lacks several is counted
 * with the first of them.
 */
function inferrableRows(
  piece: TimePiece,
  { expanded, inferred }: Plan,
  missing: readonly string[],
  { ask, attribution }: World,
): readonly { readonly row: SpendRow; readonly raw: RawValues }[] {
  const { find } = attribution.at(piece.at);
  const names = new Set([...expanded.by.map(({ name }) => name), ...attribution.rules.infer]);
  const by = [...names].map(dimensionNamed);
  const read = rowReader(by);
  const without = (name: string, negated: boolean): Filter => ({
    dimension: dimensionNamed(name),
    negated,
    pattern: '',
  });
  return missing.flatMap((name, index) => {
    const earlier = missing.slice(0, index).map((one) => without(one, true));
    const where = [...expanded.where, without(name, false), ...earlier];
    return askPiece(ask, { ...expanded, by, where }, piece)
      .rows.map((row) => ({ row, raw: read(row.key) }))
      .filter(({ raw }) => inferred.some((one) => find(one, raw) === undefined));
  });
}

/** A row under the key that was asked for; none when it does not pass the filters. */
function attributed(
  row: SpendRow,
  find: (name: string) => Found | undefined,
  { query, filters, touched }: Plan,
): readonly AttributedRow[] {
  const found = new Map(touched.map((name) => [name, find(name)]));
  const known = [...found.values()].filter((one) => one !== undefined);
  const source = ATTRIBUTION_SOURCES.findLast((one) => known.some((each) => each.source === one));
  const valueOf = ({ name }: Dimension): string | null => {
    if (name === SOURCE_DIMENSION) return source ?? null;
    return (found.has(name) ? found.get(name) : find(name))?.value ?? null;
  };
  if (!filters.every((filter) => fitsFilter(filter, valueOf(filter.dimension)))) return [];
  const shares = known.flatMap(({ certainty }) => certainty ?? []);
  return [
    [
      row,
      query.by.map(valueOf),
      shares.length === 0 ? undefined : BigInt(Math.min(...shares)) * row.requests,
    ],
  ];
}

/** What an answer says as a whole: of its own rows where these say it, of all pieces where they do not. */
function whole(
  rows: readonly SpendRow[],
  pieces: readonly PieceAnswer[],
): Omit<SpendAnswer, 'rows' | 'undatedLeftOut'> {
  const reasons = new Map<string, UnratedReason>();
  for (const { items } of rows)
    for (const reason of items?.reasons ?? []) addReason(reasons, reason);
  const cards = new Map(
    pieces.flatMap(({ answer }) =>
      answer.cards.map(
        (card) => [JSON.stringify([card.provider, card.closedMonth]), card] as const,
      ),
    ),
  );
  const months = (of: 'closed' | 'shared' | 'unfrozen'): readonly string[] =>
    [...new Set(pieces.flatMap(({ answer }) => answer.books[of]))].sort();
  return {
    unratedReasons: commonFirst([...reasons.values()]),
    cards: [...cards.values()],
    books: {
      closed: months('closed'),
      corrections: sumOfCorrections(rows.flatMap(({ items }) => items?.corrections ?? [])),
      shared: months('shared'),
      unfrozen: months('unfrozen'),
    },
  };
}

/** Requests without a time that the question would count, were its span without bounds. */
function undatedLeftOut(pieces: readonly PieceAnswer[], plan: Plan, world: World): bigint {
  const { start, end } = plan.query.span;
  const leftOut = pieces[0]?.answer.undatedLeftOut ?? 0n;
  if ((start === undefined && end === undefined) || leftOut === 0n) return 0n;
  if (plan.filters.length === 0) return leftOut;
  const undated: TimePiece = { kind: 'undated', at: undefined };
  const answer = askPiece(world.ask, plan.expanded, undated);
  return attributedRows(undated, answer, plan, world).reduce(
    (sum, [{ requests }]) => sum + requests,
    0n,
  );
}
