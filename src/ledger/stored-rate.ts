import type { PoolShare } from '../domain/pool.ts';
import type { Prices, RowStatus } from '../domain/rate-card.ts';
import type { Rating, Unrated } from '../domain/rating.ts';

/** What the ledger remembers of a choice of prices, so that reports need not read the cards. */
export type StoredRate =
  | {
      readonly kind: 'rated';
      readonly provider: string;
      readonly model: string;
      readonly from: string;
      readonly status: RowStatus;
      readonly sources: readonly string[];
      readonly steps: readonly string[];
      readonly lowerBound: boolean;
      readonly prices: Prices;
      /** As Rate has them: absent where no negotiated term changes anything. */
      readonly contracted?: Prices;
      readonly terms?: readonly string[];
      readonly pool?: PoolShare;
      readonly commit?: string;
    }
  | {
      readonly kind: 'unrated';
      readonly code: Unrated['code'];
      readonly message: string;
      /** Own hardware that the usage runs on. */
      readonly pool?: PoolShare;
    }
  /** The source proves that the call is not charged by its tokens. */
  | { readonly kind: 'not-billable' };

/** Stands for a rate that is not there, which happens in a damaged ledger only. */
export const LOST_RATE: StoredRate = {
  kind: 'unrated',
  code: 'rate-lost',
  message: 'the ledger is damaged; run aicost doctor --rebuild',
};

/** Rates are equal when their texts are; the text is also what the `rate` table keeps. */
export function rateText(rate: StoredRate): string {
  if (rate.kind === 'not-billable') return JSON.stringify(rate);
  const pool =
    rate.pool === undefined
      ? {}
      : {
          pool: {
            id: rate.pool.id,
            weights: [...rate.pool.weights].map(([meter, weight]) => [meter, String(weight)]),
          },
        };
  if (rate.kind === 'unrated') return JSON.stringify({ ...rate, ...pool });
  return JSON.stringify({
    ...rate,
    prices: pricePairs(rate.prices),
    ...(rate.contracted === undefined ? {} : { contracted: pricePairs(rate.contracted) }),
    ...pool,
  });
}

type PricePair = readonly [meter: string, amount: string, per: number];

const pricePairs = (prices: Prices): readonly PricePair[] =>
  [...prices].map(([meter, { amount, per }]) => [meter, String(amount), per]);

const pricesFrom = (pairs: readonly PricePair[]): Prices =>
  new Map(pairs.map(([meter, amount, per]) => [meter, { amount: BigInt(amount), per }]));

/** Reads what rateText wrote. */
export function parseRate(text: string): StoredRate {
  const rate = JSON.parse(text);
  const pool =
    rate.pool === undefined
      ? {}
      : {
          pool: {
            id: rate.pool.id,
            weights: new Map(
              rate.pool.weights.map(([meter, weight]: [string, string]) => [meter, BigInt(weight)]),
            ),
          },
        };
  if (rate.kind !== 'rated') return { ...rate, ...pool };
  return {
    ...rate,
    prices: pricesFrom(rate.prices),
    ...(rate.contracted === undefined ? {} : { contracted: pricesFrom(rate.contracted) }),
    ...pool,
  };
}

/** A rating as the ledger keeps it. */
export const storedRate = (rating: Rating): StoredRate => {
  if (rating.kind === 'unrated')
    return {
      kind: 'unrated',
      ...rating.why,
      ...(rating.pool === undefined ? {} : { pool: rating.pool }),
    };
  // Where the row stands moves with every edit above it; the cards are asked when somebody wants to know.
  const { key: _, file: __, line: ___, ...rate } = rating.rate;
  return { kind: 'rated', ...rate };
};
