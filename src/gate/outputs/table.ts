import type { Answer, Cell, Table } from '../../reports/answer.ts';
import { renderTerminal } from '../../render/terminal.ts';
import type { Comparison, PromptChange } from '../comparison-result.ts';
import { beforeAndAfter, changeText, dollars, sideDollars, sumDollars } from '../amounts.ts';
import type { DiffOutput } from './diff-output.ts';
import {
  apartWords,
  comparedWords,
  failureLine,
  headline,
  isWorthShowing,
  placedMessage,
  waiverWords,
  rowWords,
} from './sentences.ts';

/** For a screen: what changed, why, and what was found, fitted to its width. */
export const tableOutput: DiffOutput = (result, options) =>
  renderTerminal(
    result.verdict === 'error'
      ? answer(failureLine(result), [], result.hint === null ? [] : [result.hint])
      : answer(headline(result), tables(result), [
          ...result.waivers.map(waiverWords),
          ...apartWords(result),
          ...starWords(result),
          comparedWords(result),
        ]),
    options,
  );

const answer = (line: string, shown: readonly Table[], notes: readonly string[]): Answer => ({
  schema: 'aicost.diff/1',
  headline: line,
  facts: {},
  tables: shown,
  notes: notes.map((message) => ({ code: 'diff', message })),
});

const tables = (result: Comparison): readonly Table[] => [
  promptTable(result),
  ...(result.workspaces.length === 0 ? [] : [workspaceTable(result)]),
  ...findingTables(result),
];

const promptTable = ({ prompts, total }: Comparison): Table => ({
  name: 'prompts',
  columns: [
    { key: 'verdict', title: '', yields: 0, whole: true },
    { key: 'prompt', title: 'Prompt', yields: 0 },
    { key: 'per_call', title: 'Per call', yields: 5, whole: true },
    { key: 'monthly', title: 'Monthly*', yields: 2, whole: true },
    { key: 'change', title: 'Change', yields: 0, whole: true },
    { key: 'why', title: 'Why', yields: 1, wraps: true },
  ],
  rows: prompts.filter(isWorthShowing).map(promptRow),
  totals: [
    text(''),
    text('total'),
    text(''),
    text(sumDollars(total, prompts)),
    text(changeText(total)),
    text(''),
  ],
  empty: 'No prompt changed.',
});

const promptRow = (prompt: PromptChange): readonly Cell[] => [
  text(MARKS[prompt.verdict]),
  text(prompt.id),
  text(beforeAndAfter(prompt.base, prompt.head, (side) => sideDollars(side, side.per_call_usd))),
  text(
    prompt.status === 'deleted' ? dollars('0') : sideDollars(prompt.head, prompt.own_monthly_usd),
  ),
  text(changeText(prompt.change)),
  text(rowWords(prompt)),
];

const MARKS: Readonly<Record<PromptChange['verdict'], string>> = {
  pass: 'ok',
  waived: 'waived',
  warn: 'warn',
  fail: 'FAIL',
  unknown: '?',
};

const workspaceTable = ({ workspaces, prompts }: Comparison): Table => ({
  name: 'workspaces',
  columns: [
    { key: 'workspace', title: 'Workspace', yields: 0 },
    { key: 'monthly', title: 'Monthly', yields: 1, whole: true },
    { key: 'change', title: 'Change', yields: 0, whole: true },
  ],
  rows: workspaces.map(({ name, change }) => [
    text(name),
    text(
      sumDollars(
        change,
        prompts.filter(({ workspace }) => workspace === name),
      ),
    ),
    text(changeText(change)),
  ]),
});

const findingTables = ({ findings }: Comparison): readonly Table[] => {
  if (findings.length === 0) return [];
  return [
    {
      name: 'findings',
      columns: [
        { key: 'level', title: 'Level', yields: 0, whole: true },
        { key: 'rule', title: 'Rule', yields: 4, whole: true },
        { key: 'message', title: 'Finding', yields: 0, wraps: true },
      ],
      rows: findings.map((finding) => [
        text(finding.waived ? 'waived' : finding.level),
        text(finding.rule),
        text(placedMessage(finding)),
      ]),
    },
  ];
};

/** What the star on the monthly column stands for, where some number behind it was assumed. */
function starWords({ prompts }: Comparison): readonly string[] {
  const assumed = prompts.filter(
    ({ head }) =>
      head?.calls_per_month?.source === 'assumed' || head?.output_tokens?.source === 'assumed',
  ).length;
  return [
    `* calls and answers as measured or declared${assumed === 0 ? '' : `; assumed for ${assumed}`}`,
  ];
}

const text = (value: string): Cell => ({ kind: 'text', value });
