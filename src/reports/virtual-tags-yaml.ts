import { counted } from '../domain/words.ts';
import { yamlText } from '../domain/yaml-text.ts';
import type { ProposedValue } from './audit-values.ts';

/** Proposed values as `tags.virtual` of aicost.yaml, ready to paste. */
export function virtualTagsYaml(proposed: readonly ProposedValue[]): string {
  if (proposed.length === 0) return '# No two values of a tag look like one.\n';
  return `tags:\n  virtual:\n${virtualTagLines(proposed)
    .map((line) => `    ${line}\n`)
    .join('')}`;
}

/** The lines of a list of virtual tags, without indentation: one entry for each value that others mean. */
export function virtualTagLines(proposed: readonly ProposedValue[]): readonly string[] {
  const groups = Map.groupBy(proposed, ({ tag, means }) => JSON.stringify([tag, means]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return [
      `- tag: ${yamlText(first.tag)}`,
      `  value: ${yamlText(first.means)}`,
      '  match:',
      ...group.map(
        ({ value, calls, likeness }) =>
          `    - ${yamlText(exactPattern(value))} # ${likeness}, ${counted(calls.requests, 'call')}`,
      ),
    ];
  });
}

/** A value as a pattern that matches it alone: what reads as a glob or an expression is written as an expression. */
const exactPattern = (value: string): string =>
  value.includes('*') || value.startsWith('/')
    ? `/^${value.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}$/`
    : value;
