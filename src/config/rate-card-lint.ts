import { globsMeet, matchesGlob } from '../domain/globs.ts';
import type { Prices, PriceRow, RateCard } from '../domain/rate-card.ts';
import { placeOf } from './card-origins.ts';
import { lintRegions } from './region-lint.ts';
import { type Report, treeReader } from './yaml-tree.ts';

const DAY_MS = 86_400_000;
/** A card that nobody looked at for this long may be out of date. */
const STALE_DAYS = 45;

/**
 * Holds a decoded card against the validation rules of rates/README.md. Errors make prices ambiguous or
 * wrong; warnings point at what a unit slip or a stale promise usually looks like. `now` is milliseconds UTC.
 */
export function lintRateCard(card: RateCard, now: number, report: Report): void {
  const { error, warn } = treeReader(report);
  const file = card.file;
  const asOf = Date.parse(card.asOf);
  if (now - asOf > STALE_DAYS * DAY_MS)
    warn(
      { file },
      `as_of ${card.asOf} is more than ${STALE_DAYS} days ago; check the card and move it`,
    );
  lintFees(card, now, (message) => error({ file }, message));
  const names = card.models.flatMap(({ id, aliases }) =>
    [{ name: id }, ...aliases].map(({ name }) => [name.toLowerCase(), id] as const),
  );
  for (const [index, model] of card.models.entries()) {
    const origin = placeOf(model, file);
    if (model.match !== undefined)
      for (const [name, owner] of names)
        if (owner !== model.id && matchesGlob(model.match.toLowerCase(), name))
          error(
            origin,
            `match "${model.match}" of ${model.id} also catches ${name}, a name of ${owner}`,
          );
    for (const other of card.models.slice(index + 1))
      if (model.match !== undefined && other.match !== undefined && meet(model.match, other.match))
        error(
          origin,
          `match "${model.match}" of ${model.id} and "${other.match}" of ${other.id} can catch the same name`,
        );
    if (model.rows.length === 0) error(origin, `${model.id} has no price row`);
    let previous: PriceRow | undefined;
    for (const row of model.rows) {
      const at = placeOf(row, file);
      const where = `${model.id}@${row.fromText}`;
      if (previous !== undefined && row.from <= previous.from)
        error(at, `${where}: ${orderText(previous, row)}`);
      if (row.from > now && row.status !== 'announced')
        error(
          at,
          `${where}: begins in the future; a price that is only promised needs status: announced`,
        );
      if (row.checkBy !== undefined && Date.parse(row.checkBy) + DAY_MS <= now)
        warn(
          at,
          `${where}: was to be checked by ${row.checkBy}; look at its source and confirm or replace it`,
        );
      lintRow(
        {
          row,
          where,
          warn: (message) => warn(at, message),
          error: (message) => error(at, message),
        },
        model.kind,
      );
      if (previous !== undefined)
        for (const message of jumps(previous, row)) warn(at, `${where}: ${message}`);
      previous = row;
    }
  }
}

const orderText = (previous: PriceRow, row: PriceRow): string =>
  previous.from === row.from
    ? `another row begins on ${previous.fromText} too; give this one the first day of its own prices, or drop one of them`
    : `rows go oldest first, and ${previous.fromText} stands before it; put it above that row`;

function lintFees(card: RateCard, now: number, error: (message: string) => void): void {
  for (const [name, rows] of card.fees)
    for (const { from, fromText, announced } of rows)
      if (from > now && !announced)
        error(
          `fees.${name}@${fromText}: begins in the future; a price that is only promised needs status: announced`,
        );
}

const meet = (one: string, other: string): boolean =>
  globsMeet(one.toLowerCase(), other.toLowerCase());

interface RowLint {
  readonly row: PriceRow;
  readonly where: string;
  readonly warn: (message: string) => void;
  readonly error: (message: string) => void;
}

function lintRow({ row, where, warn, error }: RowLint, kind: string): void {
  if (row.prices.size === 0) error(`${where}: lists no price`);
  const odd = (meter: string, message: string): void => {
    if (!row.asPublished.includes(meter)) warn(message);
  };
  for (const { tiers, name } of [
    { tiers: row.tiers, name: 'tiers' },
    ...[...row.service].map(([service, block]) => ({
      tiers: block.tiers,
      name: `service.${service}.tiers`,
    })),
  ])
    for (const [index, tier] of tiers.entries()) {
      const before = tiers[index - 1];
      if (before !== undefined && tier.tokens <= before.tokens)
        error(`${where}: ${name} go by ascending size`);
      for (const [meter, price] of tier.prices) {
        const base = row.prices.get(meter);
        if (name === 'tiers' && base !== undefined && price.amount < base.amount)
          odd(
            meter,
            `${where}: ${meter} is cheaper in the tier ${tier.bound} ${tier.tokens} than below it`,
          );
      }
      for (const meter of row.prices.keys())
        if (name === 'tiers' && !meter.startsWith('fee:') && !tier.prices.has(meter))
          odd(
            meter,
            `${where}: the tier ${tier.bound} ${tier.tokens} does not list ${meter}, which keeps the base price`,
          );
    }
  for (const [index, block] of row.hours.entries())
    for (const other of row.hours.slice(index + 1))
      if (overlap(block, other)) error(`${where}: hours overlap`);
  for (const { severity, message } of lintRegions(row))
    (severity === 'error' ? error : warn)(`${where}: ${message}`);
  const amount = (meter: string, prices: Prices = row.prices): bigint | undefined =>
    prices.get(meter)?.amount;
  const [input, output, cacheRead] = [amount('input'), amount('output'), amount('cache_read')];
  if (input !== undefined && cacheRead !== undefined && cacheRead >= input && input > 0n)
    odd('cache_read', `${where}: cache_read is not cheaper than input`);
  if (kind === 'chat' && input !== undefined && output !== undefined && output < input)
    odd('output', `${where}: output is cheaper than input`);
  const [short, long] = [amount('cache_write@5m'), amount('cache_write@1h')];
  if (short !== undefined && long !== undefined && long < short)
    odd('cache_write@1h', `${where}: a cache write for 1h is cheaper than one for 5m`);
  for (const [meter, { amount: write }] of row.prices)
    if (
      meter.startsWith('cache_write@') &&
      input !== undefined &&
      (write < input || write * 2n > input * 5n)
    )
      odd(meter, `${where}: ${meter} is outside 1x to 2.5x of input`);
  const audio = amount('input_audio');
  if (audio !== undefined && input !== undefined && audio < input)
    odd('input_audio', `${where}: audio input is cheaper than text`);
  for (const [service, block] of row.service)
    if (service === 'batch' || service === 'flex')
      for (const [meter, price] of block.prices) {
        const base = amount(meter);
        if (base !== undefined && price.amount > base)
          odd(meter, `${where}: ${service} ${meter} is dearer than the standard price`);
      }
}

function* jumps(previous: PriceRow, row: PriceRow): Generator<string> {
  for (const [meter, { amount }] of row.prices) {
    if (row.asPublished.includes(meter)) continue;
    const before = previous.prices.get(meter)?.amount;
    if (before === undefined || before === 0n) continue;
    if (amount > before * 5n || amount * 5n < before)
      yield `${meter} moves by more than five times; is it a slip of the unit?`;
  }
}

const MIDNIGHT = 24 * 60;
type Hours = PriceRow['hours'][number];

function overlap(one: Hours, other: Hours): boolean {
  const days = (block: Hours): readonly number[] =>
    block.days.length === 0 ? [0, 1, 2, 3, 4, 5, 6] : block.days;
  if (!days(one).some((day) => days(other).includes(day))) return false;
  const apart = (block: Hours): readonly (readonly [number, number])[] =>
    block.windows.flatMap(({ start, end }) =>
      start < end ? [[start, end] as const] : [[start, MIDNIGHT] as const, [0, end] as const],
    );
  return apart(one).some(([a, b]) => apart(other).some(([c, d]) => a < d && c < b));
}
