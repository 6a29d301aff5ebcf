import { money } from './money.ts';
import { NO_SPEND, type Spend } from './spend.ts';

/** A sum that grows. */
export type GrowingSpend = { -readonly [Name in keyof Spend]: Spend[Name] };

/** Adds what a group spent to a sum. */
export function addSpend(total: GrowingSpend, spend: Spend): void {
  total.requests += spend.requests;
  total.errors += spend.errors;
  total.input += spend.input;
  total.cacheRead += spend.cacheRead;
  total.cacheWrite += spend.cacheWrite;
  total.output += spend.output;
  total.reasoning += spend.reasoning;
  total.cost = money(total.cost + spend.cost);
  total.weaklyPriced = money(total.weaklyPriced + spend.weaklyPriced);
  total.list = money(total.list + spend.list);
  total.unlisted += spend.unlisted;
  total.rated += spend.rated;
  total.unrated += spend.unrated;
  total.lowerBound += spend.lowerBound;
  total.reported = money(total.reported + spend.reported);
  total.reportedRequests += spend.reportedRequests;
}

/** The sum of what groups spent. */
export function sumOfSpend(spends: Iterable<Spend>): Spend {
  const total: GrowingSpend = { ...NO_SPEND };
  for (const spend of spends) addSpend(total, spend);
  return total;
}
