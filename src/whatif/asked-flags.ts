import type { LeverAsked, LeverFlag } from './lever-contract/lever.ts';

/** The name of a flag as files and plans write it: `token-ratio` of `--token-ratio <n>`. */
export const flagName = ({ flag }: LeverFlag): string =>
  flag.replace(/^.*--/, '').replace(/[ =<[].*$/, '');

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
