import {
  addAmounts,
  type BillLine,
  CHARGE_CATEGORIES,
  multiplyAmounts,
} from '../../domain/bill.ts';
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
import { DecodeError } from '../contract/decode-error.ts';

/** FOCUS, the FinOps Foundation's format of bills, in its versions 1.0 to 1.3. */
// The header as the exports seen so far have it, and the names that the documentation adds.
const COLUMNS = [
  'availabilityzone',
  'billedcost',
  'billingaccountid',
  'billingaccountname',
  'billingaccounttype',
  'billingcurrency',
  'billingperiodend',
  'billingperiodstart',
  'capacityreservationid',
  'capacityreservationstatus',
  'chargecategory',
  'chargeclass',
  'chargedescription',
  'chargefrequency',
  'chargeperiodend',
  'chargeperiodstart',
  'commitmentdiscountcategory',
  'commitmentdiscountid',
  'commitmentdiscountname',
  'commitmentdiscountquantity',
  'commitmentdiscountstatus',
  'commitmentdiscounttype',
  'commitmentdiscountunit',
  'consumedquantity',
  'consumedunit',
  'contractedcost',
  'contractedunitprice',
  'effectivecost',
  'invoiceid',
  'invoiceissuername',
  'listcost',
  'listunitprice',
  'pricingcategory',
  'pricingcurrency',
  'pricingcurrencycontractedunitprice',
  'pricingcurrencyeffectivecost',
  'pricingcurrencylistunitprice',
  'pricingquantity',
  'pricingunit',
  'providername',
  'publishername',
  'regionid',
  'regionname',
  'resourceid',
  'resourcename',
  'resourcetype',
  'servicecategory',
  'servicename',
  'servicesubcategory',
  'skuid',
  'skumeter',
  'skupricedetails',
  'skupriceid',
  'subaccountid',
  'subaccountname',
  'subaccounttype',
  'tags',
  'id',
  'serviceprovidername',
  'hostprovidername',
  'allocatedmethodid',
  'allocatedmethoddetails',
  'allocatedresourceid',
  'allocatedresourcename',
  'allocatedtags',
  'contractapplied',
  'invoicedetailid',
  'x_*',
];

export default {
  reads: 'bills',
  id: 'focus',
  title: 'FOCUS 1.0 to 1.3 cost and usage (CSV)',
  source: { url: 'https://focus.finops.org/focus-specification/v1-3/', checked: '2026-11-21' },
  columns: COLUMNS,
  recognizes: (record) =>
    hasColumns(record, 'billedcost', 'effectivecost', 'chargecategory', 'chargeperiodstart'),
  normalize(record): BillNormalized {
    return { lines: [focusLine(rowOf(record))] };
  },
} satisfies BillAdapter;

function focusLine(row: Row): BillLine {
  const category = CHARGE_CATEGORIES.find(
    (known) => known.toLowerCase() === row.get('chargecategory')?.toLowerCase(),
  );
  if (category === undefined)
    throw new DecodeError(
      'ChargeCategory',
      CHARGE_CATEGORIES.join(', '),
      row.get('chargecategory'),
    );
  const currency = row.get('billingcurrency');
  if (currency === undefined) throw new DecodeError('BillingCurrency', 'a currency', undefined);
  const description = row.get('chargedescription');
  const meter = cellOf(row, 'skumeter', 'x_skumetername');
  const service = row.get('servicename');
  const [quantity, unit] = quantityOf(row);
  const { tags, labels } = billTags(row.get('tags'));
  const isTokens = category === 'Usage' && unit !== undefined && /\btokens?\b/i.test(unit);
  return {
    id: undefined,
    ...periodOf(row, 'chargeperiodstart', 'chargeperiodend'),
    provider: cellOf(row, 'serviceprovidername', 'providername', 'publishername') ?? 'unknown',
    account: cellOf(
      row,
      'subaccountname',
      'subaccountid',
      'billingaccountname',
      'billingaccountid',
    ),
    service,
    description,
    sku: cellOf(row, 'skuid', 'skupriceid'),
    meter,
    resource: cellOf(row, 'resourceid', 'resourcename'),
    category,
    currency: currency.toUpperCase(),
    billed: requiredAmount(row, 'billedcost'),
    effective: amountOf(row, 'effectivecost'),
    list: amountOf(row, 'listcost'),
    contracted: amountOf(row, 'contractedcost'),
    quantity,
    unit,
    tokens: isTokens && quantity !== undefined ? tokensIn(quantity, unitSize(unit)) : undefined,
    tokenType: isTokens ? tokenTypeOf(meter ?? description ?? '') : undefined,
    tags,
    labels: [
      ...labels,
      ...(row.has('chargeclass') ? [`charge_class=${row.get('chargeclass')}`] : []),
    ],
    flags: priceDiffers(row) ? ['list-price-differs'] : [],
    ai: aiVerdict({
      family: row.get('servicecategory'),
      service,
      description,
      meter,
      instance: cellOf(row, 'skupricedetails', 'x_skudescription'),
    }),
  };
}

/** What was consumed, or where the bill leaves that out, what was priced. */
function quantityOf(row: Row): readonly [Decimal | undefined, string | undefined] {
  const consumed = amountOf(row, 'consumedquantity');
  return consumed === undefined
    ? [amountOf(row, 'pricingquantity'), row.get('pricingunit')]
    : [consumed, row.get('consumedunit')];
}

/** Exports round their costs at the tenth digit or later: less than this is no difference. */
const ROUNDING: Decimal = { digits: 1n, scale: 9 };

/**
 * FOCUS wants ListCost to be ListUnitPrice times PricingQuantity. Real exports break that in places; such
 * a row is flagged and counts all the same. Corrections are free of the rule, and so are prices that are
 * in another currency than the bill.
 */
function priceDiffers(row: Row): boolean {
  const price = amountOf(row, 'listunitprice');
  const quantity = amountOf(row, 'pricingquantity');
  const cost = amountOf(row, 'listcost');
  if (price === undefined || quantity === undefined || cost === undefined) return false;
  if (row.get('chargeclass')?.toLowerCase() === 'correction') return false;
  const difference = addAmounts(multiplyAmounts(price, quantity), {
    digits: -cost.digits,
    scale: cost.scale,
  });
  const beyond = (sign: bigint): boolean =>
    addAmounts(
      { digits: sign * difference.digits, scale: difference.scale },
      { digits: -ROUNDING.digits, scale: ROUNDING.scale },
    ).digits > 0n;
  return beyond(1n) || beyond(-1n);
}
