import { decimalText } from '../domain/money.ts';
import { rowAt } from '../domain/price-row.ts';
import type { ModelCard, PriceRow, RateCard } from '../domain/rate-card.ts';
import type { Origin } from '../errors.ts';
import { placeOf } from './card-origins.ts';
import { type Report, treeReader } from './yaml-tree.ts';

/**
 * Warns of what is no mistake in itself and usually means one: calendars that were not carried on into
 * this year, snapshots that cost something else than their alias, a batch multiplier above 1.
 */
export function lintHabits(card: RateCard, now: number, report: Report): void {
  const { warn } = treeReader(report);
  for (const model of card.models)
    for (const row of model.rows)
      for (const message of endedCalendars(model, row, now))
        warn(placeOf(row, card.file), `${model.id}@${row.fromText}: ${message}`);
  for (const { origin, message } of oddSnapshots(card, now)) warn(origin, message);
  for (const [name, { multiply }] of card.serviceTiers)
    if (
      (name === 'batch' || name === 'flex') &&
      multiply !== undefined &&
      multiply.digits > 10n ** BigInt(multiply.scale)
    )
      warn(
        { file: card.file },
        `service_tiers.${name}: x${decimalText(multiply.digits, multiply.scale)} makes it dearer than the standard price; is it the share that is left, such as 0.5?`,
      );
}

/** Hours that leave out holidays need those of every year in which they hold. */
function* endedCalendars(model: ModelCard, row: PriceRow, now: number): Generator<string> {
  const isOver = row.until !== undefined && row.until <= now;
  const inForce = rowAt(model.rows, now) === row || row.from > now;
  if (isOver || !inForce) return;
  const year = String(new Date(Math.max(now, row.from)).getUTCFullYear());
  for (const { except } of row.hours)
    if (except.size > 0 && ![...except].some((day) => day.startsWith(year)))
      yield `its calendar has no day of ${year}; add that year's days`;
}

const SNAPSHOT = /^(.+?)[-@](\d{4}-\d{2}-\d{2}|\d{8})$/;

/** Dated ids whose price of now differs from the id without the date, with neither row noted or disputed. */
function* oddSnapshots(
  card: RateCard,
  now: number,
): Generator<{ readonly origin: Origin; readonly message: string }> {
  const byId = new Map(card.models.map((model) => [model.id.toLowerCase(), model]));
  for (const snapshot of card.models) {
    const alias = byId.get(SNAPSHOT.exec(snapshot.id.toLowerCase())?.[1] ?? '');
    if (alias === undefined) continue;
    const [dated, plain] = [rowAt(snapshot.rows, now), rowAt(alias.rows, now)];
    if (dated === undefined || plain === undefined) continue;
    if ([dated, plain].some(({ note, status }) => note !== undefined || status === 'disputed'))
      continue;
    for (const [meter, { amount }] of dated.prices) {
      const other = plain.prices.get(meter)?.amount;
      if (other === undefined || other === amount || dated.asPublished.includes(meter)) continue;
      yield {
        origin: placeOf(dated, card.file),
        message: `${snapshot.id}@${dated.fromText}: ${meter} differs from that of ${alias.id}; if the alias moved on, say so in a note:`,
      };
      break;
    }
  }
}
