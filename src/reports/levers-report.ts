import type { Answer, Cell } from './answer.ts';

/** What can be asked of `aicost whatif`. */
export interface ListedLever {
  readonly name: string;
  readonly summary: string;
  /** What it needs of logs or flags; absent where its own help says it. */
  readonly needs?: string;
}

/** All levers, with what each needs. */
export function leversReport(levers: readonly ListedLever[]): Answer {
  const text = (value: string): Cell => ({ kind: 'text', value });
  return {
    schema: 'aicost.whatif-levers/1',
    headline: 'What the same requests would have cost otherwise: aicost whatif LEVER --help',
    facts: {},
    tables: [
      {
        name: 'rows',
        columns: [
          { key: 'lever', title: 'Lever', yields: 0, whole: true },
          { key: 'summary', title: 'What if', yields: 0, wraps: true },
          { key: 'needs', title: 'Needs', yields: 0, wraps: true },
        ],
        rows: levers.map(({ name, summary, needs = 'see its --help' }) =>
          [name, summary, needs].map(text),
        ),
      },
    ],
    notes: [],
  };
}
