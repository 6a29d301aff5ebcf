import { type Line, piece } from './lines.ts';

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
  '▲▼  this hour against what the same hour of',
  '    the last 4 weeks had by now (median)',
];

/** What the keys do, and what the marks mean. */
export const helpLines = (): readonly Line[] => [
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
];

/** As many of the keys as fit on one line. */
export function hintLine(width: number): Line {
  let text = '';
  for (const hint of HINTS) {
    const longer = text === '' ? hint : `${text}  ${hint}`;
    if (longer.length > width) break;
    text = longer;
  }
  return [piece(text, 'faint')];
}
