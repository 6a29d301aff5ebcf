import type { PriceTable, TableRow } from '../domain/price-table.ts';
import {
  type Fields,
  fieldsIn,
  isFields,
  type MeterKeys,
  rowReader,
  textIn,
  TierList,
} from './table-fields.ts';

/** https://github.com/anomalyco/models.dev, README and schema; USD per million (read 2026-11-22). */
const METERS: MeterKeys = {
  input: 'input',
  cache_read: 'cache_read',
  cache_write: 'cache_write',
  output: 'output',
  reasoning: 'reasoning',
  input_audio: 'input_audio',
  output_audio: 'output_audio',
};

/** models.dev's api.json, or a list of its providers: each with `models`, an object by id; `undefined` for other JSON. */
export function readModelsDev(value: unknown): PriceTable | undefined {
  const providers: readonly (readonly [string, unknown])[] = Array.isArray(value)
    ? fieldsIn(value).map((provider) => [textIn(provider, 'id'), provider] as const)
    : isFields(value)
      ? Object.entries(value)
      : [];
  const known = providers.flatMap(([id, provider]) =>
    isFields(provider) && isFields(provider['models'])
      ? [{ id: textIn(provider, 'id') || id, models: provider['models'] }]
      : [],
  );
  if (known.length === 0) return undefined;
  return {
    format: 'models.dev',
    rows: known.flatMap(({ id, models }) =>
      Object.entries(models).flatMap(([name, model]) =>
        isFields(model) ? [rowOf(id, textIn(model, 'id') || name, model)] : [],
      ),
    ),
  };
}

function rowOf(provider: string, id: string, model: Fields): TableRow {
  const read = rowReader('million');
  const cost = isFields(model['cost']) ? model['cost'] : {};
  const tiers = new TierList('above');
  const over = cost['context_over_200k'];
  if (isFields(over))
    for (const [meter, price] of read.prices(over, METERS, 'context_over_200k.'))
      tiers.add(200_000, meter, price);
  for (const tier of fieldsIn(cost['tiers'])) {
    const of = isFields(tier['tier']) ? tier['tier'] : {};
    const size = Number(textIn(of, 'size'));
    if (textIn(of, 'type') !== 'context' || !Number.isSafeInteger(size) || size <= 0)
      read.doubt('a tier that is not one of context');
    else
      for (const [meter, price] of read.prices(tier, METERS, `above ${size} `))
        tiers.add(size, meter, price);
  }
  return read.row({ provider, model: id }, read.prices(cost, METERS), tiers.list());
}
