import type { CommitTerm, Contract, TermOf } from './contract.ts';
import { termName } from './contract.ts';
import { asMoney, type Fraction, plus, times } from './fraction.ts';
import { type Money, money } from './money.ts';
import { termsOfKind } from './pool-money.ts';
import { nameOf, remembered } from './pools.ts';
import type { Position } from './spend.ts';

/** What usage draws from commitments, and what it costs beyond them. */
export interface Commitments {
  /** The cost of a position, from what it would cost without its commitment. */
  readonly costOf: (position: Position, before: Fraction) => Fraction;
  /** What was drawn in one of a commitment's periods, in dollars; prepaid tokens count by their price. */
  readonly drawn: (id: string) => Money;
}

/** Opens commitments. `priced` is what a position costs without them. */
export function openCommitments(
  contracts: readonly Contract[],
  whole: readonly Position[],
  priced: (position: Position) => Fraction,
): Commitments {
  const commits = new Map(termsOfKind(contracts, 'commit').map((of) => [termName(of), of]));
  const termOf = (id: string): TermOf<CommitTerm>['term'] => {
    const of = commits.get(nameOf(id));
    if (of === undefined) throw new Error(`no contract has a term called ${nameOf(id)}`);
    return of.term;
  };
  /** All usage of a period in what its commitment counts: tokens, or attodollars. */
  const used = remembered((id: string): bigint => {
    const { tokens, counts } = termOf(id);
    const part = (position: Position): bigint => {
      if (tokens !== undefined) return position.tokens;
      return counts === 'list_cost' ? position.list : asMoney(priced(position));
    };
    return whole
      .filter(({ commit }) => commit === id)
      .reduce((total, position) => total + part(position), 0n);
  });
  return {
    costOf(position, before) {
      // A closed month may hold on to a commitment that no contract has any more.
      if (position.commit === undefined || !commits.has(nameOf(position.commit))) return before;
      const term = termOf(position.commit);
      const all = used(position.commit);
      if (all === 0n) return before;
      const limit = term.tokens ?? term.amount;
      const excess = all > limit ? all - limit : 0n;
      const beyond: Fraction =
        term.above === 'list_price' ? { part: position.list, over: 1n } : before;
      // Prepaid tokens cost their part of the amount; only those beyond it cost by the token.
      const within =
        term.tokens === undefined
          ? times(before, all - excess, all)
          : times({ part: term.amount, over: 1n }, position.tokens, excess > 0n ? all : limit);
      return excess === 0n ? within : plus(within, times(beyond, excess, all));
    },
    drawn(id) {
      const { tokens, amount } = termOf(id);
      const all = used(id);
      if (tokens === undefined) return money(all);
      return asMoney(times({ part: amount, over: 1n }, all < tokens ? all : tokens, tokens));
    },
  };
}
