/** One call of a conversation. */
export interface Turn {
  /** Milliseconds UTC. */
  readonly time: number;
  /** Tokens of the whole prompt, and of the answer without its reasoning, which later prompts do not repeat. */
  readonly prompt: number;
  readonly answer: number;
}

/** What a call found of the one before it in its conversation. */
export interface Growth {
  /** Tokens of the prompt before, if this one is at least as long; 0 where it is shorter. */
  readonly shared: number;
  /** Whether it is also long enough to hold the answer that came between. */
  readonly holdsAnswer: boolean;
  /** Milliseconds since the call before. */
  readonly idle: number;
}

/**
 * What two calls of a conversation share where nothing is known but counts. The assumption is that a prompt repeats
 * the one before it wherever it is at least as long; a shorter one has begun anew or was compacted.
 */
export const growth = (before: Turn, turn: Pick<Turn, 'time' | 'prompt'>): Growth => ({
  shared: turn.prompt >= before.prompt ? before.prompt : 0,
  holdsAnswer: turn.prompt >= before.prompt + before.answer,
  idle: turn.time - before.time,
});
