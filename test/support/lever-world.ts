import { openCards } from '../../src/config/rate-cards.ts';
import { shippedCountingRules } from '../../src/config/counting-rules.ts';
import { createNameResolver } from '../../src/domain/name-resolution.ts';
import { createRateBook, type RateBook } from '../../src/domain/rate-book.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { LeverAsked, LeverWorld } from '../../src/whatif/lever-contract/lever.ts';
import { NOW } from './fake-runtime.ts';

/** Cards of their own, for levers that are asked without a command line. */
export interface Cards {
  readonly cards: ReadonlyMap<string, RateCard>;
  readonly book: RateBook;
}

const rules = shippedCountingRules();

/** Opens cards from their text. */
export function cardsOf(...texts: readonly string[]): Cards {
  const files = texts.map((text, index) => ({ file: `own-${index}.yaml`, shipped: false, text }));
  const { cards } = openCards(files, NOW);
  return { cards, book: createRateBook(cards) };
}

/** What a lever looks at, over a ledger in memory. */
export const worldOf = async (
  ledger: Ledger,
  { cards, book }: Cards,
  more: Partial<LeverWorld> = {},
): Promise<LeverWorld> => ({
  cards,
  book,
  resolve: createNameResolver(cards, new Map()),
  countingRules: () => Promise.resolve(rules),
  ledger: await ledger.replaying(),
  span: {},
  where: [],
  now: NOW,
  pricesAt: () => Promise.reject(new Error('this test names no cards')),
  routesAt: () => Promise.reject(new Error('this test names no file')),
  ...more,
});

/** Flags as a lever reads them. */
export const asked = (flags: Readonly<Record<string, string>>): LeverAsked => ({
  value: (name) => flags[name],
  values: (name) => (flags[name] === undefined ? [] : [flags[name]]),
  given: () => false,
  words: [],
});
