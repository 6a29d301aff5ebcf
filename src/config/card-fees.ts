import { type FeePrice, type PriceSource, ROW_STATUSES } from '../domain/rate-card.ts';
import { QUOTED_FOR } from '../domain/unit-price.ts';
import { dateAt, priceAt } from './card-values.ts';
import type { Located, TreeReader } from './yaml-tree.ts';

/** A card's fees: dated prices per unit, and what each is quoted for, which rows of models follow. */
export interface CardFees {
  readonly fees: ReadonlyMap<string, readonly FeePrice[]>;
  readonly quotedFor: ReadonlyMap<string, bigint>;
}

const ROW_KEYS = ['from', 'price', 'free', 'source', 'status', 'note', 'check_by'];

/**
 * Decodes `fees:`. A fee without `prices:` is only named here, with what it is quoted for: it has a price for
 * the models whose rows list one, and none for others. Problems go to the reader.
 */
export function feesOf(
  read: TreeReader,
  value: Located | undefined,
  sources: ReadonlyMap<string, PriceSource>,
): CardFees {
  const fees = new Map<string, readonly FeePrice[]>();
  const quotedFor = new Map<string, bigint>();
  for (const { key, value: entry } of read.map(value, 'fees').values()) {
    const path = `fees.${key}`;
    const fields = read.map(entry, path, ['per', 'prices']);
    const per = read.text(fields.get('per')?.value, `${path}.per`);
    const units = per === '1000 calls' ? QUOTED_FOR.thousand : QUOTED_FOR.one;
    if (per !== '1000 calls' && per !== 'call')
      read.error(entry.origin, `${path}.per: expected "1000 calls" or "call"`);
    const rows = read.list(fields.get('prices')?.value, `${path}.prices`);
    const dated = rows.flatMap((row) => feePrice(read, row, { path, units, sources }));
    for (const [index, { from, fromText }] of dated.entries())
      if (index > 0 && from <= (dated[index - 1]?.from ?? 0))
        read.error(entry.origin, `${path}@${fromText}: rows go oldest first`);
    if (fields.has('prices') && rows.length === 0)
      read.error(entry.origin, `${path}: lists no price; leave "prices" out where only models do`);
    fees.set(key, dated);
    quotedFor.set(key, units);
  }
  return { fees, quotedFor };
}

function feePrice(
  read: TreeReader,
  row: Located,
  fee: {
    readonly path: string;
    readonly units: bigint;
    readonly sources: ReadonlyMap<string, PriceSource>;
  },
): FeePrice[] {
  const { path, units, sources } = fee;
  const cells = read.map(row, `${path}.prices`, ROW_KEYS);
  const at = (key: string): Located | undefined => cells.get(key)?.value;
  const from = dateAt(read, at('from'), `${path}.from`);
  const price = priceAt(read, { value: at('price'), free: at('free') }, `${path}.price`, units);
  const names = read.texts(at('source'), `${path}.source`);
  const status = read.text(at('status'), `${path}.status`) ?? 'verified';
  if (!(ROW_STATUSES as readonly string[]).includes(status))
    read.error(
      row.origin,
      `${path}.status: expected one of ${ROW_STATUSES.join(', ')}, found "${status}"`,
    );
  if (from === undefined || price === undefined) {
    read.error(row.origin, `${path}: needs from and price (or free: true)`);
    return [];
  }
  if (names.length === 0 || names.some((name) => !sources.has(name)))
    read.error(row.origin, `${path}: needs a source that is listed under sources`);
  return [
    {
      from: from.time,
      fromText: from.text,
      price,
      sources: names,
      announced: status === 'announced',
    },
  ];
}
