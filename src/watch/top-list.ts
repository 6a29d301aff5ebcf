import { bar } from '../render/bars.ts';
import { cleanText } from '../render/clean-text.ts';
import { shareDisplay } from '../render/ratio-display.ts';
import { type Amount, inUnit, type Unit } from './amount.ts';
import { listLines } from './columns.ts';
import { type Line, piece, type Piece, type Tone } from './lines.ts';
import type { TopRow } from './snapshot.ts';
import { amountTexts, changeText, UNIT_WORDS } from './texts.ts';

/** How a list of rows is shown. */
export interface TopView {
  readonly unit: Unit;
  /** What all rows share: the whole that a share is of. */
  readonly whole: Amount;
  readonly width: number;
  readonly height: number;
  /** What the names are of; without it the list has no line of heads. */
  readonly heads?: string;
  /** The line that is chosen, counted from the first row; none where the list is not to be moved in. */
  readonly selected?: number;
  readonly empty: string;
}

/** Rows with their share and how this hour compares with what is usual, those around the chosen one. */
export function topLines(rows: readonly TopRow[], view: TopView): readonly Line[] {
  const { unit, whole, width, selected, empty, heads } = view;
  const height = heads === undefined ? view.height : view.height - 1;
  const head = (text: string): { readonly head?: string } =>
    heads === undefined ? {} : { head: text };
  if (rows.length === 0) return [[piece(empty, 'faint')]];
  const from = firstShown(selected ?? 0, rows.length, height);
  const shown = rows.slice(from, from + height);
  const toneOf = (index: number): Tone => (from + index === selected ? 'strong' : 'plain');
  const cells = (texts: readonly string[], tones?: (text: string) => Tone): readonly Piece[] =>
    texts.map((text, index) => piece(text, tones?.(text) ?? toneOf(index)));
  const share = (row: TopRow): { readonly part: bigint; readonly whole: bigint } => ({
    part: inUnit(row.amount, unit),
    whole: inUnit(whole, unit),
  });
  const amounts = amountTexts(
    rows.map(({ amount }) => amount),
    unit,
  ).slice(from, from + height);
  return listLines(
    [
      {
        cells: cells(shown.map((_, index) => (from + index === selected ? '>' : ' '))),
        align: 'left',
        yields: 0,
      },
      {
        cells: cells(shown.map(({ name }) => (name === null ? '(untagged)' : cleanText(name)))),
        align: 'left',
        yields: 0,
        least: 10,
        ...head(heads ?? ''),
      },
      { cells: cells(amounts), align: 'right', yields: 0, ...head(UNIT_WORDS[unit]) },
      {
        cells: cells(shown.map((row) => shareDisplay(share(row).part, share(row).whole) ?? '—')),
        align: 'right',
        yields: 1,
        ...head('Share'),
      },
      {
        cells: shown.map((row) => piece(bar({ kind: 'share', ...share(row) }, true))),
        align: 'left',
        yields: 3,
      },
      {
        cells: cells(
          shown.map(({ hour, usual }) => changeText(hour, usual, unit)),
          (text) => (text.startsWith('▲') ? 'warning' : 'plain'),
        ),
        align: 'right',
        yields: 2,
        ...head('This hour'),
      },
    ],
    width,
  );
}

/** The first row to show, so that the chosen one is among them. */
function firstShown(selected: number, rows: number, height: number): number {
  if (selected < height) return 0;
  return Math.max(0, Math.min(selected - height + 1, rows - height));
}
