import type { Finding } from '../finding.ts';
import { splitFrontMatter } from './front-matter.ts';
import type { Located } from './located.ts';
import { readStructured } from './structured-text.ts';

/** A file's header as values, and the template below it. */
export type HeaderAndBody =
  | {
      readonly kind: 'read';
      /** Absent where the file has none. */
      readonly header: Located | undefined;
      readonly body: string;
      readonly bodyLine: number;
    }
  | { readonly kind: 'broken'; readonly finding: Finding };

/** Reads front matter of YAML, with `comments` after lines that begin with `#`. */
export function readHeader(
  text: string,
  file: string,
  options: { readonly comments?: boolean } = {},
): HeaderAndBody {
  const parts = splitFrontMatter(text, options);
  if (parts.kind === 'unclosed')
    return {
      kind: 'broken',
      finding: {
        level: 'error',
        code: 'front-matter',
        message: 'the front matter that --- opens is not closed by a line of ---',
        origin: { file, line: parts.line },
      },
    };
  const { body, bodyLine } = parts;
  if (parts.kind === 'none') return { kind: 'read', header: undefined, body, bodyLine };
  const read = readStructured('yaml', parts.header, file, parts.headerLine);
  return read.kind === 'broken' ? read : { kind: 'read', header: read.value, body, bodyLine };
}
