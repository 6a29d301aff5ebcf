import { COST_PARTS, type ConsumerKey, type CostPart } from './allocation-plan.ts';
import type { Share } from './allocation-shares.ts';
import { gathered } from './direct-spend.ts';
import { type Money, money, ZERO } from './money.ts';
import type { Dimension, Span, SpendRow } from './spend.ts';

/** Who a row of a chargeback stands for. */
export type ChargebackKind =
  | 'consumer'
  /** Nobody is known: no tag that was asked for. */
  | 'untagged'
  /** Somebody that the rule tells by other tags than were asked for. */
  | 'elsewhere'
  | 'idle'
  | 'unallocated';

/** What one consumer is charged. */
export interface ChargebackRow {
  readonly kind: ChargebackKind;
  /** Values of the asked dimensions; null where there is none. Those of `told` are all that a rule knows. */
  readonly key: ConsumerKey;
  /** The tags that the rule tells consumers by, for rows from elsewhere. */
  readonly told: readonly string[];
  /** Calls that the consumer's own tags charge. */
  readonly direct: Money;
  /** The part of `direct` whose tags are only inferred. */
  readonly inferred: Money;
  /** Requests made, also those that a pool takes. */
  readonly requests: bigint;
  /** Requests without a price, which cost more than nothing. */
  readonly unrated: bigint;
  readonly shares: readonly Share[];
  readonly allocated: Money;
  readonly total: Money;
}

/** The calls of the ledger, by whether their own tags charge them. */
export interface CallRows {
  readonly direct: readonly SpendRow[];
  /** Calls that pools take: made by whoever their tags say, and paid by whom the rules say. */
  readonly taken: readonly SpendRow[];
  readonly dimensions: readonly Dimension[];
  readonly isInferred: (row: SpendRow) => boolean;
}

/**
 * What a consumer belongs to in a step of time, for a tag that its rule does not tell: the department of a team.
 * `undefined` where nothing leads there, or not for the whole step.
 */
export type Above = (
  key: ConsumerKey,
  by: readonly Dimension[],
  name: string,
  step: Required<Span>,
) => string | null | undefined;

/** Sets direct spend and shares of pools side by side: the rows add up to both, dearest first, what nobody owns last. */
export function chargeback(
  { direct, taken, dimensions, isInferred }: CallRows,
  shares: readonly Share[],
  by: readonly Dimension[],
  above: Above,
): readonly ChargebackRow[] {
  const rows = new Map<string, Draft>();
  const draft = (place: Place): Draft => {
    const id = JSON.stringify([place.kind, place.key, place.told]);
    const present = rows.get(id);
    if (present !== undefined) return present;
    const made: Draft = { ...place, ...NOTHING_YET, shares: [] };
    rows.set(id, made);
    return made;
  };
  const count = (row: Draft, { requests, unrated }: SpendRow): void => {
    row.requests += requests;
    row.unrated += unrated;
  };
  for (const { key, rows: calls } of gathered(direct, dimensions, by)) {
    const row = draft(placeOf(key));
    for (const call of calls) {
      row.direct = money(row.direct + call.cost);
      if (isInferred(call)) row.inferred = money(row.inferred + call.cost);
      count(row, call);
    }
  }
  for (const { key, rows: calls } of gathered(taken, dimensions, by))
    for (const call of calls) count(draft(placeOf(key)), call);
  for (const share of shares) {
    const row = draft(receiverOf(share, by, above));
    row.shares.push(share);
    row.allocated = money(row.allocated + share.amount);
  }
  return [...rows.values()]
    .map((row) => ({ ...row, total: money(row.direct + row.allocated) }))
    .sort(
      (a, b) =>
        LAST.indexOf(a.kind) - LAST.indexOf(b.kind) ||
        (a.total === b.total ? compare(keyText(a), keyText(b)) : a.total > b.total ? -1 : 1),
    );
}

type Place = Pick<ChargebackRow, 'kind' | 'key' | 'told'>;
type Draft = {
  -readonly [Name in keyof Omit<ChargebackRow, 'shares' | 'total'>]: ChargebackRow[Name];
} & {
  readonly shares: Share[];
};

const NOTHING_YET = {
  direct: ZERO,
  inferred: ZERO,
  requests: 0n,
  unrated: 0n,
  allocated: ZERO,
};

const LAST: readonly ChargebackKind[] = [
  'consumer',
  'elsewhere',
  'untagged',
  'idle',
  'unallocated',
];

const keyText = ({ key }: ChargebackRow): string => JSON.stringify(key);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const placeOf = (key: ConsumerKey): Place => ({
  kind: key.length > 0 && key.every((value) => value === null) ? 'untagged' : 'consumer',
  key,
  told: [],
});

/** The row that a share belongs to: by the asked dimensions as far as its rule, and what is above it, tell them. */
function receiverOf(share: Share, by: readonly Dimension[], above: Above): Place {
  const { to, by: told, step } = share;
  if (to.kind !== 'consumer') return { kind: to.kind, key: by.map(() => null), told: [] };
  const found = by.map((wanted): string | null | undefined => {
    const at = told.findIndex(({ kind, name }) => kind === wanted.kind && name === wanted.name);
    return at < 0 ? above(to.key, told, wanted.name, step) : (to.key[at] ?? null);
  });
  const key = found.map((value) => value ?? null);
  return found.includes(undefined)
    ? { kind: 'elsewhere', key, told: told.map(({ name }) => name) }
    : placeOf(key);
}

/** What a row costs in each part of a fully loaded inference; direct spend is the cost of models. */
export function costByPart({ direct, shares }: ChargebackRow): ReadonlyMap<CostPart, Money> {
  const parts = new Map<CostPart, Money>(COST_PARTS.map((part) => [part, ZERO]));
  const add = (part: CostPart, amount: Money): void =>
    void parts.set(part, money((parts.get(part) ?? 0n) + amount));
  add('model', direct);
  for (const { of, amount } of shares) add(of.part, amount);
  return parts;
}
