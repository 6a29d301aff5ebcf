import { money } from '../domain/money.ts';
import { localDay, dayText, offsetAt } from '../domain/time-zone.ts';
import { grouped } from '../domain/words.ts';
import { compactCount } from '../render/count-display.ts';
import { moneyDecimals, moneyDisplay } from '../render/money-display.ts';
import { changeDisplay } from '../render/ratio-display.ts';
import { type Amount, inUnit, type Unit } from './amount.ts';
import type { WatchedDimension, WatchedSpan } from './snapshot.ts';

/** What people read for a span. */
export const SPAN_WORDS: Readonly<Record<WatchedSpan, string>> = {
  hour: 'this hour',
  today: 'today',
  week: 'last 7 days',
  month: 'this month',
};

/** What people read for a dimension. */
export const DIMENSION_WORDS: Readonly<Record<WatchedDimension, string>> = {
  feature: 'feature',
  team: 'team',
  model: 'model',
  customer: 'customer',
  api_key: 'key',
  run: 'run',
};

/** What people read for a unit. */
export const UNIT_WORDS: Readonly<Record<Unit, string>> = {
  cost: 'Spend',
  tokens: 'Tokens',
  requests: 'Requests',
};

/** An amount alone: `$12.34`, `~$12.34` where some of it has no price, `—` where nothing of it has one. */
export const amountText = (amount: Amount, unit: Unit): string =>
  amountTexts([amount], unit)[0] ?? '';

/** Amounts of one column, with as many decimals each. */
export function amountTexts(amounts: readonly Amount[], unit: Unit): readonly string[] {
  if (unit !== 'cost') return amounts.map((amount) => compactCount(inUnit(amount, unit)));
  const decimals = moneyDecimals(amounts.map(({ cost }) => cost));
  return amounts.map(({ cost, unrated }) => {
    if (unrated > 0n && cost === 0n) return '—';
    return `${unrated > 0n ? '~' : ''}${moneyDisplay(money(cost), decimals)}`;
  });
}

/** From here on a change is told as so many times, not in percent. */
const MANY = 10n;

/** This hour against what is usual by now, with an arrow; nothing where that is not known. */
export function changeText(hour: Amount, usual: Amount | undefined, unit: Unit): string {
  if (usual === undefined) return '';
  const [from, to] = [inUnit(usual, unit), inUnit(hour, unit)];
  if (from === to) return from === 0n ? '' : '= usual';
  const arrow = to > from ? '▲' : '▼';
  if (from === 0n) return `${arrow} new`;
  return to >= from * MANY
    ? `${arrow} ${grouped(to / from)}x`
    : `${arrow} ${changeDisplay(from, to)}`;
}

/** `2026-11-22 07:41:05` in a zone. */
export function clockText(time: number, timeZone: string): string {
  const clock = new Date(time + offsetAt(timeZone, time)).toISOString().slice(11, 19);
  return `${dayText(localDay(timeZone, time))} ${clock}`;
}

/** A time of today by its clock, any other by its day. */
export function timeText(time: number | undefined, now: number, timeZone: string): string {
  if (time === undefined) return '—';
  const text = clockText(time, timeZone);
  return text.slice(0, 10) === clockText(now, timeZone).slice(0, 10)
    ? text.slice(11)
    : text.slice(0, 10);
}

const LEVELS = '▁▂▃▄▅▆▇█';

/** A curve of one character a value: the highest is full, nothing is a blank. */
export function curveText(values: readonly bigint[]): string {
  const most = values.reduce((high, value) => (value > high ? value : high), 0n);
  return values
    .map((value) => {
      if (value <= 0n || most === 0n) return ' ';
      const level = Number((value * BigInt(LEVELS.length - 1)) / most);
      return LEVELS[level] ?? ' ';
    })
    .join('');
}
