import type { Content } from '../prompt.ts';
import type { Piece } from '../rendering/output.ts';

/** An image inside of a text. Shorter ones are examples of how such a URL begins. */
const IMAGE = /data:image\/[a-z+.-]{1,40};base64,[A-Za-z0-9+/=]{64,}/g;

/** Rendered text as content: images that are written into it as data URLs are images, never text. */
export function contentOfPieces(pieces: readonly Piece[]): readonly Content[] {
  const content: Content[] = [];
  let text: Piece[] = [];
  const flush = (): void => {
    if (text.length > 0) content.push({ kind: 'text', pieces: text });
    text = [];
  };
  for (const piece of pieces) {
    if (piece.kind === 'sized') {
      text.push(piece);
      continue;
    }
    let from = 0;
    for (const { 0: url, index } of piece.text.matchAll(IMAGE)) {
      if (index > from) text.push({ ...piece, text: piece.text.slice(from, index) });
      flush();
      content.push({ kind: 'image', source: { kind: 'data', url } });
      from = index + url.length;
    }
    if (from === 0) text.push(piece);
    else if (from < piece.text.length) text.push({ ...piece, text: piece.text.slice(from) });
  }
  flush();
  return content;
}
