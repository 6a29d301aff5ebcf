import type { RateChange, RateDiff } from '../domain/rate-diff.ts';
import { EVERY_CALL } from '../domain/price-lines.ts';
import { meterName } from '../domain/meters.ts';
import { money, sum } from '../domain/money.ts';
import type { Replayed, ReplayedModel } from '../domain/replay.ts';
import type { UnitPrice } from '../domain/unit-price.ts';
import { counted } from '../domain/words.ts';
import { type Answer, type Cell, type Note, optionalText as text, type Table } from './answer.ts';
import { priceText } from './explain-report.ts';

/** A replay and the period whose usage it took. */
export interface ReplayOf {
  readonly replayed: Replayed;
  readonly start: number;
  readonly end: number;
}

/** What two sets of cards say differently, and what that does to usage. */
export function ratesDiffReport(
  names: { readonly before: string; readonly after: string },
  diff: RateDiff,
  replay: ReplayOf | undefined,
): Answer {
  const { changes } = diff;
  const models = (kind: RateChange['kind']): number =>
    new Set(
      changes
        .filter((change) => change.kind === kind)
        .map(({ provider, model }) => `${provider}/${model}`),
    ).size;
  const prices = changes.filter(({ kind }) => kind === 'price').length;
  return {
    schema: 'aicost.rates-diff/1',
    headline: `${names.before} → ${names.after}: ${counted(models('new model'), 'new model')}, ${counted(models('gone model'), 'gone model')}, ${counted(prices, 'price')} moved in ${counted(models('price'), 'model')}`,
    facts: {
      before: names.before,
      after: names.after,
      compared: diff.compared,
      new_models: models('new model'),
      gone_models: models('gone model'),
      moved_prices: prices,
      ...(replay === undefined
        ? {}
        : { replay: { start: iso(replay.start), end: iso(replay.end) } }),
    },
    tables: [changesTable(changes), ...(replay === undefined ? [] : [replayTable(replay, names)])],
    notes: [
      ...sidedNotes(diff, names),
      ...(replay === undefined ? [] : replayNotes(replay, names)),
    ],
  };
}

const iso = (time: number): string => new Date(time).toISOString();

// What is the same in every line is no news to people; the contract of programs stays.
const PROGRAMS = { only: 'programs' } as const;

function changesTable(changes: readonly RateChange[]): Table {
  const priceCell = (price: UnitPrice | undefined): Cell =>
    price === undefined ? { kind: 'unknown' } : text(priceText(price));
  const named = changes.some(({ what }) => what !== undefined);
  const isSame = (key: 'provider' | 'applies'): boolean =>
    new Set(changes.map((change) => change[key] ?? EVERY_CALL)).size <= 1;
  const ends = changes.some(({ until }) => until !== undefined);
  return {
    name: 'rows',
    columns: [
      { key: 'change', title: 'Change', yields: 0, whole: true },
      { key: 'provider', title: 'Provider', yields: 0, ...(isSame('provider') ? PROGRAMS : {}) },
      { key: 'model', title: 'Model', yields: 0, wraps: true },
      { key: 'from', title: 'From', yields: 1, whole: true },
      { key: 'until', title: 'Until', yields: 4, whole: true, ...(ends ? {} : PROGRAMS) },
      {
        key: 'applies',
        title: 'Applies to',
        yields: 0,
        wraps: true,
        ...(isSame('applies') ? PROGRAMS : {}),
      },
      { key: 'meter', title: 'Meter', yields: 0, whole: true },
      { key: 'before_usd_per_million', title: 'Before', yields: 0, whole: true },
      { key: 'after_usd_per_million', title: 'After', yields: 0, whole: true },
      { key: 'change_ratio', title: 'Moves', yields: 2 },
      { key: 'what', title: 'What', yields: 0, wraps: true, ...(named ? {} : PROGRAMS) },
    ],
    rows: changes.map((change): readonly Cell[] => [
      text(change.kind),
      text(change.provider),
      text(change.model),
      text(change.from),
      text(change.until),
      text(change.applies),
      text(change.meter === undefined ? undefined : meterName(change.meter)),
      change.meter === undefined ? text(undefined) : priceCell(change.before),
      change.meter === undefined ? text(undefined) : priceCell(change.after),
      moveCell(change),
      text(change.what),
    ]),
    empty: 'Nothing differs.',
  };
}

function moveCell({ kind, before, after }: RateChange): Cell {
  if (kind === 'new model' || before === undefined || after === undefined) return text(undefined);
  return {
    kind: 'change',
    from: before.amount * BigInt(after.per),
    to: after.amount * BigInt(before.per),
  };
}

function replayTable(
  { replayed, start, end }: ReplayOf,
  names: { readonly before: string; readonly after: string },
): Table {
  const { models } = replayed;
  const add = (count: (model: ReplayedModel) => bigint): bigint =>
    models.reduce((total, model) => total + count(model), 0n);
  const cells = (
    row: Omit<ReplayedModel, 'provider' | 'model'>,
    named: readonly Cell[],
  ): readonly Cell[] => [
    ...named,
    { kind: 'count', value: row.requests },
    costCell(row.before, row.requests),
    costCell(row.after, row.requests),
    { kind: 'money', value: row.difference },
    {
      kind: 'change',
      from: row.before.cost,
      to: money(row.before.cost + row.difference),
    },
    { kind: 'count', value: row.before.unrated },
    { kind: 'count', value: row.after.unrated },
  ];
  return {
    name: 'replay',
    title: `Usage from ${iso(start).slice(0, 16)}Z to ${iso(end).slice(0, 16)}Z at list prices`,
    columns: [
      { key: 'provider', title: 'Provider', yields: 3 },
      { key: 'model', title: 'Model', yields: 0, wraps: true },
      { key: 'requests', title: 'Requests', yields: 2 },
      { key: 'before_usd', title: names.before, yields: 0 },
      { key: 'after_usd', title: names.after, yields: 0 },
      { key: 'difference_usd', title: 'Difference', yields: 0 },
      { key: 'change_ratio', title: 'Change', yields: 1 },
      { key: 'before_unrated', title: 'Unpriced before', yields: 4 },
      { key: 'after_unrated', title: 'Unpriced after', yields: 4 },
    ],
    rows: models.map((model) => cells(model, [text(model.provider), text(model.model)])),
    totals: cells(
      {
        requests: add(({ requests }) => requests),
        before: {
          cost: sum(models.map(({ before }) => before.cost)),
          unrated: add(({ before }) => before.unrated),
        },
        after: {
          cost: sum(models.map(({ after }) => after.cost)),
          unrated: add(({ after }) => after.unrated),
        },
        difference: sum(models.map(({ difference }) => difference)),
      },
      [text('Total'), text(models.length === 0 ? '' : 'all models')],
    ),
    empty: 'No usage of the compared providers then.',
  };
}

const costCell = (side: ReplayedModel['before'], requests: bigint): Cell =>
  side.unrated === requests
    ? { kind: 'unknown' }
    : { kind: 'money', value: side.cost, partial: side.unrated > 0n };

function* sidedNotes(
  diff: RateDiff,
  names: { readonly before: string; readonly after: string },
): Generator<Note> {
  for (const [sided, name] of [
    [diff.onlyBefore, names.before],
    [diff.onlyAfter, names.after],
  ] as const)
    if (sided.length > 0)
      yield {
        code: 'one-sided',
        message: `only ${name} has a card of ${sided
          .map(({ provider, models }) => `${provider} (${counted(models, 'model')})`)
          .join(', ')}: not compared`,
      };
}

/** Reasons are told for the largest, and the rest is counted. */
const MOST_REASONS = 5;

function* replayNotes(
  { replayed }: ReplayOf,
  names: { readonly before: string; readonly after: string },
): Generator<Note> {
  const { models, reasons, leftOut } = replayed;
  const told = reasons.flatMap(({ side, message, requests }) => {
    const twin = reasons.find(
      (other) => other.side !== side && other.message === message && other.requests === requests,
    );
    if (twin !== undefined && side === 'after') return [];
    const by = twin === undefined ? names[side] : 'either';
    return [`${counted(requests, 'request')} without a price by ${by}: ${message}`];
  });
  for (const message of told.slice(0, MOST_REASONS)) yield { code: 'unrated', message };
  if (told.length > MOST_REASONS)
    yield {
      code: 'unrated-more',
      message: `${counted(told.length - MOST_REASONS, 'reason')} more; every model's unpriced requests are in the table`,
    };
  if (models.some(({ before, after }) => before.unrated !== after.unrated))
    yield {
      code: 'one-sided-price',
      message: 'the difference counts only requests that both sides can price',
    };
  const rest = [...leftOut.values()].reduce((total, requests) => total + requests, 0n);
  if (rest > 0n)
    yield {
      code: 'left-out',
      message: `${counted(rest, 'request')} of ${[...leftOut.keys()].sort().join(', ')} left out: not both sides have a card of ${leftOut.size === 1 ? 'it' : 'them'}`,
    };
}
