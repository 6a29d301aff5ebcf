import type { BillLine } from '../../domain/bill.ts';
import { aiVerdict } from '../bills-contract/ai-service.ts';
import { type BillAdapter, type BillNormalized, skipRow } from '../bills-contract/bill-adapter.ts';
import { amountOf, dayOf, rowOf } from '../bills-contract/bill-fields.ts';
import { isFields, textAt } from '../contract/fields.ts';

const TOTAL = /^total costs?\s*\(([^)]+)\)$/i;
const SERVICE = /^(.*)\(([^()]+)\)$/s;

/** Signs that Cost Explorer writes behind a column's name. */
const SIGNS: ReadonlyMap<string, string> = new Map([
  ['$', 'USD'],
  ['€', 'EUR'],
  ['£', 'GBP'],
  ['¥', 'JPY'],
]);

/** The pivot that AWS Cost Explorer downloads: a row a day, a column a service, sums in the first row. */
export default {
  reads: 'bills',
  id: 'aws-cost-explorer-csv',
  title: 'AWS Cost Explorer download (CSV, costs by service)',
  source: {
    url: 'https://docs.aws.amazon.com/cost-management/latest/userguide/ce-exploring-data.html',
    checked: '2026-11-21',
  },
  recognizes: (record) => isFields(record) && Object.keys(record).some((name) => TOTAL.test(name)),
  normalize(record): BillNormalized {
    const columns = Object.entries(isFields(record) ? record : {});
    const [group, first] = columns[0] ?? ['', undefined];
    const day = textAt(first)?.trim() ?? '';
    if (/ total$/i.test(day)) return skipRow('sum over other rows');
    const period = dayOf(day === '' ? undefined : day, group);
    const lines = columns.slice(1).flatMap(([name, value]): readonly BillLine[] => {
      const [, service = '', sign = ''] = SERVICE.exec(name) ?? [];
      const billed = amountOf(rowOf({ [name]: value }), name.trim().toLowerCase());
      if (TOTAL.test(name) || service === '' || billed === undefined) return [];
      return [
        {
          id: undefined,
          part: JSON.stringify([group, day, name, value]),
          ...period,
          provider: /bedrock/i.test(service) ? 'bedrock' : 'aws',
          service,
          category: /^tax$/i.test(service) ? 'Tax' : 'Usage',
          currency: SIGNS.get(sign) ?? sign.toUpperCase(),
          billed,
          // Cost Explorer writes what was asked of it: unblended by default, which is what is billed.
          effective: billed,
          tags: {},
          labels: [],
          flags: [],
          ai: aiVerdict({ service }),
        },
      ];
    });
    return lines.length === 0 ? skipRow('a day without charges') : { lines };
  },
} satisfies BillAdapter;
