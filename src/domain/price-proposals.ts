import { indexModels } from './model-lookup.ts';
import { EVERY_CALL, tierText } from './price-lines.ts';
import { rowAt } from './price-row.ts';
import { isFee, type Meter, meterName } from './meters.ts';
import type { PriceTable, TablePrices, TableRow } from './price-table.ts';
import type { ModelCard, PriceRow, Prices, RateCard } from './rate-card.ts';
import { priceDecimal, type UnitPrice } from './unit-price.ts';

/** A price of a table that the card does not say. */
export interface Difference {
  readonly applies: string;
  readonly meter: Meter;
  /** Absent where the card lists none. */
  readonly ours?: UnitPrice;
  readonly theirs: UnitPrice;
}

/** What to make of a row of a table that says something else than the card. */
export interface Proposal {
  /**
   * `new model` and `changed` can be written; a table that contradicts a vendor's page `disagrees`; what is
   * `doubtful` or has to be put in `by hand` says why.
   */
  readonly kind: 'new model' | 'changed' | 'disagrees' | 'doubtful' | 'by hand';
  readonly provider: string;
  /** The card's id for the model, or the table's where the card has none. */
  readonly model: string;
  readonly differences: readonly Difference[];
  /** The row in force, which the proposal would follow. */
  readonly held?: PriceRow;
  readonly row: TableRow;
  readonly why?: string;
}

/** A table held against cards. */
export interface TableComparison {
  readonly proposals: readonly Proposal[];
  /** Models that card and table agree on, as far as the table goes. */
  readonly same: number;
  /** Rows that were not compared, by provider as written and reason; no row is lost without a count. */
  readonly passedOver: readonly {
    readonly provider: string;
    readonly reason: string;
    readonly rows: number;
  }[];
}

/** More than this times the price held, or less than its inverse, is taken for a slip of the unit. */
const MOST_TIMES = 5n;

/** Compares a table with cards as they stand at an instant, milliseconds UTC. */
export function compareTable(
  table: PriceTable,
  cards: ReadonlyMap<string, RateCard>,
  time: number,
): TableComparison {
  const indexes = new Map(
    [...cards].map(([provider, card]) => [provider, { card, index: indexModels(card) }]),
  );
  const proposals = new Map<string, Proposal>();
  const passedOver = new Map<string, { provider: string; reason: string; rows: number }>();
  let same = 0;
  for (const row of table.rows) {
    const known = indexes.get(row.provider);
    const reason = known === undefined ? 'no rate card' : row.passedOver;
    if (known === undefined || reason !== undefined) {
      const key = `${row.writtenProvider}\0${reason}`;
      const counted = passedOver.get(key) ?? {
        provider: row.writtenProvider,
        reason: reason ?? '',
        rows: 0,
      };
      counted.rows += 1;
      passedOver.set(key, counted);
      continue;
    }
    const proposal = proposalFor(row, known.card, known.index.find(row.model), time);
    if (proposal === undefined) same += 1;
    else {
      const key = `${proposal.provider}\0${proposal.model.toLowerCase()}`;
      // Two names of one model in the table: the first has said it, unless the second disagrees with it.
      if (!proposals.has(key)) proposals.set(key, proposal);
      else if (!equalRows(proposals.get(key)?.row, row))
        proposals.set(`${key}\0${row.model}`, {
          ...proposal,
          kind: 'doubtful',
          why: `the table has another row for the same model, ${proposals.get(key)?.row.model ?? ''}, with other prices`,
        });
    }
  }
  return { proposals: [...proposals.values()], same, passedOver: [...passedOver.values()] };
}

const equalRows = (one: TableRow | undefined, other: TableRow): boolean =>
  one !== undefined &&
  one.prices.size === other.prices.size &&
  [...one.prices].every(([meter, price]) => other.prices.get(meter)?.amount === price.amount);

function proposalFor(
  row: TableRow,
  card: RateCard,
  model: ModelCard | undefined,
  time: number,
): Proposal | undefined {
  const plain = { provider: card.provider, model: model?.id ?? row.model, row };
  if (model === undefined) {
    const differences = [...differencesOf(row, undefined, card)];
    return row.doubts.length > 0
      ? { ...plain, kind: 'doubtful', differences, why: row.doubts.join('; ') }
      : { ...plain, kind: 'new model', differences };
  }
  const held = rowAt(model.rows, time);
  const differences = [...differencesOf(row, held, card)];
  if (differences.length === 0 && row.doubts.length === 0) return undefined;
  const rest = { ...plain, differences, ...(held === undefined ? {} : { held }) };
  const doubts = [...row.doubts, ...differences.flatMap(slip)];
  if (doubts.length > 0) return { ...rest, kind: 'doubtful', why: doubts.join('; ') };
  const page = held === undefined ? undefined : vendorPage(held, card);
  if (page !== undefined) return { ...rest, kind: 'disagrees', why: page };
  const byHand = obstacle(row, model, held, time);
  return byHand === undefined
    ? { ...rest, kind: 'changed' }
    : { ...rest, kind: 'by hand', why: byHand };
}

/** Prices that the table lists and the row in force does not, or lists otherwise; not those that others are known to say. */
function* differencesOf(
  row: TableRow,
  held: PriceRow | undefined,
  card: RateCard,
): Generator<Difference> {
  const said = (meter: Meter, theirs: UnitPrice): boolean =>
    held?.othersSay.some(({ prices }) => prices.get(meter)?.amount === theirs.amount) === true;
  for (const [meter, theirs] of metersOf(row.prices, card)) {
    const ours = held?.prices.get(meter);
    if (ours?.amount === theirs.amount || said(meter, theirs)) continue;
    yield { applies: EVERY_CALL, meter, theirs, ...(ours === undefined ? {} : { ours }) };
  }
  for (const tier of row.tiers) {
    // Whether the boundary itself is long is a question that tables cannot answer; the size decides.
    const own = held?.tiers.find(({ tokens }) => tokens === tier.tokens);
    for (const [meter, theirs] of metersOf(tier.prices, card)) {
      const ours =
        own?.prices.get(meter) ?? (own === undefined ? undefined : held?.prices.get(meter));
      if (ours?.amount === theirs.amount) continue;
      yield { applies: tierText(tier), meter, theirs, ...(ours === undefined ? {} : { ours }) };
    }
  }
}

/** The table's prices under the card's meters: a cache write is one for the card's usual time to live. */
export const metersOf = (prices: TablePrices, card: RateCard): Prices =>
  new Map(
    [...prices].map(([meter, price]) => [
      meter === 'cache_write' ? `cache_write@${card.cacheWriteDefault ?? 'default'}` : meter,
      price,
    ]),
  );

/** A cent per million, in attodollars a token. */
const CENT = 10n ** 10n;

/** What makes a price look like a slip of the table: a jump, or the price held with its decimals cut off. */
function slip({ applies, meter, ours, theirs }: Difference): readonly string[] {
  if (ours === undefined) return [];
  const far = theirs.amount > ours.amount * MOST_TIMES || theirs.amount * MOST_TIMES < ours.amount;
  const where = `${applies === EVERY_CALL ? '' : `${applies}, `}${meterName(meter)}`;
  if (far)
    return [
      `${where} goes from ${priceDecimal(ours)} to ${priceDecimal(theirs)}, more than five times`,
    ];
  const rest =
    theirs.amount > ours.amount ? theirs.amount - ours.amount : ours.amount - theirs.amount;
  return theirs.amount % CENT === 0n && ours.amount % CENT !== 0n && rest * 2n <= CENT
    ? [`${where} is ${priceDecimal(ours)} rounded to cents`]
    : [];
}

/** Which page of the vendor proves the row in force; `undefined` when none does. */
function vendorPage({ status, sources }: PriceRow, card: RateCard): string | undefined {
  if (status !== 'verified') return undefined;
  for (const name of sources) {
    const source = card.sources.get(name);
    if (source?.url !== undefined)
      return `${name} says otherwise (${source.url}, read ${source.read})`;
  }
  return undefined;
}

/** Why a row cannot simply be added behind the last one; `undefined` when it can. */
function obstacle(
  row: TableRow,
  model: ModelCard,
  held: PriceRow | undefined,
  time: number,
): string | undefined {
  const last = model.rows.at(-1);
  if (held === undefined || last === undefined) return 'the model has no price yet on that day';
  if (last !== held) return `a later row begins on ${last.fromText}`;
  if (held.from === time) return `a row begins on ${held.fromText} already`;
  if (held.until !== undefined) return 'its prices have an end';
  if (held.service.size > 0)
    return `the row in force lists prices for ${[...held.service.keys()].join(', ')}, which the table does not say`;
  if (held.hours.length > 0) return 'the row in force has prices by the hour';
  if (held.regions.length > 0) return 'the row in force has prices of single regions';
  if (held.tiers.some(({ tokens }) => !row.tiers.some((tier) => tier.tokens === tokens)))
    return 'the row in force has a tier for long prompts, which the table does not say';
  const other = [...held.prices.keys()].find(isFee);
  return other === undefined
    ? undefined
    : `the row in force has a price per ${meterName(other)}, which is not in tokens`;
}
