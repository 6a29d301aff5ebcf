import type { Contract } from '../domain/contract.ts';
import { parseDecimal } from '../domain/money.ts';
import type { QuoteCase } from '../domain/quote.ts';
import { remainingAfter } from './contract-file.ts';

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
  const context = isFields(value['context']) ? value['context'] : {};
  const at = text(value, 'at');
  const time = /^\d{4}-\d{2}-\d{2}(T|$)/.test(at) ? Date.parse(at) : Number.NaN;
  if (Number.isNaN(time))
    throw new Error(`at: expected a time like 2026-11-01T12:00:00Z, found "${at}"`);
  const tier = optionalText(context['service_tier']);
  const speed = optionalText(context['speed']);
  const serviceTier = speed === undefined || speed === 'standard' ? tier : speed;
  const [region, inferenceGeo] = [
    optionalText(context['region']),
    optionalText(context['inference_geo']),
  ];
  return {
    id: typeof value['id'] === 'string' ? value['id'] : '',
    wanted: {
      provider: text(value, 'provider'),
      model: text(value, 'model'),
      time,
      ...(serviceTier === undefined ? {} : { serviceTier }),
      ...(region === undefined ? {} : { region }),
      ...(inferenceGeo === undefined ? {} : { inferenceGeo }),
      buckets: quantities(value['buckets'], 'buckets'),
      fees: quantities(value['fees'], 'fees'),
    },
    contracts: contractOf(context['contract']),
  };
}

function text(value: Fields, key: string): string {
  const found = value[key];
  if (typeof found !== 'string' || found === '') throw new Error(`${key}: expected text`);
  return found;
}

const optionalText = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

function quantities(value: unknown, path: string): ReadonlyMap<string, bigint> {
  const found = new Map<string, bigint>();
  for (const [name, quantity] of Object.entries(isFields(value) ? value : {})) {
    if (typeof quantity !== 'number' || !Number.isSafeInteger(quantity) || quantity < 0)
      throw new Error(`${path}.${name}: expected a whole number, 0 or more`);
    found.set(name, BigInt(quantity));
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
      terms: [
        {
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
