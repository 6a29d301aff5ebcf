import type { AllocationFinding, PoolPlan } from '../domain/allocation-plan.ts';
import { addAmounts, amountText, NO_AMOUNT } from '../domain/bill.ts';
import { type Decimal, type Money, money, MONEY_DECIMALS, rescale } from '../domain/money.ts';
import type { Span } from '../domain/spend.ts';
import { counted } from '../domain/words.ts';
import { UserError } from '../errors.ts';
import type { StoredBillLine } from '../ledger/bill-lines.ts';
import type { LedgerToRead } from '../ledger/ledger-to-read.ts';
import { matchesBill } from '../reports/bills-report.ts';

/** Where a line of a bill was read, as `file:line`. */
export const placeOf = (
  { file, lineNumber }: StoredBillLine,
  shown: (path: string) => string,
): string => `${file === null ? '(pipe)' : shown(file)}:${lineNumber}`;

const sumOf = (lines: readonly StoredBillLine[]): Decimal =>
  lines.map(({ line }) => line.billed).reduce(addAmounts, NO_AMOUNT);

/** What lines of bills say, added before it is rounded once. */
export const asDollars = (lines: readonly StoredBillLine[]): Money =>
  money(rescale(sumOf(lines), MONEY_DECIMALS));

/** Lines of bills by the name of the pool that takes them. */
export interface PoolBills {
  readonly lines: ReadonlyMap<string, readonly StoredBillLine[]>;
  readonly findings: readonly AllocationFinding[];
}

/** Gives each line of a bill to the pool that asks for it. Throws UserError where two pools do. */
export function billPools(
  pools: readonly PoolPlan[],
  ledger: LedgerToRead,
  span: Required<Span>,
  shown: (path: string) => string,
): PoolBills {
  const lines = new Map<string, StoredBillLine[]>();
  const foreign = new Map<string, StoredBillLine[]>();
  const ofCalls = new Map<string, StoredBillLine[]>();
  const takers = pools.flatMap((pool) =>
    pool.source.kind === 'bill' ? [{ pool, where: pool.source.where }] : [],
  );
  const put = (to: Map<string, StoredBillLine[]>, key: string, line: StoredBillLine): void => {
    const present = to.get(key);
    if (present === undefined) to.set(key, [line]);
    else present.push(line);
  };
  for (const stored of takers.length === 0 ? [] : ledger.billLines(span)) {
    const [taker, other] = takers.filter(({ where }) => matchesBill(stored, where));
    if (taker === undefined) continue;
    const { name } = taker.pool;
    if (other !== undefined)
      throw new UserError(
        `pools.${other.pool.name}.bill: ${placeOf(stored, shown)} belongs to pools.${name} too, and would be counted twice`,
        { origin: other.pool.origin, hint: 'Narrow one of the two, for example by service!=...' },
      );
    if (stored.line.currency !== 'USD') put(foreign, `${name} ${stored.line.currency}`, stored);
    else put(lines, name, stored);
    if (stored.line.tokens !== undefined || stored.line.model !== undefined)
      put(ofCalls, name, stored);
  }
  const from = (found: readonly StoredBillLine[]): string =>
    found[0] === undefined ? '' : placeOf(found[0], shown);
  return {
    lines,
    findings: [
      ...[...foreign].map(([key, found]) => ({
        code: 'other-currency',
        about: key,
        message: `${from(found)}: ${key.slice(0, key.lastIndexOf(' '))} leaves out ${counted(found.length, 'line')} of ${amountText(sumOf(found))} ${key.slice(key.lastIndexOf(' ') + 1)}; currencies are never added up`,
        failed: true,
      })),
      ...[...ofCalls].map(([name, found]) => ({
        code: 'maybe-counted-twice',
        about: name,
        message: `${from(found)}: ${name} takes ${counted(found.length, 'line')} that bill calls of models; if the ledger has those calls, they are counted twice`,
        failed: false,
      })),
    ],
  };
}
