import { asMoney, minus, times } from './fraction.ts';
import { type Money, money, sum, ZERO } from './money.ts';
import type { SpendRow } from './spend.ts';

/** Calls that have a price, and what they cost. */
export interface PricedCalls {
  readonly requests: bigint;
  readonly cost: Money;
}

/** One kind of call before and after; kinds are what the mix is held over. */
export interface KindEffect {
  readonly key: readonly (string | null)[];
  /** `kept` was called in both spans, `new` after only, `gone` before only, `unpriced` has a side of which nothing has a price. */
  readonly state: 'kept' | 'new' | 'gone' | 'unpriced';
  readonly before: PricedCalls;
  readonly after: PricedCalls;
  /** What its calls after cost more than they would have at their unit cost before; 0 unless kept. */
  readonly price: Money;
}

/** What changed between two spans. `volume`, `mix`, `price`, `added` and `gone` add up to after less before, to the last digit. */
export interface LeverEffect {
  readonly kinds: readonly KindEffect[];
  /** Calls of kinds that both spans have. */
  readonly keptBefore: PricedCalls;
  readonly keptAfter: PricedCalls;
  /** All calls with a price, of kinds that can be compared or stand apart as new or gone. */
  readonly before: PricedCalls;
  readonly after: PricedCalls;
  /** More or fewer calls, at the mix and unit costs of before. */
  readonly volume: Money;
  /** Another mix of kinds, at the unit costs of before and the volume of after. */
  readonly mix: Money;
  /** Other unit costs of the kinds, at the calls of after: a lever that worked made this negative. */
  readonly price: Money;
  readonly added: Money;
  /** Negative: what is not spent any more. */
  readonly gone: Money;
  /** Requests without a price before and after, in nothing above. */
  readonly unpriced: { readonly before: bigint; readonly after: bigint };
}

const NO_CALLS: PricedCalls = { requests: 0n, cost: ZERO };

/** Sets two spans side by side, kind by kind: rows of one question, asked of each. */
export function leverEffect(before: readonly SpendRow[], after: readonly SpendRow[]): LeverEffect {
  const kinds = kindsOf(before, after);
  const of = (...states: readonly KindEffect['state'][]) =>
    kinds.filter(({ state }) => states.includes(state));
  const kept = of('kept');
  const [keptBefore, keptAfter] = [
    callsOf(kept.map((kind) => kind.before)),
    callsOf(kept.map((kind) => kind.after)),
  ];
  const price = sum(kept.map((kind) => kind.price));
  const volume =
    keptBefore.requests === 0n
      ? ZERO
      : asMoney({
          part: keptBefore.cost * (keptAfter.requests - keptBefore.requests),
          over: keptBefore.requests,
        });
  const comparable = of('kept', 'new', 'gone');
  return {
    kinds,
    keptBefore,
    keptAfter,
    before: callsOf(comparable.map((kind) => kind.before)),
    after: callsOf(comparable.map((kind) => kind.after)),
    volume,
    // What is left, so that rounding cannot part the sum from the change.
    mix: money(keptAfter.cost - keptBefore.cost - volume - price),
    price,
    added: sum(of('new').map((kind) => kind.after.cost)),
    gone: money(0n - sum(of('gone').map((kind) => kind.before.cost))),
    unpriced: { before: unpricedOf(before), after: unpricedOf(after) },
  };
}

function kindsOf(before: readonly SpendRow[], after: readonly SpendRow[]): readonly KindEffect[] {
  const named = (rows: readonly SpendRow[]) =>
    new Map(rows.map((row) => [JSON.stringify(row.key), row]));
  const [was, is] = [named(before), named(after)];
  return [...new Set([...was.keys(), ...is.keys()])].map((name): KindEffect => {
    const [first, last] = [was.get(name), is.get(name)];
    const sides = { before: pricedOf(first), after: pricedOf(last) };
    const state = stateOf(first, last);
    return {
      key: (last ?? first)?.key ?? [],
      state,
      ...sides,
      price: state === 'kept' ? priceEffect(sides) : ZERO,
    };
  });
}

const pricedOf = (row: SpendRow | undefined): PricedCalls =>
  row === undefined ? NO_CALLS : { requests: row.requests - row.unrated, cost: row.cost };

function stateOf(before: SpendRow | undefined, after: SpendRow | undefined): KindEffect['state'] {
  const isUnpriced = (row: SpendRow | undefined): boolean =>
    row !== undefined && row.requests > 0n && row.unrated >= row.requests;
  if (isUnpriced(before) || isUnpriced(after)) return 'unpriced';
  const called = (row: SpendRow | undefined): boolean => pricedOf(row).requests > 0n;
  if (called(before)) return called(after) ? 'kept' : 'gone';
  return 'new';
}

/** cost after - requests after x cost before / requests before */
const priceEffect = ({
  before,
  after,
}: {
  readonly before: PricedCalls;
  readonly after: PricedCalls;
}): Money =>
  asMoney(
    minus(
      { part: after.cost, over: 1n },
      times({ part: before.cost, over: before.requests }, after.requests),
    ),
  );

const callsOf = (all: readonly PricedCalls[]): PricedCalls => ({
  requests: all.reduce((count, { requests }) => count + requests, 0n),
  cost: sum(all.map(({ cost }) => cost)),
});

const unpricedOf = (rows: readonly SpendRow[]): bigint =>
  rows.reduce((count, { unrated }) => count + unrated, 0n);

/** Scores of one span: how many, and their exact mean. */
export interface Scores {
  readonly count: bigint;
  /** The sum as a whole number of 10^-12. */
  readonly sum: bigint;
}

/** Digits after the point of a score. */
export const SCORE_DECIMALS = 12;

/** No score at all. */
export const NO_SCORES: Scores = { count: 0n, sum: 0n };

/** Whether a lever did what it should. */
export type Verdict =
  | 'saving'
  /** The kinds that both spans have cost as much as before, or more. */
  | 'no-saving'
  /** Cheaper, and scored lower: not a saving. */
  | 'lower-score'
  /** Scores were given, and one of the spans has none. */
  | 'no-scores'
  | 'too-few-calls';

/** The verdict on an effect; `scores` is absent where quality was not measured. */
export function verdictOn(
  effect: LeverEffect,
  leastCalls: bigint,
  scores?: { readonly before: Scores; readonly after: Scores },
): Verdict {
  const { keptBefore, keptAfter, price } = effect;
  if (keptBefore.requests < leastCalls || keptAfter.requests < leastCalls) return 'too-few-calls';
  if (price >= 0n) return 'no-saving';
  if (scores === undefined) return 'saving';
  const { before, after } = scores;
  if (before.count === 0n || after.count === 0n) return 'no-scores';
  return after.sum * before.count < before.sum * after.count ? 'lower-score' : 'saving';
}
