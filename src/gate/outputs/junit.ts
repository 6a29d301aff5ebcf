import type { Comparison, Failure, GateFinding, PromptChange } from '../comparison-result.ts';
import { changeText } from '../amounts.ts';
import type { DiffOutput } from './diff-output.ts';
import { failureLine, placedMessage } from './sentences.ts';
import { xmlText } from './xml-text.ts';

interface TestCase {
  readonly name: string;
  readonly file: string;
  readonly outcome: 'passed' | 'failure' | 'error' | 'skipped';
  readonly messages: readonly string[];
}

/** JUnit XML: a test case for each prompt. `failure` is the gate, `error` what could not be worked out, `skipped` what is waived. */
export const junitOutput: DiffOutput = (result) => {
  const cases = result.verdict === 'error' ? [failureCase(result)] : comparisonCases(result);
  const count = (outcome: TestCase['outcome']): number =>
    cases.filter((each) => each.outcome === outcome).length;
  const counts = `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="aicost diff" ${counts}>`,
    `  <testsuite name="prompt cost" ${counts} timestamp="${xmlText(result.valid_at)}">`,
    ...cases.map(caseText),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
};

const failureCase = (failure: Failure): TestCase => ({
  name: 'comparison',
  file: failure.path ?? 'aicost.yaml',
  outcome: 'error',
  messages: [failureLine(failure), ...(failure.hint === null ? [] : [failure.hint])],
});

function comparisonCases({ prompts, findings, total, verdict }: Comparison): readonly TestCase[] {
  const whole = findings.filter(({ prompt, level }) => prompt === null && level === 'error');
  return [
    ...prompts.map((prompt) => promptCase(prompt, findings)),
    {
      name: `total ${changeText(total)} a month`,
      file: 'aicost.yaml',
      outcome: whole.length === 0 ? 'passed' : verdict === 'undecided' ? 'error' : 'failure',
      messages: whole.map(placedMessage),
    },
  ];
}

function promptCase(prompt: PromptChange, findings: readonly GateFinding[]): TestCase {
  const own = findings.filter((finding) => finding.prompt === prompt.id);
  return {
    name: prompt.id,
    file: prompt.path,
    outcome: OUTCOMES[prompt.verdict],
    messages: own.map(placedMessage),
  };
}

const OUTCOMES: Readonly<Record<PromptChange['verdict'], TestCase['outcome']>> = {
  pass: 'passed',
  warn: 'passed',
  fail: 'failure',
  waived: 'skipped',
  unknown: 'error',
};

function caseText({ name, file, outcome, messages }: TestCase): string {
  const open = `    <testcase classname="prompt-cost" name="${xmlText(name)}" file="${xmlText(file)}"`;
  const text = messages.map(xmlText).join('\n');
  if (outcome === 'passed')
    return text === ''
      ? `${open}/>`
      : `${open}>\n      <system-out>${text}</system-out>\n    </testcase>`;
  const message = xmlText(messages[0] ?? 'cost is unknown');
  const inside =
    outcome === 'skipped'
      ? `<skipped message="${message}"/>`
      : `<${outcome} message="${message}">${text}</${outcome}>`;
  return `${open}>\n      ${inside}\n    </testcase>`;
}
