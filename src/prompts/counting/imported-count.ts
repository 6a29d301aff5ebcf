import { createHash } from 'node:crypto';
import { countOf, type TokenCount } from './token-count.ts';

/** Counts that a provider's own endpoint gave, by the key of model and request. */
export type ImportedCounts = ReadonlyMap<string, number>;

/** More nesting than this is no request of any provider. */
const MOST_NESTED = 400;

/**
 * What a request's count is imported under: SHA-256, in hex, of the model's name, a line feed and the request as
 * compact JSON whose keys are in the order of their code units, at every depth. `undefined` for what JSON cannot say.
 */
export function countKey(model: string, request: unknown): string | undefined {
  const text = canonicalJson(request, 0);
  if (text === undefined) return undefined;
  return createHash('sha256').update(`${model}\n${text}`).digest('hex');
}

/** The exact count of a request, where it was imported. */
export function importedCount(
  counts: ImportedCounts,
  model: string,
  request: unknown,
): TokenCount | undefined {
  const key = countKey(model, request);
  const tokens = key === undefined ? undefined : counts.get(key);
  return tokens === undefined ? undefined : countOf(tokens, 'exact');
}

function canonicalJson(value: unknown, depth: number): string | undefined {
  if (depth > MOST_NESTED || typeof value === 'bigint') return undefined;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const parts: string[] = [];
  const fields = isList ? [...value.entries()] : Object.entries(value).sort(byKey);
  for (const [key, item] of fields) {
    // As JSON.stringify has it, a key without a value is left out.
    if (!isList && item === undefined) continue;
    const text = canonicalJson(item, depth + 1);
    if (text === undefined) return undefined;
    parts.push(isList ? text : `${JSON.stringify(key)}:${text}`);
  }
  return isList ? `[${parts.join(',')}]` : `{${parts.join(',')}}`;
}

const byKey = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one < other ? -1 : one > other ? 1 : 0;
