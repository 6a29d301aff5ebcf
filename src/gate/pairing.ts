import type { CostedPrompt } from '../prompts/costed-prompt.ts';

/** A prompt of base and what it is in head; one of them for a prompt that is new or deleted. */
export interface Pair {
  readonly base?: CostedPrompt;
  readonly head?: CostedPrompt;
}

/** Prompts of two trees. */
export interface PairingRequest {
  readonly base: readonly CostedPrompt[];
  readonly head: readonly CostedPrompt[];
  /** Paths of base by the path of head that they were renamed to. */
  readonly renames: ReadonlyMap<string, string>;
}

/**
 * Finds each prompt of head in base: by the id that a config or the file gives it, else by its path, else by
 * where its file was before it was renamed. Each prompt is paired once. Sorted by id, whatever the order of the input.
 */
export function pairPrompts({ base, head, renames }: PairingRequest): readonly Pair[] {
  const left = new Map(sorted(base).map((prompt) => [prompt.id, prompt]));
  const found = new Map<CostedPrompt, CostedPrompt>();
  const unpaired = (): readonly CostedPrompt[] =>
    sorted(head).filter((prompt) => !found.has(prompt));
  const take = (prompt: CostedPrompt, before: CostedPrompt | undefined): void => {
    if (before === undefined) return;
    found.set(prompt, before);
    left.delete(before.id);
  };
  for (const prompt of unpaired()) take(prompt, left.get(prompt.id));
  const byPath = placesOf(left);
  for (const prompt of unpaired()) take(prompt, nextAt(byPath, prompt.path, prompt, left));
  for (const prompt of unpaired())
    take(prompt, nextAt(byPath, renames.get(prompt.path), prompt, left));
  const pairs: Pair[] = [
    ...sorted(head).map((prompt) => {
      const before = found.get(prompt);
      return before === undefined ? { head: prompt } : { base: before, head: prompt };
    }),
    ...[...left.values()].map((prompt) => ({ base: prompt })),
  ];
  return pairs.sort((a, b) => compareText(idOf(a), idOf(b)));
}

/** The id that a pair goes by: head's, as people know it now. */
export const idOf = ({ base, head }: Pair): string => head?.id ?? base?.id ?? '';

const sorted = (prompts: readonly CostedPrompt[]): readonly CostedPrompt[] =>
  [...prompts].sort((a, b) => compareText(a.id, b.id));

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const placesOf = (
  prompts: ReadonlyMap<string, CostedPrompt>,
): ReadonlyMap<string, readonly CostedPrompt[]> =>
  Map.groupBy(prompts.values(), ({ path }) => path);

/** A prompt of a path that is not paired yet: the one of the same name after the path, else the first by line. */
function nextAt(
  places: ReadonlyMap<string, readonly CostedPrompt[]>,
  path: string | undefined,
  prompt: CostedPrompt,
  left: ReadonlyMap<string, CostedPrompt>,
): CostedPrompt | undefined {
  if (path === undefined) return undefined;
  const free = (places.get(path) ?? []).filter(({ id }) => left.has(id));
  const tail = tailOf(prompt);
  const named = free.find((other) => tailOf(other) === tail);
  return named ?? [...free].sort((a, b) => a.line - b.line)[0];
}

/** What an id says besides the path: a file of several prompts keeps them apart by it. */
const tailOf = ({ id, path }: CostedPrompt): string =>
  id.startsWith(path) ? id.slice(path.length) : id;
