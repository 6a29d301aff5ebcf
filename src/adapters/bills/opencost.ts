import type { AiVerdict, BillLine } from '../../domain/bill.ts';
import type { Decimal } from '../../domain/money.ts';
import type { BillAdapter, BillNormalized } from '../bills-contract/bill-adapter.ts';
import {
  amountAt,
  amountOf,
  dayOf,
  requiredAmount,
  rowOf,
  timeFrom,
} from '../bills-contract/bill-fields.ts';
import { billTags } from '../bills-contract/bill-tags.ts';
import { hasColumns } from '../contract/csv-row.ts';
import { DecodeError } from '../contract/decode-error.ts';
import { at, fieldsAt, isFields, listAt, textAt } from '../contract/fields.ts';

/** OpenCost's allocation of a Kubernetes cluster: its daily CSV, or the pages of /allocation. */
export default {
  reads: 'bills',
  id: 'opencost',
  title: 'OpenCost allocation (CSV export or /allocation JSON)',
  source: { url: 'https://opencost.io/docs/integrations/api', checked: '2026-11-21' },
  recognizes: (record) =>
    hasColumns(record, 'namespace', 'gpucost', 'totalcost') ||
    allocationsOf(record).some((allocation) => at(allocation, 'totalCost') !== undefined),
  normalize(record): BillNormalized {
    if (hasColumns(record, 'namespace', 'gpucost', 'totalcost'))
      return { lines: [csvLine(record)] };
    return { lines: allocationsOf(record).map(jsonLine) };
  },
} satisfies BillAdapter;

/** One map of allocations by name a step of time. */
const allocationsOf = (record: unknown): readonly unknown[] =>
  listAt(record, 'data').flatMap((step) =>
    Object.values(isFields(step) ? step : {}).filter(
      (allocation) => isFields(allocation) && 'window' in allocation && 'totalCost' in allocation,
    ),
  );

// OpenCost writes no currency: it computes in the one its price list is in, dollars unless changed.
const SHARED = {
  id: undefined,
  provider: 'kubernetes',
  category: 'Usage',
  currency: 'USD',
  flags: ['currency-assumed'],
} as const;

const gpuVerdict = (gpuCost: Decimal | undefined): AiVerdict =>
  gpuCost !== undefined && gpuCost.digits !== 0n
    ? { kept: true, reason: 'GPU cost' }
    : { kept: false, reason: 'no GPU cost' };

function csvLine(record: unknown): BillLine {
  const row = rowOf(record);
  const billed = requiredAmount(row, 'totalcost');
  const namespace = row.get('namespace');
  const flat = [...row].flatMap(([column, text]) => {
    const name = /^label_(.+)$/.exec(column)?.[1];
    return name === undefined ? [] : [{ [name]: text }];
  });
  const { tags, labels } = billTags(...flat, row.get('labels'));
  return {
    ...SHARED,
    ...dayOf(row.get('date'), 'date'),
    account: namespace,
    service: namespace,
    description: ['controllerkind', 'controllername', 'pod', 'container']
      .flatMap((column) => row.get(column) ?? [])
      .join('/'),
    meter: 'allocation',
    billed,
    effective: billed,
    quantity: amountOf(row, 'gpus'),
    unit: 'GPUs',
    tags,
    labels: [...(namespace === undefined ? [] : [`namespace=${namespace}`]), ...labels],
    ai: gpuVerdict(amountOf(row, 'gpucost')),
  };
}

function jsonLine(allocation: unknown): BillLine {
  const properties = fieldsAt(allocation, 'properties');
  const billed = amountAt(allocation, 'totalCost');
  if (billed === undefined)
    throw new DecodeError('totalCost', 'an amount', at(allocation, 'totalCost'));
  const [start, end] = ['start', 'end'].map((key) => {
    const text = textAt(allocation, key) ?? textAt(allocation, 'window', key);
    const time = text === undefined ? undefined : timeFrom(text);
    if (time === undefined) throw new DecodeError(key, 'a time', text);
    return time;
  });
  const name = textAt(allocation, 'name') ?? '';
  const { tags, labels } = billTags(at(properties, 'namespaceLabels'), at(properties, 'labels'));
  return {
    ...SHARED,
    part: JSON.stringify(allocation),
    start: start ?? 0,
    end: end ?? 0,
    account: textAt(properties, 'cluster'),
    service: textAt(properties, 'namespace') ?? name,
    description: name,
    meter: 'allocation',
    billed,
    effective: billed,
    quantity: amountAt(allocation, 'gpuCount'),
    unit: 'GPUs',
    tags,
    labels: [
      // Idle, unmounted and unallocated cost belongs to nobody: told apart, never spread.
      ...(/^__\w+__$/.test(name) ? [name.replaceAll('_', '')] : []),
      ...['namespace', 'cluster'].flatMap((key) => {
        const text = textAt(properties, key);
        return text === undefined ? [] : [`${key}=${text}`];
      }),
      ...labels,
    ],
    ai: gpuVerdict(amountAt(allocation, 'gpuCost')),
  };
}
