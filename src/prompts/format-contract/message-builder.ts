import type { Content, Message } from '../prompt.ts';
import type { Output, Piece } from '../rendering/output.ts';
import { contentOfPieces } from './data-urls.ts';
import { areBlank, trimPieces } from './pieces.ts';

/** Collects the messages of a template that says in its text where a role begins. */
export interface MessageBuilder {
  /** What is printed from here on is said by `role`. */
  readonly begin: (role: string) => void;
  /** Adds what is no text, after what was printed so far. */
  readonly add: (content: Content) => void;
  /** Every message that says something. */
  readonly finish: () => readonly Message[];
}

/**
 * Messages of what is printed to an output. Text is kept as it is, blanks before a first role included, or, with
 * `trimmed`, without the blanks around it. Text of blanks only is no content.
 */
export function openMessages(
  output: Output,
  { role: first, trimmed = false }: { readonly role: string; readonly trimmed?: boolean },
): MessageBuilder {
  const messages: Message[] = [];
  let role = first;
  let content: Content[] = [];
  let waiting: readonly Piece[] = [];
  const takeText = (): void => {
    const pieces = [...waiting, ...output.take()];
    waiting = areBlank(pieces) ? pieces : [];
    if (waiting.length === 0 && pieces.length > 0)
      content.push(...contentOfPieces(trimmed ? trimPieces(pieces) : pieces));
  };
  const close = (): void => {
    takeText();
    if (content.length === 0) return;
    messages.push({ role, example: false, content });
    content = [];
    waiting = [];
  };
  return {
    begin(next) {
      close();
      role = next;
    },
    add(part) {
      takeText();
      waiting = [];
      content.push(part);
    },
    finish() {
      close();
      return messages;
    },
  };
}
