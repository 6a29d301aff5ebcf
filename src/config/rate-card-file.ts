import type { PriceSource, RateCard, ServiceTier, Surcharge } from '../domain/rate-card.ts';
import { calendarsOf } from './card-calendars.ts';
import { feesOf } from './card-fees.ts';
import type { ModelContext } from './card-context.ts';
import { coversOf, dateAt, factorAt } from './card-values.ts';
import { decodeModel } from './model-card.ts';
import { cacheFactsOf } from './model-facts.ts';
import { MODALITIES } from './price-keys.ts';
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
  'cache',
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
  const { fees, quotedFor } = feesOf(read, value('fees'), sources);
  const context: ModelContext = {
    read,
    sources,
    calendars,
    serviceTiers,
    surcharges,
    fees: quotedFor,
    ...(cacheWriteDefault === undefined ? {} : { cacheWriteDefault }),
    claims: new Map(),
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
    promptSize,
    ...(cacheWriteDefault === undefined ? {} : { cacheWriteDefault }),
    cache: cacheFactsOf(read, value('cache'), 'cache'),
    atTextPrice: modalitiesOf(read, value('at_text_price')),
    serviceTiers,
    surcharges,
    fees,
    models: [...read.map(value('models'), 'models').values()].map((entry) =>
      decodeModel(entry, context),
    ),
  };
}

function modalitiesOf(read: TreeReader, value: Located | undefined): readonly string[] {
  const found = read.texts(value, 'at_text_price');
  for (const name of found)
    if (value !== undefined && !MODALITIES.includes(name))
      read.error(
        value.origin,
        `at_text_price: expected some of ${MODALITIES.join(', ')}, found "${name}"`,
      );
  return found;
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
  const names = [...tiers].flatMap(([name, { aliases }]) => [name, ...aliases]);
  for (const name of new Set(names))
    if (names.indexOf(name) !== names.lastIndexOf(name) && value !== undefined)
      read.error(value.origin, `service_tiers: "${name}" names two tiers`);
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
    if (places('region').length + places('inference_geo').length === 0)
      read.error(entry.origin, `${path}: needs when: {region: [...]} or {inference_geo: [...]}`);
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
