import type { BillLine, ChargeCategory } from '../../domain/bill.ts';
import type { Decimal } from '../../domain/money.ts';
import { aiVerdict } from '../bills-contract/ai-service.ts';
import type { BillAdapter, BillNormalized } from '../bills-contract/bill-adapter.ts';
import {
  amountOf,
  cellOf,
  periodOf,
  requiredAmount,
  type Row,
  rowOf,
} from '../bills-contract/bill-fields.ts';
import { billTags } from '../bills-contract/bill-tags.ts';
import { tokensIn, tokenTypeOf, unitSize } from '../bills-contract/bill-tokens.ts';
import { hasColumns } from '../contract/csv-row.ts';
import { fieldsOrJson, isFields, textAt } from '../contract/fields.ts';

/** AWS cost and usage reports: CUR 2.0 as CSV, and the older layout with `lineItem/UsageType`. */
// The header as the exports seen so far have it, and the names that the documentation adds.
const COLUMNS = [
  'bill*',
  'identity*',
  'line_item*',
  'lineitem*',
  'pricing*',
  'product*',
  'reservation*',
  'resource_tags*',
  'resourcetags*',
  'cost_category*',
  'costcategory*',
  'savings_plan*',
  'savingsplan*',
  'split_line_item*',
  'splitlineitem*',
  'discount*',
  'tags*',
];

export default {
  reads: 'bills',
  id: 'aws-cur2',
  title: 'AWS Cost and Usage Report, CUR 2.0 or legacy (CSV)',
  source: {
    url: 'https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2.html',
    checked: '2026-11-21',
  },
  columns: COLUMNS,
  recognizes: (record) =>
    hasColumns(record, 'line_item_line_item_type', 'line_item_unblended_cost') ||
    hasColumns(record, 'lineitem/lineitemtype', 'lineitem/unblendedcost'),
  normalize(record): BillNormalized {
    return { lines: [curLine(rowOf(canonical(record)))] };
  },
} satisfies BillAdapter;

/** Columns of the older layout under the names of CUR 2.0: `lineItem/UsageType` is line_item_usage_type. */
function canonical(record: unknown): unknown {
  if (!isFields(record)) return record;
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => {
      if (!name.includes('/')) return [name, value];
      const [family = '', ...rest] = name.split('/');
      const snake = (text: string): string => text.replace(/([a-z0-9])([A-Z])/g, '$1_$2');
      // What stands behind resourceTags/ is the user's own name of a tag.
      const column = family === 'resourceTags' ? rest.join('/') : snake(rest.join('_'));
      return [`${snake(family)}_${column}`, value];
    }),
  );
}

const CATEGORIES: ReadonlyMap<string, ChargeCategory> = new Map([
  ['Usage', 'Usage'],
  ['DiscountedUsage', 'Usage'],
  ['SavingsPlanCoveredUsage', 'Usage'],
  ['Tax', 'Tax'],
  ['Credit', 'Credit'],
  ['Fee', 'Purchase'],
  ['RIFee', 'Purchase'],
  ['SavingsPlanRecurringFee', 'Purchase'],
  ['SavingsPlanUpfrontFee', 'Purchase'],
]);

function curLine(row: Row): BillLine {
  const type = row.get('line_item_line_item_type') ?? '';
  const usageType = row.get('line_item_usage_type');
  const product = productName(row);
  const description = row.get('line_item_line_item_description');
  const billed = requiredAmount(row, 'line_item_unblended_cost');
  const quantity = amountOf(row, 'line_item_usage_amount');
  const { tokens, ...proved } = type === 'Usage' ? provedTokens(row, quantity, product) : {};
  const { tags, labels } = billTags(...tagColumns(row), row.get('resource_tags'));
  const principal = row.get('line_item_iam_principal');
  const ai = aiVerdict({
    service: cellOf(row, 'line_item_product_code'),
    description: product,
    meter: usageType,
    instance: row.get('product_instance_type'),
  });
  return {
    id: idOf(row),
    ...periodOf(row, 'line_item_usage_start_date', 'line_item_usage_end_date'),
    provider: /bedrock/i.test(`${product ?? ''} ${row.get('line_item_product_code') ?? ''}`)
      ? 'bedrock'
      : 'aws',
    account: cellOf(row, 'line_item_usage_account_id', 'bill_payer_account_id'),
    service: product ?? row.get('line_item_product_code'),
    description,
    sku: cellOf(row, 'product_sku', 'line_item_product_code'),
    meter: usageType,
    resource: row.get('line_item_resource_id'),
    // Refunds, discounts and negations correct other lines.
    category: CATEGORIES.get(type) ?? 'Adjustment',
    currency: (row.get('line_item_currency_code') ?? 'USD').toUpperCase(),
    billed,
    effective: effectiveCost(row, type, billed),
    list: amountOf(row, 'pricing_public_on_demand_cost'),
    quantity,
    unit: row.get('pricing_unit'),
    tokens,
    ...proved,
    tags,
    labels: [
      ...labels,
      ...(principal === undefined ? [] : [`iam_principal=${principal}`]),
      ...(type === '' ? [] : [`line_item_type=${type}`]),
    ],
    flags: [],
    ai,
  };
}

/** A line item's id holds within one billing period of one payer only. */
function idOf(row: Row): string | undefined {
  const own = row.get('identity_line_item_id');
  if (own === undefined) return undefined;
  const parts = [
    row.get('bill_payer_account_id'),
    row.get('bill_billing_period_start_date')?.slice(0, 10),
    row.get('identity_time_interval'),
  ];
  return [own, ...parts.filter((part) => part !== undefined)].join('/');
}

function productName(row: Row): string | undefined {
  return (
    textAt(fieldsOrJson(row.get('product')), 'product_name') ??
    cellOf(row, 'product_product_name', 'product_productname')
  );
}

/** Tag columns of the older layout: one a tag. */
const tagColumns = (row: Row): readonly Readonly<Record<string, string>>[] =>
  [...row].flatMap(([column, text]) => {
    const name = /^resource_tags_(.+)$/.exec(column)?.[1];
    return name === undefined ? [] : [{ [name]: text }];
  });

/** Amortized cost after AWS's own rules for savings plans and reservations. */
function effectiveCost(row: Row, type: string, billed: Decimal): Decimal | undefined {
  switch (type) {
    case 'SavingsPlanCoveredUsage':
      return amountOf(row, 'savings_plan_savings_plan_effective_cost');
    case 'DiscountedUsage':
      return amountOf(row, 'reservation_effective_cost');
    case 'SavingsPlanNegation':
    case 'SavingsPlanUpfrontFee':
      return { digits: 0n, scale: 0 };
    case 'SavingsPlanRecurringFee':
    case 'RIFee':
      // The unused part of a commitment, which this layout spreads over several columns.
      return undefined;
    default:
      return billed;
  }
}

/** Model, kind and number of tokens of a Bedrock line; nothing for any other. */
function provedTokens(
  row: Row,
  quantity: Decimal | undefined,
  product: string | undefined,
): Pick<BillLine, 'model' | 'tokenType' | 'tokens'> {
  const usageType = row.get('line_item_usage_type') ?? '';
  const part = row.get('line_item_line_item_description')?.split('|')[2];
  const marketplace = row.get('bill_billing_entity') === 'AWS Marketplace';
  if (!/token/i.test(`${usageType} ${part ?? ''}`) || !/bedrock/i.test(bedrockText(row, product)))
    return {};
  const tokenType = cachedFor(usageType) ?? tokenTypeOf(usageType) ?? tokenTypeOf(part ?? '');
  const unit = row.get('pricing_unit') ?? '';
  const size =
    marketplace && unit === 'Units'
      ? part !== undefined && /million/i.test(part)
        ? 1_000_000n
        : undefined
      : /token/i.test(unit)
        ? unitSize(unit)
        : undefined;
  return {
    model: modelOf(usageType, product),
    tokenType,
    tokens: quantity === undefined || size === undefined ? undefined : tokensIn(quantity, size),
  };
}

const bedrockText = (row: Row, product: string | undefined): string =>
  `${product ?? ''} ${row.get('line_item_product_code') ?? ''} ${row.get('product_servicecode') ?? ''}`;

/** `CacheWrite1hInputTokenCount`: the time to live stands inside the word. */
const cachedFor = (usageType: string) =>
  /cache[-_]?write[-_]?1h/i.test(usageType) ? ('cache_write@1h' as const) : undefined;

/** `USE1-Claude4.6Sonnet-input-tokens` names the model; on the Marketplace the product does. */
function modelOf(usageType: string, product: string | undefined): string | undefined {
  const marketplace = /^(.+?)\s*\(Amazon Bedrock Edition\)/i.exec(product ?? '')?.[1];
  if (marketplace !== undefined) return marketplace;
  return /^(?:[A-Z]{2,4}\d?-)?(.+?)-(?:mantle-)?(?:input|output|cache|batch|flex|priority|latency)/i.exec(
    usageType,
  )?.[1];
}
