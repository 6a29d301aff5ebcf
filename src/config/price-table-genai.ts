import type { PriceTable, TableRow } from '../domain/price-table.ts';
import type { Meter } from '../domain/meters.ts';
import type { UnitPrice } from '../domain/unit-price.ts';
import {
  type Fields,
  fieldsIn,
  isFields,
  type MeterKeys,
  type RowReader,
  rowReader,
  textIn,
  TierList,
} from './table-fields.ts';

/** https://github.com/pydantic/genai-prices, prices/data.schema.json; USD per million (read 2026-11-22). */
const METERS: MeterKeys = {
  input_mtok: 'input',
  cache_read_mtok: 'cache_read',
  cache_write_mtok: 'cache_write',
  cache_write_5m_mtok: 'cache_write@5m',
  cache_write_1h_mtok: 'cache_write@1h',
  output_mtok: 'output',
  output_reasoning_mtok: 'reasoning',
  input_audio_mtok: 'input_audio',
  cache_audio_read_mtok: 'cache_read_audio',
  output_audio_mtok: 'output_audio',
  input_image_mtok: 'input_image',
  output_image_mtok: 'output_image',
};

/** The data.json of genai-prices: providers with a list of `models` that have `prices`; `undefined` for other JSON. */
export function readGenaiPrices(value: unknown, asOf: string): PriceTable | undefined {
  const providers = fieldsIn(isFields(value) ? value['providers'] : value);
  const known = providers.filter(({ models }) =>
    fieldsIn(models).some((model) => model['prices'] !== undefined),
  );
  if (known.length === 0) return undefined;
  return {
    format: 'genai-prices',
    // Its `match` clauses are prefixes that also catch longer siblings: only ids are taken.
    rows: known.flatMap((provider) =>
      fieldsIn(provider['models']).map((model) => rowOf(textIn(provider, 'id'), model, asOf)),
    ),
  };
}

function rowOf(provider: string, model: Fields, asOf: string): TableRow {
  const read = rowReader('million');
  const tiers = new TierList('above');
  const prices = new Map<Meter, UnitPrice>();
  const inForce = pricesOn(model['prices'], asOf, read);
  for (const [key, meter] of Object.entries(METERS)) {
    const value = inForce[key];
    const base = read.price(key, isFields(value) ? value['base'] : value);
    if (base !== undefined) prices.set(meter, base);
    for (const tier of isFields(value) ? fieldsIn(value['tiers']) : []) {
      const start = Number(textIn(tier, 'start'));
      const price = read.price(`${key} above ${textIn(tier, 'start')}`, tier['price']);
      if (Number.isSafeInteger(start) && start > 0) tiers.add(start, meter, price);
      else read.doubt(`${key}: a tier without a start`);
    }
  }
  return read.row({ provider, model: textIn(model, 'id') }, prices, tiers.list());
}

/** Prices alone, or of a list the last whose first day has come. */
function pricesOn(value: unknown, asOf: string, read: RowReader): Fields {
  if (isFields(value)) return value;
  let found: Fields = {};
  for (const { constraint, prices } of fieldsIn(value)) {
    if (!isFields(prices)) continue;
    const start = isFields(constraint) ? constraint['start_date'] : undefined;
    if (isFields(constraint) && typeof start !== 'string') {
      read.doubt('prices by the hour of the day');
      continue;
    }
    if (typeof start !== 'string' || start <= asOf) found = prices;
  }
  return found;
}
