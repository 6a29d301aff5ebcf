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

/** https://openrouter.ai/docs/api-reference/list-available-models; USD per token as text (read 2026-11-22). */
const METERS: MeterKeys = {
  prompt: 'input',
  input_cache_read: 'cache_read',
  input_cache_write: 'cache_write',
  input_cache_write_1h: 'cache_write@1h',
  completion: 'output',
  internal_reasoning: 'reasoning',
  audio: 'input_audio',
};

/** The answer of OpenRouter's /api/v1/models: `data`, a list of models with `pricing`; `undefined` for other JSON. */
export function readOpenRouter(value: unknown): PriceTable | undefined {
  const models = isFields(value) ? fieldsIn(value['data']) : [];
  if (!models.some(({ pricing }) => isFields(pricing))) return undefined;
  return { format: 'openrouter', rows: models.map(rowOf) };
}

function rowOf(model: Fields): TableRow {
  const read = rowReader('token');
  const tiers = new TierList('at_least');
  const pricing = isFields(model['pricing']) ? model['pricing'] : {};
  for (const override of fieldsIn(pricing['overrides'])) {
    const size = Number(textIn(override, 'min_prompt_tokens'));
    const timed = Object.keys(override).some((key) => key.startsWith('utc_'));
    if (timed || !Number.isSafeInteger(size) || size <= 0)
      read.doubt('an override that does not only look at the size of the prompt');
    else
      for (const [meter, price] of read.prices(override, METERS, `from ${size} `))
        tiers.add(size, meter, price);
  }
  return read.row(
    { provider: 'openrouter', model: textIn(model, 'id') },
    read.prices(pricing, METERS),
    tiers.list(),
  );
}
