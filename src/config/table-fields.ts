import type { ContextTier } from '../domain/rate-card.ts';
import type { Meter } from '../domain/meters.ts';
import { type Decimal, parseDecimal } from '../domain/money.ts';
import type { TablePrices, TableRow } from '../domain/price-table.ts';
import { QUOTED_FOR, type UnitPrice, unitPrice } from '../domain/unit-price.ts';
import { quote } from '../errors.ts';
import { ourProvider } from './table-providers.ts';

/** An object of JSON whose numbers are texts. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is an object with keys. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The objects of a list; what is none is left out. */
export const fieldsIn = (value: unknown): readonly Fields[] =>
  Array.isArray(value) ? value.filter(isFields) : [];

/** Text under a key; '' where there is none. */
export const textIn = (fields: Fields, key: string): string => {
  const value = fields[key];
  return typeof value === 'string' ? value : '';
};

/** Most decimals that a price per million has; more come from arithmetic with floats. */
const MOST_DECIMALS = 8;

/** A price that was read: nothing, a price, or why it is neither. */
type Read =
  | { readonly kind: 'none' | 'zero' }
  | { readonly kind: 'price'; readonly price: UnitPrice }
  | { readonly kind: 'doubt'; readonly doubt: string };

/** Tokens that a price of the table is for. */
export type PricedFor = 'token' | 'million';

function readPrice(name: string, value: unknown, pricedFor: PricedFor): Read {
  if (value === undefined || value === null) return { kind: 'none' };
  const written = typeof value === 'string' ? parseDecimal(value) : undefined;
  if (written === undefined)
    return { kind: 'doubt', doubt: `${name}: ${quote(value)} is no number` };
  if (written.digits === 0n) return { kind: 'zero' };
  if (written.digits < 0n) return { kind: 'doubt', doubt: `${name}: ${quote(value)} is negative` };
  const perMillion = trimmed({
    digits: pricedFor === 'token' ? written.digits * 1_000_000n : written.digits,
    scale: written.scale,
  });
  return perMillion.scale > MOST_DECIMALS
    ? {
        kind: 'doubt',
        doubt: `${name}: ${quote(value)} has more than ${MOST_DECIMALS} decimals per million tokens`,
      }
    : { kind: 'price', price: unitPrice(perMillion, QUOTED_FOR.million) };
}

function trimmed({ digits, scale }: Decimal): Decimal {
  let [rest, places] = [digits, scale];
  while (places > 0 && rest % 10n === 0n) {
    rest /= 10n;
    places -= 1;
  }
  return { digits: rest, scale: places };
}

/** Where a table keeps the price of a meter: its key, and the price's unit. */
export type MeterKeys = Readonly<Record<string, Meter>>;

/** Collects the prices of one row, and what is wrong with it. */
export interface RowReader {
  readonly prices: (fields: Fields, keys: MeterKeys, prefix?: string) => TablePrices;
  readonly price: (name: string, value: unknown) => UnitPrice | undefined;
  readonly doubt: (message: string) => void;
  /** The row, once all of its prices were read. */
  readonly row: (
    written: { readonly provider: string; readonly model: string; readonly region?: boolean },
    prices: TablePrices,
    tiers: TableRow['tiers'],
  ) => TableRow;
}

/** A reader of one row of a table whose prices are for a token, or for a million. */
export function rowReader(pricedFor: PricedFor): RowReader {
  const doubts: string[] = [];
  let zeros = 0;
  const price = (name: string, value: unknown): UnitPrice | undefined => {
    const read = readPrice(name, value, pricedFor);
    if (read.kind === 'zero') zeros += 1;
    if (read.kind === 'doubt') doubts.push(read.doubt);
    return read.kind === 'price' ? read.price : undefined;
  };
  return {
    price,
    doubt: (message) => void doubts.push(message),
    prices(fields, keys, prefix = '') {
      const found = new Map<Meter, UnitPrice>();
      for (const [key, meter] of Object.entries(keys)) {
        const read = price(`${prefix}${key}`, fields[key]);
        if (read !== undefined) found.set(meter, read);
      }
      return found;
    },
    row(written, prices, tiers) {
      const passedOver = emptyRow(prices, doubts, zeros, written.region === true);
      return {
        writtenProvider: written.provider,
        provider: ourProvider(written.provider),
        model: written.model,
        prices: withoutDoubling(prices),
        tiers: tiers
          .filter((tier) => tier.prices.size > 0)
          .map((tier) => ({ ...tier, prices: withoutDoubling(tier.prices) }))
          .sort((a, b) => a.tokens - b.tokens),
        doubts: [...new Set(doubts)],
        ...(passedOver === undefined ? {} : { passedOver }),
      };
    },
  };
}

// 0 means free, unknown or not billed, and no table says which: such a price is never taken.
const emptyRow = (
  prices: TablePrices,
  doubts: readonly string[],
  zeros: number,
  region: boolean,
): TableRow['passedOver'] => {
  if (region) return 'price of one region';
  if (prices.size > 0 || doubts.length > 0) return undefined;
  return zeros > 0 ? 'only prices of 0' : 'no price per token';
};

/** A card lists a price of reasoning only where it is not the price of output. */
function withoutDoubling(prices: TablePrices): TablePrices {
  const reasoning = prices.get('reasoning');
  if (reasoning === undefined || reasoning.amount !== prices.get('output')?.amount) return prices;
  return new Map([...prices].filter(([meter]) => meter !== 'reasoning'));
}

/** Prices by the size from which they hold, gathered meter by meter. */
export class TierList {
  readonly #tiers = new Map<number, Map<Meter, UnitPrice>>();
  readonly #bound: ContextTier['bound'];

  constructor(bound: ContextTier['bound']) {
    this.#bound = bound;
  }

  /** Adds a price of prompts of a size. */
  add(tokens: number, meter: Meter, price: UnitPrice | undefined): void {
    if (price === undefined) return;
    const prices = this.#tiers.get(tokens) ?? new Map<Meter, UnitPrice>();
    prices.set(meter, price);
    this.#tiers.set(tokens, prices);
  }

  /** The tiers so far. */
  list(): TableRow['tiers'] {
    return [...this.#tiers].map(([tokens, prices]) => ({ bound: this.#bound, tokens, prices }));
  }
}
