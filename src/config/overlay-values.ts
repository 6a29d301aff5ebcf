import {
  type Decimal,
  type Money,
  money,
  MONEY_DECIMALS,
  parseDecimal,
  rescale,
} from '../domain/money.ts';
import type { Weights } from '../domain/pool.ts';
import type { Located, TreeReader } from './yaml-tree.ts';

/** An amount of dollars from the YAML's own text, 0 or more. `undefined` when missing or, reported, wrong. */
export function amountAt(
  read: TreeReader,
  value: Located | undefined,
  path: string,
): Money | undefined {
  const decimal = plainDecimalAt(read, value, path, 'an amount in dollars like 260.00');
  return decimal === undefined ? undefined : money(rescale(decimal, MONEY_DECIMALS));
}

/** A decimal without sign or exponent. `expected` says what it stands for. */
export function plainDecimalAt(
  read: TreeReader,
  value: Located | undefined,
  path: string,
  expected: string,
): Decimal | undefined {
  const text = read.text(value, path);
  if (value === undefined || text === undefined) return undefined;
  const decimal = /^\d+(\.\d{1,12})?$/.test(text) ? parseDecimal(text) : undefined;
  if (decimal === undefined)
    read.error(value.origin, `${path}: expected ${expected}, found "${text}"`);
  return decimal;
}

/** One of a few words; the first of them when nothing is said. */
export function wordAt<Word extends string>(
  read: TreeReader,
  value: Located | undefined,
  path: string,
  words: readonly [Word, ...Word[]],
): Word {
  const text = read.text(value, path);
  if (value === undefined || text === undefined) return words[0];
  const found = words.find((word) => word === text);
  if (found === undefined)
    read.error(value.origin, `${path}: expected ${words.join(' or ')}, found "${text}"`);
  return found ?? words[0];
}

const COUNTS = ['input', 'cache_read', 'cache_write', 'output'] as const;
/** Weights are kept as whole millionths. */
const WEIGHT_DECIMALS = 6;

/**
 * How much a token of each count weighs when a cost is shared out. Cached input weighs what input does
 * unless it is listed; input and output weigh 1. `undefined` when missing.
 */
export function weightsAt(
  read: TreeReader,
  value: Located | undefined,
  path: string,
): Weights | undefined {
  if (value === undefined) return undefined;
  const fields = read.map(value, path, COUNTS);
  const weight = (name: (typeof COUNTS)[number]): bigint | undefined => {
    const cell = fields.get(name)?.value;
    const decimal = plainDecimalAt(read, cell, `${path}.${name}`, 'a weight like 4 or 0.5');
    return decimal === undefined ? undefined : rescale(decimal, WEIGHT_DECIMALS);
  };
  const one = 10n ** BigInt(WEIGHT_DECIMALS);
  const input = weight('input') ?? one;
  return new Map([
    ['input', input],
    ['cache_read', weight('cache_read') ?? input],
    ['cache_write', weight('cache_write') ?? input],
    ['output', weight('output') ?? one],
  ]);
}
