import type { Accrual } from '../domain/accrual.ts';
import { COST_PARTS, type PoolPlan, type PoolSource } from '../domain/allocation-plan.ts';
import { money } from '../domain/money.ts';
import { filtersAt, lastingAt, signedAmountAt } from './allocation-values.ts';
import { wordAt } from './overlay-values.ts';
import type { Entry, Located, TreeReader } from './yaml-tree.ts';

/** The keys of which a pool has one: what its money is. */
const SOURCES = ['bill', 'hardware', 'capacity', 'seats', 'amounts', 'spend', 'idle_of'] as const;

/** Decodes `allocation.pools`: by name, the part of an inference's cost that it is, and what it costs. */
export const poolsAt = (read: TreeReader, value: Located | undefined): readonly PoolPlan[] =>
  [...read.map(value, 'allocation.pools').values()].flatMap((entry) => poolOf(read, entry) ?? []);

function poolOf(read: TreeReader, { key, keyOrigin, value }: Entry): PoolPlan | undefined {
  const path = `pools.${key}`;
  const fields = read.map(value, path, ['part', ...SOURCES]);
  const part = wordAt(read, fields.get('part')?.value, `${path}.part`, COST_PARTS);
  if (!fields.has('part') && value.kind === 'map')
    read.error(keyOrigin, `${path}: needs part:, one of ${COST_PARTS.join(', ')}`);
  const named = SOURCES.filter((source) => fields.has(source));
  const [source] = named;
  if (named.length !== 1 || source === undefined) {
    if (value.kind === 'map')
      read.error(
        keyOrigin,
        `${path}: needs one of ${SOURCES.join(', ')}${named.length > 1 ? `, found ${named.join(' and ')}` : ''}`,
      );
    return undefined;
  }
  const found = sourceOf(read, source, fields.get(source)?.value ?? value, path);
  return found === undefined ? undefined : { name: key, part, source: found, origin: keyOrigin };
}

function sourceOf(
  read: TreeReader,
  source: (typeof SOURCES)[number],
  value: Located,
  pool: string,
): PoolSource | undefined {
  const path = `${pool}.${source}`;
  const named = (): string | undefined => read.text(value, path);
  switch (source) {
    case 'bill':
      return {
        kind: 'bill',
        where: filtersAt(read, value, path).map(({ dimension, negated, pattern }) => ({
          name: dimension.name,
          negated,
          pattern,
        })),
      };
    case 'spend': {
      const where = filtersAt(read, value, path);
      return where.length === 0 ? undefined : { kind: 'spend', where };
    }
    case 'hardware': {
      const name = named();
      return name === undefined ? undefined : { kind: 'hardware', name };
    }
    case 'capacity': {
      const term = named();
      return term === undefined ? undefined : { kind: 'capacity', term };
    }
    case 'idle_of': {
      const other = named();
      return other === undefined ? undefined : { kind: 'idle-of', pool: other };
    }
    case 'seats':
      return { kind: 'accrued', accruals: accruals(read, value, path, seatOf) };
    case 'amounts':
      return { kind: 'accrued', accruals: accruals(read, value, path, amountOf) };
  }
}

const accruals = (
  read: TreeReader,
  value: Located,
  path: string,
  decode: (read: TreeReader, value: Located, path: string) => Accrual | undefined,
): readonly Accrual[] => read.list(value, path).flatMap((item) => decode(read, item, path) ?? []);

/** Seats of a plan: a price a month for each user. */
function seatOf(read: TreeReader, value: Located, path: string): Accrual | undefined {
  const fields = read.map(value, path, ['vendor', 'plan', 'price', 'users', 'from', 'until']);
  for (const key of ['vendor', 'plan', 'price', 'users', 'from'])
    if (!fields.has(key) && value.kind === 'map')
      read.error(
        value.origin,
        `${path}: needs ${key}:; seats are for example {vendor: github, plan: business, price: 19.00, users: 30, from: 2026-10-01}`,
      );
  const [vendor, plan] = ['vendor', 'plan'].map((key) =>
    read.text(fields.get(key)?.value, `${path}.${key}`),
  );
  const price = signedAmountAt(read, fields.get('price')?.value, `${path}.price`);
  const users = read.count(fields.get('users')?.value, `${path}.users`);
  const { from, until } = lastingAt(read, fields, path);
  if (price === undefined || users === undefined || from === undefined) return undefined;
  return {
    label: `${vendor ?? ''} ${plan ?? ''}, ${users} ${users === 1 ? 'seat' : 'seats'}`,
    amount: money(price * BigInt(users)),
    every: 'month',
    from,
    ...(until === undefined ? {} : { until }),
  };
}

/** An amount for one stretch of time, or for each month of one. */
function amountOf(read: TreeReader, value: Located, path: string): Accrual | undefined {
  const fields = read.map(value, path, ['amount', 'every', 'from', 'until', 'note']);
  const amount = signedAmountAt(read, fields.get('amount')?.value, `${path}.amount`);
  const every = wordAt(read, fields.get('every')?.value, `${path}.every`, ['once', 'month']);
  const note = read.text(fields.get('note')?.value, `${path}.note`);
  const { from, until } = lastingAt(read, fields, path);
  if (value.kind === 'map' && (!fields.has('amount') || !fields.has('from')))
    read.error(value.origin, `${path}: needs amount: and from:`);
  else if (value.kind === 'map' && every === 'once' && !fields.has('until'))
    read.error(
      value.origin,
      `${path}: needs until:, the first day that the amount is not for, or every: month`,
    );
  if (amount === undefined || from === undefined) return undefined;
  return {
    label: note ?? (every === 'month' ? 'amount a month' : 'amount'),
    amount,
    every,
    from,
    ...(until === undefined ? {} : { until }),
  };
}
