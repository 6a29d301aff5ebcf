import {
  type Coverage,
  covered,
  NO_CALLS,
  callsOf,
  type TagCoverage,
  tagCoverage,
} from '../domain/coverage.ts';
import { cutShareText, shareText } from '../domain/share-text.ts';
import { judgedBy, tagNamed } from '../domain/required-tags.ts';
import { moneyText } from '../domain/money.ts';
import type { Filter } from '../domain/spend.ts';
import type { Cell, Json, Table } from './answer.ts';
import {
  type AuditSection,
  type AuditSubject,
  callsThat,
  costCell,
  countCell,
  dayCell,
  type Finding,
  shareCells,
  textCell,
} from './audit-section.ts';

/** How the audited calls stand to the required tags. */
export function auditedCoverage({ ask, policy }: AuditSubject): TagCoverage {
  const by = judgedBy(policy);
  return tagCoverage(ask({ by, grain: 'week' }).rows, by, policy);
}

const MEASURES = [
  { key: 'requests', title: 'Calls', yields: 5 },
  { key: 'missing_requests', title: 'Missing', yields: 4 },
  { key: 'by_count', title: 'By count', yields: 0 },
  { key: 'cost_usd', title: 'Spend', yields: 5 },
  { key: 'missing_cost_usd', title: 'Missing', yields: 1 },
  { key: 'by_spend', title: 'By spend', yields: 0 },
] as const;

const measures = (coverage: Coverage): readonly Cell[] => {
  const [count, spend] = shareCells(covered(coverage), coverage.all);
  return [
    countCell(coverage.all.requests),
    countCell(coverage.missing.requests),
    count,
    costCell(coverage.all),
    costCell(coverage.missing),
    spend,
  ];
};

/** Coverage by each required tag and by all of them together, by spend and by count. */
export function coverageSection(subject: AuditSubject, coverage: TagCoverage): AuditSection {
  const { keys, together } = coverage;
  const rows = [...keys].map(([key, each]) => [textCell(key), ...measures(each)]);
  const all = [textCell('all together'), ...measures(together)];
  const table: Table = {
    name: 'coverage',
    title: 'Coverage of required tags',
    columns: [{ key: 'tag', title: 'Tag', yields: 0 }, ...MEASURES],
    rows: rows.length === 1 ? rows : [...rows, all],
    ...(rows.length === 1 ? {} : { summaries: new Set([rows.length]) }),
    empty: 'No tag is required.',
  };
  return {
    name: 'coverage',
    tables: [table],
    findings: [...absentTags(coverage), ...coarse(subject)],
    facts: { together: coverageFacts(together) },
  };
}

/** Coverage in the numbers of the JSON contract. */
const coverageFacts = ({ all, missing }: Coverage): { readonly [key: string]: Json } => ({
  requests: Number(all.requests),
  missing_requests: Number(missing.requests),
  cost_usd: moneyText(all.cost),
  missing_cost_usd: moneyText(missing.cost),
  unrated_requests: Number(all.unrated),
});

/** Tags that no call at all carries: nobody sends them, which is another thing than a gap. */
const absentTags = ({ keys }: TagCoverage): readonly Finding[] =>
  [...keys].flatMap(([key, { all, missing }]) =>
    all.requests > 0n && missing.requests === all.requests
      ? [
          {
            code: 'tag-absent',
            message: `no call carries ${key}: nothing sends it, or no rule of aicost.yaml sets it`,
            calls: missing,
            show: 'coverage' as const,
          },
        ]
      : [],
  );

/** Tags that say what spend is for. A key, a run or a session alone says who called, not why. */
const PURPOSES = [
  'feature',
  'team',
  'customer',
  'tenant',
  'product',
  'project',
  'workflow',
  'agent',
] as const;

/** More of the spend than this, in percent, known by its model alone is a finding. */
const COARSE_PERCENT = 20n;

/** Spend of which nothing is known but that it is AI. */
function coarse({ ask }: AuditSubject): readonly Finding[] {
  const where = PURPOSES.map((name): Filter => ({
    dimension: tagNamed(name),
    negated: false,
    pattern: '',
  }));
  const [all, nameless] = [ask({ by: [] }), ask({ by: [], where })].map(({ rows: [row] }) =>
    row === undefined ? NO_CALLS : callsOf(row),
  );
  if (all === undefined || nameless === undefined || all.cost <= 0n) return [];
  if (nameless.cost * 100n <= all.cost * COARSE_PERCENT) return [];
  const share = shareText(nameless.cost, all.cost) ?? '';
  return [
    {
      code: 'coarse',
      message: `${share} of spend is known as AI and no more: no ${PURPOSES.join(', ')}`,
      calls: nameless,
      show: 'sources',
    },
  ];
}

/** The newest weeks that are shown to people. */
const MOST_WEEKS = 13;

/** Coverage by all required tags, week after week. */
export function weeksSection(subject: AuditSubject, { weeks }: TagCoverage): AuditSection {
  const byTime = [...weeks].toSorted(([a], [b]) => (a ?? 0) - (b ?? 0)).slice(-MOST_WEEKS);
  const table: Table = {
    name: 'weeks',
    title: 'All required tags, week after week',
    columns: [{ key: 'week', title: 'Week of', yields: 0 }, ...MEASURES],
    rows: byTime.map(([week, coverage]) => [
      dayCell(week ?? undefined, subject.timeZone),
      ...measures(coverage),
    ]),
    empty: 'No calls.',
  };
  return { name: 'weeks', tables: [table], findings: [] };
}

/** A gate on coverage that does not hold, in words. */
export const coverageText = (coverage: Coverage, percent: string): string => {
  const { all, missing } = coverage;
  const reached = cutShareText(covered(coverage).cost, all.cost) ?? 'unknown';
  return `coverage by spend is ${reached}, below ${percent}%: ${callsThat(missing, 'lacks', 'lack')} a required tag`;
};
