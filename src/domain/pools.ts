import { termName } from './contract.ts';
import { type Money, money, ZERO } from './money.ts';
import { contractSpan, HARDWARE_PERIOD, type Overlays, periodOf } from './overlays.ts';
import { type Instance, instanceAt, type TermPeriod } from './pool.ts';
import { type Capacity, capacityOver, termsOfKind, volumeMoney } from './pool-money.ts';
import type { Position, Span } from './spend.ts';

/** All usage of a pool, or of a commitment, in one of its periods. */
export interface Usage {
  readonly requests: bigint;
  readonly tokens: bigint;
  readonly weight: bigint;
  readonly list: Money;
}

const NO_USAGE: Usage = { requests: 0n, tokens: 0n, weight: 0n, list: ZERO };

/** The pools of money that usage shares, by the ids that rates name. */
export interface Pools {
  /** Whether an overlay in force has the pool; a closed month may hold on to one that is gone. */
  readonly has: (id: string) => boolean;
  readonly usageOf: (id: string) => Usage;
  /** What there is to share out; of capacity what it has cost until now. */
  readonly moneyOf: (id: string) => Money;
  readonly kindOf: (id: string) => 'volume' | Capacity['kind'];
}

/** Opens the pools of all overlays. `whole` is every position of the ledger; `now` milliseconds UTC. */
export function openPools(overlays: Overlays, whole: readonly Position[], now: number): Pools {
  const usages = usageById(whole);
  const usageOf = (id: string): Usage => usages.get(id) ?? NO_USAGE;
  const pools = poolsByName(overlays);
  const poolOf = (id: string): Pool => {
    const pool = pools.get(nameOf(id));
    if (pool === undefined) throw new Error(`no contract or hardware is called ${nameOf(id)}`);
    return pool;
  };
  return {
    has: (id) => pools.has(nameOf(id)),
    usageOf,
    kindOf: (id) => poolOf(id).kind,
    moneyOf: remembered((id) => {
      const pool = poolOf(id);
      if (pool.kind === 'volume') return volumeMoney(pool.of.term, usageOf(id));
      const instance = instanceOf(id, pool.period, pool.span);
      const end = Math.max(instance.start, Math.min(instance.end, now));
      return capacityOver(pool, instance, { start: instance.start, end });
    }),
  };
}

type Pool =
  | {
      readonly kind: 'volume';
      readonly of: ReturnType<typeof termsOfKind<'volume'>>[number];
    }
  | (Capacity & { readonly period: TermPeriod; readonly span: Span });

function poolsByName({ contracts, servings }: Overlays): ReadonlyMap<string, Pool> {
  return new Map<string, Pool>([
    ...termsOfKind(contracts, 'volume').map((of): [string, Pool] => [
      termName(of),
      { kind: 'volume', of },
    ]),
    ...termsOfKind(contracts, 'provisioned').map((of): [string, Pool] => [
      termName(of),
      { kind: 'provisioned', of, period: periodOf(of), span: contractSpan(of.contract) },
    ]),
    ...servings.map((serving): [string, Pool] => [
      serving.name,
      { kind: 'hardware', serving, period: HARDWARE_PERIOD, span: serving.span },
    ]),
  ]);
}

/** `Example 2026/ptu` of `Example 2026/ptu/2026-11-01`. */
export const nameOf = (id: string): string => id.slice(0, id.lastIndexOf('/'));

/** The period that an id names. */
function instanceOf(id: string, period: TermPeriod, span: Span): Instance {
  const start = Date.parse(id.slice(id.lastIndexOf('/') + 1));
  return instanceAt(nameOf(id), period, span, Math.max(start, span.start ?? start));
}

function usageById(whole: readonly Position[]): ReadonlyMap<string, Usage> {
  const usages = new Map<string, Usage>();
  for (const { pool, commit, requests, tokens, weight, list } of whole)
    for (const id of [pool, commit]) {
      if (id === undefined) continue;
      const present = usages.get(id) ?? NO_USAGE;
      usages.set(id, {
        requests: present.requests + requests,
        tokens: present.tokens + tokens,
        weight: present.weight + (id === pool ? weight : 0n),
        list: money(present.list + list),
      });
    }
  return usages;
}

/** A function that finds each answer once. */
export function remembered<Value>(find: (id: string) => Value): (id: string) => Value {
  const known = new Map<string, Value>();
  return (id) => {
    if (!known.has(id)) known.set(id, find(id));
    return known.get(id) as Value;
  };
}
