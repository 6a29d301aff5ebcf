import type { Meter } from '../domain/meters.ts';
import { metersOf, type Proposal } from '../domain/price-proposals.ts';
import type { PriceTable } from '../domain/price-table.ts';
import type { ContextTier, Prices, RateCard } from '../domain/rate-card.ts';
import { priceDecimal } from '../domain/unit-price.ts';
import { addToCard, type Added, type NewRow } from './card-insert.ts';

/** Where proposed rows come from: the table's file and the day it stood so. */
export interface TableOrigin {
  readonly format: PriceTable['format'];
  /** Name of the file, without its folder. */
  readonly fileName: string;
  /** `2026-11-22`. */
  readonly asOf: string;
}

/**
 * A card's text with the rows that proposals ask for: those of kind `new model` and `changed`. Each is a row
 * of its own from the table's day on, single-source, under a source that names the table.
 */
export function withProposedRows(
  text: string,
  card: RateCard,
  proposals: readonly Proposal[],
  origin: TableOrigin,
): Added {
  const rows = proposals
    .filter(({ kind }) => kind === 'new model' || kind === 'changed')
    .map((proposal) => newRow(proposal, card, origin));
  if (rows.length === 0) return { text, refused: new Map() };
  return addToCard(text, { source: sourceOf(card, origin), rows });
}

/** A source of the table's name and day; a card that has one with another meaning gets a numbered one. */
function sourceOf(
  card: RateCard,
  { format, fileName, asOf }: TableOrigin,
): { readonly name: string; readonly line: string } {
  const note = `price table of ${format}, ${fileName}`;
  const plain = sourceName({ format, fileName, asOf });
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? plain : `${plain}-${number}`;
    const present = card.sources.get(name);
    if (present === undefined || present.note === note)
      return { name, line: `{note: ${JSON.stringify(note)}, read: ${asOf}}` };
  }
}

const sourceName = ({ format, asOf }: TableOrigin): string => `${format.replace('.', '-')}-${asOf}`;

function newRow(proposal: Proposal, card: RateCard, origin: TableOrigin): NewRow {
  const { row, held } = proposal;
  const listed = metersOf(row.prices, card);
  const prices: Prices = new Map([...(held?.prices ?? []), ...listed]);
  const kept = [...(held?.prices.keys() ?? [])].filter((meter) => !listed.has(meter));
  const tiers = row.tiers.map((tier) => tierText(tier, metersOf(tier.prices, card), card));
  return {
    model: proposal.model,
    isNewModel: proposal.kind === 'new model',
    lines: [
      `from: ${origin.asOf}`,
      `source: ${sourceOf(card, origin).name}`,
      'status: single-source',
      ...(kept.length === 0
        ? []
        : [
            `note: ${JSON.stringify(`${kept.join(', ')} as from ${held?.fromText ?? ''}: the table lists none`)}`,
          ]),
      ...priceEntries(prices, card),
      ...(tiers.length === 0 ? [] : [`tiers: [${tiers.join(', ')}]`]),
    ],
  };
}

const tierText = (
  { bound, tokens }: Pick<ContextTier, 'bound' | 'tokens'>,
  prices: Prices,
  card: RateCard,
): string => `{${[`${bound}: ${tokens}`, ...priceEntries(prices, card)].join(', ')}}`;

/** Prices of tokens as a card writes them: `input: 2.50`, `cache_write: {5m: 1.25, 1h: 2.00}`, `audio: {input: 3.00}`. */
function priceEntries(prices: Prices, card: RateCard): readonly string[] {
  const plain = (meter: Meter): readonly string[] => {
    const price = prices.get(meter);
    return price === undefined ? [] : [`${meter}: ${priceDecimal(price)}`];
  };
  const usual = `cache_write@${card.cacheWriteDefault ?? 'default'}`;
  const writes = [...prices].filter(([meter]) => meter.startsWith('cache_write@'));
  const [only] = writes;
  const cacheWrite =
    only === undefined
      ? []
      : writes.length === 1 && only[0] === usual
        ? [`cache_write: ${priceDecimal(only[1])}`]
        : [
            `cache_write: {${writes.map(([meter, price]) => `${meter.slice('cache_write@'.length)}: ${priceDecimal(price)}`).join(', ')}}`,
          ];
  const modality = (name: string): readonly string[] => {
    const parts = ['input', 'cache_read', 'output'].flatMap((count) => {
      const price = prices.get(`${count}_${name}`);
      return price === undefined ? [] : [`${count}: ${priceDecimal(price)}`];
    });
    return parts.length === 0 ? [] : [`${name}: {${parts.join(', ')}}`];
  };
  return [
    ...plain('input'),
    ...plain('cache_read'),
    ...cacheWrite,
    ...plain('output'),
    ...plain('reasoning'),
    ...['audio', 'image', 'video'].flatMap(modality),
  ];
}
