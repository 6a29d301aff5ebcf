import { openBigMap } from './big-map.ts';

/** One call that a cache of whole answers might have answered. */
export interface CachedQuestion {
  /** Names all that decides the answer: model, prompt. */
  readonly question: string;
  /** Milliseconds UTC. */
  readonly time: number;
}

/** Questions that have been answered. */
export interface AnswerMemory {
  /** Whether a kept answer fits the call, the next in the order of time; if not, its own answer is kept from now. */
  readonly answers: (call: CachedQuestion) => boolean;
}

/** Opens a cache of answers, each kept for `ttl` milliseconds from when it was made; being used does not prolong it. */
export function openAnswerMemory(ttl: number): AnswerMemory {
  const made = openBigMap<string, number>();
  return {
    answers({ question, time }) {
      const before = made.get(question);
      if (before !== undefined && time - before <= ttl) return true;
      made.set(question, time);
      return false;
    },
  };
}
