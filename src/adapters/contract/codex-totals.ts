import type { Usage } from '../../domain/usage.ts';
import { DecodeError } from './decode-error.ts';
import { at, countAt, isFields } from './fields.ts';
import { positiveCounts } from './positive-counts.ts';
import { contained } from './token-split.ts';

/** Codex's token counts: `input` contains both cache counts, `output` the reasoning. */
interface CodexCounts {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly reasoning: number;
}

/** What one token_count line adds to its session. */
interface Counted {
  /** The counts of the call alone. */
  readonly last: CodexCounts;
  /** The counts of the session so far. */
  readonly sum: CodexCounts;
  /** All tokens of the session so far, with a mark where a session came to the same sum twice. */
  readonly cumulative: string;
}

/** Turns the running sums of a session into calls; a text says why a line is none. */
interface CodexTotals {
  readonly next: (record: unknown) => Counted | string;
}

const NOTHING: CodexCounts = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 };
const KEYS = ['input', 'cacheRead', 'cacheWrite', 'output', 'reasoning'] as const;

/** The same text for the same counts. */
export const totalsKey = (counts: CodexCounts): string => KEYS.map((key) => counts[key]).join('/');

const combine = (one: CodexCounts, other: CodexCounts, sign: 1 | -1): CodexCounts => ({
  input: one.input + sign * other.input,
  cacheRead: one.cacheRead + sign * other.cacheRead,
  cacheWrite: one.cacheWrite + sign * other.cacheWrite,
  output: one.output + sign * other.output,
  reasoning: one.reasoning + sign * other.reasoning,
});

/**
 * Begins a session at nothing. Sums are counted by their differences, so that a sum written again is no
 * second call; one that went down began anew. A fork may go on from a sum that its file does not show.
 */
export function openCodexTotals(fork: boolean): CodexTotals {
  let before: CodexCounts | undefined;
  let lastAlone = '';
  const seen = new Set<string>();
  const sums = new Map<number, number>();

  const counted = (last: CodexCounts, sum: CodexCounts): Counted => {
    before = sum;
    seen.add(totalsKey(sum));
    const tokens = sum.input + sum.output;
    const times = (sums.get(tokens) ?? 0) + 1;
    sums.set(tokens, times);
    return { last, sum, cumulative: times === 1 ? `${tokens}` : `${tokens}#${times}` };
  };

  return {
    next(record) {
      if (!isFields(at(record, 'payload', 'info'))) return 'token_count without counts';
      const sum = countsAt(record, 'total_token_usage');
      const last = countsAt(record, 'last_token_usage');
      if (sum !== undefined) {
        if (seen.has(totalsKey(sum))) return 'token_count written again';
        const call = callOf(before, sum, last, fork);
        return counted(call, sum);
      }
      if (last === undefined) return 'token_count without counts';
      const again = totalsKey(last) === lastAlone;
      lastAlone = totalsKey(last);
      return again
        ? 'token_count written again'
        : counted(last, combine(before ?? NOTHING, last, 1));
    },
  };
}

function callOf(
  before: CodexCounts | undefined,
  sum: CodexCounts,
  last: CodexCounts | undefined,
  fork: boolean,
): CodexCounts {
  if (before === undefined) return fork ? (last ?? sum) : sum;
  const difference = combine(sum, before, -1);
  return KEYS.some((key) => difference[key] < 0) ? (last ?? sum) : difference;
}

function countsAt(record: unknown, key: string): CodexCounts | undefined {
  const path = ['payload', 'info', key];
  const count = (name: string): number | undefined => countAt(record, ...path, name);
  const [input, output, total] = [
    count('input_tokens'),
    count('output_tokens'),
    count('total_tokens'),
  ];
  if (input === undefined && output === undefined) return undefined;
  const counts: CodexCounts = {
    input: input ?? 0,
    cacheRead: count('cached_input_tokens') ?? 0,
    cacheWrite: count('cache_write_input_tokens') ?? 0,
    output: output ?? 0,
    reasoning: count('reasoning_output_tokens') ?? 0,
  };
  contained(
    [...path, 'cached_input_tokens'].join('.'),
    counts.input,
    counts.cacheRead + counts.cacheWrite,
  );
  contained([...path, 'reasoning_output_tokens'].join('.'), counts.output, counts.reasoning);
  if (total !== undefined && total < counts.input + counts.output)
    throw new DecodeError([...path, 'total_tokens'].join('.'), 'input and output together', total);
  return counts;
}

/** A call's counts as usage. Throws DecodeError when the differences of two sums contradict each other. */
export const codexUsage = (counts: CodexCounts): Usage => ({
  input: contained('cached_input_tokens', counts.input, counts.cacheRead + counts.cacheWrite),
  cacheRead: counts.cacheRead,
  cacheWrite: positiveCounts({ default: counts.cacheWrite }),
  output: counts.output,
  reasoning: counts.reasoning,
  parts: {},
  fees: {},
});
