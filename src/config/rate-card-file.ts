import type {
  FeePrice,
  PriceSource,
  RateCard,
  ServiceTier,
  Surcharge,
} from '../domain/rate-card.ts';
import { QUOTED_FOR } from '../domain/unit-price.ts';
import { coversOf, dateAt, factorAt, priceAt } from './card-values.ts';
import { decodeModel } from './model-card.ts';
import {
  type Located,
  readYamlTree,
  type Report,
  type TreeReader,
  treeReader,
} from './yaml-tree.ts';

const HEADER_KEYS = [
  'rate_card',
  'provider',
  'currency',
  'units',
  'as_of',
  'sources',
  'prompt_size',
  'cache_write_default',
  'at_text_price',
  'service_tiers',
  'surcharges',
  'fees',
  'calendars',
  'examples',
  'models',
] as const;

const UNITS = 'per million tokens';
const PROMPT_COUNTS = ['input', 'cache_read', 'cache_write'];

/**
 * Decodes a rate card from YAML text. Problems go to `report` with file, line and column; the card holds
 * what could be read. Throws UserError only when the text is no YAML at all.
 */
export function decodeRateCard(text: string, file: string, report: Report): RateCard {
  const read = treeReader(report);
  const tree = readYamlTree(text, file);
  const header = read.map(tree, '', HEADER_KEYS);
  const value = (key: (typeof HEADER_KEYS)[number]): Located | undefined => header.get(key)?.value;
  checkHeader(read, tree, value);
  const calendars = calendarsOf(read, value('calendars'));
  const cacheWriteDefault = read.text(value('cache_write_default'), 'cache_write_default');
  const sources = sourcesOf(read, value('sources'));
  const serviceTiers = serviceTiersOf(read, value('service_tiers'));
  const surcharges = surchargesOf(read, value('surcharges'));
  const fees = feesOf(read, value('fees'), sources);
  const context = {
    read,
    sources,
    calendars,
    serviceTiers,
    surcharges,
    fees,
    ...(cacheWriteDefault === undefined ? {} : { cacheWriteDefault }),
  };
  const promptSize = read.texts(value('prompt_size'), 'prompt_size');
  for (const count of promptSize)
    if (!PROMPT_COUNTS.includes(count))
      read.error(
        tree.origin,
        `prompt_size: expected some of ${PROMPT_COUNTS.join(', ')}, found "${count}"`,
      );
  return {
    file,
    provider: read.text(value('provider'), 'provider') ?? '',
    asOf: read.text(value('as_of'), 'as_of') ?? '',
    sources,
    promptSize: promptSize.length === 0 ? PROMPT_COUNTS : promptSize,
    ...(cacheWriteDefault === undefined ? {} : { cacheWriteDefault }),
    atTextPrice: read.texts(value('at_text_price'), 'at_text_price'),
    serviceTiers,
    surcharges,
    fees,
    models: [...read.map(value('models'), 'models').values()].map((entry) =>
      decodeModel(entry, context),
    ),
  };
}

function checkHeader(
  read: TreeReader,
  tree: Located,
  value: (key: (typeof HEADER_KEYS)[number]) => Located | undefined,
): void {
  const expected = { rate_card: '1', currency: 'USD', units: UNITS } as const;
  for (const [key, wanted] of Object.entries(expected)) {
    const found = value(key as keyof typeof expected);
    const text = read.text(found, key);
    if (found === undefined)
      read.error(tree.origin, `missing key "${key}"; write "${key}: ${wanted}"`);
    else if (text !== undefined && text !== wanted)
      read.error(found.origin, `${key}: expected ${wanted}, found "${text}"`);
  }
  for (const key of ['provider', 'as_of', 'sources', 'models'] as const)
    if (value(key) === undefined) read.error(tree.origin, `missing key "${key}"`);
  dateAt(read, value('as_of'), 'as_of');
}

function sourcesOf(read: TreeReader, value: Located | undefined): Map<string, PriceSource> {
  const sources = new Map<string, PriceSource>();
  for (const { key, value: entry } of read.map(value, 'sources').values()) {
    const path = `sources.${key}`;
    const fields = read.map(entry, path, ['url', 'note', 'read']);
    const url = read.text(fields.get('url')?.value, `${path}.url`);
    const note = read.text(fields.get('note')?.value, `${path}.note`);
    const day = dateAt(read, fields.get('read')?.value, `${path}.read`);
    if (url === undefined && note === undefined)
      read.error(entry.origin, `${path}: needs a url or a note`);
    if (day === undefined) read.error(entry.origin, `${path}: needs "read:", the day it was read`);
    sources.set(key, {
      ...(url === undefined ? {} : { url }),
      ...(note === undefined ? {} : { note }),
      read: day?.text ?? '',
    });
  }
  return sources;
}

function serviceTiersOf(read: TreeReader, value: Located | undefined): Map<string, ServiceTier> {
  const tiers = new Map<string, ServiceTier>();
  for (const { key, value: entry } of read.map(value, 'service_tiers').values()) {
    const path = `service_tiers.${key}`;
    const fields = read.map(entry, path, [
      'multiply',
      'covers',
      'aliases',
      'no_default',
      'not_with',
      'only_listed_models',
    ]);
    const factor = factorAt(read, fields.get('multiply')?.value, `${path}.multiply`);
    const noDefault = read.flag(fields.get('no_default')?.value, `${path}.no_default`);
    if ((factor === undefined) !== noDefault)
      read.error(entry.origin, `${path}: needs either multiply or no_default: true`);
    tiers.set(key.toLowerCase(), {
      aliases: read
        .texts(fields.get('aliases')?.value, `${path}.aliases`)
        .map((alias) => alias.toLowerCase()),
      ...(factor === undefined ? {} : { multiply: factor }),
      covers: coversOf(read, fields.get('covers')?.value, `${path}.covers`),
      onlyListedModels: read.flag(
        fields.get('only_listed_models')?.value,
        `${path}.only_listed_models`,
      ),
    });
  }
  return tiers;
}

function surchargesOf(read: TreeReader, value: Located | undefined): Map<string, Surcharge> {
  const surcharges = new Map<string, Surcharge>();
  for (const { key, value: entry } of read.map(value, 'surcharges').values()) {
    const path = `surcharges.${key}`;
    const fields = read.map(entry, path, ['when', 'multiply', 'covers', 'only_listed_models']);
    const when = read.map(fields.get('when')?.value, `${path}.when`, ['region', 'inference_geo']);
    const places = (name: string): readonly string[] =>
      read.texts(when.get(name)?.value, `${path}.when.${name}`).map((place) => place.toLowerCase());
    const factor = factorAt(read, fields.get('multiply')?.value, `${path}.multiply`);
    if (factor === undefined) read.error(entry.origin, `${path}: needs multiply`);
    surcharges.set(key, {
      when: { region: places('region'), inferenceGeo: places('inference_geo') },
      multiply: factor ?? { digits: 1n, scale: 0 },
      covers: coversOf(read, fields.get('covers')?.value, `${path}.covers`),
      onlyListedModels: read.flag(
        fields.get('only_listed_models')?.value,
        `${path}.only_listed_models`,
      ),
    });
  }
  return surcharges;
}

function feesOf(
  read: TreeReader,
  value: Located | undefined,
  sources: ReadonlyMap<string, PriceSource>,
): Map<string, readonly FeePrice[]> {
  const fees = new Map<string, readonly FeePrice[]>();
  for (const { key, value: entry } of read.map(value, 'fees').values()) {
    const path = `fees.${key}`;
    const fields = read.map(entry, path, ['per', 'prices']);
    const per = read.text(fields.get('per')?.value, `${path}.per`);
    const quotedFor = per === '1000 calls' ? QUOTED_FOR.thousand : QUOTED_FOR.one;
    if (per !== '1000 calls' && per !== 'call')
      read.error(entry.origin, `${path}.per: expected "1000 calls" or "call"`);
    const dated = read
      .list(fields.get('prices')?.value, `${path}.prices`)
      .flatMap((row): FeePrice[] => {
        const cells = read.map(row, `${path}.prices`, [
          'from',
          'price',
          'free',
          'source',
          'status',
          'note',
          'check_by',
        ]);
        const from = dateAt(read, cells.get('from')?.value, `${path}.from`);
        const price = priceAt(
          read,
          { value: cells.get('price')?.value, free: cells.get('free')?.value },
          `${path}.price`,
          quotedFor,
        );
        const names = read.texts(cells.get('source')?.value, `${path}.source`);
        if (from === undefined || price === undefined) {
          read.error(row.origin, `${path}: needs from and price (or free: true)`);
          return [];
        }
        if (names.length === 0 || names.some((name) => !sources.has(name)))
          read.error(row.origin, `${path}: needs a source that is listed under sources`);
        return [{ from: from.time, fromText: from.text, price, sources: names }];
      });
    fees.set(key, dated);
  }
  return fees;
}

function calendarsOf(
  read: TreeReader,
  value: Located | undefined,
): Map<string, ReadonlySet<string>> {
  const calendars = new Map<string, ReadonlySet<string>>();
  for (const { key, value: entry } of read.map(value, 'calendars').values()) {
    const days = new Set<string>();
    for (const item of read.list(entry, `calendars.${key}`)) {
      const text = read.text(item, `calendars.${key}`) ?? '';
      const [first = '', last = first] = text.split('..');
      const [start, end] = [Date.parse(first), Date.parse(last)];
      if (Number.isNaN(start) || Number.isNaN(end) || end < start) {
        read.error(item.origin, `calendars.${key}: expected a day or first..last, found "${text}"`);
        continue;
      }
      for (let day = start; day <= end; day += 86_400_000)
        days.add(new Date(day).toISOString().slice(0, 10));
    }
    calendars.set(key, days);
  }
  return calendars;
}
