import type { Comparison, PromptChange, SourcedText } from '../comparison-result.ts';
import { changeText, quantityText, sumDollars } from '../amounts.ts';
import { codeMarkdown, plainMarkdown } from './markdown-text.ts';
import { isUpFront, isWorthShowing, waiverWords } from './sentences.ts';

/** Assumptions, limits, waivers, workspaces and notices, folded away; as much of them as there is room for. */
export function detailBlock(result: Comparison, room: number): string {
  const lines = [
    ...result.workspaces.map(
      ({ name, change }) =>
        `- workspace ${codeMarkdown(name)}: ${plainMarkdown(`${sumDollars(change, promptsOf(result, name))}, ${changeText(change)}`)}`,
    ),
    ...result.waivers.map((waiver) => `- ${plainMarkdown(waiverWords(waiver))}`),
    ...result.findings
      .filter((finding) => !isUpFront(finding))
      .map(({ message }) => `- ${plainMarkdown(message)}`),
    ...result.policy.limits.map((limit) => `- limit: ${plainMarkdown(limit)}`),
    ...result.prompts.filter(isWorthShowing).map(assumptions),
  ];
  const kept: string[] = [];
  let left = room - OPEN.length - CLOSE.length;
  for (const line of lines) {
    left -= line.length + 1;
    if (left < 0) break;
    kept.push(line);
  }
  return kept.length === 0 ? '' : `${OPEN}${kept.join('\n')}${CLOSE}`;
}

const promptsOf = ({ prompts }: Comparison, name: string): readonly PromptChange[] =>
  prompts.filter(({ workspace }) => workspace === name);

const OPEN = '<details><summary>* assumptions, limits and notices</summary>\n\n';
const CLOSE = '\n\n</details>';

function assumptions(prompt: PromptChange): string {
  const side = prompt.head ?? prompt.base;
  const known = [
    sourced(side?.calls_per_month ?? null, 'calls a month'),
    sourced(side?.output_tokens ?? null, 'tokens out'),
    side === null || side.tokens_source === 'unknown' ? '' : `tokens in ${side.tokens_source}`,
  ].filter((part) => part !== '');
  return `- ${codeMarkdown(prompt.id)}: ${plainMarkdown(known.join('; '))}`;
}

const sourced = (number: SourcedText | null, what: string): string =>
  number === null
    ? `${what} unknown`
    : `${quantityText(number.value)} ${what}: ${number.source}, ${number.from}`;
