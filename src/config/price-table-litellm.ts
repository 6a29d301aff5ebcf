import type { PriceTable, TableRow } from '../domain/price-table.ts';
import {
  type Fields,
  isFields,
  type MeterKeys,
  rowReader,
  textIn,
  TierList,
} from './table-fields.ts';
import { ourProvider } from './table-providers.ts';

/** https://github.com/BerriAI/litellm, model_prices_and_context_window.schema.json; USD per token (read 2026-11-22). */
const METERS: MeterKeys = {
  input_cost_per_token: 'input',
  cache_read_input_token_cost: 'cache_read',
  cache_creation_input_token_cost: 'cache_write',
  cache_creation_input_token_cost_above_1hr: 'cache_write@1h',
  output_cost_per_token: 'output',
  output_cost_per_reasoning_token: 'reasoning',
  input_cost_per_audio_token: 'input_audio',
  cache_read_input_audio_token_cost: 'cache_read_audio',
  output_cost_per_audio_token: 'output_audio',
  input_cost_per_image_token: 'input_image',
  output_cost_per_image_token: 'output_image',
};

/** Entries that document the table. */
const NO_MODELS = ['sample_spec', 'fallback_generalizations'];

/** The LiteLLM price table: an object of models with `litellm_provider`; `undefined` for other JSON. */
export function readLitellm(value: unknown): PriceTable | undefined {
  if (!isFields(value)) return undefined;
  const entries = Object.entries(value).filter(([name]) => !NO_MODELS.includes(name));
  const known = entries.filter(
    ([, entry]) => isFields(entry) && textIn(entry, 'litellm_provider') !== '',
  );
  if (known.length === 0) return undefined;
  return {
    format: 'litellm',
    rows: entries.flatMap(([name, entry]) => (isFields(entry) ? [rowOf(name, entry)] : [])),
  };
}

// Service tiers are further endings (_flex, _priority, _batches); only standard prices are read.
const TIER = /^(.+)_above_(\d+)k_tokens$/;

function rowOf(name: string, entry: Fields): TableRow {
  const read = rowReader('token');
  const tiers = new TierList('above');
  for (const [key, value] of Object.entries(entry)) {
    const [, base = '', thousands = ''] = TIER.exec(key) ?? [];
    const meter = METERS[base];
    if (meter !== undefined) tiers.add(Number(thousands) * 1000, meter, read.price(key, value));
  }
  const provider = textIn(entry, 'litellm_provider') || 'none named';
  const model = withoutProvider(name, ourProvider(provider));
  // azure/us/gpt-4o, bedrock/us-east-1/...: our cards have the price of all regions, and surcharges.
  const region = ['azure', 'bedrock'].includes(ourProvider(provider)) && model.includes('/');
  return read.row({ provider, model, region }, read.prices(entry, METERS), tiers.list());
}

/** `azure/gpt-4o` is gpt-4o of azure, `openrouter/openai/gpt-4o` is openai/gpt-4o of openrouter. */
function withoutProvider(name: string, provider: string): string {
  const [head = '', ...rest] = name.split('/');
  return rest.length > 0 && ourProvider(head) === provider ? rest.join('/') : name;
}
