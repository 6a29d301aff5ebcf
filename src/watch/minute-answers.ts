import type { SpendAnswer, SpendQuery } from '../domain/spend.ts';
import { MINUTE_MS } from './spans.ts';

/** Answers to questions that may be as old as the minute: what is usual, what the days before were like. */
export interface MinuteAnswers {
  /** The ledger's answer, asked for at most once in each minute. */
  readonly spend: (query: SpendQuery, now: number) => SpendAnswer;
  /** Asks all of it again, since much has been read at once. */
  readonly forget: () => void;
}

/** Remembers answers of one minute. */
export function minuteAnswers(spend: (query: SpendQuery) => SpendAnswer): MinuteAnswers {
  const known = new Map<string, SpendAnswer>();
  let minute = Number.NaN;
  return {
    forget: () => known.clear(),
    spend(query, now) {
      const current = Math.floor(now / MINUTE_MS);
      if (current !== minute) known.clear();
      minute = current;
      const name = JSON.stringify(query);
      const answer = known.get(name) ?? spend(query);
      known.set(name, answer);
      return answer;
    },
  };
}
