import { money, type Money } from '../domain/money.ts';
import type { Dimension, Filter, SpendAnswer, SpendQuery } from '../domain/spend.ts';
import { alarmsOf, type Tagging } from './alarms.ts';
import { type Amount, amountOf, NOTHING, total } from './amount.ts';
import type { FailingRuns } from './failing-runs.ts';
import type { MinuteAnswers } from './minute-answers.ts';
import type { Pace } from './pace.ts';
import type {
  HourAmount,
  Inside,
  LatestCall,
  Snapshot,
  TopRow,
  Wanted,
  WatchedDimension,
  WatchedSpan,
} from './snapshot.ts';
import { HOUR_MS, monthEndAt, spanAt } from './spans.ts';
import { type Usual, usualAt } from './usual.ts';

/** What the screen asks. All of it is answered by the ledger that the followed files go into. */
export interface Questions {
  readonly spend: (query: SpendQuery) => SpendAnswer;
  readonly minute: MinuteAnswers;
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
const WEEK_MS = 7 * DAY_MS;
/** The tag whose absence is told. */
const OWNER: Dimension = { kind: 'tag', name: 'feature' };

const dimensionOf = (name: WatchedDimension): Dimension =>
  name === 'model' ? { kind: 'fact', name } : { kind: 'tag', name };

/**
 * Asks the ledger all that the screen shows. What is not asked for by `wanted` costs nothing, and what changes slowly is
 * asked once a minute: while thousands of calls a second come in, a look at them is three questions.
 */
export function takeSnapshot(
  wanted: Wanted,
  { spend, minute, latest, dearest, first, failing, pace }: Questions,
  { now, timeZone }: { readonly now: number; readonly timeZone: string },
): Snapshot {
  const since = (name: WatchedSpan): number => spanAt(name, now, timeZone).start;
  const ask = (start: number, by: readonly Dimension[], where: readonly Filter[] = []) =>
    spend({ span: { start }, by, timeZone, where });
  const slow = (query: Pick<SpendQuery, 'span' | 'by' | 'grain'>): SpendAnswer =>
    minute.spend({ timeZone, where: [], ...query }, now);
  const [begin, hour, by] = [first(), hourOf(now), dimensionOf(wanted.by)];
  const list = ask(since(wanted.span), [by]);
  const today = wanted.span === 'today' ? list : ask(since('today'), []);
  const thisHour = (wanted.span === 'hour' ? list : ask(hour, [by])).rows;
  const hourTotal = total(thisHour.map(amountOf));
  const month = total(ask(since('month'), []).rows.map(amountOf));
  const week = slow({ span: { start: hour - WEEK_MS, end: hour }, by: [] });
  const weekTotal = total(week.rows.map(amountOf));
  const monthEnd = projected(month, weekTotal, {
    now,
    hour,
    begin,
    end: monthEndAt(now, timeZone),
  });
  const anHour = pace.at(now, month);
  const top = rowsOf(list, thisHour, usualAt({ now, first: begin, by: [by] }, slow));
  const inside = insideOf(wanted, since(wanted.span), { ask, dearest });
  return {
    at: now,
    timeZone,
    wanted,
    today: total(today.rows.map(amountOf)),
    month,
    hours: curveOf(hour, hourTotal, slow),
    ...(monthEnd === undefined ? {} : { monthEnd }),
    ...(anHour === undefined ? {} : { pace: anHour }),
    top,
    topTotal: total(top.map(({ amount }) => amount)),
    calls: latest(CALLS),
    alarms: alarmsOf({
      loops: failing.loops(now),
      hour: hourTotal,
      usual: usualAt({ now, first: begin, by: [] }, slow).of(null),
      unrated: today.unratedReasons,
      tagging: {
        now: tagging(slow({ span: { start: since('today') }, by: [OWNER] })),
        before: tagging(
          slow({ span: { start: since('today') - WEEK_MS, end: since('today') }, by: [OWNER] }),
        ),
      },
    }),
    ...(inside === undefined ? {} : { inside }),
  };
}

const hourOf = (time: number): number => Math.floor(time / HOUR_MS) * HOUR_MS;

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

/** Every hour of the curve, those without a call too; the hour that runs is known already. */
function curveOf(
  last: number,
  running: Amount,
  slow: (query: Pick<SpendQuery, 'span' | 'by' | 'grain'>) => SpendAnswer,
): readonly HourAmount[] {
  const first = last - (CURVE_HOURS - 1) * HOUR_MS;
  const known = new Map<number, Amount[]>();
  for (const row of slow({ span: { start: first, end: last }, by: [], grain: 'hour' }).rows) {
    // Zones off the hour begin theirs between those of UTC.
    const start = hourOf(row.step ?? 0);
    known.set(start, [...(known.get(start) ?? []), amountOf(row)]);
  }
  return Array.from({ length: CURVE_HOURS }, (_, index) => {
    const start = first + index * HOUR_MS;
    return { start, amount: start === last ? running : total(known.get(start) ?? []) };
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
  const known = Math.min(WEEK_MS, at.hour - at.begin);
  if (known < DAY_MS) return undefined;
  const left = BigInt(Math.max(0, at.end - at.now));
  return money(month.cost + (week.cost * left) / BigInt(known));
}

function tagging({ rows }: SpendAnswer): Tagging {
  const amounts = rows.map((row) => ({ name: row.key[0] ?? null, cost: row.cost }));
  const costOf = (list: typeof amounts): Money =>
    money(list.reduce((cost, each) => cost + each.cost, 0n));
  return {
    tag: OWNER.name,
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
      where?: readonly Filter[],
    ) => SpendAnswer;
    readonly dearest: Questions['dearest'];
  },
): Inside | undefined {
  if (name === undefined) return undefined;
  const where: readonly Filter[] = [
    { dimension: dimensionOf(by), negated: false, pattern: name ?? '' },
  ];
  const rows = (inner: WatchedDimension): readonly TopRow[] =>
    rowsOf(ask(start, [dimensionOf(inner)], where), []).slice(0, INSIDE_ROWS);
  return {
    by,
    name,
    models: rows('model'),
    runs: rows('run'),
    dearest: dearest(start, where, DEAREST),
  };
}
