import type { PriceTable } from '../domain/price-table.ts';
import { UserError } from '../errors.ts';
import { readGenaiPrices } from './price-table-genai.ts';
import { readLitellm } from './price-table-litellm.ts';
import { readModelsDev } from './price-table-models-dev.ts';
import { readOpenRouter } from './price-table-openrouter.ts';

/**
 * Reads a price table, found by its content: LiteLLM, models.dev, genai-prices or OpenRouter, as it stood on
 * a day (`asOf`, 2026-11-22). Numbers keep their source text. Throws UserError for anything else.
 */
export function readPriceTable(text: string, file: string, asOf: string): PriceTable {
  const value = parseKeepingNumbers(text, file);
  for (const read of [readOpenRouter, readGenaiPrices, readModelsDev, readLitellm]) {
    const table = read(value, asOf);
    if (table !== undefined) return table;
  }
  throw new UserError('no price table that is known here', {
    origin: { file },
    hint: 'Expected one of: the LiteLLM price table (model_prices_and_context_window.json), models.dev (api.json), genai-prices (data.json), OpenRouter (the answer of /api/v1/models).',
  });
}

/** JSON in which every number is its own text: 1.5e-07 stays 1.5e-07, never a float. */
function parseKeepingNumbers(text: string, file: string): unknown {
  const keep = (_: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === 'number' ? (context?.source ?? String(value)) : value;
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''), keep);
  } catch (cause) {
    throw new UserError('not valid JSON', {
      cause,
      origin: { file },
      hint: 'Save the table as its source publishes it.',
    });
  }
}
