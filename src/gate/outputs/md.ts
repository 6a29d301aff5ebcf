import { counted } from '../../domain/words.ts';
import type { Comparison, GateFinding, PromptChange } from '../comparison-result.ts';
import { beforeAndAfter, changeText, dollars, sideDollars, tokensText } from '../amounts.ts';
import { markerLine } from './comment-marker.ts';
import type { DiffOutput } from './diff-output.ts';
import { codeMarkdown, plainMarkdown } from './markdown-text.ts';
import { detailBlock } from './md-details.ts';
import {
  apartWords,
  comparedWords,
  failureLine,
  headline,
  isUpFront,
  isWorthShowing,
  statusText,
  whyText,
} from './sentences.ts';

/** GitHub refuses comments of more characters than this; GitLab takes more. */
const MOST_CHARACTERS = 65_536;
/** Room that is kept for what stands around rows and details. */
const RESERVED = 1_024;
const LONGEST = 1_000;

/** A comment for a pull request, or a page: hidden marker, headline, what changed, and details that unfold. */
export const mdOutput: DiffOutput = (result) => {
  if (result.verdict === 'error')
    return `${[
      markerLine(result),
      `### ⚪ Prompt cost was not compared`,
      plainMarkdown(clipped(failureLine(result))),
      ...(result.hint === null ? [] : [plainMarkdown(clipped(result.hint))]),
    ].join('\n\n')}\n`;
  const top = `${markerLine(result)}\n### ${SIGNS[result.verdict]} ${plainMarkdown(clipped(headline(result)))}`;
  const end = [comparedWords(result), ...apartWords(result)]
    .map((words) => plainMarkdown(clipped(words)))
    .join('\n\n');
  let room = MOST_CHARACTERS - RESERVED - top.length - end.length;
  const findings = fitted(findingLines(result), room / 3, 'finding');
  room -= findings.length;
  const shown = result.prompts.filter(isWorthShowing);
  const rows = fitted(shown.map(promptRow), (room * 2) / 3, 'prompt');
  room -= rows.length;
  const blocks = [
    top,
    ...(shown.length === 0 ? [] : [`${TABLE_HEAD}\n${rows}`]),
    findings,
    end,
    detailBlock(result, room),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
};

const SIGNS: Readonly<Record<Comparison['verdict'], string>> = {
  pass: '🟢',
  warn: '🟡',
  fail: '🔴',
  undecided: '⚪',
};

const TABLE_HEAD = `| | Prompt | Tokens in | Per call | Monthly* | Change | Why |
|:-:|---|--:|--:|--:|--:|---|`;

const MARKS: Readonly<Record<PromptChange['verdict'], string>> = {
  pass: '✔',
  waived: '◐',
  warn: '⚠',
  fail: '✖',
  unknown: '?',
};

function promptRow(prompt: PromptChange): string {
  const { base, head, status } = prompt;
  const cells = [
    MARKS[prompt.verdict],
    `${codeMarkdown(prompt.id)}${status === 'changed' || status === 'same' ? '' : `<br>${plainMarkdown(statusText(prompt))}`}`,
    plainMarkdown(beforeAndAfter(base, head, tokensText)),
    plainMarkdown(beforeAndAfter(base, head, (side) => sideDollars(side, side.per_call_usd))),
    plainMarkdown(status === 'deleted' ? dollars('0') : sideDollars(head, prompt.own_monthly_usd)),
    `**${plainMarkdown(changeText(prompt.change))}**`,
    plainMarkdown(whyText(prompt)),
  ];
  return `| ${cells.join(' | ')} |`;
}

const findingLines = ({ findings }: Comparison): readonly string[] =>
  findings.filter(isUpFront).map(findingLine);

const findingLine = ({ level, message, path, line, waived }: GateFinding): string => {
  const place = path === null ? '' : ` ${codeMarkdown(line === null ? path : `${path}:${line}`)}`;
  return `- **${waived ? 'waived' : level}**${place} ${plainMarkdown(message)}`;
};

/** No sentence may take the room of the table. Escaped it is ten times as long at most. */
const clipped = (words: string): string =>
  words.length > LONGEST ? `${words.slice(0, LONGEST).toWellFormed()}…` : words;

/** Whole lines only, as many as there is room for; what does not fit is counted. */
function fitted(lines: readonly string[], room: number, what: string): string {
  const kept: string[] = [];
  let taken = 0;
  for (const line of lines) {
    taken += line.length + 1;
    if (taken > room) break;
    kept.push(line);
  }
  const left = lines.length - kept.length;
  return [
    ...kept,
    ...(left === 0
      ? []
      : [`\n${counted(left, `more ${what}`)} ${left === 1 ? 'is' : 'are'} not shown here.`]),
  ].join('\n');
}
