import { money } from '../domain/money.ts';
import type { SpendAnswer, SpendQuery } from '../domain/spend.ts';
import { type Amount, amountOf, NOTHING, partOf, UNITS } from './amount.ts';
import { HOUR_MS } from './spans.ts';

/** Weeks that are looked back. */
const WEEKS = 4;
/** Fewer of them say nothing of what is usual. */
const FEWEST_WEEKS = 2;
const WEEK_MS = 7 * 24 * HOUR_MS;

/** What the same hour of earlier weeks had by now, by name; `undefined` where too few weeks were logged. */
export interface Usual {
  readonly of: (name: string | null) => Amount | undefined;
}

/**
 * What is usual for this hour: of each name the median of the same hour in the last four weeks, and of that the part
 * that has passed. Weeks before the ledger's first call do not count; a name that a week does not know had nothing in it.
 */
export function usualAt(
  {
    now,
    first,
    by,
  }: Pick<SpendQuery, 'by'> & { readonly now: number; readonly first: number | undefined },
  spend: (query: Pick<SpendQuery, 'span' | 'by'>) => SpendAnswer,
): Usual {
  const hour = Math.floor(now / HOUR_MS) * HOUR_MS;
  const weeks: ReadonlyMap<string, Amount>[] = [];
  for (let back = 1; back <= WEEKS; back += 1) {
    const start = hour - back * WEEK_MS;
    if (first === undefined || start < first) break;
    const { rows } = spend({ by, span: { start, end: start + HOUR_MS } });
    weeks.push(new Map(rows.map((row) => [nameKey(row.key[0] ?? null), amountOf(row)])));
  }
  const passed = BigInt(now - hour);
  return {
    of: (name) =>
      weeks.length < FEWEST_WEEKS
        ? undefined
        : partOf(
            medianOf(weeks.map((week) => week.get(nameKey(name)) ?? NOTHING)),
            passed,
            BigInt(HOUR_MS),
          ),
  };
}

const nameKey = (name: string | null): string => JSON.stringify(name);

/** Of each unit by itself; of two in the middle the mean, rounded down. */
function medianOf(amounts: readonly Amount[]): Amount {
  const middle = (values: readonly bigint[]): bigint => {
    const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    const half = sorted.length >> 1;
    const upper = sorted[half] ?? 0n;
    return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0n) + upper) / 2n;
  };
  const [cost = 0n, tokens = 0n, requests = 0n] = UNITS.map((unit) =>
    middle(amounts.map((amount) => amount[unit])),
  );
  return { ...NOTHING, cost: money(cost), tokens, requests };
}
