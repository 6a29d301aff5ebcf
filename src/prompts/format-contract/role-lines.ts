import type { Content, Message } from '../prompt.ts';
import type { Piece } from '../rendering/output.ts';
import type { Values } from '../rendering/values.ts';
import { contentOfPieces } from './data-urls.ts';
import { imageSourceOf } from './image-source.ts';
import { areBlank, slicePieces, templateTextOf, trimPieces } from './pieces.ts';
import type { FormatContext } from './prompt-format.ts';

/** Stands for a conversation or an image that no value is given for. */
const STAND_IN = '\uFFFC';

/** Values with something in the place of every conversation and image that nothing gives. */
export function withStandIns(values: Values, kinds: ReadonlyMap<string, string>): Values {
  const all = new Map(values);
  for (const name of kinds.keys()) if (!all.has(name)) all.set(name, { value: STAND_IN });
  return all;
}

/** No two stretches of blanks meet in it, so that a long line of blanks takes one pass. */
const ROLE_LINE =
  /^[ \t]*(?:#[ \t]*)?(system|user|assistant|developer|tool|function)(?:\[[^\]\n]{0,1000}\])?[ \t]*:[ \t]*\r?$/gim;

/**
 * Messages of a rendered text in which lines that name a role and nothing else (`user:`) begin one; text before the
 * first is the system's. Only the template says such lines, never a variable. `kinds` are the variables that stand
 * for an `image` or a `thread`.
 */
export function messagesByRoleLines(
  pieces: readonly Piece[],
  kinds: ReadonlyMap<string, string>,
  context: FormatContext,
): readonly Message[] {
  const text = templateTextOf(pieces);
  const messages: Message[] = [];
  let role = 'system';
  let from = 0;
  const close = (end: number): void => {
    const content = contentOf(trimPieces(slicePieces(pieces, from, end)), kinds, context);
    if (content.length > 0) messages.push({ role, example: false, content });
  };
  for (const { 0: line, 1: next = '', index } of text.matchAll(ROLE_LINE)) {
    close(index);
    role = next.toLowerCase();
    from = index + line.length;
  }
  close(text.length);
  return messages;
}

/** Text, with what variables that are no text stand for in its place: a `thread`, an `image`, another medium. */
export function contentOf(
  pieces: readonly Piece[],
  kinds: ReadonlyMap<string, string>,
  { path, tree }: FormatContext,
): readonly Content[] {
  const content: Content[] = [];
  let text: Piece[] = [];
  const close = (): void => {
    if (!areBlank(text)) content.push(...contentOfPieces(text));
    text = [];
  };
  for (const piece of pieces) {
    const kind = piece.variable === undefined ? undefined : kinds.get(piece.variable);
    const isStandIn = piece.kind === 'text' && piece.text === STAND_IN;
    if (kind === undefined || (kind === 'thread' && !isStandIn)) {
      text.push(piece);
      continue;
    }
    close();
    // Tokens that are assumed for a variable say nothing of an image.
    const url = piece.kind === 'sized' || isStandIn ? `{{${piece.variable}}}` : piece.text;
    if (kind === 'image') content.push({ kind: 'image', source: imageSourceOf(url, path, tree) });
    else
      content.push({
        kind: 'unresolved',
        what: kind === 'thread' ? 'the conversation so far' : `a file of type ${kind}`,
      });
  }
  close();
  return content;
}
