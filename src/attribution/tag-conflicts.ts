import { dimensionNamed } from '../domain/filter-text.ts';
import { money, type Money, ZERO } from '../domain/money.ts';
import type { Origin } from '../domain/origin.ts';
import type { AskSpend, SpendQuery } from '../domain/spend.ts';
import { keySays, OWNER_TAGS } from '../domain/tags.ts';
import { attributedSpend } from './attributed-spend.ts';
import { type Attribution, openAttribution } from './attribution.ts';
import { rowReader } from './row-reader.ts';
import { askByPieces } from './time-pieces.ts';
import { NO_VERDICTS } from './verdicts.ts';

/** Calls that say of themselves something else than their key does. The request's own word holds. */
export interface TagConflict {
  readonly tag: string;
  readonly request: string;
  readonly key: string;
  /** The rule of the key map; absent where the gateway itself told what its key is for. */
  readonly rule?: Origin;
  /** Calls that both say something of, and their list cost. */
  readonly requests: bigint;
  readonly cost: Money;
  /** List cost of all calls of either value, as attributed. */
  readonly ofRequest: Money;
  readonly ofKey: Money;
}

type Disputed = Omit<TagConflict, 'ofRequest' | 'ofKey'>;

/** Where requests and their keys name different owners in a span, dearest first. */
export function tagConflicts(
  ask: AskSpend,
  attribution: Attribution,
  query: Pick<SpendQuery, 'span' | 'where' | 'timeZone'>,
): readonly TagConflict[] {
  const tags = new Set([
    ...OWNER_TAGS,
    ...attribution.rules.keys.flatMap(({ set }) => [...set.keys()]),
  ]);
  // What was inferred is nobody's word.
  const said = openAttribution({ ...attribution.rules, infer: [] });
  const attributed = attributedSpend(ask, said, NO_VERDICTS);
  return [...tags]
    .flatMap((tag) => {
      const disputed = disputedOf(ask, attribution, tag, query);
      if (disputed.length === 0) return [];
      const { rows } = attributed({ ...query, by: [dimensionNamed(tag)] });
      const costs = new Map(rows.map(({ key: [value = null], cost }) => [value, cost]));
      return disputed.map((one): TagConflict => ({
        ...one,
        ofRequest: costs.get(one.request) ?? ZERO,
        ofKey: costs.get(one.key) ?? ZERO,
      }));
    })
    .sort((one, other) => (one.cost === other.cost ? 0 : one.cost > other.cost ? -1 : 1));
}

function disputedOf(
  ask: AskSpend,
  attribution: Attribution,
  tag: string,
  query: Pick<SpendQuery, 'span' | 'where' | 'timeZone'>,
): readonly Disputed[] {
  const told = keySays(tag);
  const by = [...attribution.readsOf(tag), told].map(dimensionNamed);
  const read = rowReader(by);
  const disputed = new Map<string, Disputed>();
  for (const { piece, answer } of askByPieces(ask, { ...query, by }, attribution.cutsOf([tag]))) {
    const { own, ofKey } = attribution.at(piece.at);
    for (const row of answer.rows) {
      const raw = read(row.key);
      const request = own(tag, raw)?.value;
      const mapped = ofKey(tag, raw);
      const key = mapped?.value ?? raw(told) ?? undefined;
      if (request === undefined || key === undefined || request === key) continue;
      const name = JSON.stringify([request, key]);
      const { requests, cost } = disputed.get(name) ?? { requests: 0n, cost: ZERO };
      disputed.set(name, {
        tag,
        request,
        key,
        ...(mapped?.rule === undefined ? {} : { rule: mapped.rule }),
        requests: requests + row.requests,
        cost: money(cost + row.cost),
      });
    }
  }
  return [...disputed.values()];
}
