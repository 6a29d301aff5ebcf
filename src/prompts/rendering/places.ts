import type { Origin } from '../../errors.ts';
import type { TemplateText } from './engine.ts';

/** Tells the line of the file that a character of a template stands in; lines are found once, then looked up. */
export function placesOf({ text, origin, escaped = false }: TemplateText): (at: number) => Origin {
  const first = origin.line ?? 1;
  let starts: number[] | undefined;
  return (at) => {
    if (escaped) return { file: origin.file, line: first };
    starts ??= lineStarts(text);
    return { file: origin.file, line: first + lastAtMost(starts, at) };
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Index of the last start that is not past `at`. */
function lastAtMost(starts: readonly number[], at: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
