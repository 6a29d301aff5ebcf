import {
  type BillLine,
  type ChargeCategory,
  multiplyAmounts,
  trimmedAmount,
} from '../../domain/bill.ts';
import type { Decimal } from '../../domain/money.ts';
import { aiVerdict } from '../bills-contract/ai-service.ts';
import type { BillAdapter, BillNormalized } from '../bills-contract/bill-adapter.ts';
import {
  amountOf,
  cellOf,
  dayOf,
  requiredAmount,
  type Row,
  rowOf,
} from '../bills-contract/bill-fields.ts';
import { billTags } from '../bills-contract/bill-tags.ts';
import { tokensIn, tokenTypeOf, unitSize } from '../bills-contract/bill-tokens.ts';
import { hasColumns } from '../contract/csv-row.ts';
import { isFields, textAt } from '../contract/fields.ts';

const COSTS = ['costinbillingcurrency', 'cost', 'pretaxcost'];

/**
 * Azure Cost Management exports: actual or amortized cost of an enterprise agreement, a customer agreement
 * or the older layouts. Column names differ in case and spelling between them.
 */
// The header as the exports seen so far have it, and the names that the documentation adds.
const COLUMNS = [
  'invoicesectionname',
  'accountname',
  'accountownerid',
  'subscriptionid',
  'subscriptionname',
  'resourcegroup',
  'resourcelocation',
  'date',
  'productname',
  'metercategory',
  'metersubcategory',
  'meterid',
  'metername',
  'meterregion',
  'unitofmeasure',
  'quantity',
  'effectiveprice',
  'costinbillingcurrency',
  'costcenter',
  'consumedservice',
  'resourceid',
  'tags',
  'offerid',
  'additionalinfo',
  'serviceinfo1',
  'serviceinfo2',
  'resourcename',
  'reservationid',
  'reservationname',
  'unitprice',
  'productorderid',
  'productordername',
  'term',
  'publishertype',
  'publishername',
  'chargetype',
  'frequency',
  'pricingmodel',
  'availabilityzone',
  'billingaccountid',
  'billingaccountname',
  'billingcurrencycode',
  'billingperiodstartdate',
  'billingperiodenddate',
  'billingprofileid',
  'billingprofilename',
  'invoicesectionid',
  'isazurecrediteligible',
  'partnumber',
  'paygprice',
  'planname',
  'servicefamily',
  'costallocationrulename',
  'product',
  'cost',
  'billingcurrency',
  'invoicesection',
  'benefitid',
  'benefitname',
  'usagedatetime',
  'usagequantity',
  'resourcerate',
  'pretaxcost',
  'instanceid',
  'instancename',
  'invoiceid',
  'previousinvoiceid',
  'billingperiod',
  'chargeid',
  'costinusd',
  'costinpricingcurrency',
  'paygcostinbillingcurrency',
  'paygcostinusd',
  'exchangeratepricingtobilling',
  'exchangeratedate',
  'pricingcurrency',
  'pricingcurrencycode',
  'marketprice',
  'resourcegroupname',
  'resourcelocationnormalized',
  'productid',
  'productidentifier',
  'publisherid',
  'serviceperiodstartdate',
  'serviceperiodenddate',
  'customername',
  'customertenantid',
  'partnername',
  'partnertenantid',
  'partnerearnedcreditapplied',
  'partnerearnedcreditrate',
  'resellername',
  'resellermpnid',
  'subscriptionguid',
  'location',
  'provider',
  'currency',
];

export default {
  reads: 'bills',
  id: 'azure-cost-csv',
  title: 'Azure Cost Management export, EA or MCA (CSV)',
  source: {
    url: 'https://learn.microsoft.com/azure/cost-management-billing/automate/understand-usage-details-fields',
    checked: '2026-11-21',
  },
  columns: COLUMNS,
  recognizes: (record) =>
    // Nearly every record is of another format: its columns are not renamed to find that out.
    isFields(record) &&
    Object.keys(record).some((name) => /meterid/i.test(name)) &&
    hasCosts(plainNames(record)),
  normalize(record): BillNormalized {
    return { lines: [azureLine(rowOf(plainNames(record)))] };
  },
} satisfies BillAdapter;

const hasCosts = (record: unknown): boolean =>
  COSTS.some((column) => hasColumns(record, 'meterid', 'metercategory', column));

/** Localised headers carry the English name in brackets: `Id. de medidor (MeterId)`. */
const plainNames = (record: unknown): unknown =>
  isFields(record)
    ? Object.fromEntries(
        Object.entries(record).map(([name, value]) => [
          /\(([A-Za-z]+)\)\s*$/.exec(name)?.[1] ?? name,
          textAt(value),
        ]),
      )
    : record;

const CATEGORIES: ReadonlyMap<string, ChargeCategory> = new Map([
  ['usage', 'Usage'],
  ['purchase', 'Purchase'],
  ['tax', 'Tax'],
  ['refund', 'Adjustment'],
  ['adjustment', 'Adjustment'],
  ['roundingadjustment', 'Adjustment'],
  // What a reservation or a savings plan left unused was consumed too, by nobody.
  ['unusedreservation', 'Usage'],
  ['unusedsavingsplan', 'Usage'],
  ['credit', 'Credit'],
]);

function azureLine(row: Row): BillLine {
  const billed = requiredAmount(row, ...COSTS);
  const quantity = amountOf(row, 'quantity', 'usagequantity');
  const currency = (
    cellOf(row, 'billingcurrencycode', 'billingcurrency', 'currency') ?? 'USD'
  ).toUpperCase();
  const meter = row.get('metername');
  const unit = row.get('unitofmeasure');
  const tokenType = meter === undefined ? undefined : tokenTypeOf(meter);
  const isTokens = tokenType !== undefined && /tokens?\b/i.test(meter ?? '');
  const { tags, labels } = billTags(row.get('tags'));
  const service = row.get('metercategory');
  const chargeType = row.get('chargetype') ?? 'Usage';
  return {
    id: undefined,
    ...dayOf(cellOf(row, 'date', 'usagedatetime', 'usagedate'), 'date'),
    provider: 'azure',
    account: cellOf(row, 'subscriptionname', 'subscriptionid', 'subscriptionguid'),
    service,
    description: cellOf(row, 'product', 'productname', 'metersubcategory'),
    sku: row.get('meterid'),
    meter,
    resource: cellOf(row, 'resourceid', 'instanceid', 'resourcename'),
    category: CATEGORIES.get(chargeType.toLowerCase()) ?? 'Adjustment',
    currency,
    billed,
    effective: billed,
    list: pricedAt(row, quantity, currency, 'paygprice', 'unitprice', 'resourcerate'),
    contracted: pricedAt(row, quantity, currency, 'unitprice'),
    quantity,
    unit,
    tokens:
      isTokens && quantity !== undefined && unit !== undefined
        ? tokensIn(quantity, unitSize(unit))
        : undefined,
    model: isTokens ? modelOf(meter ?? '') : undefined,
    tokenType: isTokens ? tokenType : undefined,
    tags,
    labels: row.has('resourcegroup')
      ? [...labels, `resource_group=${row.get('resourcegroup')}`]
      : labels,
    flags: [],
    ai: aiVerdict({
      // The family of a GPU's virtual machine is Compute: only the one of AI says something.
      family: row.get('servicefamily'),
      service: row.get('consumedservice'),
      description: [service, row.get('metersubcategory')].filter(Boolean).join(' '),
      meter,
      instance: row.get('additionalinfo'),
    }),
  };
}

/** Quantity times the price of one block; unknown where prices are in another currency than the bill. */
function pricedAt(
  row: Row,
  quantity: Decimal | undefined,
  currency: string,
  ...columns: readonly string[]
): Decimal | undefined {
  const price = amountOf(row, ...columns);
  const pricing = cellOf(row, 'pricingcurrencycode', 'pricingcurrency');
  if (price === undefined || quantity === undefined) return undefined;
  if (pricing !== undefined && pricing.toUpperCase() !== currency) return undefined;
  return trimmedAmount(multiplyAmounts(quantity, price));
}

/** `gpt 4o 1120 Inp glbl Tokens` begins with the model; what follows says kind, place and unit. */
const modelOf = (meter: string): string | undefined =>
  /^(.+?)\s+(?:pp|batch|flex|longco|shortco|cached|cd|inp?|input|outp?t?|opt|output)\b/i.exec(
    meter,
  )?.[1];
