import type { Answer, Cell } from './answer.ts';

/** The tokens of one file's text. */
export interface FileTokens {
  readonly file: string;
  readonly tokens: number;
  /** What the true count may be, where the number is an estimate. */
  readonly low: number;
  readonly high: number;
  readonly source: string;
}

/** How many tokens files have. `encoding` and `model` are what they were counted for. */
export function tokensReport(
  files: readonly FileTokens[],
  counted: { readonly encoding: string; readonly method: string; readonly model?: string },
  notes: readonly string[],
): Answer {
  const count = (value: number): Cell => ({ kind: 'count', value: BigInt(value) });
  const sum = (key: 'tokens' | 'low' | 'high'): Cell =>
    count(files.reduce((total, file) => total + file[key], 0));
  const isExact = files.every(({ low, high }) => low === high);
  const only = isExact ? ({ only: 'programs' } as const) : {};
  return {
    schema: 'aicost.tokens/1',
    headline: `Tokens by ${counted.method}${isExact ? '' : ', estimated'}:`,
    facts: { encoding: counted.encoding, model: counted.model ?? null },
    tables: [
      {
        name: 'rows',
        columns: [
          { key: 'file', title: 'File', yields: 0 },
          { key: 'tokens', title: 'Tokens', yields: 0 },
          { key: 'low', title: 'Low', yields: 2, ...only },
          { key: 'high', title: 'High', yields: 2, ...only },
          { key: 'source', title: 'Source', yields: 3 },
        ],
        rows: files.map(({ file, tokens, low, high, source }) => [
          { kind: 'text', value: file },
          count(tokens),
          count(low),
          count(high),
          { kind: 'text', value: source },
        ]),
        totals: [
          { kind: 'absent', label: 'total' },
          sum('tokens'),
          sum('low'),
          sum('high'),
          { kind: 'absent', label: '' },
        ],
      },
    ],
    notes: notes.map((message) => ({ code: 'counting', message })),
  };
}
