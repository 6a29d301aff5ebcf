import type { UsageTotals } from '../domain/meters.ts';
import { ZERO } from '../domain/money.ts';
import { positionOf } from '../domain/position.ts';
import type { CardIdentity } from '../domain/rate-card.ts';
import {
  addCorrection,
  type Books,
  type CardUsed,
  type Correction,
  sumOfCorrections,
} from '../domain/spend.ts';
import type { BookPart } from './books.ts';
import type { Database } from './database.ts';
import type { Source } from './spend-sql.ts';
import type { StoredRate } from './stored-rate.ts';

/** Finds out which cards priced what an answer holds, and what in it are corrections. */
export interface BooksTally<Group> {
  readonly add: (
    group: Group,
    source: Source,
    rate: StoredRate,
    requests: bigint,
    usage: UsageTotals,
  ) => void;
  /** What in one group is a correction. */
  readonly correctionsOf: (group: Group) => readonly Correction[];
  /** By provider, the card in force before those of closed months. */
  readonly cards: () => readonly CardUsed[];
  readonly books: (parts: readonly BookPart[]) => Books;
}

/** Counts cards: of what a closed month froze, the card of its closing; of everything else, the one in force. */
export function tallyBooks<Group>(database: Database): BooksTally<Group> {
  const used = new Map<string, { readonly provider: string; readonly month?: string }>();
  const corrections = new Map<Group, Map<string, Correction>>();
  const shared = new Set<string>();
  return {
    add(group, source, rate, requests, usage) {
      if (rate.kind === 'rated') {
        const { provider } = rate;
        const month = source.kind === 'closed_cell' ? source.month : undefined;
        const name = `${provider}\0${month ?? ''}`;
        if (!used.has(name))
          used.set(name, month === undefined ? { provider } : { provider, month });
      }
      if (!('month' in source)) return;
      if (isShared(rate)) shared.add(source.month);
      if (source.kind !== 'correction_cell') return;
      const { list, contracted } =
        rate.kind === 'rated'
          ? positionOf(rate, usage, requests)
          : { list: ZERO, contracted: ZERO };
      const ofGroup = corrections.get(group) ?? new Map<string, Correction>();
      corrections.set(group, ofGroup);
      addCorrection(ofGroup, { month: source.month, requests, cost: list, contracted });
    },
    correctionsOf: (group) => [...(corrections.get(group)?.values() ?? [])],
    cards: () => identified(database, used),
    books: (parts) => ({
      closed: [
        ...new Set(
          parts.flatMap(({ source }) => (source.kind === 'closed_cell' ? [source.month] : [])),
        ),
      ],
      corrections: sumOfCorrections(
        [...corrections.values()].flatMap((ofGroup) => [...ofGroup.values()]),
      ),
      shared: [...shared].sort(),
      unfrozen: [],
    }),
  };
}

/** Whether a cost depends on other usage too: on all that shares a pool of money or a commitment. */
const isShared = (rate: StoredRate): boolean =>
  rate.kind !== 'not-billable' &&
  (rate.pool !== undefined || (rate.kind === 'rated' && rate.commit !== undefined));

function identified(
  database: Database,
  used: ReadonlyMap<string, { readonly provider: string; readonly month?: string }>,
): readonly CardUsed[] {
  const inForce = database.prepare<[string], CardIdentity>(
    'SELECT provider, as_of AS asOf, digest FROM rated_card WHERE provider = ?',
  );
  const atClosing = database.prepare<[string, string], CardIdentity>(
    'SELECT provider, as_of AS asOf, digest FROM closed_card WHERE provider = ? AND month = ?',
  );
  return [...used]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([, { provider, month }]): readonly CardUsed[] => {
      const card = month === undefined ? inForce.get(provider) : atClosing.get(provider, month);
      if (card === undefined) return [];
      return [month === undefined ? card : { ...card, closedMonth: month }];
    });
}
