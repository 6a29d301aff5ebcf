import { grouped } from '../domain/words.ts';
import type { CacheFacts, Dated } from '../domain/model-facts.ts';
import type { Alias, ModelCard, PriceRow, RateCard, RegionBlock } from '../domain/rate-card.ts';
import { EVERY_CALL, priceLines } from '../domain/price-lines.ts';
import { meterName } from '../domain/meters.ts';
import { utcText } from '../domain/utc-time.ts';
import { type Answer, type Cell, type Json, optionalText as text, type Table } from './answer.ts';
import { priceText } from './explain-report.ts';

/** One model: what it is, its whole price history with sources, and who says otherwise. */
export function ratesShowReport(card: RateCard, model: ModelCard, now: number): Answer {
  const others = othersTable(model);
  return {
    schema: 'aicost.rates-show/1',
    headline: `${card.provider}/${model.id}, USD per million`,
    facts: { provider: card.provider, model: model.id, aliases: model.aliases.map(aliasFact) },
    tables: [
      aboutTable(card, model),
      pricesTable(model),
      historyTable(model, now),
      ...(others.rows.length === 0 ? [] : [others]),
    ],
    notes: [],
  };
}

const DAY_MS = 86_400_000;

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

function aboutTable(card: RateCard, model: ModelCard): Table {
  const cache = model.cache.length > 0 ? model.cache : cacheOfCard(card, model);
  const { input, output } = model.modalities;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['aliases', listed(model.aliases.map(aliasText))],
    ['match', model.match],
    ['kind', model.kind],
    ['context window', dated(model.contextWindow, grouped)],
    ['max output', dated(model.maxOutput, grouped)],
    ['tokenizer', model.tokenizer],
    ['takes', listed(input)],
    ['makes', listed(output)],
    ['features', listed(model.features)],
    ['cache', dated(cache, cacheText)],
    ['retires', model.retires],
    ['service tiers', listed(model.serviceTiers)],
    ['surcharges', listed(model.surcharges)],
    ['card', `${model.file}:${model.line}, as of ${card.asOf}`],
    ...sourcesOf(model).map((name): [string, string] => [`source ${name}`, sourceText(card, name)]),
  ];
  return {
    name: 'about',
    columns: [
      { key: 'fact', title: 'Model', yields: 0 },
      { key: 'value', title: model.id, yields: 0, wraps: true },
    ],
    rows: facts.flatMap(([fact, value]): (readonly Cell[])[] =>
      value === undefined ? [] : [[text(fact), text(value)]],
    ),
  };
}

/** The card's word on caches holds for models that have a price for reading them. */
const cacheOfCard = (card: RateCard, { rows }: ModelCard): readonly Dated<CacheFacts>[] =>
  rows.at(-1)?.prices.has('cache_read') === true ? card.cache : [];

const listed = (names: readonly string[]): string | undefined => names.join(', ') || undefined;

const cacheText = ({ minimum, ttls }: CacheFacts): string =>
  [
    minimum === undefined ? '' : `from ${grouped(minimum)} tokens`,
    ttls.length === 0 ? '' : `kept for ${ttls.join(' or ')}`,
  ]
    .filter((part) => part !== '')
    .join(', ');

const dated = <Value>(
  facts: readonly Dated<Value>[],
  show: (value: Value) => string,
): string | undefined =>
  facts
    .map(({ value, fromText }) =>
      fromText === undefined ? show(value) : `${show(value)} since ${fromText}`,
    )
    .join('; ') || undefined;

const sourcesOf = ({ rows }: ModelCard): readonly string[] => [
  ...new Set(
    rows.flatMap(({ sources, othersSay, regions }) => [
      ...sources,
      ...regions.flatMap((region) => region.sources),
      ...othersSay.map(({ source }) => source),
    ]),
  ),
];

function sourceText(card: RateCard, name: string): string {
  const source = card.sources.get(name);
  if (source === undefined) return 'not declared in the card';
  const { url, note, read } = source;
  return `${[url, note].filter((part) => part !== undefined).join(', ')} (read ${read})`;
}

function pricesTable({ rows }: ModelCard): Table {
  return {
    name: 'rows',
    title: 'Prices, oldest first',
    columns: [
      { key: 'from', title: 'From', yields: 0, whole: true },
      { key: 'applies', title: 'Applies to', yields: 0, wraps: true },
      { key: 'meter', title: 'Meter', yields: 0, whole: true },
      { key: 'price_usd_per_million', title: 'Price', yields: 0, whole: true },
      { key: 'status', title: 'Status', yields: 3, whole: true },
      { key: 'check_by', title: 'Check by', yields: 4, ...PROGRAMS },
      // People read these once per row, below.
      { key: 'source', title: 'Source', yields: 5, ...PROGRAMS },
      { key: 'note', title: 'Note', yields: 6, ...PROGRAMS },
    ],
    rows: rows.flatMap((row) => [...rowCells(row), ...ended(row)]),
    empty: 'No price.',
  };
}

const PROGRAMS = { only: 'programs' } as const;

/** A region's own sources, or the row's. */
const sourcesOfBlock = (row: PriceRow, region: RegionBlock | undefined): readonly string[] =>
  region === undefined || region.sources.length === 0 ? row.sources : region.sources;

function* rowCells(row: PriceRow): Generator<readonly Cell[]> {
  for (const { applies, meter, price, region } of priceLines(row))
    yield [
      text(row.fromText),
      text(applies),
      text(meterName(meter)),
      text(priceText(price)),
      text(region?.status ?? row.status),
      text(row.checkBy),
      text(sourcesOfBlock(row, region).join(', ')),
      text(row.note),
    ];
}

/** A row that ends without a successor says so in a line of its own. */
function ended(row: PriceRow): readonly (readonly Cell[])[] {
  if (row.until === undefined) return [];
  const none: Cell = { kind: 'unknown' };
  return [
    [
      text(utcText(row.until)),
      text(EVERY_CALL),
      text('no price'),
      none,
      text(row.status),
      text(undefined),
      text(row.sources.join(', ')),
      text(undefined),
    ],
  ];
}

/** How well each row is known and where it was read, one line a row. */
function historyTable({ rows }: ModelCard, now: number): Table {
  const has = (key: 'checkBy' | 'note'): boolean => rows.some((row) => row[key] !== undefined);
  const overdue = ({ checkBy }: PriceRow): boolean =>
    checkBy !== undefined && Date.parse(checkBy) + DAY_MS <= now;
  return {
    name: 'history',
    title: 'Where the rows were read',
    columns: [
      { key: 'from', title: 'From', yields: 0, whole: true },
      { key: 'status', title: 'Status', yields: 0, whole: true },
      {
        key: 'check_by',
        title: 'Check by',
        yields: 0,
        whole: true,
        ...(has('checkBy') ? {} : PROGRAMS),
      },
      { key: 'overdue', title: '', yields: 0, ...(rows.some(overdue) ? {} : PROGRAMS) },
      { key: 'source', title: 'Source', yields: 0, wraps: true },
      { key: 'note', title: 'Note', yields: 0, wraps: true, ...(has('note') ? {} : PROGRAMS) },
    ],
    rows: rows.map((row) => [
      text(row.fromText),
      text(row.status),
      text(row.checkBy),
      text(overdue(row) ? 'passed' : undefined),
      text(row.sources.join(', ')),
      text(row.note),
    ]),
  };
}

/** What other sources say, beside what the card says. */
function othersTable({ rows }: ModelCard): Table {
  const cells = rows.flatMap((row) =>
    row.othersSay.flatMap(({ source, prices, why }) =>
      [...prices].map(([meter, theirs]): readonly Cell[] => {
        const ours = row.prices.get(meter);
        return [
          text(row.fromText),
          text(source),
          text(meterName(meter)),
          text(priceText(theirs)),
          ours === undefined ? { kind: 'unknown' } : text(priceText(ours)),
          ours === undefined
            ? { kind: 'unknown' }
            : { kind: 'change', from: ours.amount, to: theirs.amount },
          text(why),
        ];
      }),
    ),
  );
  return {
    name: 'others_say',
    title: 'Who says otherwise',
    columns: [
      { key: 'from', title: 'Row from', yields: 2, whole: true },
      { key: 'source', title: 'Source', yields: 0, wraps: true },
      { key: 'meter', title: 'Meter', yields: 0, whole: true },
      { key: 'theirs_usd_per_million', title: 'Says', yields: 0, whole: true },
      { key: 'ours_usd_per_million', title: 'Card', yields: 0, whole: true },
      { key: 'difference_ratio', title: 'Off by', yields: 3 },
      { key: 'why', title: 'Why', yields: 4, wraps: true },
    ],
    rows: cells,
  };
}
