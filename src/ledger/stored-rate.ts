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
    }
  | { readonly kind: 'unrated'; readonly code: Unrated['code']; readonly message: string }
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
  return rate.kind === 'rated'
    ? JSON.stringify({
        ...rate,
        prices: [...rate.prices].map(([meter, { amount, per }]) => [meter, String(amount), per]),
      })
    : JSON.stringify(rate);
}

/** Reads what rateText wrote. */
export function parseRate(text: string): StoredRate {
  const rate = JSON.parse(text);
  if (rate.kind !== 'rated') return rate;
  const prices = new Map(
    rate.prices.map(([meter, amount, per]: [string, string, number]) => [
      meter,
      { amount: BigInt(amount), per },
    ]),
  );
  return { ...rate, prices };
}

/** A rating as the ledger keeps it. */
export const storedRate = (rating: Rating): StoredRate => {
  if (rating.kind === 'unrated') return { kind: 'unrated', ...rating.why };
  // Where the row stands moves with every edit above it; the cards are asked when somebody wants to know.
  const { key: _, file: __, line: ___, ...rate } = rating.rate;
  return { kind: 'rated', ...rate };
};
