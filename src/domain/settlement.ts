import { openCommitments } from './commitments.ts';
import { apportion, asMoney, type Fraction, plus, times } from './fraction.ts';
import { type Money, money } from './money.ts';
import type { Overlays } from './overlays.ts';
import { openPools, type Usage } from './pools.ts';
import type { CostKind, Position, SpendAnswer, SpendRow } from './spend.ts';

/** What shares out pools of money and draws down commitments, once their whole usage is known. */
export interface Settlement {
  /** The answer with `cost` as the kind of cost that was asked for. */
  readonly settle: (answer: SpendAnswer) => SpendAnswer;
  /** What one position costs by itself; `undefined` where this kind of cost does not know it. */
  readonly costOf: (position: Position) => Money | undefined;
  /** All usage of a pool or of a commitment in one of its periods. */
  readonly usageOf: (id: string) => Usage;
  /** What usage drew from a commitment in one of its periods. */
  readonly drawn: (id: string) => Money;
}

/**
 * Settles costs of a kind. `whole` is every position of the ledger, whatever a report asks for: a pool is
 * shared out over all of its usage, and a report shows the part that falls to its rows. `now` bounds what
 * capacity has cost so far, milliseconds UTC.
 */
export function createSettlement(
  kind: CostKind,
  overlays: Overlays,
  whole: readonly Position[],
  now: number,
): Settlement {
  const pools = openPools(overlays, whole, now);
  /** What a position costs before commitments; capacity is in it once it is spread over its usage. */
  const priced = ({ pool, contracted, list, weight }: Position): Fraction => {
    const own: Fraction = { part: contracted, over: 1n };
    if (pool === undefined) return own;
    // A closed month holds on to a pool that no contract has any more: what is left of it is list prices.
    if (!pools.has(pool)) return { part: list, over: 1n };
    if (kind !== 'effective' && pools.kindOf(pool) !== 'volume') return own;
    const all = pools.usageOf(pool).weight;
    if (all === 0n) return own;
    return plus(own, times({ part: pools.moneyOf(pool), over: 1n }, weight, all));
  };
  const commitments = openCommitments(overlays.contracts, whole, priced);
  /** Own hardware has an effective cost and no other; none when nothing says any more what it costs. */
  const isKnown = ({ unlisted, pool }: Position): boolean =>
    !unlisted || (kind === 'effective' && pool !== undefined && pools.has(pool));
  const cost = (position: Position): Fraction => commitments.costOf(position, priced(position));
  return {
    costOf: (position) => (isKnown(position) ? asMoney(cost(position)) : undefined),
    usageOf: pools.usageOf,
    drawn: commitments.drawn,
    settle: (answer) => settled(answer, kind, { isKnown, cost }),
  };
}

interface Settling {
  readonly isKnown: (position: Position) => boolean;
  readonly cost: (position: Position) => Fraction;
}

function settled(answer: SpendAnswer, kind: CostKind, { isKnown, cost }: Settling): SpendAnswer {
  const all = answer.rows.flatMap((row, index) =>
    (row.negotiated?.positions ?? []).filter(isKnown).map((position) => ({
      index,
      position,
      key: JSON.stringify([position.pool, position.commit]),
    })),
  );
  const costs = new Map<number, bigint>();
  for (const key of new Set(all.map((one) => one.key))) {
    // Positions of one key have one divisor: their parts are weights of the rounded whole.
    const ofKey = all.filter((one) => one.key === key);
    const exact = ofKey.map(({ position }) => cost(position));
    const over = exact.reduce((product, fraction) => lowestCommon(product, fraction.over), 1n);
    const weights = exact.map((fraction) => fraction.part * (over / fraction.over));
    for (const [at, part] of wholeParts(weights, over).entries()) {
      const index = ofKey[at]?.index ?? 0;
      costs.set(index, (costs.get(index) ?? 0n) + part);
    }
  }
  return {
    ...answer,
    rows: answer.rows.map((row, index) => settledRow(row, costs.get(index) ?? 0n, isKnown)),
    unratedReasons:
      kind === 'effective'
        ? answer.unratedReasons.filter(({ code }) => code !== 'own-hardware')
        : answer.unratedReasons,
  };
}

/** Fractions of one divisor as whole numbers that add up to their rounded sum. */
function wholeParts(weights: readonly bigint[], over: bigint): readonly bigint[] {
  const sum = weights.reduce((total, weight) => total + weight, 0n);
  if (sum !== 0n) return apportion(asMoney({ part: sum, over }), weights);
  // What a closed month holds and what corrections take out of it: each is shown, together they are nothing.
  const given = weights.map((weight) => (weight > 0n ? weight : 0n));
  const taken = weights.map((weight) => (weight < 0n ? -weight : 0n));
  const half = asMoney({ part: given.reduce((total, weight) => total + weight, 0n), over });
  const less = apportion(half, taken);
  return apportion(half, given).map((part, index) => part - (less[index] ?? 0n));
}

function settledRow(
  row: SpendRow,
  positioned: bigint,
  isKnown: (position: Position) => boolean,
): SpendRow {
  const { negotiated, ...spend } = row;
  if (negotiated === undefined) return spend;
  const own = negotiated.positions.filter((one) => one.unlisted && isKnown(one));
  const unlisted = own.reduce((sum, { requests }) => sum + requests, 0n);
  // Corrections that take calls out were not counted among those without a price.
  const priced = own.reduce((sum, { requests }) => sum + (requests > 0n ? requests : 0n), 0n);
  return {
    ...spend,
    cost: money(negotiated.contracted + positioned),
    unlisted,
    rated: spend.rated + unlisted,
    unrated: spend.unrated > priced ? spend.unrated - priced : 0n,
  };
}

const lowestCommon = (a: bigint, b: bigint): bigint => (a / greatestCommon(a, b)) * b;
const greatestCommon = (a: bigint, b: bigint): bigint => (b === 0n ? a : greatestCommon(b, a % b));
