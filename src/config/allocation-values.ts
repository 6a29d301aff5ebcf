import type { WrittenTime } from '../domain/accrual.ts';
import type { ConsumerKey, DatedQuantity } from '../domain/allocation-plan.ts';
import { parseFilter } from '../domain/filter-text.ts';
import type { Fraction } from '../domain/fraction.ts';
import {
  type Decimal,
  type Money,
  money,
  MONEY_DECIMALS,
  parseDecimal,
  rescale,
} from '../domain/money.ts';
import { inSignalUnit, type Signal } from '../domain/signals.ts';
import type { Dimension, Filter } from '../domain/spend.ts';
import { unitNamed } from '../domain/units.ts';
import { dateAt } from './card-values.ts';
import { plainDecimalAt } from './overlay-values.ts';
import type { Located, TreeReader } from './yaml-tree.ts';

/** An amount of dollars that may be below 0, as a credit is. `undefined` when missing or, reported, wrong. */
export function signedAmountAt(
  read: TreeReader,
  value: Located | undefined,
  path: string,
): Money | undefined {
  const text = read.text(value, path);
  if (value === undefined || text === undefined) return undefined;
  const decimal = /^-?\d{1,15}(\.\d{1,12})?$/.test(text) ? parseDecimal(text) : undefined;
  if (decimal === undefined)
    read.error(value.origin, `${path}: expected an amount in dollars like 260.00, found "${text}"`);
  return decimal === undefined ? undefined : money(rescale(decimal, MONEY_DECIMALS));
}

/** Conditions such as `team=search`, one text or a list of them. */
export const filtersAt = (
  read: TreeReader,
  value: Located | undefined,
  path: string,
): readonly Filter[] =>
  read.texts(value, path).flatMap((text) => {
    const filter = parseFilter(text);
    if (filter === undefined && value !== undefined)
      read.error(
        value.origin,
        `${path}: expected key=value or key!=value, found "${text}"; for example "team=search", "service=Open*"`,
      );
    return filter ?? [];
  });

/** When something lasts: `from` and `until` under the names that the place has for them. */
export interface Lasting {
  readonly from?: WrittenTime;
  readonly until?: WrittenTime;
}

/** The two ends of a stretch, the second after the first. */
export function lastingAt(
  read: TreeReader,
  fields: ReadonlyMap<string, { readonly value: Located }>,
  path: string,
  first: 'from' | 'since' = 'from',
): Lasting {
  const from = dateAt(read, fields.get(first)?.value, `${path}.${first}`);
  const end = fields.get('until')?.value;
  const until = dateAt(read, end, `${path}.until`);
  if (from !== undefined && until !== undefined && end !== undefined && until.time <= from.time)
    read.error(end.origin, `${path}.until: is not after ${first}; it is the first day left out`);
  return {
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
  };
}

/** A consumer: one text where one tag tells them apart, else a value for each tag. */
export function consumerAt(
  read: TreeReader,
  value: Located,
  path: string,
  by: readonly Dimension[],
): ConsumerKey | undefined {
  const [only] = by;
  if (value.kind === 'scalar' && by.length === 1 && only !== undefined) {
    const text = read.text(value, path);
    return text === undefined ? undefined : [text];
  }
  return keyOf(read, value, path, by, []);
}

/** The values of the tags in a map that may have some keys beside. */
function keyOf(
  read: TreeReader,
  value: Located,
  path: string,
  by: readonly Dimension[],
  beside: readonly string[],
): ConsumerKey | undefined {
  const names = by.map(({ name }) => name);
  const fields = read.map(value, path, [...names, ...beside]);
  const key = names.map((name) => {
    const found = fields.get(name)?.value;
    if (found === undefined && value.kind === 'map')
      read.error(value.origin, `${path}: needs ${name}:, which the rule tells consumers apart by`);
    return read.text(found, `${path}.${name}`);
  });
  return key.every((part) => part !== undefined) ? key : undefined;
}

/** A table of consumers, each with a quantity of its own while it lasts. */
export function tableAt(
  read: TreeReader,
  value: Located | undefined,
  path: string,
  by: readonly Dimension[],
  quantity: { readonly key: 'weight' } | { readonly key: 'quantity'; readonly signal: Signal },
): readonly DatedQuantity[] {
  const beside = [quantity.key, 'since', 'until', ...(quantity.key === 'weight' ? [] : ['unit'])];
  return read.list(value, path).flatMap((item) => {
    const key = keyOf(read, item, path, by, beside);
    const fields = read.map(item, path);
    const amount =
      quantity.key === 'weight'
        ? fractionOf(
            plainDecimalAt(read, fields.get('weight')?.value, `${path}.weight`, 'a weight like 3'),
          )
        : quantityAt(read, item, path, quantity.signal);
    if (quantity.key === 'weight' && fields.get('weight') === undefined && item.kind === 'map')
      read.error(item.origin, `${path}: needs weight:`);
    const { from: since, until } = lastingAt(read, fields, path, 'since');
    if (key === undefined || amount === undefined) return [];
    return [
      {
        key,
        quantity: amount,
        ...(since === undefined ? {} : { since }),
        ...(until === undefined ? {} : { until }),
      },
    ];
  });
}

const fractionOf = (decimal: Decimal | undefined): Fraction | undefined =>
  decimal === undefined ? undefined : { part: decimal.digits, over: 10n ** BigInt(decimal.scale) };

/** `quantity:` with its `unit:`, in the unit of a signal. */
export function quantityAt(
  read: TreeReader,
  value: Located,
  path: string,
  signal: Signal,
): Fraction | undefined {
  const fields = read.map(value, path);
  const amount = plainDecimalAt(
    read,
    fields.get('quantity')?.value,
    `${path}.quantity`,
    'a quantity like 720',
  );
  const unitText = read.text(fields.get('unit')?.value, `${path}.unit`);
  if (value.kind === 'map' && (!fields.has('quantity') || !fields.has('unit')))
    read.error(value.origin, `${path}: needs quantity: and unit:, such as 720 and GPU-hours`);
  if (amount === undefined || unitText === undefined) return undefined;
  const unit = unitNamed(unitText);
  const fits =
    unit !== undefined &&
    signal.measure[0] === unit.measure &&
    (unit.noun === undefined || signal.nouns.includes(unit.noun));
  if (!fits) {
    read.error(
      fields.get('unit')?.value.origin ?? value.origin,
      `${path}.unit: "${unitText}" does not measure the rule's signal, whose sums are in ${signal.unit}`,
    );
    return undefined;
  }
  return inSignalUnit(
    { digits: amount.digits * unit.factor.part, scale: amount.scale },
    unit.measure,
  );
}
