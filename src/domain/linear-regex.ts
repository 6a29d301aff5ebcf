import { parseRegex, type RegexNode, RegexProblem } from './regex-syntax.ts';

/**
 * A regular expression that takes time in proportion to its size times the text's, whatever it is, since all
 * its ways are followed at once (https://swtch.com/~rsc/regexp/regexp1.html, read 2026-11-22). JavaScript's own
 * tries one way after another, so that `(a+)+$` in a config would hang a report.
 */
export interface LinearRegex {
  readonly matches: (text: string) => boolean;
}

/** Most steps of a machine; a config that needs more is hostile. */
const MOST_STATES = 2000;

/** A step of the machine: what it asks of a place in the text, and where it goes from there. */
type State =
  | {
      readonly kind: 'character';
      readonly accepts: (one: string) => boolean;
      readonly next: number;
    }
  | { readonly kind: 'split'; readonly next: number; other: number }
  | { readonly kind: 'edge'; readonly edge: 'start' | 'end'; readonly next: number }
  | { readonly kind: 'found' };

/**
 * Makes an expression ready; it may match anywhere in a text unless it is anchored. Throws RegexProblem for what
 * is not understood, needs backtracking, or is too large.
 */
export function linearRegex(source: string, { ignoreCase = false } = {}): LinearRegex {
  const states: State[] = [{ kind: 'found' }];
  const first = statesOf(parseRegex(source, ignoreCase), 0, states);
  return { matches: (text) => run(states, first, Array.from(text)) };
}

/** Adds the states of a part that goes on at `next`, and returns its first one. */
function statesOf(node: RegexNode, next: number, states: State[]): number {
  const add = (state: State): number => {
    if (states.length >= MOST_STATES) throw new RegexProblem('too large; write several patterns');
    return states.push(state) - 1;
  };
  switch (node.kind) {
    case 'character':
      return add({ kind: 'character', accepts: node.accepts, next });
    case 'start':
    case 'end':
      return add({ kind: 'edge', edge: node.kind, next });
    case 'sequence':
      return node.parts.reduceRight((after, part) => statesOf(part, after, states), next);
    case 'choice':
      return node.options
        .map((option) => statesOf(option, next, states))
        .reduce((one, other) => add({ kind: 'split', next: one, other }));
    case 'repeat': {
      let after = next;
      if (node.most === Infinity) {
        const loop: State = { kind: 'split', next, other: next };
        after = add(loop);
        loop.other = statesOf(node.part, after, states);
      } else
        for (let count = node.least; count < node.most; count += 1)
          after = add({ kind: 'split', next, other: statesOf(node.part, after, states) });
      for (let count = 0; count < node.least; count += 1)
        after = statesOf(node.part, after, states);
      return after;
    }
  }
}

function run(states: readonly State[], first: number, characters: readonly string[]): boolean {
  let current: number[] = [];
  for (let at = 0; at <= characters.length; at += 1) {
    const reached = new Set<number>();
    const pending = [...current, first];
    const following: number[] = [];
    const one = characters[at];
    for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
      const state = states[index];
      if (state === undefined || reached.has(index)) continue;
      reached.add(index);
      if (state.kind === 'found') return true;
      if (state.kind === 'split') pending.push(state.next, state.other);
      else if (state.kind === 'edge') {
        if (state.edge === 'start' ? at === 0 : one === undefined) pending.push(state.next);
      } else if (one !== undefined && state.accepts(one)) following.push(state.next);
    }
    current = following;
  }
  return false;
}
