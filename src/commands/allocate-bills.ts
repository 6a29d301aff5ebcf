import type { AllocationFinding, PoolPlan, RulePlan } from '../domain/allocation-plan.ts';
import { consumerText, type OwnedCost, type Receiver } from '../domain/allocation-shares.ts';
import { addAmounts, amountText, NO_AMOUNT } from '../domain/bill.ts';
import { type Decimal, type Money, money, MONEY_DECIMALS, rescale, sum } from '../domain/money.ts';
import type { Span } from '../domain/spend.ts';
import { counted } from '../domain/words.ts';
import { UserError } from '../errors.ts';
import type { StoredBillLine } from '../ledger/bill-lines.ts';
import type { LedgerToRead } from '../ledger/ledger-to-read.ts';
import { matchesBill } from '../reports/bills-report.ts';
import type { ToldTags } from './allocate-told.ts';

/** Where a line of a bill was read, as `file:line`. */
export const placeOf = (
  { file, lineNumber }: StoredBillLine,
  shown: (path: string) => string,
): string => `${file === null ? '(pipe)' : shown(file)}:${lineNumber}`;

const sumOf = (lines: readonly StoredBillLine[]): Decimal =>
  lines.map(({ line }) => line.billed).reduce(addAmounts, NO_AMOUNT);

/** What lines of bills say, each to the last digit of money, so that any grouping of them adds up alike. */
export const asDollars = (lines: readonly StoredBillLine[]): Money =>
  sum(lines.map(({ line }) => money(rescale(line.billed, MONEY_DECIMALS))));

/** The lines of a pool whose charge period begins in a step. */
export const linesIn = (
  { lines }: PoolBills,
  pool: string,
  step: Required<Span>,
): readonly StoredBillLine[] =>
  (lines.get(pool) ?? []).filter(({ line }) => line.start >= step.start && line.start < step.end);

/** Most places that are named of one owner's lines. */
const MOST_PLACES = 3;

/** Lines by whom their own tags name, in the order of their first. */
export function ownedLines(
  lines: readonly StoredBillLine[],
  { by }: RulePlan,
  {
    shown,
    tagOfLine,
  }: { readonly shown: (path: string) => string; readonly tagOfLine: ToldTags['tagOfLine'] },
): readonly OwnedCost[] {
  const owned = new Map<string, { readonly to: Receiver; readonly lines: StoredBillLine[] }>();
  for (const stored of lines) {
    const { labels } = stored.line;
    // So bills of clusters call what no workload caused.
    const to: Receiver = labels.includes('idle')
      ? { kind: 'idle' }
      : labels.includes('unallocated') || labels.includes('unmounted')
        ? { kind: 'unallocated' }
        : { kind: 'consumer', key: by.map(({ name }) => tagOfLine(stored.line, name)) };
    const id = to.kind === 'consumer' ? consumerText(to.key) : to.kind;
    const present = owned.get(id);
    if (present === undefined) owned.set(id, { to, lines: [stored] });
    else present.lines.push(stored);
  }
  return [...owned.values()].map(({ to, lines: own }) => ({
    to,
    amount: asDollars(own),
    places: [
      ...own.slice(0, MOST_PLACES).map((stored) => placeOf(stored, shown)),
      ...(own.length > MOST_PLACES ? [`and ${own.length - MOST_PLACES} more lines`] : []),
    ],
  }));
}

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
