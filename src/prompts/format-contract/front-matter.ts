/** A text taken apart at its front matter. */
export type FrontMatter =
  | {
      readonly kind: 'found';
      readonly header: string;
      /** Line of the file that the header begins in. */
      readonly headerLine: number;
      readonly body: string;
      readonly bodyLine: number;
    }
  | { readonly kind: 'none'; readonly body: string; readonly bodyLine: 1 }
  /** `---` opens it in that line, and nothing closes it. */
  | { readonly kind: 'unclosed'; readonly line: number };

interface Line {
  readonly content: string;
  /** Its number in the file, and where it begins and the next one does. */
  readonly number: number;
  readonly start: number;
  readonly next: number;
}

/**
 * Takes YAML between two lines of `---` off the beginning of a text. Lines before the first may only be empty
 * or, with `comments`, begin with `#` (a licence). A byte order mark before them is dropped.
 */
export function splitFrontMatter(
  text: string,
  options: { readonly comments?: boolean } = {},
): FrontMatter {
  let opened: Line | undefined;
  for (const line of linesOf(text)) {
    const isFence = /^---[ \t]*$/.test(line.content);
    if (opened !== undefined && isFence)
      return {
        kind: 'found',
        header: text.slice(opened.next, line.start),
        headerLine: opened.number + 1,
        body: text.slice(line.next),
        bodyLine: line.number + 1,
      };
    if (opened !== undefined) continue;
    if (isFence) opened = line;
    else if (!passes(line.content, options.comments === true)) break;
  }
  return opened === undefined
    ? { kind: 'none', body: text, bodyLine: 1 }
    : { kind: 'unclosed', line: opened.number };
}

const passes = (content: string, comments: boolean): boolean =>
  content.trim() === '' || (comments && content.startsWith('#'));

function* linesOf(text: string): Generator<Line> {
  let start = text.startsWith('\uFEFF') ? 1 : 0;
  for (let number = 1; start < text.length; number += 1) {
    const end = text.indexOf('\n', start);
    const next = end < 0 ? text.length : end + 1;
    const content = text.slice(start, end < 0 ? next : end).replace(/\r$/, '');
    yield { content, number, start, next };
    start = next;
  }
}
