import { money } from '../domain/money.ts';
import type { OwnCharge } from '../domain/own-charges.ts';
import { NO_SPEND, type SpendAnswer, type SpendRow } from '../domain/spend.ts';

/** Charges beside those of calls, and the step of time they belong to; absent without a grain. */
export interface ChargesOfStep {
  readonly step?: number;
  readonly charges: readonly OwnCharge[];
}

/** A term as a table names it: without its contract, whose name is often a sentence. */
export const termLabel = (name: string): string =>
  name.startsWith('hardware ')
    ? name.slice('hardware '.length)
    : name.slice(name.lastIndexOf('/') + 1);

/** How a row of such a charge is called. */
const chargeLabel = ({ kind, of }: OwnCharge): string => `(${kind}: ${termLabel(of)})`;

/**
 * Puts charges that no call makes among the rows, so that the total is all that is owed. Each is a row of
 * its own under its label; where rows are grouped by time alone, or not at all, it joins their row.
 */
export function withCharges(
  answer: SpendAnswer,
  steps: readonly ChargesOfStep[],
  names: number,
): SpendAnswer {
  const rows: SpendRow[] = [...answer.rows];
  for (const { step, charges } of steps)
    for (const charge of charges) {
      const key = Array.from({ length: names }, (_, index) =>
        index === 0 ? chargeLabel(charge) : '',
      );
      const at = names > 0 ? -1 : rows.findIndex((row) => row.step === step);
      const present = rows[at];
      if (present === undefined)
        rows.push({ ...NO_SPEND, key, ...(step === undefined ? {} : { step }), cost: charge.cost });
      else rows[at] = { ...present, cost: money(present.cost + charge.cost) };
    }
  return { ...answer, rows };
}
