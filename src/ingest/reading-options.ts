import { createHash } from 'node:crypto';
import type { Additions } from './source-reader.ts';

/** All that decides how a file is read, besides the file. */
export interface ReadingOptions {
  readonly adapter?: string;
  readonly mapped?: { readonly text: string };
  readonly additions: Additions;
}

/** How nearly everybody reads: formats are found, nothing is added. */
const PLAIN: ReadingOptions = { additions: { tags: {} } };

const textOf = ({ adapter, mapped, additions }: ReadingOptions): string =>
  JSON.stringify([adapter, mapped?.text, additions]);

const digestOf = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, 16);

/** The digest of the plain options; the build takes it, since loading Node's hashes takes 6 ms. */
export const digestOfPlain = (): string => digestOf(textOf(PLAIN));

/** Says in a few characters how files are read: a file that was read otherwise is read anew. */
export function optionsDigest(options: ReadingOptions): string {
  const text = textOf(options);
  return text === textOf(PLAIN) ? digestOfPlain() : digestOf(text);
}
