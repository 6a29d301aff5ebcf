import type { RulePlan } from '../domain/allocation-plan.ts';
import { dueDay, isOverdue } from '../domain/rule-review.ts';
import { utcText } from '../domain/utc-time.ts';
import { counted } from '../domain/words.ts';
import type { Answer } from './answer.ts';

/** Which rules have to be looked at again, the longest overdue first. */
export function dueReport(
  rules: readonly RulePlan[],
  now: number,
  shown: (path: string) => string,
): Answer {
  const overdue = rules.filter((rule) => isOverdue(rule, now));
  return {
    schema: 'aicost.allocation-due/1',
    headline:
      overdue.length === 0
        ? `None of ${counted(rules.length, 'rule')} is overdue for review`
        : `${counted(overdue.length, 'rule')} of ${rules.length} overdue for review`,
    facts: { rules: rules.length, overdue: overdue.length },
    tables: [
      {
        name: 'rows',
        columns: [
          { key: 'rule', title: 'Rule', yields: 0 },
          { key: 'pool', title: 'Pool', yields: 3 },
          { key: 'owner', title: 'Owner', yields: 1 },
          { key: 'last_reviewed', title: 'Reviewed', yields: 4, whole: true },
          { key: 'review_every', title: 'Every', yields: 5 },
          { key: 'review_due', title: 'Due', yields: 0, whole: true },
          { key: 'state', title: 'State', yields: 0, whole: true },
          { key: 'place', title: 'Where', yields: 6 },
        ],
        rows: [...rules]
          .sort((a, b) => dueDay(a) - dueDay(b) || (a.name < b.name ? -1 : 1))
          .map((rule) =>
            [
              rule.name,
              rule.pool,
              rule.owner,
              utcText(rule.lastReviewed),
              rule.reviewEvery.text,
              utcText(dueDay(rule)),
              isOverdue(rule, now) ? 'overdue' : 'in time',
              `${shown(rule.origin.file)}:${rule.origin.line ?? 1}`,
            ].map((value) => ({ kind: 'text', value })),
          ),
        empty: 'aicost.yaml has no rule under allocation:.',
      },
    ],
    notes: [],
  };
}
