import type { HardwarePool, Serving } from '../domain/own-hardware.ts';
import { type Decimal, ZERO } from '../domain/money.ts';
import { dateAt } from './card-values.ts';
import { amountAt, plainDecimalAt, weightsAt, wordAt } from './overlay-values.ts';
import type { Origin } from '../errors.ts';
import { type Entry, type Located, type Report, type TreeReader, treeReader } from './yaml-tree.ts';

const POOL_KEYS = [
  'accelerators',
  'hourly_per_accelerator',
  'purchase_price',
  'residual_value',
  'depreciation',
  'in_service',
  'support_percent_per_year',
  'power',
  'hosting_per_month',
  'staff_per_month',
  'utilisation',
] as const;

/** What a file says: what own or rented machines cost, and which models run on them. */
export interface Infrastructure {
  readonly pools: readonly HardwarePool[];
  readonly servings: readonly Serving[];
}

/** Decodes a file of own or rented machines. */
export function decodeInfrastructure(tree: Located, report: Report): Infrastructure {
  const read = treeReader(report);
  const fields = read.map(tree, '', ['infrastructure', 'currency', 'pools', 'serves']);
  const at = (key: string): Located | undefined => fields.get(key)?.value;
  if (read.text(at('currency'), 'currency') !== 'USD')
    read.error(at('currency')?.origin ?? tree.origin, 'currency: expected USD');
  for (const key of ['pools', 'serves'])
    if (at(key) === undefined) read.error(tree.origin, `missing key "${key}"`);
  const pools = new Map(
    [...read.map(at('pools'), 'pools').values()].map((entry) => [entry.key, poolOf(read, entry)]),
  );
  const servings = read
    .list(at('serves'), 'serves')
    .flatMap((value) => servingOf(read, value, pools));
  checkServings(read, at('serves')?.origin ?? tree.origin, servings);
  return { pools: [...pools.values()], servings };
}

/** A pool cannot give more than it has, and two entries must not be called alike: their hours would mix. */
function checkServings(read: TreeReader, origin: Origin, servings: readonly Serving[]): void {
  for (const [index, { name, pool, span }] of servings.entries()) {
    if (servings.findIndex((other) => other.name === name) !== index)
      read.error(origin, `serves: ${name} stands twice; give each a from: of its own`);
    const start = span.start ?? Number.NEGATIVE_INFINITY;
    const taken = servings
      .filter((other) => other.pool === pool && isRunning(other, start))
      .reduce((sum, { accelerators }) => sum + accelerators, 0);
    if (taken > pool.accelerators)
      read.error(
        origin,
        `serves: ${taken} accelerators of ${pool.name} are in use at once, which has ${pool.accelerators}; end one with until:`,
      );
  }
}

const isRunning = ({ span }: Serving, time: number): boolean =>
  (span.start ?? Number.NEGATIVE_INFINITY) <= time && time < (span.end ?? Number.POSITIVE_INFINITY);

function poolOf(read: TreeReader, { key, keyOrigin, value }: Entry): HardwarePool {
  const path = `pools.${key}`;
  const fields = read.map(value, path, POOL_KEYS);
  const at = (name: (typeof POOL_KEYS)[number]): Located | undefined => fields.get(name)?.value;
  const accelerators = read.count(at('accelerators'), `${path}.accelerators`);
  if (accelerators === undefined || accelerators === 0)
    read.error(keyOrigin, `${path}: needs accelerators:, how many the pool has`);
  const price = amountAt(read, at('purchase_price'), `${path}.purchase_price`);
  const rent = amountAt(read, at('hourly_per_accelerator'), `${path}.hourly_per_accelerator`);
  if (price === undefined && rent === undefined)
    read.error(keyOrigin, `${path}: needs purchase_price: or hourly_per_accelerator:`);
  const inService = dateAt(read, at('in_service'), `${path}.in_service`);
  const months = depreciationMonths(read, at('depreciation'), `${path}.depreciation`);
  if (price !== undefined && (months === undefined || inService === undefined))
    read.error(
      keyOrigin,
      `${path}: what was bought needs in_service: and depreciation: {method: straight_line, months: 48}`,
    );
  const residual = amountAt(read, at('residual_value'), `${path}.residual_value`);
  if (price !== undefined && residual !== undefined && residual > price)
    read.error(keyOrigin, `${path}.residual_value: is more than the purchase price`);
  const support = plainDecimalAt(
    read,
    at('support_percent_per_year'),
    `${path}.support_percent_per_year`,
    'a percentage like 9',
  );
  const power = powerOf(read, at('power'), `${path}.power`);
  const hosting = amountAt(read, at('hosting_per_month'), `${path}.hosting_per_month`);
  const staff = amountAt(read, at('staff_per_month'), `${path}.staff_per_month`);
  const utilisation = utilisationAt(read, at('utilisation'), `${path}.utilisation`);
  return {
    name: key,
    accelerators: accelerators === undefined || accelerators === 0 ? 1 : accelerators,
    ...(rent === undefined ? {} : { hourlyPerAccelerator: rent }),
    ...(price === undefined || months === undefined
      ? {}
      : { bought: { price, residualValue: residual ?? ZERO, months } }),
    ...(inService === undefined ? {} : { inService: inService.time }),
    ...(support === undefined ? {} : { supportPercent: support }),
    ...(power === undefined ? {} : { power }),
    ...(hosting === undefined ? {} : { hostingPerMonth: hosting }),
    ...(staff === undefined ? {} : { staffPerMonth: staff }),
    ...(utilisation === undefined ? {} : { utilisation }),
    file: keyOrigin.file,
    line: keyOrigin.line ?? 0,
  };
}

function depreciationMonths(
  read: TreeReader,
  value: Located | undefined,
  path: string,
): number | undefined {
  const fields = read.map(value, path, ['method', 'months', 'years']);
  wordAt(read, fields.get('method')?.value, `${path}.method`, ['straight_line']);
  const months = read.count(fields.get('months')?.value, `${path}.months`);
  const years = read.count(fields.get('years')?.value, `${path}.years`);
  const found = months ?? (years === undefined ? undefined : years * 12);
  if (value !== undefined && (found === undefined || found === 0))
    read.error(value.origin, `${path}: needs months: or years: above 0`);
  return found === 0 ? undefined : found;
}

function powerOf(
  read: TreeReader,
  value: Located | undefined,
  path: string,
): HardwarePool['power'] {
  if (value === undefined) return undefined;
  const fields = read.map(value, path, ['kw', 'pue', 'price_per_kwh']);
  const kilowatts = plainDecimalAt(
    read,
    fields.get('kw')?.value,
    `${path}.kw`,
    'kilowatts like 10.2',
  );
  const kilowattHour = amountAt(read, fields.get('price_per_kwh')?.value, `${path}.price_per_kwh`);
  const one: Decimal = { digits: 1n, scale: 0 };
  const overhead =
    plainDecimalAt(read, fields.get('pue')?.value, `${path}.pue`, 'a factor like 1.3') ?? one;
  if (kilowatts === undefined || kilowattHour === undefined) {
    read.error(value.origin, `${path}: needs kw: and price_per_kwh:`);
    return undefined;
  }
  return { kilowatts, overhead, kilowattHour };
}

function utilisationAt(
  read: TreeReader,
  value: Located | undefined,
  path: string,
): Decimal | undefined {
  const share = plainDecimalAt(read, value, path, 'a share above 0 and up to 1, like 0.55');
  if (share === undefined || value === undefined) return undefined;
  if (share.digits > 0n && share.digits <= 10n ** BigInt(share.scale)) return share;
  read.error(value.origin, `${path}: expected a share above 0 and up to 1, like 0.55`);
  return undefined;
}

function servingOf(
  read: TreeReader,
  value: Located,
  pools: ReadonlyMap<string, HardwarePool>,
): Serving[] {
  const fields = read.map(value, 'serves', [
    'model',
    'provider',
    'pool',
    'accelerators',
    'from',
    'until',
    'allocate_by',
    'weights',
  ]);
  const at = (key: string): Located | undefined => fields.get(key)?.value;
  const models = read.texts(at('model'), 'serves.model');
  const name = read.text(at('pool'), 'serves.pool');
  const pool = pools.get(name ?? '');
  if (models.length === 0) read.error(value.origin, 'serves: needs model:, as calls name it');
  if (pool === undefined) {
    read.error(
      at('pool')?.origin ?? value.origin,
      `serves: expected pool: one of ${[...pools.keys()].join(', ')}, found "${name ?? ''}"`,
    );
    return [];
  }
  const accelerators = read.count(at('accelerators'), 'serves.accelerators') ?? pool.accelerators;
  if (accelerators > pool.accelerators || accelerators === 0)
    read.error(
      at('accelerators')?.origin ?? value.origin,
      `serves.accelerators: expected 1 to ${pool.accelerators}, all that ${pool.name} has`,
    );
  const [from, until] = [
    dateAt(read, at('from'), 'serves.from'),
    dateAt(read, at('until'), 'serves.until'),
  ];
  wordAt(read, at('allocate_by'), 'serves.allocate_by', ['tokens']);
  const provider = read.text(at('provider'), 'serves.provider')?.toLowerCase();
  const evenly = new Map(
    ['input', 'cache_read', 'cache_write', 'output'].map((count) => [count, 1n]),
  );
  const start = from?.time ?? pool.inService;
  const served = `${provider === undefined ? '' : `${provider} `}${models.join(',')}`;
  return [
    {
      // The day tells apart what a model ran on before and after its machines changed.
      name: `hardware ${pool.name}/${served}${from === undefined ? '' : ` from ${from.text}`}`,
      ...(provider === undefined ? {} : { provider }),
      models,
      pool,
      accelerators,
      span: {
        ...(start === undefined ? {} : { start }),
        ...(until === undefined ? {} : { end: until.time }),
      },
      weights: weightsAt(read, at('weights'), 'serves.weights') ?? evenly,
    },
  ];
}
