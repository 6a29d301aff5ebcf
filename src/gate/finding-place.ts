import type { Origin } from '../domain/origin.ts';
import type { ComparedPrompt } from './compared-prompt.ts';

/** Where a reviewer should look: a path of the tree and a line. */
export interface Place {
  readonly path: string | null;
  readonly line: number | null;
}

/**
 * Where the cost of a prompt changed: at the file of the variable that grew most, at the include that changed, else
 * at the prompt. Forges show annotations beside changed files only, so a file that did not change is a poor place.
 */
export function placeOf(prompt: ComparedPrompt): Place {
  const { base, head } = prompt.reading;
  const side = head ?? base;
  if (side === undefined) return { path: null, line: null };
  const own = { path: side.path, line: side.line };
  const worst = [...prompt.steps].sort((a, b) => (a.delta > b.delta ? -1 : 1))[0];
  const origin = worst?.cause === 'variable' ? originOf(prompt, worst.detail) : undefined;
  if (origin !== undefined && origin.file !== side.path)
    return { path: origin.file, line: origin.line ?? 1 };
  const isOwnChanged =
    base === undefined ||
    head === undefined ||
    base.files.get(base.path) !== head.files.get(head.path);
  const [input] = prompt.changedInputs;
  return isOwnChanged || input === undefined ? own : { path: input, line: 1 };
}

/** Where head gives a variable its value. */
const originOf = (
  { reading: { basket } }: ComparedPrompt,
  variable: string | undefined,
): Origin | undefined =>
  basket?.inputs?.cases
    .flatMap(({ parts }) => parts)
    .find((part) => part.part === 'variable' && part.variable === variable)?.origin;
