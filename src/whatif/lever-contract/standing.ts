import type { RateInForce, RequestClass } from '../../domain/replay-question.ts';
import type { Reason } from './lever.ts';

/** The prices that a class has now. */
export type RatedNow = Extract<RateInForce, { readonly kind: 'rated' }>;

/** Requests that a lever can be asked about, or why they stay out of any comparison. */
export type Standing =
  | { readonly kind: 'priced'; readonly rate: RatedNow }
  | { readonly kind: 'out'; readonly reason: Reason };

/**
 * Whether requests have a cost to compare with: they succeeded, are charged, and have a price. Calls that failed
 * stay as they are, since nobody knows what they would have done elsewhere.
 */
export function standingOf({ rate, status }: Pick<RequestClass, 'rate' | 'status'>): Standing {
  if (rate.kind === 'not-billable')
    return out('not-charged', 'the source proves that they are not charged by their tokens');
  if (rate.kind === 'unrated') return out('no-price-now', rate.message);
  if (status !== 'success')
    return out(
      'not-successful',
      'they failed, were cancelled or tried again; they stay as they are',
    );
  return { kind: 'priced', rate };
}

const out = (code: string, message: string): Standing => ({
  kind: 'out',
  reason: { code, message },
});
