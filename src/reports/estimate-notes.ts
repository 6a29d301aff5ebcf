import { counted } from '../domain/words.ts';
import { isUnchecked } from '../prompts/budget.ts';
import type { CostedPrompt } from '../prompts/costed-prompt.ts';
import type { Note } from './answer.ts';
import { assumptionsBehind } from './estimate-cells.ts';

/** What stars, bands and question marks stand for. */
export const estimateNotes = (prompts: readonly CostedPrompt[]): readonly Note[] => [
  ...assumedNotes(prompts),
  ...boundNotes(prompts),
  ...unknownNotes(prompts),
  ...budgetNotes(prompts),
];

function budgetNotes(prompts: readonly CostedPrompt[]): readonly Note[] {
  const open = prompts.filter(isUnchecked).length;
  return open === 0
    ? []
    : [
        {
          code: 'budget-unchecked',
          message: `${counted(open, 'prompt')} with a budget that cannot be checked, as what it limits is not known`,
        },
      ];
}

/** The legend of the stars: what was assumed, once each, with how many prompts it touches. */
function assumedNotes(prompts: readonly CostedPrompt[]): readonly Note[] {
  const touched = new Map<string, number>();
  for (const prompt of prompts)
    for (const assumption of assumptionsBehind(prompt, 'month'))
      touched.set(assumption, (touched.get(assumption) ?? 0) + 1);
  return [...touched].map(([assumption, count]) => ({
    code: 'assumed',
    message: `* assumed for ${counted(count, 'prompt')}: ${assumption}`,
  }));
}

function boundNotes(prompts: readonly CostedPrompt[]): readonly Note[] {
  const notes: Note[] = [];
  const methods = new Set(
    prompts.flatMap(({ tokens, counted: method }) =>
      tokens !== undefined && tokens.low !== tokens.high && method !== undefined ? [method] : [],
    ),
  );
  if (methods.size > 0)
    notes.push({
      code: 'estimated',
      message: `est. and ~ follow from tokens that are estimated: ${[...methods].join('; ')}`,
    });
  const open = prompts.filter(({ atLeast }) => atLeast).length;
  if (open > 0)
    notes.push({
      code: 'at-least',
      message: `${counted(open, 'prompt')} with content that is not in the repository: at least what is said`,
    });
  return notes;
}

/** Most reasons that are told; one bad setting gives thousands of prompts the same. */
const MOST_REASONS = 10;

function unknownNotes(prompts: readonly CostedPrompt[]): readonly Note[] {
  const reasons = new Map<string, string[]>();
  for (const { id, cost } of prompts)
    if (cost.perMonth.kind === 'unknown') {
      const ids = reasons.get(cost.perMonth.why) ?? [];
      reasons.set(cost.perMonth.why, ids);
      ids.push(id);
    }
  const notes = [...reasons].slice(0, MOST_REASONS).map(([why, ids]) => ({
    code: 'unknown',
    message: `? ${ids.length === 1 ? (ids[0] ?? '') : counted(ids.length, 'prompt')}: ${why}`,
  }));
  const left = reasons.size - notes.length;
  return left > 0
    ? [
        ...notes,
        { code: 'unknown', message: `? ${counted(left, 'more reason')}; --format json has all` },
      ]
    : notes;
}
