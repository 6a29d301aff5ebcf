import type { Contract } from '../domain/contract.ts';
import { tokenMeter } from '../domain/meters.ts';
import { parseDecimal } from '../domain/money.ts';
import { providerName } from '../domain/provider-names.ts';
import type { QuoteCase } from '../domain/quote.ts';
import { isBaseTier } from '../domain/rating.ts';
import { parseUtcTime } from '../domain/utc-time.ts';
import { remainingAfter } from './contract-terms.ts';

/** A case of `rates quote --stdin` with its id and the terms that it brings along. */
export interface NamedCase {
  readonly id: string;
  readonly wanted: QuoteCase;
  readonly contracts: readonly Contract[];
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Decodes one line of `rates quote --stdin`: `{id, provider, model, at, context, buckets, fees}`. Throws
 * a plain Error that says what is wrong with it.
 */
export function decodeCase(line: string): NamedCase {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new Error('not valid JSON');
  }
  if (!isFields(value)) throw new Error('expected an object');
  const context = contextOf(value['context']);
  const at = text(value, 'at');
  const time = parseUtcTime(at);
  if (time === undefined)
    throw new Error(`at: expected a time like 2026-11-01T12:00:00Z, found "${at}"`);
  const places = PLACES.map((key) => optionalText(context, key));
  const region = places.find((place) => place !== undefined);
  const serviceTier = tierOf(optionalText(context, 'service_tier'), optionalText(context, 'speed'));
  return {
    id: typeof value['id'] === 'string' ? value['id'] : '',
    wanted: {
      provider: providerName(text(value, 'provider')),
      model: text(value, 'model'),
      time,
      ...(serviceTier === undefined ? {} : { serviceTier }),
      ...(region === undefined ? {} : { region, inferenceGeo: region }),
      buckets: buckets(value['buckets']),
      fees: feesOf(value['fees']),
    },
    contracts: contractOf(context['contract']),
  };
}

function text(value: Fields, key: string): string {
  const found = value[key];
  if (typeof found !== 'string' || found === '') throw new Error(`${key}: expected text`);
  return found;
}

/** Ways of saying where a call ran. */
const PLACES = ['region', 'inference_geo', 'geo', 'data_residency'];
const CONTEXT_KEYS = [...PLACES, 'service_tier', 'speed', 'contract'];

/** What a case says beside model and time. A key that is not known is refused: it may carry a price. */
function contextOf(value: unknown): Fields {
  if (value === undefined || value === null) return {};
  if (!isFields(value)) throw new Error('context: expected an object');
  for (const key of Object.keys(value))
    if (!CONTEXT_KEYS.includes(key))
      throw new Error(`context.${key}: expected one of ${CONTEXT_KEYS.join(', ')}`);
  return value;
}

function optionalText(context: Fields, key: string): string | undefined {
  const found = context[key];
  if (found === undefined || found === null || found === '') return undefined;
  if (typeof found !== 'string') throw new Error(`context.${key}: expected text`);
  return found;
}

/** Fast mode is priced as a tier; beside another tier it has no price of its own. */
function tierOf(tier: string | undefined, speed: string | undefined): string | undefined {
  if (speed === undefined || speed === 'standard') return tier;
  return tier === undefined || isBaseTier(tier) ? speed : `${tier} with ${speed}`;
}

function quantities(value: unknown, path: string): ReadonlyMap<string, bigint> {
  if (value === undefined || value === null) return new Map();
  if (!isFields(value)) throw new Error(`${path}: expected quantities by name`);
  const found = new Map<string, bigint>();
  for (const [name, quantity] of Object.entries(value)) {
    if (typeof quantity !== 'number' || !Number.isSafeInteger(quantity) || quantity < 0)
      throw new Error(`${path}.${name}: expected a whole number, 0 or more`);
    found.set(name, BigInt(quantity));
  }
  return found;
}

/** Other usual names of paid things, and how many of ours one of them is. */
const FEE_NAMES: ReadonlyMap<string, readonly [string, bigint]> = new Map([
  ['pages', ['page', 1n]],
  ['ocr_page', ['page', 1n]],
  ['ocr_pages', ['page', 1n]],
  ['annotated_pages', ['annotated_page', 1n]],
  ['search_units', ['search_unit', 1n]],
  ['rerank_search', ['search_unit', 1n]],
  ['rerank_searches', ['search_unit', 1n]],
  ['images', ['image', 1n]],
  ['characters', ['character', 1n]],
  ['citation_tokens', ['citation_token', 1n]],
  ['web_searches', ['web_search', 1n]],
  ['file_searches', ['file_search', 1n]],
  ['cache_storage_token_hours', ['cache_storage_token_hour', 1n]],
  ['audio_seconds', ['audio_milliseconds', 1_000n]],
  ['audio_minutes', ['audio_milliseconds', 60_000n]],
  ['audio_hours', ['audio_milliseconds', 3_600_000n]],
]);

/** Paid things that are not tokens, under the names that rate cards use. */
function feesOf(value: unknown): ReadonlyMap<string, bigint> {
  const found = new Map<string, bigint>();
  for (const [written, quantity] of quantities(value, 'fees')) {
    const [name, units] = FEE_NAMES.get(written) ?? [written, 1n];
    found.set(name, (found.get(name) ?? 0n) + quantity * units);
  }
  return found;
}

/** Tokens by meter. A name that is no meter is refused: left out, it would make the call cheaper. */
function buckets(value: unknown): ReadonlyMap<string, bigint> {
  if (value === undefined) throw new Error('buckets: expected quantities by meter, found nothing');
  const found = new Map<string, bigint>();
  for (const [name, quantity] of quantities(value, 'buckets')) {
    const meter = tokenMeter(name);
    if (meter === undefined) throw new Error(`buckets.${name}: expected a meter of tokens`);
    found.set(meter, (found.get(meter) ?? 0n) + quantity);
  }
  return found;
}

/** `{discount_pct: 12, applies_to: ["tokens"]}` as a contract without end. */
function contractOf(value: unknown): readonly Contract[] {
  if (!isFields(value)) return [];
  const written = value['discount_pct'] ?? value['discount_percent'];
  const percent = typeof written === 'number' || typeof written === 'string' ? String(written) : '';
  const factor = parseDecimal(percent) === undefined ? undefined : remainingAfter(percent);
  if (factor === undefined)
    throw new Error(`context.contract.discount_pct: expected a percentage, found "${percent}"`);
  const applies = Array.isArray(value['applies_to']) ? value['applies_to'].map(String) : ['tokens'];
  return [
    {
      name: 'context',
      from: Number.NEGATIVE_INFINITY,
      until: Number.POSITIVE_INFINITY,
      providers: [],
      accounts: [],
      terms: [
        {
          kind: 'price',
          id: 'context',
          models: [],
          fixed: new Map(),
          factor,
          covers: applies.includes('tokens') ? 'tokens' : applies,
        },
      ],
    },
  ];
}
