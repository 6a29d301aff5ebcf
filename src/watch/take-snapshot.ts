import { money, type Money } from '../domain/money.ts';
import type { Dimension, Filter, SpendAnswer, SpendQuery } from '../domain/spend.ts';
import { alarmsOf, type Tagging } from './alarms.ts';
import { type Amount, amountOf, NOTHING, total } from './amount.ts';
import type { FailingRuns } from './failing-runs.ts';
import type { Pace } from './pace.ts';
import type {
  HourAmount,
  Inside,
  LatestCall,
  Snapshot,
  TopRow,
  Wanted,
  WatchedDimension,
} from './snapshot.ts';
import { HOUR_MS, monthEndAt, spanAt } from './spans.ts';
import { type Usual, usualAt } from './usual.ts';

/** What the screen asks. All of it is answered by the ledger that the followed files go into. */
export interface Questions {
  readonly spend: (query: SpendQuery) => SpendAnswer;
  /** The calls that came last, newest first. */
  readonly latest: (limit: number) => readonly LatestCall[];
  /** The dearest calls of a selection. */
  readonly dearest: (
    start: number,
    where: readonly Filter[],
    limit: number,
  ) => readonly LatestCall[];
  /** The first instant that the ledger knows of; `undefined` while it is empty. */
  readonly first: () => number | undefined;
  readonly failing: FailingRuns;
  readonly pace: Pace;
}

/** Hours of the curve. */
const CURVE_HOURS = 24;
/** Calls that are kept for the screen; more than any screen shows. */
const CALLS = 100;
const INSIDE_ROWS = 50;
const DEAREST = 20;
const DAY_MS = 24 * HOUR_MS;
/** The tag whose absence is told. */
const OWNER_TAG = 'feature';

const dimensionOf = (name: WatchedDimension): Dimension =>
  name === 'model' ? { kind: 'fact', name } : { kind: 'tag', name };

/** Asks the ledger all that the screen shows. What is not asked for by `wanted` costs nothing. */
export function takeSnapshot(
  wanted: Wanted,
  { spend, latest, dearest, first, failing, pace }: Questions,
  { now, timeZone }: { readonly now: number; readonly timeZone: string },
): Snapshot {
  const ask = (start: number, by: readonly Dimension[], more: Partial<SpendQuery> = {}) =>
    spend({ span: { start }, by, timeZone, where: [], ...more });
  const sum = (start: number, more: Partial<SpendQuery> = {}): Amount =>
    total(ask(start, [], more).rows.map(amountOf));
  const since = (name: Parameters<typeof spanAt>[0]): number =>
    spanAt(name, now, timeZone).start ?? now;
  const begin = first();
  const hour = Math.floor(now / HOUR_MS) * HOUR_MS;
  const today = ask(since('today'), []);
  const by = dimensionOf(wanted.by);
  const usual = usualAt(now, begin, { by: [by], timeZone, where: [] }, spend);
  const usualOfAll = usualAt(now, begin, { by: [], timeZone, where: [] }, spend);
  const thisHour = ask(hour, [by]).rows;
  const top = rowsOf(ask(since(wanted.span), [by]), thisHour, usual);
  const month = sum(since('month'));
  const week = sum(now - (now % HOUR_MS) - 7 * DAY_MS, {
    span: { start: hour - 7 * DAY_MS, end: hour },
  });
  const monthEnd = projected(month, week, { now, hour, begin, end: monthEndAt(now, timeZone) });
  const everything = spend({ span: {}, by: [], timeZone, where: [] }).rows.map(amountOf);
  const anHour = pace.at(now, total(everything));
  const inside = insideOf(wanted, since(wanted.span), { ask, dearest });
  return {
    at: now,
    timeZone,
    wanted,
    today: total(today.rows.map(amountOf)),
    month,
    hours: hoursOf(ask(hour - (CURVE_HOURS - 1) * HOUR_MS, [], { grain: 'hour' }), hour),
    ...(monthEnd === undefined ? {} : { monthEnd }),
    ...(anHour === undefined ? {} : { pace: anHour }),
    top,
    topTotal: total(top.map(({ amount }) => amount)),
    calls: latest(CALLS),
    alarms: alarmsOf({
      loops: failing.loops(now),
      hour: total(thisHour.map(amountOf)),
      usual: usualOfAll.of(null),
      unrated: today.unratedReasons,
      tagging: {
        now: tagging(ask(since('today'), [{ kind: 'tag', name: OWNER_TAG }])),
        before: tagging(
          ask(0, [{ kind: 'tag', name: OWNER_TAG }], {
            span: { start: since('today') - 7 * DAY_MS, end: since('today') },
          }),
        ),
      },
    }),
    ...(inside === undefined ? {} : { inside }),
  };
}

/** Dearest first; the untagged row stays where its cost puts it. */
function rowsOf(
  answer: SpendAnswer,
  thisHour: SpendAnswer['rows'],
  usual?: Usual,
): readonly TopRow[] {
  const hours = new Map(thisHour.map((row) => [row.key[0] ?? null, amountOf(row)]));
  return answer.rows
    .map((row): TopRow => {
      const name = row.key[0] ?? null;
      const ofUsual = usual?.of(name);
      return {
        name,
        amount: amountOf(row),
        hour: hours.get(name) ?? NOTHING,
        ...(ofUsual === undefined ? {} : { usual: ofUsual }),
      };
    })
    .sort(byAmount);
}

const byAmount = (a: TopRow, b: TopRow): number =>
  compare(b.amount.cost, a.amount.cost) ||
  compare(b.amount.requests, a.amount.requests) ||
  ((a.name ?? '') < (b.name ?? '') ? -1 : 1);

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

/** Every hour of the curve, those without a call too. */
function hoursOf(answer: SpendAnswer, last: number): readonly HourAmount[] {
  const known = new Map<number, Amount[]>();
  for (const row of answer.rows) {
    // Zones off the hour begin theirs between those of UTC.
    const start = Math.floor((row.step ?? 0) / HOUR_MS) * HOUR_MS;
    known.set(start, [...(known.get(start) ?? []), amountOf(row)]);
  }
  return Array.from({ length: CURVE_HOURS }, (_, index) => {
    const start = last - (CURVE_HOURS - 1 - index) * HOUR_MS;
    return { start, amount: total(known.get(start) ?? []) };
  });
}

/** The month so far, and for the rest of it as much an hour as in the last 7 days. */
function projected(
  month: Amount,
  week: Amount,
  at: {
    readonly now: number;
    readonly hour: number;
    readonly begin: number | undefined;
    readonly end: number;
  },
): Money | undefined {
  if (at.begin === undefined) return undefined;
  const known = Math.min(7 * DAY_MS, at.hour - at.begin);
  if (known < DAY_MS) return undefined;
  const left = BigInt(Math.max(0, at.end - at.now));
  return money(month.cost + (week.cost * left) / BigInt(known));
}

function tagging({ rows }: SpendAnswer): Tagging {
  const amounts = rows.map((row) => ({ name: row.key[0] ?? null, cost: row.cost }));
  const costOf = (list: typeof amounts): Money =>
    money(list.reduce((cost, each) => cost + each.cost, 0n));
  return {
    tag: OWNER_TAG,
    untagged: costOf(amounts.filter(({ name }) => name === null)),
    whole: costOf(amounts),
  };
}

function insideOf(
  { by, inside: name }: Wanted,
  start: number,
  {
    ask,
    dearest,
  }: {
    readonly ask: (
      start: number,
      by: readonly Dimension[],
      more?: Partial<SpendQuery>,
    ) => SpendAnswer;
    readonly dearest: Questions['dearest'];
  },
): Inside | undefined {
  if (name === undefined) return undefined;
  const where: readonly Filter[] = [
    { dimension: dimensionOf(by), negated: false, pattern: name ?? '' },
  ];
  const rows = (inner: WatchedDimension): readonly TopRow[] =>
    rowsOf(ask(start, [dimensionOf(inner)], { where }), []).slice(0, INSIDE_ROWS);
  return {
    by,
    name,
    models: rows('model'),
    runs: rows('run'),
    dearest: dearest(start, where, DEAREST),
  };
}
