import { cleanText } from '../render/clean-text.ts';
import { textWidth, truncateText } from '../render/text-width.ts';

/** How a piece of text looks where there are colours. It never says anything by its colour alone. */
export type Tone = 'plain' | 'strong' | 'faint' | 'warning' | 'good' | 'chosen';

/** A piece of a line in one tone. Its text is printable. */
export interface Piece {
  readonly text: string;
  readonly tone: Tone;
}

/** One line of the screen. */
export type Line = readonly Piece[];

/** A piece of our own text. */
export const piece = (text: string, tone: Tone = 'plain'): Piece => ({ text, tone });

/** A piece of a text from a log: nothing of it acts on the terminal. */
export const foreign = (text: string, tone: Tone = 'plain'): Piece => piece(cleanText(text), tone);

/** Columns that a line takes. */
export const lineWidth = (line: Line): number =>
  line.reduce((width, { text }) => width + textWidth(text), 0);

/** The line in exactly `width` columns: filled up with blanks, or cut at its end and marked. */
export function fitted(line: Line, width: number): Line {
  const fit: Piece[] = [];
  let left = width;
  for (const { text, tone } of line) {
    if (left <= 0) break;
    const shown = truncateText(text, left, '…');
    fit.push({ text: shown, tone });
    left -= textWidth(shown);
    if (shown !== text) break;
  }
  return left > 0 ? [...fit, piece(' '.repeat(left))] : fit;
}

/** Text on the left and on the right of a line; what is on the right goes first where both do not fit. */
export function ends(left: Line, right: Line, width: number): Line {
  const room = width - lineWidth(right);
  return room < lineWidth(left) + 1 ? fitted(left, width) : [...fitted(left, room), ...right];
}

/** A number or a word in so many columns, on their right side. */
export const right = (text: string, width: number): string =>
  `${' '.repeat(Math.max(0, width - textWidth(text)))}${text}`;

/** A text in exactly so many columns, on their left side. */
export function left(text: string, width: number): string {
  const shown = truncateText(text, width, '…');
  return `${shown}${' '.repeat(Math.max(0, width - textWidth(shown)))}`;
}
