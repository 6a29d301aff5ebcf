import type { Column } from './answer.ts';
import type { SpendOptions } from './spend-options.ts';

const COMPARED: ReadonlySet<string> = new Set(['base_cost_usd', 'cost_change']);
const INFERRED: ReadonlySet<string> = new Set(['inferred_cost_usd', 'inferred_confidence']);

const MEASURES: readonly Column[] = [
  { key: 'requests', title: 'Requests', yields: 2 },
  { key: 'errors', title: 'Errors', yields: 7 },
  { key: 'input_tokens', title: 'Input', yields: 4 },
  { key: 'cache_read_tokens', title: 'Cache read', yields: 6 },
  { key: 'cache_write_tokens', title: 'Cache write', yields: 8 },
  { key: 'output_tokens', title: 'Output', yields: 4 },
  { key: 'reasoning_tokens', title: 'Reasoning', yields: 9 },
  { key: 'list_cost_usd', title: 'List', yields: 1 },
  { key: 'cost_usd', title: 'Cost', yields: 0 },
  { key: 'inferred_cost_usd', title: 'Inferred', yields: 1 },
  { key: 'inferred_confidence', title: 'Sure', yields: 5 },
  { key: 'base_cost_usd', title: 'Before', yields: 1 },
  { key: 'cost_change', title: 'Change', yields: 0 },
  { key: 'cost_share', title: 'Share', yields: 3, bar: true },
  { key: 'cost_per_request_usd', title: '$/request', yields: 5 },
  { key: 'cost_per_1k_tokens_usd', title: '$/1K tokens', yields: 8 },
  { key: 'unrated_requests', title: 'Unpriced', yields: 9, only: 'programs' },
];
const TAKEN: ReadonlySet<string> = new Set(MEASURES.map(({ key }) => key));

/**
 * What is measured, in order: list cost beside another kind of cost, the cost before only in a comparison, what was
 * inferred only where something may be; people are spared it where nothing was.
 */
export const measureColumns = (
  { comparison, cost, inferring }: SpendOptions,
  anyInferred: boolean,
): readonly Column[] =>
  MEASURES.filter(
    ({ key }) =>
      (comparison !== undefined || !COMPARED.has(key)) &&
      (inferring === true || !INFERRED.has(key)) &&
      (cost !== 'list' || key !== 'list_cost_usd'),
  ).map((column) =>
    anyInferred || !INFERRED.has(column.key) ? column : { ...column, only: 'programs' },
  );

/** What rows are grouped by, in order: the step of time first. */
export function keyColumns({ by, grain }: Pick<SpendOptions, 'by' | 'grain'>): readonly Column[] {
  const names = [...(grain === undefined ? [] : [grain]), ...by.map(({ name }) => name)];
  if (names.length === 0) return [{ key: 'all', title: '', yields: 0, only: 'people' }];
  return names.map((name) => ({
    // A tag may be named like a measure; its values must not be lost under the measure's key.
    key: TAKEN.has(name) ? `tag:${name}` : name,
    title: title(name),
    yields: 0,
  }));
}

const title = (name: string): string =>
  name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ');
