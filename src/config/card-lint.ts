import { readFileSync } from 'node:fs';
import { UserError } from '../errors.ts';
import { lintExamples } from './card-examples.ts';
import { type CardFile, shownCardPath } from './card-files.ts';
import { lintHabits } from './card-habits.ts';
import { decodeRateCard } from './rate-card-file.ts';
import { lintRateCard } from './rate-card-lint.ts';
import { lintYamlWords } from './yaml-lint.ts';
import { type Problem, readYamlTree } from './yaml-tree.ts';

/** What lint found in one card, from top to bottom. */
export interface LintedCard {
  readonly problems: readonly Problem[];
  readonly models: number;
}

/** Checks a card file as lint does. A file that is no YAML at all is one problem, with its place. */
export const lintCardFile = ({ file }: CardFile, now: number): LintedCard =>
  lintCardText(readFileSync(file, 'utf8'), shownCardPath(file), now);

/** As lintCardFile, for text that need not be in a file yet. */
export function lintCardText(text: string, file: string, now: number): LintedCard {
  const problems: Problem[] = [];
  const report = (problem: Problem): void => void problems.push(problem);
  try {
    const card = decodeRateCard(text, file, report);
    lintRateCard(card, now, report);
    lintHabits(card, now, report);
    lintYamlWords(text, file, problems, report);
    // Examples of a card that has errors would only repeat them.
    if (problems.every(({ severity }) => severity !== 'error'))
      lintExamples(readYamlTree(text, file), card, report);
    return { problems: fromTop(problems), models: card.models.length };
  } catch (error) {
    if (!(error instanceof UserError) || error.origin === undefined) throw error;
    const message = error.hint === undefined ? error.message : `${error.message}; ${error.hint}`;
    return { problems: [{ severity: 'error', origin: error.origin, message }], models: 0 };
  }
}

const fromTop = (problems: readonly Problem[]): readonly Problem[] =>
  [...problems].sort(
    (a, b) =>
      (a.origin.line ?? 0) - (b.origin.line ?? 0) ||
      (a.origin.column ?? 0) - (b.origin.column ?? 0),
  );
