import type { CardIdentity } from '../domain/rate-card.ts';
import type { CardUsed } from '../domain/spend.ts';
import type { Database } from './database.ts';
import type { Source } from './spend-sql.ts';
import type { StoredRate } from './stored-rate.ts';

/** Finds out which cards priced what an answer holds. */
export interface CardsTally {
  readonly add: (source: Source, rate: StoredRate) => void;
  /** By provider, the card in force before those of closed months. */
  readonly cards: () => readonly CardUsed[];
}

/** Counts cards: of what a closed month froze, the card of its closing; of everything else, the one in force. */
export function tallyCards(database: Database): CardsTally {
  const used = new Map<string, { readonly provider: string; readonly month?: string }>();
  return {
    add(source, rate) {
      if (rate.kind !== 'rated') return;
      const { provider } = rate;
      const month = source.kind === 'closed_cell' ? source.month : undefined;
      const name = `${provider}\0${month ?? ''}`;
      if (!used.has(name)) used.set(name, month === undefined ? { provider } : { provider, month });
    },
    cards() {
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
    },
  };
}
