import type { Piece } from '../rendering/output.ts';

/** Stands for a piece that only a size is known of, so that places in a text are places in its pieces. */
const SIZED = '\uFFFC';

/** The text of pieces one after another, with one character for each that has only a size. */
export const textOfPieces = (pieces: readonly Piece[]): string =>
  pieces.map((piece) => (piece.kind === 'text' ? piece.text : SIZED)).join('');

/** As `textOfPieces`, with a blank for each character that a variable printed: what only the template itself says. */
export const templateTextOf = (pieces: readonly Piece[]): string =>
  pieces
    .map((piece) =>
      piece.kind === 'text'
        ? piece.variable === undefined
          ? piece.text
          : '\0'.repeat(piece.text.length)
        : '\0',
    )
    .join('');

/** Whether pieces hold nothing but blanks. */
export const areBlank = (pieces: readonly Piece[]): boolean =>
  pieces.every((piece) => piece.kind === 'text' && piece.text.trim() === '');

/** The pieces of a stretch of their text, which begins at `start` and ends before `end`. */
export function slicePieces(
  pieces: readonly Piece[],
  start: number,
  end: number,
): readonly Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const piece of pieces) {
    const length = piece.kind === 'text' ? piece.text.length : SIZED.length;
    const from = Math.max(start - at, 0);
    const to = Math.min(end - at, length);
    if (from < to)
      found.push(piece.kind === 'text' ? { ...piece, text: piece.text.slice(from, to) } : piece);
    at += length;
  }
  return found;
}

/** Pieces without the blanks before and after their text. */
export function trimPieces(pieces: readonly Piece[]): readonly Piece[] {
  const text = textOfPieces(pieces);
  const start = text.length - text.trimStart().length;
  return slicePieces(pieces, start, Math.max(start, text.trimEnd().length));
}
