import { renderTerminal } from '../../render/terminal.ts';
import type { Cell, Table } from '../../reports/answer.ts';
import { quantityText, sideDollars, signedDollars, tokensText } from '../amounts.ts';
import type { PromptChange, Side, SourcedText } from '../comparison-result.ts';
import type { DiffOutput } from './diff-output.ts';
import { isWorthShowing } from './sentences.ts';

/** For a screen, below the table: each step of each change, and the numbers that it rests on. */
export const whyOutput: DiffOutput = (result, options) =>
  result.verdict === 'error'
    ? ''
    : renderTerminal(
        {
          schema: 'aicost.diff/1',
          facts: {},
          tables: result.prompts.filter(isWorthShowing).map(promptTable),
          notes: result.policy.limits.map((limit) => ({
            code: 'limit',
            message: `limit: ${limit}`,
          })),
        },
        options,
      );

const promptTable = (prompt: PromptChange): Table => ({
  name: prompt.id,
  title: prompt.id,
  columns: [
    { key: 'what', title: 'What', yields: 0, wraps: true },
    { key: 'base', title: 'Base', yields: 1, wraps: true },
    { key: 'head', title: 'Head', yields: 0, wraps: true },
  ],
  rows: [
    both(prompt, 'model', ({ model }) => model ?? '?'),
    both(prompt, 'tokens in', (side) => `${tokensText(side)} ${howCounted(side)}`),
    both(prompt, 'stable prefix', prefixText),
    both(prompt, 'calls a month', ({ calls_per_month }) => sourced(calls_per_month)),
    both(prompt, 'tokens out', ({ output_tokens }) => sourced(output_tokens)),
    both(prompt, 'per call', (side) => sideDollars(side, side.per_call_usd)),
    both(prompt, 'a call at p95', (side) => sideDollars(side, side.per_call_p95_usd)),
    both(prompt, 'per month', (side) => sideDollars(side, side.monthly_usd)),
    ...prompt.causes.map(({ cause, detail, delta_usd }) => [
      text(detail === null ? cause : `${cause} ${detail}`),
      text(''),
      text(signedDollars(delta_usd)),
    ]),
    ...apart('edited assumptions', prompt.assumptions_usd),
    ...apart('price drift', prompt.prices_usd),
  ],
});

const both = (
  { base, head }: PromptChange,
  what: string,
  of: (side: Side) => string,
): readonly Cell[] => [
  text(what),
  text(base === null ? '—' : of(base)),
  text(head === null ? '—' : of(head)),
];

const apart = (what: string, amount: string | null): readonly (readonly Cell[])[] =>
  amount === null || amount === '0' ? [] : [[text(what), text(''), text(signedDollars(amount))]];

/** Only imported counts are a provider's own; no tokens at all are exact by themselves. */
const howCounted = ({ tokens_source, tokens_in }: Side): string =>
  tokens_source === 'exact' && tokens_in > 0 ? 'exact, .aicost/counts.json' : tokens_source;

const prefixText = ({ prefix_tokens, cache_minimum }: Side): string =>
  `${prefix_tokens.toLocaleString('en-US')}${cache_minimum === null ? ', nothing cached' : `, cached from ${cache_minimum.toLocaleString('en-US')}`}`;

const sourced = (number: SourcedText | null): string =>
  number === null ? '?' : `${quantityText(number.value)} ${number.source}, ${number.from}`;

const text = (value: string): Cell => ({ kind: 'text', value });
