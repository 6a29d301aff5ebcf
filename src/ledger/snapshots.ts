import { NUMBER, NUMBERS, TEXTS } from './packed-events.ts';
import type { PackedPart } from './packed-part.ts';

/** What has to be alike in two snapshots of a call: the rest of what they say is in their texts and counts. */
const ALIKE = [
  NUMBER.kind,
  NUMBER.tagSet,
  NUMBER.latencyMs,
  NUMBER.retryCount,
  NUMBER.requests,
] as const;
/** What makes a record fuller before all else (domain/same-call.ts). Absent is NaN, which adds nothing. */
const TOKENS = [
  NUMBER.input,
  NUMBER.cacheRead,
  NUMBER.cacheWrite,
  NUMBER.cacheWrite5m,
  NUMBER.cacheWrite1h,
  NUMBER.output,
] as const;

/**
 * What a record adds to its call, of which all that is known is the record at `fullest` and the time of an
 * earlier one, where both are snapshots of one stream: `more` when it has more tokens and so takes the other's
 * place, `nothing` when it has fewer or the same counts. They differ in nothing else but their line and a time
 * that is not earlier. `undefined` where it takes more than that to join them, as same-call.ts does.
 */
export function snapshotAdds(
  part: PackedPart,
  index: number,
  { fullest, time }: { readonly fullest: number; readonly time: number },
): 'more' | 'nothing' | undefined {
  const { numbers } = part;
  const [known, here] = [fullest * NUMBERS, index * NUMBERS];
  for (const at of ALIKE) if (!Object.is(numbers[known + at], numbers[here + at])) return undefined;
  const own = numbers[here + NUMBER.time] ?? Number.NaN;
  if (!(time <= own) && !(Number.isNaN(time) && Number.isNaN(own))) return undefined;
  if (!hasSameTexts(part, fullest, index) || !isInOrder(part, index)) return undefined;
  const added = tokensAt(numbers, here) - tokensAt(numbers, known);
  if (added !== 0) return added > 0 ? 'more' : 'nothing';
  for (let at: number = NUMBER.input; at <= NUMBER.reasoning; at += 1)
    if (!Object.is(numbers[known + at], numbers[here + at])) return undefined;
  return 'nothing';
}

function hasSameTexts(
  { lengths, text, textStarts }: PackedPart,
  one: number,
  other: number,
): boolean {
  for (let at = 0; at < TEXTS; at += 1)
    if (lengths[one * TEXTS + at] !== lengths[other * TEXTS + at]) return false;
  return (
    text.slice(textStarts[one], textStarts[one + 1]) ===
    text.slice(textStarts[other], textStarts[other + 1])
  );
}

/** Whether the labels of a record are as a join leaves them: sorted, none of them twice. */
export function isInOrder(part: PackedPart, index: number): boolean {
  const labels = part.tagSets[part.tagSet(index)]?.labels ?? [];
  for (let at = 1; at < labels.length; at += 1)
    if (!((labels[at - 1] ?? '') < (labels[at] ?? ''))) return false;
  return true;
}

function tokensAt(numbers: Float64Array, event: number): number {
  let tokens = 0;
  for (const at of TOKENS) tokens += numbers[event + at] || 0;
  return tokens;
}
