import {
  type CalledSku,
  type Cut,
  filtersName,
  type ReplayQuery,
  type RequestClass,
  sizeName,
} from '../domain/replay-question.ts';
import type { Dimension } from '../domain/spend.ts';
import { isCallTag } from '../domain/tags.ts';
import { STATUSES } from '../domain/usage.ts';
import { type BlockColumns, columnsOf } from './block-reading.ts';
import { numberAt, type Passing, passing, type Side, sideOf } from './block-sides.ts';
import type { Database } from './database.ts';
import { unsettledBlocks } from './event-blocks.ts';
import { extraWrites } from './event-row.ts';
import type { StoredRate } from './stored-rate.ts';
import type { TagGroups } from './tag-groups.ts';
import { usageOfSums } from './usage-sums.ts';

/** What the ids of events stand for. */
export interface ReplayNames {
  readonly skus: ReadonlyMap<number, CalledSku>;
  readonly rateOf: (id: number) => StoredRate;
  readonly groups: TagGroups | undefined;
  readonly identifiers: ReadonlySet<string>;
}

/**
 * The classes of the events that are still in blocks, summed from their columns in a fraction of the time that making
 * rows of them takes. `undefined` for questions about what only rows can tell: tags of calls, identifiers, formats, or
 * sums that a float does not hold exactly.
 */
export function classesInBlocks(
  database: Database,
  query: ReplayQuery,
  names: ReplayNames,
): readonly RequestClass[] | undefined {
  const filters = [
    ...query.where,
    ...query.cuts.flatMap((cut) => (cut.kind === 'where' ? cut.filters : [])),
  ];
  const asked = [...query.by, ...filters.map(({ dimension }) => dimension)];
  if (!asked.every((dimension) => isInColumns(dimension, names.identifiers))) return undefined;
  const sums = new ClassSums(database, query, names);
  for (const block of unsettledBlocks(database))
    if (!sums.add(columnsOf(block), block.count)) return undefined;
  return sums.classes();
}

const isInColumns = ({ kind, name }: Dimension, identifiers: ReadonlySet<string>): boolean =>
  kind === 'fact' ? name !== 'format' : !isCallTag(name) && !identifiers.has(name);

/** Requests, the five counts, two of the times to live of cache writes, and the earliest time of a class. */
const SUMS = 9;
const TIME = 8;

/** Sums of events by class: a class is one number, made of its ids and of the sides of its cuts. */
class ClassSums {
  readonly #query: ReplayQuery;
  readonly #names: ReplayNames;
  readonly #passes: Passing;
  readonly #sides: readonly Side[];
  /** How many values each part of a class's number may have. */
  readonly #sizes: readonly number[];
  readonly #places = new Map<number, number>();
  #sums = new Float64Array(SUMS * 256);

  constructor(database: Database, query: ReplayQuery, names: ReplayNames) {
    this.#query = query;
    this.#names = names;
    this.#passes = passing(database, query.where, names.identifiers);
    this.#sides = query.cuts.map((cut) => sideOf(cut, database, names.identifiers));
    const most = (table: string): number =>
      database.prepare<[], { most: number | null }>(`SELECT max(id) AS most FROM ${table}`).get()
        ?.most ?? 0;
    this.#sizes = [
      most('sku') + 1,
      most('rate') + 1,
      STATUSES.length,
      names.groups?.count ?? 1,
      ...this.#sides.map(({ size }) => size),
    ];
  }

  /** Adds a block; false where a number would not be exact. */
  add(columns: BlockColumns, count: number): boolean {
    if (this.#sizes.reduce((product, size) => product * size, 1) > Number.MAX_SAFE_INTEGER)
      return false;
    const { skuId, rateId, status, tagSetId, time } = columns;
    const { start = -Infinity, end = Infinity } = this.#query.span;
    const bounded = start !== -Infinity || end !== Infinity;
    const groupOf = this.#names.groups?.groupOf;
    const [, rates = 1, statuses = 1, groups = 1] = this.#sizes;
    for (let row = 0; row < count; row += 1) {
      const at = time[row] ?? Number.NaN;
      // A call without a time is in no bounded span.
      if (bounded && !(at >= start && at < end)) continue;
      if (!this.#passes(columns, row)) continue;
      let number = (skuId[row] ?? 0) * rates + (rateId[row] ?? 0);
      number = number * statuses + (status[row] ?? 0);
      number = number * groups + (groupOf?.(tagSetId[row] ?? 0) ?? 0);
      for (const side of this.#sides) number = number * side.size + side.of(columns, row);
      if (!this.#addTo(this.#placeOf(number), columns, row)) return false;
    }
    return true;
  }

  #placeOf(number: number): number {
    const known = this.#places.get(number);
    if (known !== undefined) return known;
    const place = this.#places.size;
    this.#places.set(number, place);
    if ((place + 1) * SUMS > this.#sums.length) {
      const sums = new Float64Array(this.#sums.length * 2);
      sums.set(this.#sums);
      this.#sums = sums;
    }
    this.#sums[place * SUMS + TIME] = Number.NaN;
    return place;
  }

  #addTo(place: number, columns: BlockColumns, row: number): boolean {
    const sums = this.#sums;
    const at = place * SUMS;
    let largest = 0;
    const add = (offset: number, value: number): void => {
      const sum = (sums[at + offset] ?? 0) + value;
      sums[at + offset] = sum;
      if (sum > largest) largest = sum;
    };
    add(0, numberAt(columns.requests, row));
    add(1, numberAt(columns.input, row));
    add(2, numberAt(columns.cacheRead, row));
    add(3, numberAt(columns.cacheWrite, row));
    add(4, numberAt(columns.output, row));
    add(5, numberAt(columns.reasoning, row));
    add(6, numberAt(columns.cacheWrite5m, row));
    add(7, numberAt(columns.cacheWrite1h, row));
    const [time, earliest] = [columns.time[row] ?? Number.NaN, sums[at + TIME] ?? Number.NaN];
    if (!(earliest <= time) && !Number.isNaN(time)) sums[at + TIME] = time;
    return largest <= Number.MAX_SAFE_INTEGER;
  }

  /** What was added, a class each. */
  classes(): readonly RequestClass[] {
    return [...this.#places].flatMap(([number, place]) => this.#classOf(number, place));
  }

  #classOf(number: number, place: number): readonly RequestClass[] {
    const parts: number[] = [];
    let left = number;
    for (const size of this.#sizes.toReversed()) {
      parts.unshift(left % size);
      left = Math.floor(left / size);
    }
    const [skuId = 0, rateId = 0, code = 0, group = 0, ...sides] = parts;
    const { skus, rateOf, groups } = this.#names;
    const sku = skus.get(skuId);
    // A sku is missing in a damaged ledger only, which doctor tells.
    if (sku === undefined) return [];
    const status = STATUSES[code] ?? 'success';
    const sum = (offset: number): number => this.#sums[place * SUMS + offset] ?? 0;
    const time = sum(TIME);
    const { by, cuts } = this.#query;
    return [
      {
        key: by.map((dimension) => {
          const at = groups?.of.indexOf(dimension) ?? -1;
          return at >= 0 ? (groups?.valuesOf(group)[at] ?? null) : factOf(dimension, sku, status);
        }),
        sku,
        rate: rateOf(rateId),
        status,
        requests: BigInt(sum(0)),
        usage: usageOfSums(
          {
            input: BigInt(sum(1)),
            cache_read: BigInt(sum(2)),
            cache_write: BigInt(sum(3)),
            output: BigInt(sum(4)),
            reasoning: BigInt(sum(5)),
          },
          writesOf(sum(6), sum(7)),
        ),
        sample: {
          time: Number.isNaN(time) ? undefined : time,
          size: (of) => smallestOf(cuts, sides, sizeName(of)),
          holds: (filters) => holds(cuts, sides, filtersName(filters)),
        },
      },
    ];
  }
}

/** Cache writes by the names that rows have for their times to live. */
const writesOf = (short: number, long: number): ReadonlyMap<string, bigint> =>
  new Map(Object.entries(extraWrites(short, long)).map(([name, sum]) => [name, BigInt(sum)]));

function factOf({ name }: Dimension, sku: CalledSku, status: string): string | null {
  switch (name) {
    case 'status':
      return status;
    case 'request_model':
      return sku.requestModel ?? null;
    case 'service_tier':
      return sku.serviceTier ?? null;
    case 'count_source':
      return sku.countSource;
    case 'provider':
    case 'model':
    case 'operation':
    case 'region':
      return sku[name] ?? null;
    default:
      throw new Error(`${name} is not in the columns of blocks`);
  }
}

function smallestOf(cuts: readonly Cut[], sides: readonly number[], name: string): number {
  const index = cuts.findIndex((cut) => cut.kind === 'size' && sizeName(cut.of) === name);
  const cut = cuts[index];
  if (cut?.kind !== 'size') throw new Error(`the question has no cut by ${name}`);
  const below = cut.above[(sides[index] ?? 0) - 1];
  return below === undefined ? 0 : below + 1;
}

function holds(cuts: readonly Cut[], sides: readonly number[], name: string): boolean {
  const index = cuts.findIndex((cut) => cut.kind === 'where' && filtersName(cut.filters) === name);
  if (index < 0) throw new Error(`the question has no cut by ${name}`);
  return sides[index] === 1;
}
