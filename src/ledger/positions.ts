import type { UsageTotals } from '../domain/meters.ts';
import { money } from '../domain/money.ts';
import { addPosition, positionOf } from '../domain/position.ts';
import type { NegotiatedSpend, Position } from '../domain/spend.ts';
import type { StoredRate } from './stored-rate.ts';

/** Gathers what contracts make of a group's usage, cell by cell of the cube. */
export interface Positions {
  readonly add: (rate: StoredRate, usage: UsageTotals, requests: bigint) => void;
  readonly total: () => NegotiatedSpend;
}

/** Opens the positions of one group. */
export function openPositions(): Positions {
  let contracted = 0n;
  const positions = new Map<string, Position>();
  return {
    add(rate, usage, requests) {
      if (rate.kind === 'not-billable') return;
      const one = positionOf(rate, usage, requests);
      if (one.pool === undefined && one.commit === undefined) {
        contracted += one.contracted;
        return;
      }
      addPosition(positions, one);
    },
    total: () => ({ contracted: money(contracted), positions: [...positions.values()] }),
  };
}
