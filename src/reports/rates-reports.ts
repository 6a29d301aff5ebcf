import { moneyText } from '../domain/money.ts';
import type { Quote } from '../domain/quote.ts';
import { type Answer, type Json, optionalText as text } from './answer.ts';
import { perMillion, priceText } from './explain-report.ts';

/** A quote as `rates quote --stdin` writes it, one object a line (DESIGN.md 3). */
export const quoteRecord = (
  id: string,
  { cost, reason, lines, sources }: Quote,
): { readonly [key: string]: Json } => ({
  id,
  cost_usd: cost === undefined ? null : moneyText(cost),
  cost_status: cost === undefined ? 'unrated' : 'rated',
  reason: reason ?? null,
  lines: lines.map((line) => ({
    meter: line.meter,
    quantity: Number(line.quantity),
    unit_price_usd_per_million: line.price === undefined ? null : perMillion(line.price),
    cost_usd: line.cost === undefined ? null : moneyText(line.cost),
    source: line.price === undefined ? null : (sources[0] ?? null),
  })),
});

/** One quote for people; JSON has what `rates quote --stdin` writes. */
export function quoteReport(title: string, quote: Quote): Answer {
  const { id: _, lines: __, ...facts } = quoteRecord(title, quote);
  return {
    schema: 'aicost.quote/1',
    headline:
      quote.rate === undefined
        ? title
        : `${title}: ${quote.rate.model}, prices from ${quote.rate.from} (${quote.rate.status}, ${quote.rate.card})`,
    facts,
    tables: [
      {
        name: 'lines',
        columns: [
          { key: 'meter', title: 'Meter', yields: 0 },
          { key: 'quantity', title: 'Quantity', yields: 0 },
          { key: 'unit_price_usd_per_million', title: '$ per million', yields: 0 },
          { key: 'cost_usd', title: 'Cost', yields: 0 },
        ],
        rows: quote.lines.map((line) => [
          text(line.meter),
          { kind: 'count', value: line.quantity },
          line.price === undefined ? { kind: 'unknown' } : text(priceText(line.price)),
          line.cost === undefined ? { kind: 'unknown' } : { kind: 'exact-money', value: line.cost },
        ]),
        totals: [
          text('Total'),
          text(''),
          text(''),
          quote.cost === undefined
            ? { kind: 'unknown' }
            : { kind: 'exact-money', value: quote.cost },
        ],
        empty: 'No quantities.',
      },
    ],
    notes: [
      ...(quote.reason === undefined ? [] : [{ code: 'unrated', message: quote.reason }]),
      ...quote.steps.map((step) => ({ code: 'rule', message: step })),
    ],
  };
}
