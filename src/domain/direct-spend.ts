import type { ConsumerKey, PoolPlan } from './allocation-plan.ts';
import { consumerText } from './allocation-shares.ts';
import { distinctDimensions, fitsAll, valuesOf } from './filter-match.ts';
import { type Money, money, ZERO } from './money.ts';
import type { Dimension, SpendRow } from './spend.ts';

/** Calls by some dimensions, told apart by whether a pool takes them or their tags charge them directly. */
export interface PartedCalls<Row> {
  readonly dimensions: readonly Dimension[];
  readonly direct: readonly Row[];
  /** By the name of the pool. */
  readonly pooled: ReadonlyMap<string, readonly Row[]>;
}

/** A row of an answer: what it is called by the dimensions that were asked for. */
export interface KeyedRow {
  readonly key: ConsumerKey;
}

/** The dimensions that have to be asked for, so that calls can be told apart by the pools that take them. */
export const poolDimensions = (pools: readonly PoolPlan[]): readonly Dimension[] =>
  distinctDimensions(
    pools.flatMap(({ source }) =>
      source.kind === 'spend' ? source.where.map(({ dimension }) => dimension) : [],
    ),
  );

/** Parts the rows of one answer, so that each is counted once: the first pool that a row fits takes it. */
export function partCalls<Row extends KeyedRow>(
  rows: readonly Row[],
  dimensions: readonly Dimension[],
  pools: readonly PoolPlan[],
): PartedCalls<Row> {
  const takers = pools.flatMap(({ name, source }) =>
    source.kind === 'spend' ? [{ name, where: source.where }] : [],
  );
  const direct: Row[] = [];
  const pooled = new Map<string, Row[]>(takers.map(({ name }) => [name, []]));
  for (const row of rows) {
    const valueOf = valuesOf(dimensions, row.key);
    const taker = takers.find(({ where }) => fitsAll(where, valueOf));
    if (taker === undefined) direct.push(row);
    else pooled.get(taker.name)?.push(row);
  }
  return { dimensions, direct, pooled };
}

/** Rows gathered under their key over other dimensions, in the order of their first. */
export function gathered<Row extends KeyedRow>(
  rows: readonly Row[],
  dimensions: readonly Dimension[],
  wanted: readonly Dimension[],
): readonly { readonly key: ConsumerKey; readonly rows: readonly Row[] }[] {
  const found = new Map<string, { readonly key: ConsumerKey; readonly rows: Row[] }>();
  for (const row of rows) {
    const key = wanted.map(valuesOf(dimensions, row.key));
    const id = consumerText(key);
    const present = found.get(id);
    if (present === undefined) found.set(id, { key, rows: [row] });
    else present.rows.push(row);
  }
  return [...found.values()];
}

/** What rows cost together. */
export const costOfRows = (rows: readonly SpendRow[]): Money =>
  rows.reduce((sum, { cost }) => money(sum + cost), ZERO);
