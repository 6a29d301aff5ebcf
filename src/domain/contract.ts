import { matchesGlob } from './globs.ts';
import type { Meter } from './meters.ts';
import type { Decimal } from './money.ts';
import type { Covers, Prices } from './rate-card.ts';
import { covers } from './rating.ts';
import { multiply, type UnitPrice } from './unit-price.ts';

/** One negotiated term: fixed prices, or a factor on list prices (12 % off is 0.88). */
export interface ContractTerm {
  readonly id: string;
  /** Models it is limited to, as names or globs; all when empty. */
  readonly models: readonly string[];
  readonly fixed: Prices;
  readonly factor?: Decimal;
  readonly covers: Covers;
}

/** Terms agreed with a vendor for a span of time. */
export interface Contract {
  readonly name: string;
  /** Milliseconds UTC, half-open. */
  readonly from: number;
  readonly until: number;
  /** Providers it is limited to; all when empty. */
  readonly providers: readonly string[];
  readonly terms: readonly ContractTerm[];
}

/**
 * List prices after negotiated terms (FOCUS ContractedUnitPrice), for a call of a model under all its `names`. Per meter the first term that covers it
 * wins, so that nothing is discounted twice; meters that no term covers keep their list price.
 */
export function contractedPrices(
  list: Prices,
  call: { readonly provider: string; readonly names: readonly string[]; readonly time: number },
  contracts: readonly Contract[],
): Prices {
  const terms = contracts
    .filter(
      ({ from, until, providers }) =>
        from <= call.time &&
        call.time < until &&
        (providers.length === 0 || providers.includes(call.provider)),
    )
    .flatMap((contract) => contract.terms)
    .filter(
      ({ models }) =>
        models.length === 0 ||
        models.some((glob) =>
          call.names.some((name) => matchesGlob(glob.toLowerCase(), name.toLowerCase())),
        ),
    );
  return new Map(
    [...list].map(([meter, price]) => [meter, contractedPrice(meter, price, terms, list)]),
  );
}

function contractedPrice(
  meter: Meter,
  price: UnitPrice,
  terms: readonly ContractTerm[],
  list: Prices,
): UnitPrice {
  // One fixed price for cache writes is meant for the usual time to live, whose price "default" has.
  const usual = list.get('cache_write@default');
  const isUsual = meter.startsWith('cache_write@') && usual?.amount === price.amount;
  for (const term of terms) {
    const fixed =
      term.fixed.get(meter) ?? (isUsual ? term.fixed.get('cache_write@default') : undefined);
    if (fixed !== undefined) return fixed;
    if (term.factor !== undefined && covers(term.covers, meter))
      return multiply(price, term.factor);
  }
  return price;
}
