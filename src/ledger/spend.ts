import type { UsageTotals } from '../domain/meters.ts';
import { money } from '../domain/money.ts';
import { costAt } from '../domain/position.ts';
import { WEAK_STATUSES } from '../domain/rate-card.ts';
import {
  type Books,
  NO_SPEND,
  type SpendAnswer,
  type SpendQuery,
  type SpendRow,
} from '../domain/spend.ts';
import { firstDayOf, startOfLocalDay } from '../domain/time-zone.ts';
import { type BookPart, bookParts, liveBooks, monthsOf, trimmedParts } from './books.ts';
import { tallyBooks } from './books-tally.ts';
import { closedMonths } from './closed-months.ts';
import { countedRows, type CountRow, runRows } from './counted-rows.ts';
import type { Database } from './database.ts';
import { settleForQuestions } from './event-blocks.ts';
import { indexEvents } from './event-indexes.ts';
import { packedSums } from './packed-sums.ts';
import { openPositions, type Positions } from './positions.ts';
import { fromPicodollars } from './event-row.ts';
import { extentOf, extentOfEvents } from './extent.ts';
import { identifierKeys } from './identifier-tags.ts';
import {
  asksByCalls,
  asksForCalls,
  inWholeHours,
  spendSql,
  type Stretch,
  stretches,
} from './spend-sql.ts';
import type { Rollups } from './rollups.ts';
import { trim } from './trimmed-hours.ts';
import { LOST_RATE, parseRate, type StoredRate } from './stored-rate.ts';
import { usageOfSums } from './usage-sums.ts';
import { countUnpriced } from './unpriced.ts';

const HOUR_MS = 3_600_000;

/**
 * Answers a question about spend: SQL sums quantities by group and rate, the prices are applied here. Whole
 * hours are answered from the books, in which closed months stay as they were closed.
 */
export function answerSpend(
  database: Database,
  query: SpendQuery,
  { bringUpToDate, shortened }: Rollups,
): SpendAnswer {
  const parts = database.transaction(() => planOf(database, query).parts)();
  if (parts.some(({ source }) => source.kind === 'event')) {
    settleForQuestions(database);
    if ((query.span.start ?? query.span.end) !== undefined) indexEvents(database, 'time');
  }
  bringUpToDate(query, parts);
  // One transaction, so that nothing is closed or re-rated between two of its statements.
  return database.transaction((): SpendAnswer => {
    const { parts, books } = planOf(database, query);
    const answer = answerParts(database, query, shortened(query, parts));
    return {
      ...answer,
      undatedLeftOut: undatedLeftOut(database, query),
      books: { ...answer.books, ...books },
    };
  })();
}

/** Which tables answer a question, and what that leaves to say about closed months. */
interface Plan {
  readonly parts: readonly BookPart[];
  readonly books: Partial<Books>;
}

function planOf(database: Database, query: SpendQuery): Plan {
  const months = closedMonths(database);
  const identifiers = identifierKeys(database);
  const hourly = stretches(query, extentOf(database, months));
  // "Until now" ends within an hour: the books answer the hours before it, events the minutes.
  const trimmed = asksByCalls(query, identifiers) ? undefined : trim(hourly, query);
  if (trimmed !== undefined)
    return {
      parts: trimmedParts(database, trimmed, months),
      books: { unfrozen: monthsOf(trimmed.rests, months) },
    };
  if (!asksForCalls(query, identifiers) && inWholeHours(hourly))
    return { parts: bookParts(database, hourly, months), books: {} };
  return {
    parts: stretches(query, extentOfEvents(database)).map((stretch): BookPart => ({
      stretch,
      source: { kind: 'event' },
    })),
    books: liveBooks(database, query, months),
  };
}

/** Sums the parts of a question that one table each answers. */
export function answerParts(
  database: Database,
  query: SpendQuery,
  parts: readonly BookPart[],
): SpendAnswer {
  const rates = rateReader(database);
  const identifiers = identifierKeys(database);
  const groups = new Map<string, Group>();
  const unpriced = countUnpriced<Group>();
  const tally = tallyBooks<Group>(database);
  for (const part of parts) {
    const { stretch, source } = part;
    const sql = spendSql(query, part, identifiers);
    const { counts, extrasOf, keyOf, areOfOneGroup } = countedRows(
      database,
      sql,
      query.by.length,
      packedSums(database, query, part),
    );
    const startOf = stepStarts(stretch, query);
    let last: { readonly row: CountRow; readonly group: Group } | undefined;
    for (const row of counts) {
      const rate = rates(row.rate_id);
      // Rows of one group mostly follow each other.
      const group =
        last !== undefined && areOfOneGroup(row, last.row)
          ? last.group
          : groupFor(groups, keyOf(row), startOf(row.time_step), query);
      last = { row, group };
      const usage = usageOfSums(row, extrasOf(row));
      addTo(group, row, rate, usage);
      if (query.negotiated === true) group.positions.add(rate, usage, row.requests);
      unpriced.add(group, rate, row.requests);
      tally.add(group, source, rate, row.requests, usage);
    }
  }
  return {
    rows: [...groups.values()].map((group) => {
      const { positions, ...row } = { ...group, unrated: unpriced.of(group) };
      return {
        ...row,
        ...(query.negotiated === true && { negotiated: positions.total() }),
        ...(query.itemized === true && {
          items: { reasons: unpriced.reasonsOf(group), corrections: tally.correctionsOf(group) },
        }),
      };
    }),
    unratedReasons: unpriced.reasons(),
    undatedLeftOut: 0n,
    cards: tally.cards(),
    books: tally.books(parts),
  };
}

type Group = { -readonly [Name in keyof SpendRow]: SpendRow[Name] } & {
  readonly positions: Positions;
};

function groupFor(
  groups: Map<string, Group>,
  key: readonly (string | null)[],
  start: number | null,
  query: SpendQuery,
): Group {
  const step = query.grain === undefined ? undefined : start;
  const name = JSON.stringify([key, step]);
  const present = groups.get(name);
  if (present !== undefined) return present;
  const group: Group = {
    key,
    ...(step === undefined ? {} : { step }),
    ...NO_SPEND,
    positions: openPositions(),
  };
  groups.set(name, group);
  return group;
}

/**
 * The first instants of steps of time, milliseconds UTC; null for events without a time. Remembers them,
 * since many rows share a step and asking a zone is slow.
 */
function stepStarts(
  stretch: Stretch,
  { grain, timeZone }: SpendQuery,
): (step: bigint | null) => number | null {
  const known = new Map<bigint, number>();
  return (step) => {
    if (step === null || stretch.kind === 'undated' || grain === undefined) return null;
    if (grain === 'hour') return Number(step) * HOUR_MS - stretch.segment.offset;
    const start = known.get(step) ?? startOfLocalDay(timeZone, firstDayOf(grain, Number(step)));
    known.set(step, start);
    return start;
  };
}

function addTo(group: Group, row: CountRow, rate: StoredRate, usage: UsageTotals): void {
  group.requests += row.requests;
  group.input += row.input;
  group.output += row.output;
  // Every sum is a new bigint, and of thousands of rows most of these are nothing.
  if (row.errors !== 0n) group.errors += row.errors;
  if (row.cache_read !== 0n) group.cacheRead += row.cache_read;
  if (row.cache_write !== 0n) group.cacheWrite += row.cache_write;
  if (row.reasoning !== 0n) group.reasoning += row.reasoning;
  if (row.reported_requests !== 0n) group.reportedRequests += row.reported_requests;
  if (row.reported_micro !== 0n || row.reported_rest !== 0n) {
    const reported = fromPicodollars(row.reported_micro * 1_000_000n + row.reported_rest);
    group.reported = money(group.reported + reported);
  }
  if (rate.kind === 'unrated') group.unrated += row.requests;
  if (rate.kind !== 'rated') return;
  group.rated += row.requests;
  if (rate.lowerBound) group.lowerBound += row.requests;
  const cost = costAt(rate.prices, usage, row.requests);
  group.cost = money(group.cost + cost);
  group.list = money(group.list + cost);
  if (WEAK_STATUSES.includes(rate.status)) group.weaklyPriced = money(group.weaklyPriced + cost);
}

function rateReader(database: Database): (id: bigint) => StoredRate {
  const find = database.prepare<[bigint], { detail: string }>(
    'SELECT detail FROM rate WHERE id = ?',
  );
  // By number, since a map of bigints takes several times as long.
  const known = new Map<number, StoredRate>();
  return (id) => {
    const present = known.get(Number(id));
    if (present !== undefined) return present;
    const row = find.get(id);
    const rate = row === undefined ? LOST_RATE : parseRate(row.detail);
    known.set(Number(id), rate);
    return rate;
  };
}

/** Requests without a time that the query would count, were its span without bounds. */
function undatedLeftOut(database: Database, query: SpendQuery): bigint {
  const { start, end } = query.span;
  if (start === undefined && end === undefined) return 0n;
  const { grain: _, ...question } = { ...query, by: [], span: {} };
  const identifiers = identifierKeys(database);
  const source = { kind: asksForCalls(question, identifiers) ? 'event' : 'cube' } as const;
  const { counts } = spendSql(question, { stretch: { kind: 'undated' }, source }, identifiers);
  let requests = 0n;
  for (const row of runRows<CountRow>(database, counts)) requests += row.requests;
  return requests;
}
