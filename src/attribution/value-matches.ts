import { dimensionNamed } from '../domain/filter-text.ts';
import { money, type Money, ZERO } from '../domain/money.ts';
import type { Origin } from '../domain/origin.ts';
import type { AskSpend, SpendQuery } from '../domain/spend.ts';
import type { Attribution } from './attribution.ts';
import { rowReader } from './row-reader.ts';
import { askByPieces } from './time-pieces.ts';

/** A raw value of a tag, and what a virtual tag makes of it. */
export interface ValueMatch {
  /** The tag or fact that was read: the tag itself, or what a rule fills it from. */
  readonly from: string;
  /** As it was logged; null where the call has none. */
  readonly raw: string | null;
  /** What it means; null where a call has neither a value nor a rule. */
  readonly value: string | null;
  /** The rule that says so; absent where no rule matches. */
  readonly rule?: Origin;
  readonly requests: bigint;
  /** List cost of what has a price. */
  readonly cost: Money;
}

/**
 * What virtual tags make of the values of a tag in a span, without changing anything: every raw value with the rule
 * that matches it, or none; dearest first.
 */
export function valueMatches(
  ask: AskSpend,
  attribution: Attribution,
  tag: string,
  query: Pick<SpendQuery, 'span' | 'where' | 'timeZone'>,
): readonly ValueMatch[] {
  const by = [...attribution.ownReadsOf(tag)].map(dimensionNamed);
  const read = rowReader(by);
  const { virtual } = attribution.rules;
  const matches = new Map<string, ValueMatch>();
  for (const { piece, answer } of askByPieces(ask, { ...query, by }, attribution.cutsOf([tag]))) {
    const { own } = attribution.at(piece.at);
    for (const row of answer.rows) {
      const raw = read(row.key);
      const found = own(tag, raw);
      const at = virtual.findIndex(({ origin }) => origin === found?.rule);
      const rule = virtual[at];
      const from = rule?.from ?? tag;
      const written = raw(from);
      const key = JSON.stringify([from, written, at]);
      const { requests, cost } = matches.get(key) ?? { requests: 0n, cost: ZERO };
      matches.set(key, {
        from,
        raw: written,
        value: found?.value ?? null,
        ...(rule === undefined ? {} : { rule: rule.origin }),
        requests: requests + row.requests,
        cost: money(cost + row.cost),
      });
    }
  }
  return [...matches.values()].sort((one, other) =>
    one.cost === other.cost
      ? Number(other.requests - one.requests)
      : one.cost > other.cost
        ? -1
        : 1,
  );
}
