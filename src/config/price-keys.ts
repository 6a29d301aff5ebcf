import { cacheWriteMeter, feeMeter, type Meter, PART_OF_METER } from '../domain/meters.ts';
import type { Prices } from '../domain/rate-card.ts';
import { QUOTED_FOR, type UnitPrice } from '../domain/unit-price.ts';
import type { CardContext } from './card-context.ts';
import { priceAt } from './card-values.ts';
import type { Entry } from './yaml-tree.ts';

/** How a price key of a row is quoted, and which meter it prices. */
interface Quoted {
  readonly meter: Meter;
  readonly quotedFor: bigint;
  readonly per?: number;
}

// An hour of audio is metered in milliseconds, so that half seconds stay whole numbers.
const MS_PER_HOUR = 3_600_000;

const PLAIN: ReadonlyMap<string, Quoted> = new Map(
  Object.entries({
    input: { meter: 'input', quotedFor: QUOTED_FOR.million },
    cache_read: { meter: 'cache_read', quotedFor: QUOTED_FOR.million },
    output: { meter: 'output', quotedFor: QUOTED_FOR.million },
    reasoning: { meter: 'reasoning', quotedFor: QUOTED_FOR.million },
    per_request: { meter: feeMeter('request'), quotedFor: QUOTED_FOR.one },
    per_image: { meter: feeMeter('image'), quotedFor: QUOTED_FOR.one },
    per_1000_pages: { meter: feeMeter('page'), quotedFor: QUOTED_FOR.thousand },
    per_1000_annotated_pages: { meter: feeMeter('annotated_page'), quotedFor: QUOTED_FOR.thousand },
    per_1000_searches: { meter: feeMeter('search_unit'), quotedFor: QUOTED_FOR.thousand },
    characters: { meter: feeMeter('character'), quotedFor: QUOTED_FOR.million },
    citation_tokens: { meter: feeMeter('citation_token'), quotedFor: QUOTED_FOR.million },
    audio_hour: {
      meter: feeMeter('audio_milliseconds'),
      quotedFor: QUOTED_FOR.one,
      per: MS_PER_HOUR,
    },
    cache_storage_hour: {
      meter: feeMeter('cache_storage_token_hour'),
      quotedFor: QUOTED_FOR.million,
    },
  } satisfies Record<string, Quoted>),
);
/** Kinds of content whose tokens may have prices of their own. */
export const MODALITIES = ['audio', 'image', 'video'];

/** The keys of a row, tier, service or hours block that hold prices. */
export const PRICE_KEYS: readonly string[] = [
  ...PLAIN.keys(),
  'cache_write',
  ...MODALITIES,
  'fees',
  'free',
];

/** Everything made of tokens: what a free model gives away, whatever its cache keeps things for. */
const FREE_METERS: readonly Meter[] = [
  'input',
  'cache_read',
  'output',
  ...['default', '5m', '30m', '1h', '12h', '24h'].map(cacheWriteMeter),
  ...PART_OF_METER.keys(),
];

/** The prices that a block lists, by meter; `free: true` prices every token meter at zero. */
export function pricesOf(
  fields: ReadonlyMap<string, Entry>,
  path: string,
  context: CardContext,
): Prices {
  const { read } = context;
  const prices = new Map<Meter, UnitPrice>();
  const add = (
    meter: Meter,
    entry: Entry | undefined,
    name: string,
    quotedFor: bigint,
    per?: number,
  ): void => {
    if (entry === undefined) return;
    const price = priceAt(read, { value: entry.value }, `${path}.${name}`, quotedFor, per);
    if (price !== undefined) prices.set(meter, price);
  };
  const free = fields.get('free');
  if (read.flag(free?.value, `${path}.free`)) {
    for (const meter of FREE_METERS) prices.set(meter, { amount: 0n, per: 1 });
    if (free !== undefined && PRICE_KEYS.some((key) => key !== 'free' && fields.has(key)))
      read.error(free.keyOrigin, `${path}: free: true stands beside prices; keep one of them`);
  }
  for (const [key, { meter, quotedFor, per }] of PLAIN)
    add(meter, fields.get(key), key, quotedFor, per);
  for (const modality of MODALITIES) {
    const block = read.map(fields.get(modality)?.value, `${path}.${modality}`, [
      'input',
      'cache_read',
      'output',
    ]);
    for (const [count, entry] of block)
      add(`${count}_${modality}`, entry, `${modality}.${count}`, QUOTED_FOR.million);
  }
  for (const [name, entry] of read.map(fields.get('fees')?.value, `${path}.fees`)) {
    if (!context.fees.has(name))
      read.error(entry.keyOrigin, `${path}.fees: fee "${name}" is not declared in this card`);
    add(feeMeter(name), entry, `fees.${name}`, context.fees.get(name) ?? QUOTED_FOR.thousand);
  }
  const write = fields.get('cache_write');
  // One number is the price of the card's usual time to live; other times need a price of their own.
  if (write?.value.kind === 'scalar')
    add(
      cacheWriteMeter(context.cacheWriteDefault ?? 'default'),
      write,
      'cache_write',
      QUOTED_FOR.million,
    );
  else
    for (const [ttl, entry] of read.map(write?.value, `${path}.cache_write`))
      add(cacheWriteMeter(ttl), entry, `cache_write.${ttl}`, QUOTED_FOR.million);
  return prices;
}
