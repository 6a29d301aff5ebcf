import { addAmounts, type BillLine, type ChargeCategory, parseAmount } from '../../domain/bill.ts';
import type { Decimal } from '../../domain/money.ts';
import { aiVerdict } from '../bills-contract/ai-service.ts';
import type { BillAdapter, BillNormalized } from '../bills-contract/bill-adapter.ts';
import { amountAt, timeFrom } from '../bills-contract/bill-fields.ts';
import { billTags } from '../bills-contract/bill-tags.ts';
import { tokensIn, tokenTypeOf } from '../bills-contract/bill-tokens.ts';
import { DecodeError } from '../contract/decode-error.ts';
import { at, textAt } from '../contract/fields.ts';

/** Google Cloud's billing export from BigQuery, as JSON or as CSV with columns `service.description`. */
export default {
  reads: 'bills',
  id: 'gcp-billing',
  title: 'Google Cloud billing export (BigQuery, JSON or CSV)',
  source: {
    url: 'https://docs.cloud.google.com/billing/docs/how-to/export-data-bigquery-tables/standard-usage',
    checked: '2026-11-21',
  },
  recognizes: (record) =>
    at(record, 'billing_account_id') !== undefined &&
    at(record, 'usage_start_time') !== undefined &&
    at(record, 'cost') !== undefined &&
    within(record, 'sku', 'description') !== undefined,
  normalize(record): BillNormalized {
    return { lines: [gcpLine(record)] };
  },
} satisfies BillAdapter;

/** A nested value, or the column of a flattened row that stands for it. */
const within = (record: unknown, ...path: readonly string[]): unknown =>
  at(record, ...path) ?? at(record, path.join('.')) ?? at(record, path.join('_'));

const textWithin = (record: unknown, ...path: readonly string[]): string | undefined =>
  textAt(within(record, ...path))?.trim();

const CATEGORIES: ReadonlyMap<string, ChargeCategory> = new Map([
  ['regular', 'Usage'],
  ['tax', 'Tax'],
  ['adjustment', 'Adjustment'],
  ['rounding_error', 'Adjustment'],
]);

function gcpLine(record: unknown): BillLine {
  const cost = amountAt(record, 'cost');
  const currency = textAt(record, 'currency');
  if (cost === undefined || currency === undefined)
    throw new DecodeError('cost', 'an amount and a currency', at(record, 'cost'));
  const credits = creditsOf(record);
  // Google's cost leaves credits out: what is billed is both together.
  const billed = credits.reduce(addAmounts, cost);
  const service = textWithin(record, 'service', 'description');
  const description = textWithin(record, 'sku', 'description');
  const project = textWithin(record, 'project', 'id');
  // Labels of the resource win over those of its project.
  const { tags, labels } = billTags(within(record, 'project', 'labels'), within(record, 'labels'));
  return {
    id: undefined,
    start: timeWithin(record, 'usage_start_time'),
    end: timeWithin(record, 'usage_end_time'),
    provider: /vertex/i.test(service ?? '')
      ? 'vertex'
      : /gemini|generative language/i.test(service ?? '')
        ? 'google'
        : 'gcp',
    account: project ?? textAt(record, 'billing_account_id'),
    service,
    description,
    sku: textWithin(record, 'sku', 'id'),
    meter: description,
    resource:
      textWithin(record, 'resource', 'global_name') ?? textWithin(record, 'resource', 'name'),
    category: CATEGORIES.get(textAt(record, 'cost_type') ?? 'regular') ?? 'Adjustment',
    currency: currency.toUpperCase(),
    billed,
    effective: billed,
    list: amountAt(record, 'cost_at_list'),
    ...quantityOf(record, description),
    tags,
    labels: credits.length === 0 ? labels : [...labels, 'credits_applied'],
    flags: [],
    ai: aiVerdict({ service, description }),
  };
}

function timeWithin(record: unknown, column: string): number {
  const text = textAt(record, column);
  const time = text === undefined ? undefined : timeFrom(text);
  if (time === undefined) throw new DecodeError(column, 'a time', at(record, column));
  return time;
}

/** Amounts of credits; a flattened row holds them as JSON or as a Python literal. */
function creditsOf(record: unknown): readonly Decimal[] {
  const found = within(record, 'credits');
  const text = typeof found === 'string' ? found : JSON.stringify(found ?? []);
  return [...text.matchAll(/['"]amount['"]\s*:\s*['"]?(-?[\d.]+(?:[eE][+-]?\d+)?)/g)].map(
    ([, amount = '']) => {
      const decimal = parseAmount(amount);
      if (decimal === undefined)
        throw new DecodeError('credits.amount', 'a decimal number', amount);
      return decimal;
    },
  );
}

/** Model and tokens of a Gemini SKU: only its description tells them. */
function quantityOf(
  record: unknown,
  description = '',
): Pick<BillLine, 'quantity' | 'unit' | 'model' | 'tokenType' | 'tokens'> {
  const amount = within(record, 'usage', 'amount');
  const quantity = amount === undefined ? undefined : amountAt(amount);
  const unit = textWithin(record, 'usage', 'unit');
  const [, model] =
    /^((?:Gemini|Claude|Gemma)\b.*?)\s+(?:GA |Live |Batch |Flex |Priority |Cached )*(?:Text|Audio|Image|Video|Thinking|Input|Output|Caching)\b/i.exec(
      description,
    ) ?? [];
  const tokenType = model === undefined ? undefined : tokenTypeOf(description);
  // Gemini 1 on Vertex AI counted characters under the same unit.
  const isTokens =
    tokenType !== undefined &&
    !/\bgemini 1\b|\bgemini 1\.|character|request|image count/i.test(description) &&
    (unit === 'count' || /^tokens?$/i.test(unit ?? ''));
  return {
    quantity,
    unit,
    model,
    tokenType,
    tokens: isTokens && quantity !== undefined ? tokensIn(quantity, 1n) : undefined,
  };
}
