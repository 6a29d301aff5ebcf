import type { Finding } from '../finding.ts';
import type { Content, ImageSource, Message, RenderedPrompt } from '../prompt.ts';
import type { Template } from '../rendering/engine.ts';
import type { Output } from '../rendering/output.ts';
import type { Values } from '../rendering/values.ts';
import { contentOfPieces } from './data-urls.ts';
import { renderedPrompt } from './rendered-prompt.ts';

/** A part of a message before variables are filled in. */
export type PartTemplate =
  | { readonly kind: 'text'; readonly template: Template }
  | { readonly kind: 'image'; readonly source: ImageSource; readonly detail?: string }
  /** An image whose URL a template prints; `sourceOf` says where it is. */
  | {
      readonly kind: 'image-url';
      readonly template: Template;
      readonly sourceOf: (url: string) => ImageSource;
      readonly detail?: string;
    }
  | { readonly kind: 'unresolved'; readonly what: string };

/** A message before variables are filled in. */
export interface MessageTemplate {
  readonly role: string;
  readonly name?: string;
  /** Said by the format itself; otherwise told by `withExamples`. */
  readonly example?: boolean;
  readonly parts: readonly PartTemplate[];
  readonly cacheBreakpoint?: { readonly ttl?: string };
}

/** Names of the variables that messages mention, sorted. */
export const variablesOf = (messages: readonly MessageTemplate[]): readonly string[] =>
  [...new Set(messages.flatMap(({ parts }) => parts.flatMap(mentioned)))].toSorted();

const mentioned = (part: PartTemplate): readonly string[] =>
  part.kind === 'text' || part.kind === 'image-url' ? part.template.variables : [];

/** Fills in variables. Messages keep their order; those that say nothing are left out. */
export const renderMessages = (
  path: string,
  messages: readonly MessageTemplate[],
  values: Values,
): RenderedPrompt =>
  renderedPrompt(path, (output) => {
    const findings: Finding[] = [];
    const rendered = withExamples(messages).map(
      ({ role, name, example, parts, cacheBreakpoint }): Message => ({
        role,
        example,
        content: parts.flatMap((part) => contentOf(part, values, output, findings)),
        ...(name === undefined ? {} : { name }),
        ...(cacheBreakpoint === undefined ? {} : { cacheBreakpoint }),
      }),
    );
    return { messages: rendered.filter(({ content }) => content.length > 0), findings };
  });

function contentOf(
  part: PartTemplate,
  values: Values,
  output: Output,
  findings: Finding[],
): readonly Content[] {
  switch (part.kind) {
    case 'text':
      findings.push(...part.template.render(values, output));
      return contentOfPieces(output.take());
    case 'image':
    case 'unresolved':
      return [part];
    case 'image-url': {
      findings.push(...part.template.render(values, output));
      const pieces = output.take();
      const url = pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');
      const { detail, sourceOf } = part;
      return [
        { kind: 'image', source: sourceOf(url), ...(detail === undefined ? {} : { detail }) },
      ];
    }
  }
}

/**
 * Marks what is told by example: messages named `example_…` as OpenAI advises, and pairs of a user and an
 * assistant that hold no variable and are followed by another message of a user.
 */
function withExamples(
  messages: readonly MessageTemplate[],
): readonly (MessageTemplate & { readonly example: boolean })[] {
  const lastUser = messages.findLastIndex(({ role }) => role === 'user');
  const isWritten = (message: MessageTemplate | undefined, role: string): boolean =>
    message?.role === role && message.parts.length > 0 && variablesOf([message]).length === 0;
  const isPair = (index: number): boolean =>
    index + 1 < lastUser &&
    isWritten(messages[index], 'user') &&
    isWritten(messages[index + 1], 'assistant');
  return messages.map((message, index) => ({
    ...message,
    example:
      message.example ??
      (message.name?.startsWith('example_') === true || isPair(index) || isPair(index - 1)),
  }));
}
