import type { Lever, LeverAsked, LeverFlag } from './lever-contract/lever.ts';

/** The name of a flag as files and plans write it: `token-ratio` of `--token-ratio <n>`. */
export const flagName = ({ flag }: LeverFlag): string =>
  flag.replace(/^.*--/, '').replace(/[ =<[].*$/, '');

/** The name of the word behind a lever's name, as files write it: `policy` of `<policy>`; none where it takes none. */
export const wordNames = ({ words }: Pick<Lever, 'words'>): readonly string[] =>
  words === undefined ? [] : [words.replace(/[<>]/g, '')];

/** Flags of a lever that nobody wrote on a command line; a flag without a value is given when it is there. */
export const askedFlags = (
  flags: ReadonlyMap<string, readonly string[]>,
  words: readonly string[] = [],
): LeverAsked => ({
  words,
  value: (name) => flags.get(name)?.at(-1),
  values: (name) => flags.get(name) ?? [],
  given: (name) => flags.has(name),
});
