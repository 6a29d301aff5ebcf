import { added, NO_CALLS, type Sum, callsOf } from '../domain/coverage.ts';
import { valuesOf } from '../domain/filter-match.ts';
import { judgedBy, judgeTags, tagNamed } from '../domain/required-tags.ts';
import { moneyText } from '../domain/money.ts';
import type { Cell, Table } from './answer.ts';
import {
  type AuditQuestion,
  type AuditSection,
  type AuditSubject,
  callsThat,
  costCell,
  countCell,
  shareCells,
  textCell,
} from './audit-section.ts';

/** Asked for beside tags: the least sure of the ways in which their values came to a call. */
const SOURCE = tagNamed('attribution_source');

const WAYS: readonly { readonly source: string; readonly title: string }[] = [
  { source: 'request', title: 'tags of the calls' },
  { source: 'key', title: 'keys: of aicost.yaml' },
  { source: 'hierarchy', title: 'hierarchy: of aicost.yaml' },
  { source: 'inferred', title: 'inferred' },
];

/** How spend found its owner tags, the inferred part apart, and what belongs to nobody. */
export function unallocatedSection(subject: AuditSubject): AuditSection {
  const { ways, nobody, all } = allocationOf(subject, {});
  const row = (title: Cell, part: Sum): readonly Cell[] => [
    title,
    countCell(part.requests),
    shareCells(part, all)[0],
    costCell(part),
    shareCells(part, all)[1],
  ];
  const shown = WAYS.filter(({ source }) => ways.has(source));
  const table: Table = {
    name: 'unallocated',
    title: 'How spend found all of its required tags',
    columns: [
      { key: 'by', title: 'By', yields: 0 },
      { key: 'requests', title: 'Calls', yields: 3 },
      { key: 'of_requests', title: 'Of calls', yields: 2 },
      { key: 'cost_usd', title: 'Spend', yields: 0 },
      { key: 'of_spend', title: 'Of spend', yields: 0, bar: true },
    ],
    rows: [
      ...shown.map(({ source, title }) => row(textCell(title), ways.get(source) ?? NO_CALLS)),
      row(textCell('(unallocated)'), nobody),
    ],
  };
  return {
    name: 'unallocated',
    tables: [table],
    findings:
      nobody.requests === 0n
        ? []
        : [
            {
              code: 'unallocated',
              message: `${callsThat(nobody, 'belongs', 'belong')} to nobody, after everything aicost.yaml says`,
              calls: nobody,
              show: 'unallocated',
            },
          ],
    facts: {
      allocation: {
        cost_usd: moneyText(all.cost),
        inferred_cost_usd: moneyText((ways.get('inferred') ?? NO_CALLS).cost),
        unallocated_cost_usd: moneyText(nobody.cost),
        inference: subject.askInferring !== undefined,
      },
    },
  };
}

/** Calls by the way in which they came to all of their required tags. */
export interface Allocation {
  /** By the name of the way: `request`, `key`, `hierarchy`, `inferred`. */
  readonly ways: ReadonlyMap<string, Sum>;
  readonly nobody: Sum;
  readonly all: Sum;
}

/** Sums up calls by the way in which they came to their tags, with inference where there is any. */
export function allocationOf(
  { ask, askInferring, policy }: AuditSubject,
  narrowed: Pick<AuditQuestion, 'span'>,
): Allocation {
  const judged = judgedBy(policy);
  const ways = new Map<string, Sum>();
  let [nobody, all] = [NO_CALLS, NO_CALLS];
  for (const row of (askInferring ?? ask)({ by: [...judged, SOURCE], ...narrowed }).rows) {
    const calls = callsOf(row);
    all = added(all, calls);
    if (judgeTags(policy, valuesOf(judged, row.key)).missing.length > 0) {
      nobody = added(nobody, calls);
      continue;
    }
    const way = row.key.at(-1) ?? 'request';
    ways.set(way, added(ways.get(way) ?? NO_CALLS, calls));
  }
  return { ways, nobody, all };
}
