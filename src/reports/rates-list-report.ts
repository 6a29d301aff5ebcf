import { rowAt } from '../domain/price-row.ts';
import { type ModelCard, type PriceRow, type RateCard, ROW_STATUSES } from '../domain/rate-card.ts';
import { counted } from '../domain/words.ts';
import { type Answer, type Cell, optionalText as text } from './answer.ts';
import { priceText } from './explain-report.ts';

/** Which models to list. */
export interface ListChoice {
  readonly kind?: string;
  readonly status?: string;
}

/** A model with the row in force at an instant; the row is absent before its first and after its end. */
interface Listed {
  readonly card: RateCard;
  readonly model: ModelCard;
  readonly row: PriceRow;
}

function listed(cards: readonly RateCard[], now: number, choice: ListChoice): readonly Listed[] {
  return cards.flatMap((card) =>
    card.models.flatMap((model): Listed[] => {
      const row = rowAt(model.rows, now);
      if (row === undefined || (row.until !== undefined && now >= row.until)) return [];
      if (choice.kind !== undefined && model.kind !== choice.kind) return [];
      if (choice.status !== undefined && row.status !== choice.status) return [];
      return [{ card, model, row }];
    }),
  );
}

/** One line per provider: how many models it has, and how well their prices of now are known. */
export function ratesProvidersReport(
  cards: readonly RateCard[],
  now: number,
  choice: ListChoice,
): Answer {
  const all = listed(cards, now, choice);
  const count = (provider: string | undefined, status?: string): Cell => ({
    kind: 'count',
    value: BigInt(
      all.filter(
        ({ card, row }) =>
          (provider === undefined || card.provider === provider) &&
          (status === undefined || row.status === status),
      ).length,
    ),
  });
  const statuses = ROW_STATUSES.filter((status) => all.some(({ row }) => row.status === status));
  return {
    schema: 'aicost.rates-providers/1',
    headline: `${counted(all.length, 'model')} of ${counted(cards.length, 'provider')} with a price now`,
    facts: { as_of: newest(cards), currency: 'USD' },
    tables: [
      {
        name: 'rows',
        columns: [
          { key: 'provider', title: 'Provider', yields: 0 },
          { key: 'models', title: 'Models', yields: 0 },
          ...statuses.map((status, index) => ({
            key: status.replace('-', '_'),
            title: `${status.charAt(0).toUpperCase()}${status.slice(1)}`,
            yields: index === 0 ? 0 : 2,
          })),
          { key: 'as_of', title: 'As of', yields: 1, whole: true },
        ],
        rows: [...cards]
          .sort((a, b) => (a.provider < b.provider ? -1 : 1))
          .map(({ provider, asOf }) => [
            text(provider),
            count(provider),
            ...statuses.map((status) => count(provider, status)),
            text(asOf),
          ]),
        totals: [
          text('Total'),
          count(undefined),
          ...statuses.map((status) => count(undefined, status)),
          text(''),
        ],
        empty: 'No rate card.',
      },
    ],
    notes: [
      {
        code: 'models',
        message: 'the models of one: aicost rates list --provider NAME; of all: --all',
      },
    ],
  };
}

// What is the same in every line is no news to people; the contract of programs stays.
const PROGRAMS = { only: 'programs' } as const;

/** Every model that has a price at an instant, with its plain prices per million tokens. */
export function ratesListReport(
  cards: readonly RateCard[],
  now: number,
  choice: ListChoice,
): Answer {
  const all = listed(cards, now, choice);
  const kinds = new Set(all.map(({ model }) => model.kind));
  const price = (row: PriceRow, meter: string): Cell => {
    const found = row.prices.get(meter);
    return found === undefined ? { kind: 'absent', label: '' } : text(priceText(found));
  };
  return {
    schema: 'aicost.rates-list/1',
    headline: `${counted(all.length, 'model')}, list prices in USD per million tokens, as of ${newest(cards)}`,
    facts: { as_of: newest(cards), currency: 'USD', models: all.length },
    tables: [
      {
        name: 'rows',
        columns: [
          { key: 'provider', title: 'Provider', yields: 0, ...(cards.length > 1 ? {} : PROGRAMS) },
          { key: 'model', title: 'Model', yields: 0, wraps: true },
          {
            key: 'kind',
            title: 'Kind',
            yields: 6,
            whole: true,
            ...(kinds.size > 1 ? {} : PROGRAMS),
          },
          { key: 'input', title: 'Input', yields: 0, whole: true },
          { key: 'cache_read', title: 'Cache read', yields: 2, whole: true },
          { key: 'output', title: 'Output', yields: 0, whole: true },
          { key: 'from', title: 'From', yields: 1, whole: true },
          { key: 'status', title: 'Status', yields: 3, whole: true },
        ],
        rows: all.map(({ card, model, row }) => [
          text(card.provider),
          text(model.id),
          text(model.kind),
          price(row, 'input'),
          price(row, 'cache_read'),
          price(row, 'output'),
          text(row.fromText),
          text(row.status),
        ]),
        empty: 'No model has a price then.',
      },
    ],
    notes: [],
  };
}

const newest = (cards: readonly RateCard[]): string =>
  cards
    .map(({ asOf }) => asOf)
    .sort()
    .at(-1) ?? '';
