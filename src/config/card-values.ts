import { type Decimal, decimalText, parseDecimal } from '../domain/money.ts';
import { nearest } from '../domain/nearest.ts';
import type { Covers } from '../domain/rate-card.ts';
import { type UnitPrice, unitPrice } from '../domain/unit-price.ts';
import { parseUtcTime } from '../domain/utc-time.ts';
import type { Located, TreeReader } from './yaml-tree.ts';
import { writtenOut } from './yaml-words.ts';

/** Most decimals of a price per million tokens, and of a multiplier: more is a slip of the unit. */
const PRICE_DECIMALS = 8;
const FACTOR_DECIMALS = 4;

/** A day or a full UTC time, as text and as milliseconds. `undefined` when missing or, reported, wrong. */
export function dateAt(
  read: TreeReader,
  value: Located | undefined,
  path: string,
): { readonly text: string; readonly time: number } | undefined {
  const text = read.text(value, path);
  if (value === undefined || text === undefined) return undefined;
  // A card is read by people: a day, or a full UTC time, and nothing in between.
  const time = text.length === 10 || text.endsWith('Z') ? parseUtcTime(text) : undefined;
  if (time !== undefined) return { text, time };
  read.error(
    value.origin,
    `${path}: expected a day like 2026-11-01 or a time like 2026-11-01T16:00:00Z, found "${text}"`,
  );
  return undefined;
}

/** A decimal of the YAML's own text, above 0. `undefined` when missing or, reported, wrong. */
function decimalAt(
  read: TreeReader,
  value: Located | undefined,
  path: string,
  decimals: number,
): Decimal | undefined {
  const text = read.text(value, path);
  if (value === undefined || text === undefined) return undefined;
  const decimal = /^\d+(\.\d+)?$/.test(text) ? parseDecimal(text) : undefined;
  if (decimal === undefined)
    read.error(
      value.origin,
      `${path}: expected a number like 2.50, found "${text}"${numberMend(text, decimals)}`,
    );
  else if (decimal.digits === 0n) {
    read.error(
      value.origin,
      `${path}: 0 says neither free nor unknown; write free: true, or leave the key out`,
    );
    return undefined;
  } else if (decimal.scale > decimals) {
    read.error(value.origin, `${path}: ${text} has more than ${decimals} decimals`);
    return undefined;
  }
  return decimal;
}

/** How a number that is not in plain digits is written; a small price may be one per token. */
function numberMend(text: string, decimals: number): string {
  const plain = writtenOut(text);
  if (plain === undefined) return '';
  const perToken = decimals === PRICE_DECIMALS ? parseDecimal(text) : undefined;
  const perMillion =
    perToken !== undefined && perToken.scale >= 6
      ? `, or ${decimalText(perToken.digits, perToken.scale - 6)} if it is a price per token`
      : '';
  return `; write ${plain}${perMillion}`;
}

/** Says that a row names a source which the card does not declare, and what to do. */
export function undeclaredSource(name: string, sources: ReadonlyMap<string, unknown>): string {
  const close = nearest(name, sources.keys());
  const mend =
    close === undefined
      ? 'declare it there with url (or note) and read, the day it was read'
      : `did you mean "${close}"?`;
  return `source "${name}" is not listed under sources; ${mend}`;
}

/** A published price as a price per unit; `free: true` beside it is a price of zero, said on purpose. */
export function priceAt(
  read: TreeReader,
  cell: { readonly value: Located | undefined; readonly free?: Located | undefined },
  path: string,
  quotedFor: bigint,
  per = 1,
): UnitPrice | undefined {
  if (cell.free !== undefined && read.flag(cell.free, path)) return { amount: 0n, per };
  const decimal = decimalAt(read, cell.value, path, PRICE_DECIMALS);
  return decimal === undefined ? undefined : unitPrice(decimal, quotedFor, per);
}

/** A multiplier such as 0.5 or 1.1. */
export const factorAt = (
  read: TreeReader,
  value: Located | undefined,
  path: string,
): Decimal | undefined => decimalAt(read, value, path, FACTOR_DECIMALS);

const COVERABLE = ['tokens', 'input', 'output', 'cache_read', 'cache_write'];

/** What a multiplier covers; every token meter when it is not said. */
export function coversOf(read: TreeReader, value: Located | undefined, path: string): Covers {
  const names = read.texts(value, path);
  for (const name of names)
    if (value !== undefined && !COVERABLE.includes(name))
      read.error(
        value.origin,
        `${path}: expected some of ${COVERABLE.join(', ')}, found "${name}"`,
      );
  return names.length === 0 || names.includes('tokens') ? 'tokens' : names;
}
