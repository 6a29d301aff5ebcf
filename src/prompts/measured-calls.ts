import { type Decimal, divideHalfEven } from '../domain/money.ts';
import type { LedgerPlan } from '../domain/prompt-plan.ts';
import type { SpendAnswer, SpendQuery, SpendRow } from '../domain/spend.ts';
import { counted } from '../domain/words.ts';
import { DAYS_OF_A_MONTH } from './cost/cache-outcome.ts';
import type { EstimateWorld, MeasuredCalls } from './estimate-request.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The tag by which calls say which prompt they were made from, where a plan names no other. */
const PROMPT_TAG = 'prompt';

/**
 * Looks up calls of prompts in a ledger: successful ones of the whole hours before now, by one question a tag and
 * span. A month's worth is the calls of the span times 30.4375 over its days. A prompt without a call
 * is not known.
 */
export function measuredCalls(
  spend: (query: SpendQuery) => SpendAnswer,
  now: number,
): NonNullable<EstimateWorld['callsOf']> {
  const answers = new Map<string, ReadonlyMap<string, SpendRow>>();
  const rowsOf = (key: string, days: number): ReadonlyMap<string, SpendRow> => {
    const name = `${days} ${key}`;
    const known = answers.get(name);
    if (known !== undefined) return known;
    const end = Math.floor(now / HOUR_MS) * HOUR_MS;
    const { rows } = spend({
      span: { start: end - days * DAY_MS, end },
      by: [{ kind: 'tag', name: key }],
      timeZone: 'UTC',
      where: [],
    });
    const byValue = new Map(
      rows.flatMap((row): [string, SpendRow][] => {
        const [value] = row.key;
        return value === null || value === undefined ? [] : [[value, row]];
      }),
    );
    answers.set(name, byValue);
    return byValue;
  };
  return ({ tag, days }: LedgerPlan, promptId: string): MeasuredCalls | undefined => {
    const row = rowsOf(tag?.key ?? PROMPT_TAG, days).get(tag?.value ?? promptId);
    return row === undefined ? undefined : callsOf(row, days);
  };
}

/** Calls that failed are neither answers nor, as a rule, billed. */
function callsOf(row: SpendRow, days: number): MeasuredCalls | undefined {
  const calls = row.requests - row.errors;
  if (calls <= 0n) return undefined;
  return {
    callsPerMonth: ratio(calls * DAYS_OF_A_MONTH.part, DAYS_OF_A_MONTH.over * BigInt(days)),
    outputMean: ratio(row.output, calls),
    cacheReadMean: ratio(row.cacheRead, calls),
    cacheWriteMean: ratio(row.cacheWrite, calls),
    from: `ledger, ${counted(calls, 'call')} in the last ${counted(days, 'day')}`,
  };
}

/** A quotient rounded half to even to six digits. */
const ratio = (part: bigint, over: bigint): Decimal => ({
  digits: divideHalfEven(part * 1_000_000n, over),
  scale: 6,
});
