import type {
  CommitTerm,
  ContractTerm,
  PriceTerm,
  ProvisionedTerm,
  VolumeTerm,
} from '../domain/contract.ts';
import { type Decimal, parseDecimal, ZERO } from '../domain/money.ts';
import { PERIOD_MONTHS, type TermPeriod } from '../domain/pool.ts';
import { coversOf } from './card-values.ts';
import { amountAt, wordAt, weightsAt } from './overlay-values.ts';
import { PRICE_KEYS, pricesOf } from './price-keys.ts';
import type { Located, TreeReader } from './yaml-tree.ts';

/** What a term says beside its id and models: exactly one of these, or prices. */
const KINDS = ['commit', 'provisioned', 'volume'] as const;
const PRICE_TERM_KEYS = ['fixed', 'discount_percent', 'covers'] as const;
const PERIODS = Object.keys(PERIOD_MONTHS) as [TermPeriod, ...TermPeriod[]];

/** Decodes one entry under `terms:`. Problems go to the reader; a term that cannot be read is left out. */
export function decodeTerm(read: TreeReader, value: Located): ContractTerm[] {
  const fields = read.map(value, 'terms', ['id', 'models', ...PRICE_TERM_KEYS, ...KINDS]);
  const at = (key: string): Located | undefined => fields.get(key)?.value;
  const id = read.text(at('id'), 'terms.id') ?? 'term';
  if (id.includes('/'))
    read.error(
      value.origin,
      `terms.${id}: an id holds no "/", which stands between contract and term`,
    );
  const base = { id, models: read.texts(at('models'), `terms.${id}.models`) };
  const kinds = KINDS.filter((kind) => fields.has(kind));
  const [kind] = kinds;
  if (kind === undefined) return priceTerm(read, value, base, at);
  if (kinds.length > 1 || PRICE_TERM_KEYS.some((key) => fields.has(key))) {
    read.error(value.origin, `terms.${id}: ${kind} stands beside other prices; write two terms`);
    return [];
  }
  switch (kind) {
    case 'commit':
      return commitTerm(read, at('commit'), base);
    case 'provisioned':
      return provisionedTerm(read, at('provisioned'), base);
    case 'volume':
      return volumeTerm(read, at('volume'), base);
  }
}

type Base = Pick<ContractTerm, 'id' | 'models'>;

function priceTerm(
  read: TreeReader,
  value: Located,
  base: Base,
  at: (key: string) => Located | undefined,
): PriceTerm[] {
  const path = `terms.${base.id}`;
  const factor = discountFactor(read, at('discount_percent'), `${path}.discount_percent`);
  const fixed = read.map(at('fixed'), `${path}.fixed`, PRICE_KEYS);
  if (at('discount_percent') === undefined && fixed.size === 0)
    read.error(
      value.origin,
      `${path}: needs fixed prices, discount_percent, commit, provisioned or volume`,
    );
  const nothing = new Map();
  return [
    {
      kind: 'price',
      ...base,
      fixed: pricesOf(fixed, `${path}.fixed`, {
        read,
        sources: nothing,
        calendars: nothing,
        serviceTiers: nothing,
        surcharges: nothing,
        fees: nothing,
      }),
      ...(factor === undefined ? {} : { factor }),
      covers: coversOf(read, at('covers'), `${path}.covers`),
    },
  ];
}

function commitTerm(read: TreeReader, value: Located | undefined, base: Base): CommitTerm[] {
  const path = `terms.${base.id}.commit`;
  const fields = read.map(value, path, [
    'amount',
    'tokens',
    'period',
    'counts',
    'shortfall',
    'above',
  ]);
  const at = (key: string): Located | undefined => fields.get(key)?.value;
  const amount = amountAt(read, at('amount'), `${path}.amount`);
  const tokens = read.count(at('tokens'), `${path}.tokens`);
  if (value !== undefined && at('amount') === undefined)
    read.error(value.origin, `${path}: needs amount:, the dollars that are committed`);
  if (value !== undefined && tokens === 0)
    read.error(value.origin, `${path}.tokens: expected a number of tokens above 0`);
  if (amount === undefined) return [];
  return [
    {
      kind: 'commit',
      ...base,
      amount,
      ...(tokens === undefined ? {} : { tokens: BigInt(tokens) }),
      period: wordAt(read, at('period'), `${path}.period`, ['year', 'quarter', 'month']),
      counts: wordAt(read, at('counts'), `${path}.counts`, ['discounted_cost', 'list_cost']),
      shortfall: wordAt(read, at('shortfall'), `${path}.shortfall`, ['billed', 'waived']),
      above: wordAt(read, at('above'), `${path}.above`, ['discounted_price', 'list_price']),
    },
  ];
}

function provisionedTerm(
  read: TreeReader,
  value: Located | undefined,
  base: Base,
): ProvisionedTerm[] {
  const path = `terms.${base.id}.provisioned`;
  const fields = read.map(value, path, [
    'deployment',
    'units',
    'hourly_per_unit',
    'reservation',
    'tokens',
    'overflow',
    'tokens_per_minute',
    'weights',
  ]);
  const at = (key: string): Located | undefined => fields.get(key)?.value;
  const deployments = read.texts(at('deployment'), `${path}.deployment`);
  if (value !== undefined && deployments.length + base.models.length === 0)
    read.error(
      value.origin,
      `${path}: needs deployment:, the name that its calls are made under, or models beside it`,
    );
  const units = read.count(at('units'), `${path}.units`);
  const hourly = amountAt(read, at('hourly_per_unit'), `${path}.hourly_per_unit`);
  const held = read.map(at('reservation'), `${path}.reservation`, ['units', 'monthly_per_unit']);
  const heldUnits = read.count(held.get('units')?.value, `${path}.reservation.units`);
  const monthly = amountAt(
    read,
    held.get('monthly_per_unit')?.value,
    `${path}.reservation.monthly_per_unit`,
  );
  wordAt(read, at('tokens'), `${path}.tokens`, ['included']);
  wordAt(read, at('overflow'), `${path}.overflow`, ['list_price']);
  if (units === undefined || (hourly === undefined && monthly === undefined)) {
    if (value !== undefined)
      read.error(value.origin, `${path}: needs units:, and hourly_per_unit: or a reservation`);
    return [];
  }
  const perMinute = read.count(at('tokens_per_minute'), `${path}.tokens_per_minute`);
  const weights = weightsAt(read, at('weights'), `${path}.weights`);
  return [
    {
      kind: 'provisioned',
      ...base,
      deployments,
      units,
      hourlyPerUnit: hourly ?? ZERO,
      ...(monthly === undefined
        ? {}
        : { reserved: { units: heldUnits ?? units, monthlyPerUnit: monthly } }),
      ...(perMinute === undefined ? {} : { tokensPerMinute: perMinute }),
      ...(weights === undefined ? {} : { weights }),
    },
  ];
}

function volumeTerm(read: TreeReader, value: Located | undefined, base: Base): VolumeTerm[] {
  const path = `terms.${base.id}.volume`;
  const fields = read.map(value, path, ['period', 'by', 'scheme', 'steps']);
  const at = (key: string): Located | undefined => fields.get(key)?.value;
  const by = wordAt(read, at('by'), `${path}.by`, ['list_cost', 'tokens']);
  const scheme = wordAt(read, at('scheme'), `${path}.scheme`, ['graduated', 'whole']);
  const steps = read.list(at('steps'), `${path}.steps`).flatMap((step) => {
    const cells = read.map(step, `${path}.steps`, ['from', 'discount_percent']);
    const [start, off] = [cells.get('from')?.value, cells.get('discount_percent')?.value];
    const from =
      by === 'tokens'
        ? read.count(start, `${path}.steps.from`)
        : amountAt(read, start, `${path}.steps.from`);
    const factor = discountFactor(read, off, `${path}.steps.discount_percent`);
    if (from !== undefined && factor !== undefined) return [{ from: BigInt(from), factor }];
    if (start === undefined || off === undefined)
      read.error(step.origin, `${path}.steps: a step needs from and discount_percent`);
    return [];
  });
  const rising = steps.every(({ from }, index) =>
    index === 0 ? from === 0n : from > (steps[index - 1]?.from ?? 0n),
  );
  if (value !== undefined && (steps.length === 0 || !rising))
    read.error(
      at('steps')?.origin ?? value.origin,
      `${path}.steps: expected steps from 0 upwards, each from: above the one before`,
    );
  return [
    {
      kind: 'volume',
      ...base,
      period: wordAt(read, at('period'), `${path}.period`, PERIODS),
      by,
      scheme,
      steps,
    },
  ];
}

/** What is left of a price after a percentage off: 12 is 0.88. */
function discountFactor(
  read: TreeReader,
  value: Located | undefined,
  path: string,
): Decimal | undefined {
  const text = read.text(value, path);
  if (value === undefined || text === undefined) return undefined;
  const factor = remainingAfter(text);
  if (factor === undefined)
    read.error(value.origin, `${path}: expected a percentage from 0 to 100, found "${text}"`);
  return factor;
}

/** The factor that a discount in percent leaves; `undefined` when it is none. */
export function remainingAfter(percent: string): Decimal | undefined {
  const decimal = parseDecimal(percent);
  if (decimal === undefined || decimal.digits < 0n) return undefined;
  const whole = 100n * 10n ** BigInt(decimal.scale);
  return decimal.digits > whole
    ? undefined
    : { digits: whole - decimal.digits, scale: decimal.scale + 2 };
}
