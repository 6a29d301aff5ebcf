import { tokenMeter } from '../domain/meters.ts';
import { moneyText, parseMoney } from '../domain/money.ts';
import { nearest } from '../domain/nearest.ts';
import { type QuoteCase, quoteCase } from '../domain/quote.ts';
import { createRateBook } from '../domain/rate-book.ts';
import type { RateCard } from '../domain/rate-card.ts';
import { quote } from '../errors.ts';
import { dateAt } from './card-values.ts';
import { type Entry, type Located, type Report, type TreeReader, treeReader } from './yaml-tree.ts';

/** Keys of an example besides the meters that it counts. */
export const EXAMPLE_KEYS = [
  'model',
  'at',
  'service_tier',
  'region',
  'fees',
  'cost',
  'unpriced',
  'note',
] as const;

/**
 * Prices the `examples:` of a card by the card itself and reports every one that does not come out. An
 * example counts tokens by meter, disjointly as `rates quote` does, and says the exact cost in dollars, or
 * `unpriced: true` where there must be no price.
 */
export function lintExamples(tree: Located, card: RateCard, report: Report): void {
  const read = treeReader(report);
  const examples = tree.kind === 'map' ? tree.entries.get('examples')?.value : undefined;
  const book = createRateBook(new Map([[card.provider, card]]));
  for (const [index, item] of read.list(examples, 'examples').entries()) {
    const path = `examples[${index + 1}]`;
    const fields = read.map(item, path);
    const wanted = caseOf(read, item, fields, { path, provider: card.provider });
    const cost = read.text(fields.get('cost')?.value, `${path}.cost`);
    const unpriced = read.flag(fields.get('unpriced')?.value, `${path}.unpriced`);
    const expected = cost === undefined ? undefined : parseMoney(cost);
    if ((expected === undefined) !== unpriced) {
      read.error(
        item.origin,
        `${path}: expected the cost in dollars, as cost: 0.0021, or unpriced: true; write one of them`,
      );
      continue;
    }
    if (wanted === undefined) continue;
    const found = quoteCase(wanted, book, []);
    if (found.cost === expected) continue;
    const came =
      found.cost === undefined ? `no price (${found.reason ?? ''})` : moneyText(found.cost);
    read.error(
      fields.get(unpriced ? 'unpriced' : 'cost')?.value.origin ?? item.origin,
      `${path}: expected ${expected === undefined ? 'no price' : moneyText(expected)} for ${wanted.model} at ${new Date(wanted.time).toISOString()}, the card makes it ${came}; mend the row or the example`,
    );
  }
}

/** An example as a case to be priced; `undefined` when, reported, it is none. */
function caseOf(
  read: TreeReader,
  item: Located,
  fields: ReadonlyMap<string, Entry>,
  { path, provider }: { readonly path: string; readonly provider: string },
): QuoteCase | undefined {
  const textOf = (key: string): string | undefined =>
    read.text(fields.get(key)?.value, `${path}.${key}`);
  const [model, tier, region] = [textOf('model'), textOf('service_tier'), textOf('region')];
  const time = dateAt(read, fields.get('at')?.value, `${path}.at`);
  if (model === undefined || time === undefined) {
    if (!fields.has('model') || !fields.has('at'))
      read.error(item.origin, `${path}: expected model and at, the model and the day of the call`);
    return undefined;
  }
  const buckets = new Map<string, bigint>();
  const fees = new Map<string, bigint>();
  const known: readonly string[] = EXAMPLE_KEYS;
  for (const { key, keyOrigin, value } of fields.values()) {
    if (known.includes(key)) continue;
    const meter = tokenMeter(key);
    const close = nearest(key, [...known, 'input', 'cache_read', 'cache_write', 'output']);
    if (meter === undefined)
      read.error(
        keyOrigin,
        `${path}: expected a meter such as input, cache_read, cache_write@1h or output, found ${quote(key)}${close === undefined ? '' : `; did you mean ${quote(close)}?`}`,
      );
    else buckets.set(meter, BigInt(read.count(value, `${path}.${key}`) ?? 0));
  }
  for (const { key, value } of read.map(fields.get('fees')?.value, `${path}.fees`).values())
    fees.set(key, BigInt(read.count(value, `${path}.fees.${key}`) ?? 0));
  return {
    provider,
    model,
    time: time.time,
    ...(tier === undefined ? {} : { serviceTier: tier }),
    ...(region === undefined ? {} : { region, inferenceGeo: region }),
    buckets,
    fees,
  };
}
