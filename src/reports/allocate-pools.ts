import type { PoolPlan, RulePlan } from '../domain/allocation-plan.ts';
import type { Allocation } from '../domain/allocation-run.ts';
import { ZERO } from '../domain/money.ts';
import { dueDay, isOverdue } from '../domain/rule-review.ts';
import { utcText } from '../domain/utc-time.ts';
import type { Cell, Table } from './answer.ts';

/** Pools and the rules that split them, with what each pool came to. */
export interface SplitPools {
  readonly pools: readonly PoolPlan[];
  readonly rules: readonly RulePlan[];
  readonly allocation: Pick<Allocation, 'costs'>;
}

/** A line for each pool: what it costs, the rule that splits it, and who answers for that. */
export function poolTable({ pools, rules, allocation }: SplitPools, now: number): Table {
  const shown = pools.filter(
    ({ name, source }) =>
      source.kind !== 'charges' || (allocation.costs.get(name) ?? ZERO) !== ZERO,
  );
  return {
    name: 'pools',
    title: 'Shared costs and the rules that split them',
    columns: [
      { key: 'pool', title: 'Pool', yields: 0 },
      { key: 'part', title: 'Part', yields: 7 },
      { key: 'cost_usd', title: 'Cost', yields: 0 },
      { key: 'rule', title: 'Rule', yields: 2 },
      { key: 'method', title: 'Method', yields: 3 },
      { key: 'signal', title: 'Signal', yields: 6 },
      { key: 'owner', title: 'Owner', yields: 4 },
      { key: 'last_reviewed', title: 'Reviewed', yields: 8, whole: true },
      { key: 'review_due', title: 'Review due', yields: 5, whole: true },
      { key: 'evidence', title: 'Evidence', yields: 9, wraps: true },
    ],
    rows: shown.map((pool) => {
      const rule = rules.find((each) => each.pool === pool.name);
      const text = (value: string | undefined): Cell =>
        value === undefined ? { kind: 'unknown' } : { kind: 'text', value };
      return [
        { kind: 'text', value: pool.name },
        { kind: 'text', value: pool.part },
        pool.source.kind === 'idle-of'
          ? { kind: 'unknown' }
          : { kind: 'money', value: allocation.costs.get(pool.name) ?? ZERO },
        text(rule?.name),
        text(rule?.method.kind),
        text(rule === undefined ? undefined : signalOf(rule)),
        text(rule?.owner),
        text(rule === undefined ? undefined : utcText(rule.lastReviewed)),
        text(
          rule === undefined
            ? undefined
            : `${utcText(dueDay(rule))}${isOverdue(rule, now) ? ' (overdue)' : ''}`,
        ),
        text(rule?.evidence.join(', ')),
      ];
    }),
    empty: 'No shared cost is declared; see allocation: in aicost.yaml.',
  };
}

const signalOf = ({ method }: RulePlan): string | undefined =>
  'signal' in method ? method.signal?.name : undefined;
