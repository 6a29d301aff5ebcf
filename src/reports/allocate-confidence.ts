import { allocate } from '../domain/allocation.ts';
import type { ChargebackRow } from '../domain/chargeback.ts';
import { type Money, money, moneyText, ZERO } from '../domain/money.ts';
import { grouped } from '../domain/words.ts';
import type { Json } from './answer.ts';

/** Money by how sure it is that it belongs to its owner, and the requests that have no money. */
interface Levels {
  readonly money: ReadonlyMap<'A' | 'D' | 'none', Money>;
  readonly unpriced: bigint;
}

/**
 * How sure it is that money belongs to its owner: A by the calls' own tags, D by a rule or an inferred tag, `none`
 * what nobody owns; E are calls without a price. B and C are for what a bill confirms. Credits count as much as costs.
 */
function levelsOf(rows: readonly ChargebackRow[]): Levels {
  const found = new Map<'A' | 'D' | 'none', Money>([
    ['A', ZERO],
    ['D', ZERO],
    ['none', ZERO],
  ]);
  const add = (level: 'A' | 'D' | 'none', amount: bigint): void =>
    void found.set(level, money((found.get(level) ?? 0n) + (amount < 0n ? -amount : amount)));
  for (const row of rows) {
    const owned = row.kind === 'consumer' || row.kind === 'elsewhere';
    add(owned ? 'A' : 'none', row.direct - row.inferred);
    add(owned ? 'D' : 'none', row.inferred);
    for (const { amount } of row.shares) add(owned ? 'D' : 'none', amount);
  }
  return { money: found, unpriced: rows.reduce((all, { unrated }) => all + unrated, 0n) };
}

/** Levels in words, weighed by spend: `A 71.3% D 28.7%`. */
export function confidence(rows: readonly ChargebackRow[]): string {
  const { money: byLevel, unpriced } = levelsOf(rows);
  const levels = [...byLevel].map(([key, weight]) => ({ key, weight }));
  const permille = allocate(1000n, levels) ?? [];
  return [
    ...levels.flatMap(({ key, weight }, index) =>
      weight === 0n ? [] : [`${key} ${tenths(permille[index] ?? 0n)}%`],
    ),
    ...(unpriced === 0n ? [] : [`E ${grouped(unpriced)} req.`]),
  ].join(' ');
}

/** How sure the whole is, for programs. */
export function confidenceFacts(rows: readonly ChargebackRow[]): { readonly [key: string]: Json } {
  const { money: byLevel, unpriced } = levelsOf(rows);
  return {
    text: confidence(rows),
    ...Object.fromEntries(
      [...byLevel].map(([level, amount]) => [`${level}_usd`, moneyText(amount)]),
    ),
    E_requests: Number(unpriced),
  };
}

/** `71.3` of 713. */
const tenths = (permille: bigint): string => `${permille / 10n}.${permille % 10n}`;
