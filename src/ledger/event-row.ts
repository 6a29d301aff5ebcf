import { divideHalfEven, type Money, money } from '../domain/money.ts';
import { isCallTag, type Tagged } from '../domain/tags.ts';
import { PARTS, type Part, type Usage, type UsageEvent } from '../domain/usage.ts';

const ATTO_PER_PICO = 1_000_000n;

/** Reported dollars as the ledger keeps them, rounded half even to a picodollar; null where none were. */
export const picodollars = (amount: Money | undefined): bigint | null =>
  amount === undefined ? null : divideHalfEven(amount, ATTO_PER_PICO);

/** Picodollars of the ledger as Money. */
export const fromPicodollars = (amount: bigint): Money => money(amount * ATTO_PER_PICO);

/** Quantities beside the plain counts, by the names of the `extra` column; null when there are none. */
export function extraOf({
  cacheWrite,
  parts,
  fees,
}: Usage): Readonly<Record<string, number>> | null {
  let extra: Record<string, number> | null = null;
  const add = (name: string, quantity: number | undefined): void => {
    if (quantity === undefined || quantity === 0) return;
    extra ??= {};
    extra[name] = quantity;
  };
  for (const ttl in cacheWrite) if (ttl !== 'default') add(`cache_write@${ttl}`, cacheWrite[ttl]);
  for (const part of PARTS) add(part, parts[part]);
  for (const name in fees) add(`fee:${name}`, fees[name]);
  return extra;
}

/** What extraOf says of cache writes for five minutes and for an hour. */
export function extraWrites(short: number, long: number): Readonly<Record<string, number>> {
  return {
    ...(short > 0 && { 'cache_write@5m': short }),
    ...(long > 0 && { 'cache_write@1h': long }),
  };
}

/** A usage's counts as rows and the cube keep them. */
export interface PlainCounts {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly reasoning: number;
}

/** The usage that plain counts and extras stand for. Writes without a time to live are the rest of the total. */
export function usageFrom(counts: PlainCounts, extra: Readonly<Record<string, number>>): Usage {
  const cacheWrite = new Map<string, number>();
  const parts: Partial<Record<Part, number>> = {};
  const fees = new Map<string, number>();
  let rest = counts.cacheWrite;
  for (const [name, quantity] of Object.entries(extra)) {
    if (name.startsWith('cache_write@')) {
      cacheWrite.set(name.slice('cache_write@'.length), quantity);
      rest -= quantity;
    } else if (name.startsWith('fee:')) fees.set(name.slice('fee:'.length), quantity);
    else {
      const part = PARTS.find((candidate) => candidate === name);
      if (part !== undefined) parts[part] = quantity;
    }
  }
  if (rest > 0) cacheWrite.set('default', rest);
  return {
    input: counts.input,
    cacheRead: counts.cacheRead,
    cacheWrite: Object.fromEntries(cacheWrite),
    output: counts.output,
    reasoning: counts.reasoning,
    parts,
    fees: Object.fromEntries(fees),
  };
}

/** What label names begin with in a tag set: a character that no tag key can hold. */
export const LABEL = '\u0001';

/** Tags and labels as a tag set keeps them, sorted by key. */
export type TagPairs = readonly (readonly [key: string, value: string])[];

/** Whether a tag is kept with its call: its key is an identifier, and JSON of SQLite can hold it whole. */
export const isKeptApart = (
  key: string,
  value: string,
  identifiers: ReadonlySet<string>,
): boolean => identifiers.has(key) && !isCallTag(key) && !value.includes('\0');

/** The identifiers of an event as a JSON object, as its row keeps them; null when it has none. */
export function identifiersText(
  { tags }: UsageEvent,
  identifiers: ReadonlySet<string>,
): string | null {
  const found = Object.entries(tags).filter(([key, value]) => isKeptApart(key, value, identifiers));
  if (found.length === 0) return null;
  return JSON.stringify(Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1))));
}

/**
 * The pairs of an event's tag set: its owner tags without its identifiers, and its labels under LABEL and
 * their name; sorted.
 */
export function tagPairs({ tags, labels }: Tagged, identifiers: ReadonlySet<string>): TagPairs {
  const pairs: [string, string][] = [];
  for (const key in tags) {
    const value = tags[key] ?? '';
    if (!isCallTag(key) && !isKeptApart(key, value, identifiers)) pairs.push([key, value]);
  }
  for (const label of labels ?? []) {
    const at = label.search(/[=:]/);
    pairs.push(
      at < 1 ? [`${LABEL}${label}`, ''] : [`${LABEL}${label.slice(0, at)}`, label.slice(at)],
    );
  }
  return sortedPairs(pairs);
}

/** Pairs in the order of their keys. */
export const sortedPairs = (pairs: TagPairs): TagPairs =>
  pairs.length < 2 ? pairs : pairs.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/** Tags and labels from the pairs of a tag set. */
export function fromTagPairs(pairs: TagPairs): {
  readonly tags: Record<string, string>;
  readonly labels: readonly string[];
} {
  const tags: [string, string][] = [];
  const labels: string[] = [];
  for (const [key, value] of pairs) {
    if (key.startsWith(LABEL)) labels.push(`${key.slice(LABEL.length)}${value}`);
    else tags.push([key, value]);
  }
  return { tags: Object.fromEntries(tags), labels };
}
