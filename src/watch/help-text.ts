import { textWidth } from '../render/text-width.ts';
import type { Area } from './areas.ts';
import { type Line, piece, type Tone } from './lines.ts';

const KEYS: readonly (readonly [keys: string, what: string])[] = [
  ['↑ ↓', 'choose a row'],
  ['← →', 'by feature, team, model, customer, key, run'],
  ['enter', 'open a row: its models, runs, dearest calls'],
  ['esc', 'back; clears the filter'],
  ['tab', 'next panel'],
  ['/', 'show only what holds a text'],
  ['t', 'this hour, today, 7 days, month'],
  ['u', 'cost, tokens, requests'],
  ['p', 'pause; reading goes on'],
  ['q', 'quit'],
];

const MARKS: readonly string[] = [
  '~$  some of it has no price    —  none of it has',
  '▲▼  this hour so far against what the same',
  '    hour of 4 weeks had by then (median)',
];

/** What the keys do, and what the marks mean; in few words where there is little room. */
export const helpLines = ({ width, height }: Area): readonly Line[] =>
  height < KEYS.length
    ? packed(HINTS, width)
    : [
        ...KEYS.map(([keys, what]): Line => [piece(keys.padEnd(7), 'strong'), piece(what)]),
        [],
        ...MARKS.map((text): Line => [piece(text, 'faint')]),
      ];

const HINTS = [
  'q quit',
  '? help',
  '↑↓ choose',
  'enter open',
  '←→ by',
  't span',
  'u units',
  '/ filter',
  'p pause',
  'tab panel',
  'esc back',
];

/** As many of the keys as fit on one line. */
export const hintLine = (width: number): Line => packed(HINTS, width, 'faint')[0] ?? [];

/** Words on as few lines as hold them whole. */
function packed(words: readonly string[], width: number, tone: Tone = 'plain'): readonly Line[] {
  const lines: string[] = [];
  for (const word of words) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)}  ${word}`;
    if (lines.length > 0 && textWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.map((text) => [piece(text, tone)]);
}
