import type { Lever } from '../whatif/lever-contract/lever.ts';
import type { Answer, Cell } from './answer.ts';

/** A line of the list of levers. */
type Listed = Pick<Lever, 'name' | 'summary' | 'needs'>;

/** All levers, with what each needs, and what else there is below `whatif`. */
export function leversReport(levers: readonly Listed[], beside: readonly Listed[]): Answer {
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
        rows: [...levers, ...beside].map(({ name, summary, needs }) =>
          [name, summary, needs].map(text),
        ),
      },
    ],
    notes: [],
  };
}
