import { counted } from '../domain/words.ts';
import { moneyText } from '../domain/money.ts';
import type { Dated } from '../domain/model-facts.ts';
import type { Alias, ModelCard, PriceRow, Prices, RateCard } from '../domain/rate-card.ts';
import type { Quote } from '../domain/quote.ts';
import { meterName } from '../domain/meters.ts';
import { utcText } from '../domain/utc-time.ts';
import { type Answer, type Cell, type Json, optionalText as text } from './answer.ts';
import { perMillion, priceText } from './explain-report.ts';

function price(prices: Prices, meter: string): Cell {
  const found = prices.get(meter);
  if (found === undefined) return { kind: 'absent', label: '' };
  return text(priceText(found));
}

/** Every model that has a price at an instant, with its plain prices per million tokens. */
export function ratesListReport(cards: readonly RateCard[], now: number, asOf: string): Answer {
  const rows = cards.flatMap((card) =>
    card.models.flatMap((model): (readonly Cell[])[] => {
      const row = model.rows.findLast(({ from }) => from <= now);
      if (row === undefined) return [];
      return [
        [
          text(card.provider),
          text(model.id),
          price(row.prices, 'input'),
          price(row.prices, 'cache_read'),
          price(row.prices, 'output'),
          text(row.fromText),
          text(row.status),
        ],
      ];
    }),
  );
  return {
    schema: 'aicost.rates-list/1',
    headline: `List prices in USD per million tokens, as of ${asOf}`,
    facts: { as_of: asOf, currency: 'USD' },
    tables: [
      {
        name: 'rows',
        columns: [
          { key: 'provider', title: 'Provider', yields: 3 },
          { key: 'model', title: 'Model', yields: 0 },
          { key: 'input', title: 'Input', yields: 0 },
          { key: 'cache_read', title: 'Cache read', yields: 2 },
          { key: 'output', title: 'Output', yields: 0 },
          { key: 'from', title: 'From', yields: 1 },
          { key: 'status', title: 'Status', yields: 4 },
        ],
        rows,
        empty: 'No model has a price then.',
      },
    ],
    notes: [],
  };
}

const spanOf = ({ from, until }: Alias): { readonly from?: string; readonly until?: string } => ({
  ...(from === undefined ? {} : { from: utcText(from) }),
  ...(until === undefined ? {} : { until: utcText(until) }),
});

const aliasText = (alias: Alias): string => {
  const span = Object.entries(spanOf(alias)).flat().join(' ');
  return span === '' ? alias.name : `${alias.name} (${span})`;
};

/** As a card writes it: a name, or a name with its time. */
const aliasFact = (alias: Alias): Json =>
  alias.from === undefined && alias.until === undefined
    ? alias.name
    : { name: alias.name, ...spanOf(alias) };

const datedTokens = (facts: readonly Dated<number>[]): string | undefined =>
  facts
    .map(
      ({ value, fromText }) =>
        `${value.toLocaleString('en-US')}${fromText === undefined ? '' : ` from ${fromText}`}`,
    )
    .join(', ') || undefined;

/** One model's whole price history with its sources. */
export function ratesShowReport(card: RateCard, model: ModelCard): Answer {
  const sourceText = (name: string): string => {
    const source = card.sources.get(name);
    return source === undefined
      ? name
      : `${name}: ${source.url ?? source.note ?? ''} (read ${source.read})`;
  };
  const noted = model.rows.some(({ note }) => note !== undefined);
  const facts: readonly [string, string | undefined][] = [
    ['aliases', model.aliases.map(aliasText).join(', ') || undefined],
    ['match', model.match],
    ['kind', model.kind],
    ['context window', datedTokens(model.contextWindow)],
    ['max output', datedTokens(model.maxOutput)],
    ['tokenizer', model.tokenizer],
    ['surcharges', model.surcharges.join(', ') || undefined],
    ['card', `${model.file}:${model.line}`],
    ...[...new Set(model.rows.flatMap(({ sources }) => sources))].map((name): [string, string] => [
      'source',
      sourceText(name),
    ]),
  ];
  return {
    schema: 'aicost.rates-show/1',
    headline: `${card.provider}/${model.id}, USD per million`,
    facts: { provider: card.provider, model: model.id, aliases: model.aliases.map(aliasFact) },
    tables: [
      {
        name: 'about',
        columns: [
          { key: 'fact', title: 'Model', yields: 0 },
          { key: 'value', title: model.id, yields: 0, wraps: true },
        ],
        rows: facts.flatMap(([fact, value]): (readonly Cell[])[] =>
          value === undefined ? [] : [[text(fact), text(value)]],
        ),
      },
      {
        name: 'rows',
        title: 'Prices, oldest first',
        columns: [
          { key: 'from', title: 'From', yields: 0 },
          { key: 'applies', title: 'Applies to', yields: 0, wraps: true },
          { key: 'meter', title: 'Meter', yields: 0 },
          { key: 'price_usd_per_million', title: 'Price', yields: 0 },
          { key: 'status', title: 'Status', yields: 3 },
          { key: 'source', title: 'Source', yields: 4, wraps: true },
          ...(noted ? [{ key: 'note', title: 'Note', yields: 5, wraps: true }] : []),
        ],
        rows: model.rows.flatMap((row) => [...rowsOf(row, noted)]),
      },
    ],
    notes: [],
  };
}

function* rowsOf(row: PriceRow, noted: boolean): Generator<readonly Cell[]> {
  const block = function* (applies: string, prices: Prices): Generator<readonly Cell[]> {
    for (const meter of prices.keys())
      yield [
        text(row.fromText),
        text(applies),
        text(meterName(meter)),
        price(prices, meter),
        text(row.status),
        text(row.sources.join(', ')),
        ...(noted ? [text(row.note)] : []),
      ];
  };
  yield* block('every call', row.prices);
  const bound = (tier: PriceRow['tiers'][number]): string =>
    `prompt ${tier.bound === 'above' ? '>' : '>='} ${tier.tokens.toLocaleString('en-US')}`;
  for (const tier of row.tiers) yield* block(bound(tier), tier.prices);
  for (const [name, service] of row.service) {
    yield* block(name, service.prices);
    for (const tier of service.tiers) yield* block(`${name}, ${bound(tier)}`, tier.prices);
  }
  for (const hours of row.hours) yield* block('peak hours', hours.prices);
}

/** What was found wrong with rate cards. */
export function ratesLintReport(
  problems: readonly {
    readonly severity: 'error' | 'warning';
    readonly place: string;
    readonly message: string;
  }[],
  files: number,
  models: number,
): Answer {
  const count = (severity: string): number =>
    problems.filter((problem) => problem.severity === severity).length;
  return {
    schema: 'aicost.rates-lint/1',
    headline: `${counted(files, 'card')}, ${counted(models, 'model')}: ${counted(count('error'), 'error')}, ${counted(count('warning'), 'warning')}`,
    facts: { files, models, errors: count('error'), warnings: count('warning') },
    tables: [
      {
        name: 'rows',
        columns: [
          { key: 'severity', title: '', yields: 1 },
          { key: 'place', title: 'Where', yields: 0 },
          { key: 'message', title: 'What', yields: 0, wraps: true },
        ],
        rows: problems.map(({ severity, place, message }) => [
          text(severity),
          text(place),
          text(message),
        ]),
        empty: 'Nothing to mend.',
      },
    ],
    notes: [],
  };
}

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
