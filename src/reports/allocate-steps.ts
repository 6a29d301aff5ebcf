import type { Allocation } from '../domain/allocation-run.ts';
import type { Share } from '../domain/allocation-shares.ts';
import { spanText } from '../domain/period.ts';
import { quantityText } from './allocate-records.ts';
import type { Cell, Table } from './answer.ts';

/** Both steps of every split as rows: overhead onto pools, then pools onto consumers. */
export const stepsTable = ({ shares, loads }: Allocation, timeZone: string): Table => ({
  name: 'steps',
  title: 'How it was split',
  columns: [
    { key: 'period', title: 'Period', yields: 8, whole: true },
    { key: 'pool', title: 'Pool', yields: 0, whole: true },
    { key: 'via', title: 'Via', yields: 6 },
    { key: 'to', title: 'To', yields: 0, whole: true },
    { key: 'rule', title: 'Rule', yields: 3 },
    { key: 'quantity', title: 'Quantity', yields: 4 },
    { key: 'unit', title: 'Unit', yields: 5 },
    { key: 'ratio', title: 'Ratio', yields: 2 },
    { key: 'amount_usd', title: 'Amount', yields: 0 },
  ],
  rows: [
    ...loads.map(({ step, rule, of, to, amount, weight, weights }): readonly Cell[] => [
      text(spanText(step, timeZone)),
      text(of.name),
      text(''),
      text(`pool ${to.name}`),
      text(rule.name),
      text(quantityText({ part: weight, over: 10n ** 18n })),
      text('USD'),
      { kind: 'share', part: weight, whole: weights },
      { kind: 'exact-money', value: amount },
    ]),
    ...shares.map((share): readonly Cell[] => [
      text(spanText(share.step, timeZone)),
      text(share.of.name),
      text(share.via ?? ''),
      text(receiverName(share)),
      text(share.rule?.name ?? ''),
      share.quantity === undefined ? { kind: 'unknown' } : text(quantityText(share.quantity)),
      text(share.unit ?? ''),
      { kind: 'share', part: share.weight, whole: share.weights },
      { kind: 'exact-money', value: share.amount },
    ]),
  ],
  empty: 'Nothing was split.',
});

const text = (value: string): Cell => ({ kind: 'text', value });

/** Who gets a share, in words: `team=search`, `(idle)`. */
const receiverName = ({ to, by }: Share): string =>
  to.kind === 'consumer'
    ? by.map(({ name }, index) => `${name}=${to.key[index] ?? '(untagged)'}`).join(', ')
    : `(${to.kind})`;
