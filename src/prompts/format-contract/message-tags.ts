import { quote } from '../../errors.ts';
import type { Finding } from '../finding.ts';
import type { Content, Message } from '../prompt.ts';
import type { Piece } from '../rendering/output.ts';
import { contentOfPieces } from './data-urls.ts';
import { imageSourceOf } from './image-source.ts';
import { areBlank, slicePieces, templateTextOf, textOfPieces, trimPieces } from './pieces.ts';
import type { FormatContext } from './prompt-format.ts';

const MESSAGE = /<message\s[^>]{0,2000}>|<\/message\s{0,10}>/g;
const ROLE = /\srole\s{0,10}=/;
const PART = /<(\/?)(text|image)\s{0,10}>/g;

/**
 * Messages of a rendered text between tags `<message role="…">`, with `<text>` and `<image>` inside of them. A text
 * without such tags is one message of the user; a tag without a role is text like any other, as XML in an example is.
 * Only the template says tags, never a variable.
 */
export function messagesByTags(
  pieces: readonly Piece[],
  context: FormatContext,
): { readonly messages: readonly Message[]; readonly findings: readonly Finding[] } {
  const text = templateTextOf(pieces);
  const tags = [...text.matchAll(MESSAGE)].filter(([tag]) => tag[1] === '/' || ROLE.test(tag));
  if (!tags.some(([tag]) => tag[1] !== '/'))
    return {
      messages: areBlank(pieces)
        ? []
        : [{ role: 'user', example: false, content: contentOfPieces(pieces) }],
      findings: [],
    };
  const messages: Message[] = [];
  const findings: Finding[] = [];
  let role: string | undefined;
  let from = 0;
  const close = (end: number): void => {
    const inside = slicePieces(pieces, from, end);
    if (role !== undefined)
      messages.push({ role, example: false, content: contentOf(inside, context) });
    else if (!areBlank(inside))
      findings.push({
        level: 'warning',
        code: 'text-outside-roles',
        message: `text outside of every message is not sent: ${quote(textOfPieces(inside).trim())}`,
        origin: { file: context.path },
      });
  };
  for (const { 0: tag, index } of tags) {
    const closes = tag[1] === '/';
    if (closes && role === undefined) continue;
    close(index);
    from = index + tag.length;
    const written = textOfPieces(slicePieces(pieces, index, from));
    role = closes ? undefined : (/\srole\s*=\s*["']([^"']*)["']/.exec(written)?.[1] ?? 'user');
  }
  close(text.length);
  return { messages, findings };
}

function contentOf(pieces: readonly Piece[], { path, tree }: FormatContext): readonly Content[] {
  const content: Content[] = [];
  let from = 0;
  let isImage = false;
  const close = (end: number): void => {
    const inside = trimPieces(slicePieces(pieces, from, end));
    if (areBlank(inside)) return;
    if (isImage)
      content.push({ kind: 'image', source: imageSourceOf(textOfPieces(inside), path, tree) });
    else content.push(...contentOfPieces(inside.map(unescaped)));
  };
  const text = templateTextOf(pieces);
  for (const { 0: tag, 1: closing, 2: name, index } of text.matchAll(PART)) {
    close(index);
    from = index + tag.length;
    isImage = name === 'image' && closing === '';
  }
  close(text.length);
  return content;
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&apos;', "'"],
  ['&amp;', '&'],
]);

/** Text of the template is XML there; what variables print is sent as it is. */
const unescaped = (piece: Piece): Piece =>
  piece.kind === 'text' && piece.variable === undefined
    ? {
        ...piece,
        text: piece.text.replace(
          /&(?:lt|gt|quot|apos|amp);/g,
          (entity) => ENTITIES.get(entity) ?? entity,
        ),
      }
    : piece;
