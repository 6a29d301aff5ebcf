import { cardFiles, cardsDigest } from '../../src/config/card-files.ts';
import { openCards } from '../../src/config/rate-cards.ts';
import { createRateBook, type RateBook } from '../../src/domain/rate-book.ts';
import { NO_USAGE, type UsageEvent } from '../../src/domain/usage.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import type { CardsInForce } from '../../src/ledger/rated-cards.ts';
import { NOW } from './fake-runtime.ts';

/** The shipped cards, with a user's own over them, as commands load them. */
export function cardsWith(...own: readonly string[]): {
  readonly book: RateBook;
  readonly cards: CardsInForce;
} {
  const files = cardFiles(own);
  const { cards, ...identity } = openCards(files, NOW);
  return { book: createRateBook(cards), cards: { digest: cardsDigest(files), ...identity } };
}

/** A rate card of one provider with one price a model, from 2024 on. */
export const cardText = (
  provider: string,
  models: Readonly<Record<string, { readonly input: string; readonly output: string }>>,
): string =>
  [
    'rate_card: 1',
    `provider: ${provider}`,
    'currency: USD',
    'units: per million tokens',
    'as_of: 2026-11-21',
    'sources:',
    '  list: {note: "made up", read: 2026-11-21}',
    'service_tiers:',
    '  batch: {multiply: 0.5, covers: tokens}',
    'models:',
    ...Object.entries(models).flatMap(([name, { input, output }]) => [
      `  ${name}:`,
      '    prices:',
      `      - {from: 2024-01-01, source: list, input: ${input}, output: ${output}}`,
    ]),
    '',
  ].join('\n');

/** A ledger in memory, priced by a book. */
export const inMemory = (book: RateBook): Ledger =>
  openLedger(':memory:', { book, now: () => NOW });

/** A call with the fields that a test does not care about filled in. */
export const event = (more: Partial<UsageEvent> & { readonly id: string }): UsageEvent => ({
  time: Date.parse('2026-11-02T09:00:00Z'),
  provider: 'openai',
  model: 'gpt-4o-mini',
  operation: 'chat',
  status: 'success',
  billable: true,
  countSource: 'reported',
  requests: 1,
  usage: { ...NO_USAGE, input: 1000, output: 100 },
  tags: {},
  ...more,
});

/** Appends events under their own ids, as one batch. */
export const append = (ledger: Ledger, ...events: readonly UsageEvent[]) =>
  ledger.append(
    events.map((each, index) => ({
      event: each,
      key: each.id ?? `#${index}`,
      format: 'test',
      fileId: null,
      line: index + 1,
    })),
    undefined,
  );
