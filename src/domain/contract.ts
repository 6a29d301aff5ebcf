import { matchesGlob } from './globs.ts';
import { direction, type Meter } from './meters.ts';
import type { Decimal, Money } from './money.ts';
import type { TermPeriod, Weights } from './pool.ts';
import type { Covers, Prices } from './rate-card.ts';
import { covers } from './price-layers.ts';
import { multiply, type UnitPrice } from './unit-price.ts';

interface Term {
  readonly id: string;
  /** Models it is limited to, as names or globs; all when empty. */
  readonly models: readonly string[];
}

/** Fixed prices, or a factor on list prices (12 % off is 0.88). */
export interface PriceTerm extends Term {
  readonly kind: 'price';
  readonly fixed: Prices;
  readonly factor?: Decimal;
  readonly covers: Covers;
}

/** A factor on list prices of tokens that depends on how much a period used. */
export interface VolumeTerm extends Term {
  readonly kind: 'volume';
  readonly period: TermPeriod;
  /** What volume is measured in: attodollars of list cost, or tokens. */
  readonly by: 'list_cost' | 'tokens';
  /** `whole`: the step that is reached holds for all of it; `graduated`: each step for its own part. */
  readonly scheme: 'whole' | 'graduated';
  /** Ascending; the first begins at 0. */
  readonly steps: readonly { readonly from: bigint; readonly factor: Decimal }[];
}

/** Capacity paid by the hour, whether used or not; tokens of its deployment are included. */
export interface ProvisionedTerm extends Term {
  readonly kind: 'provisioned';
  /** Names that calls of it are made under. */
  readonly deployments: readonly string[];
  readonly units: number;
  readonly hourlyPerUnit: Money;
  readonly reserved?: { readonly units: number; readonly monthlyPerUnit: Money };
  /** Tokens a minute that all units together can do; unknown when absent. */
  readonly tokensPerMinute?: number;
  /** How its cost is shared out over its usage; by list cost when absent. */
  readonly weights?: Weights;
}

/** An amount that is paid for a period whether drawn or not. */
export interface CommitTerm extends Term {
  readonly kind: 'commit';
  readonly period: TermPeriod;
  readonly amount: Money;
  /** Prepaid tokens: the amount buys so many, and usage draws tokens. */
  readonly tokens?: bigint;
  readonly counts: 'discounted_cost' | 'list_cost';
  readonly shortfall: 'billed' | 'waived';
  /** What usage beyond the amount costs. */
  readonly above: 'list_price' | 'discounted_price';
}

/** One negotiated term. */
export type ContractTerm = PriceTerm | VolumeTerm | ProvisionedTerm | CommitTerm;

/** Terms agreed with a vendor for a span of time. */
export interface Contract {
  readonly name: string;
  /** Milliseconds UTC, half-open. */
  readonly from: number;
  readonly until: number;
  /** Providers it is limited to; all when empty. */
  readonly providers: readonly string[];
  /** Accounts it is limited to, as names or globs: the `account`, `project` or `api_key` of a call. */
  readonly accounts: readonly string[];
  readonly terms: readonly ContractTerm[];
}

/** What of a call decides which terms hold for it. */
export interface NegotiatedCall {
  readonly provider: string;
  /** All names of the model: as written, as the card calls it, as it was asked for. */
  readonly names: readonly string[];
  /** Milliseconds UTC. */
  readonly time: number;
  /** What the call says of whose account it is; empty when it does not say. */
  readonly accounts: readonly string[];
}

/** A contract and one of its terms. */
export interface TermOf<Kind extends ContractTerm = ContractTerm> {
  readonly contract: Contract;
  readonly term: Kind;
}

/** `Example 2026/tokens-12`: how answers name a term. */
export const termName = ({ contract, term }: TermOf): string => `${contract.name}/${term.id}`;

const matchesOne = (globs: readonly string[], names: readonly string[]): boolean =>
  globs.some((glob) => names.some((name) => matchesGlob(glob.toLowerCase(), name.toLowerCase())));

/** The terms that hold for a call, in the order of the contracts. */
const termsFor = (call: NegotiatedCall, contracts: readonly Contract[]): readonly TermOf[] =>
  contracts
    .filter(
      ({ from, until, providers, accounts }) =>
        from <= call.time &&
        call.time < until &&
        (providers.length === 0 || providers.includes(call.provider)) &&
        (accounts.length === 0 || matchesOne(accounts, call.accounts)),
    )
    .flatMap((contract) => contract.terms.map((term): TermOf => ({ contract, term })))
    .filter(({ term }) => holds(term, call.names));

const holds = (term: ContractTerm, names: readonly string[]): boolean => {
  if (term.kind === 'provisioned') return matchesOne([...term.deployments, ...term.models], names);
  return term.models.length === 0 || matchesOne(term.models, names);
};

/** What terms make of list prices. */
export interface Negotiated {
  /** Contracted unit prices (FOCUS ContractedUnitPrice). Meters that a pool pays for are priced at 0. */
  readonly prices: Prices;
  /** Names of the terms that changed something, in order. */
  readonly applied: readonly string[];
  /** The term whose pool of money pays for the tokens, with what they weigh in it. */
  readonly pool?: { readonly of: TermOf<VolumeTerm | ProvisionedTerm>; readonly weights: Weights };
  /** The commitment that the usage draws down. */
  readonly commit?: TermOf<CommitTerm>;
}

/**
 * Applies the terms of contracts to list prices. Capacity that was provisioned comes first; then per meter
 * the first term that covers it wins, so that nothing is discounted twice; meters that no term covers keep
 * their list price. Provisioned usage draws down no commitment: it is paid for already.
 */
export function negotiate(
  list: Prices,
  call: NegotiatedCall,
  contracts: readonly Contract[],
): Negotiated {
  const terms = termsFor(call, contracts);
  const provisioned = terms.find(
    (one): one is TermOf<ProvisionedTerm> => one.term.kind === 'provisioned',
  );
  const commit = terms.find((one): one is TermOf<CommitTerm> => one.term.kind === 'commit');
  const applied = new Set<string>();
  const prices = new Map<Meter, UnitPrice>();
  const weights = new Map<Meter, bigint>();
  let pool: TermOf<VolumeTerm | ProvisionedTerm> | undefined;
  for (const [meter, price] of list) {
    const { of, contracted } =
      provisioned !== undefined && covers('tokens', meter)
        ? { of: provisioned, contracted: undefined }
        : contractedPrice(meter, price, terms, list);
    if (of !== undefined) applied.add(termName(of));
    if (contracted === undefined && of !== undefined && isPool(of)) {
      pool = of;
      weights.set(meter, price.amount);
      prices.set(meter, { ...price, amount: 0n });
    } else prices.set(meter, contracted ?? price);
  }
  const own = pool?.term.kind === 'provisioned' ? pool.term.weights : undefined;
  return {
    prices,
    applied: [...applied],
    ...(pool === undefined ? {} : { pool: { of: pool, weights: own ?? weights } }),
    ...(commit === undefined || provisioned !== undefined ? {} : { commit }),
  };
}

const isPool = (one: TermOf): one is TermOf<VolumeTerm | ProvisionedTerm> =>
  one.term.kind === 'volume' || one.term.kind === 'provisioned';

/** The term that a meter belongs to, and its price; without a price, the term's pool pays for it. */
function contractedPrice(
  meter: Meter,
  price: UnitPrice,
  terms: readonly TermOf[],
  list: Prices,
): { readonly of?: TermOf; readonly contracted?: UnitPrice } {
  for (const of of terms) {
    const { term } = of;
    if (term.kind === 'volume' && covers('tokens', meter)) return { of };
    if (term.kind !== 'price') continue;
    const fixed = fixedPrice(meter, price, term.fixed, list);
    if (fixed !== undefined) return { of, contracted: fixed };
    if (term.factor !== undefined && covers(term.covers, meter))
      return { of, contracted: multiply(price, term.factor) };
  }
  return {};
}

/**
 * The fixed price of a meter: its own, or that of a meter with the same list price in the same count. So one
 * price for cache writes holds for the usual time to live under either of its names, and a fixed price of
 * input also for images that are billed as text.
 */
function fixedPrice(
  meter: Meter,
  { amount }: UnitPrice,
  fixed: Prices,
  list: Prices,
): UnitPrice | undefined {
  const own = fixed.get(meter);
  if (own !== undefined) return own;
  const count = direction(meter);
  for (const [other, price] of fixed)
    if (direction(other) === count && list.get(other)?.amount === amount) return price;
  return undefined;
}
