import { MOST_BYTES } from './stored-elsewhere.ts';

/** What `git cat-file --batch` says of one object. */
export type BatchAnswer =
  | { readonly kind: 'content'; readonly bytes: Uint8Array }
  | { readonly kind: 'too-large'; readonly size: number }
  | { readonly kind: 'missing' };

/**
 * Takes the output of `git cat-file --batch` apart, however it is cut: a line `ID TYPE SIZE`, that many bytes and a
 * line feed, or a line `ID missing` (https://git-scm.com/docs/git-cat-file, 2026-11-22). Contents over
 * MOST_BYTES are passed over without being held.
 */
export function batchAnswers(tell: (answer: BatchAnswer) => void): (chunk: Buffer) => void {
  let header = '';
  /** The content that is being read; undefined while a line is. */
  let content: { readonly size: number; readonly parts: Buffer[]; missing: number } | undefined;

  const line = (text: string): void => {
    const [, size] = /^\S+ \S+ (\d+)$/.exec(text) ?? [];
    if (size === undefined) tell({ kind: 'missing' });
    else content = { size: Number(size), parts: [], missing: Number(size) + 1 };
  };
  const finished = (size: number, parts: readonly Buffer[]): BatchAnswer => {
    if (size > MOST_BYTES) return { kind: 'too-large', size };
    const [only] = parts;
    // A small part would keep the whole chunk it was cut from alive.
    const whole =
      only !== undefined && parts.length === 1 ? Buffer.from(only) : Buffer.concat(parts);
    return { kind: 'content', bytes: whole.subarray(0, size) };
  };
  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (content === undefined) {
        const end = chunk.indexOf(10, at);
        header += chunk.toString('latin1', at, end === -1 ? chunk.length : end);
        if (end === -1) return;
        at = end + 1;
        line(header);
        header = '';
      } else {
        const part = chunk.subarray(at, at + content.missing);
        at += part.length;
        content.missing -= part.length;
        if (content.size <= MOST_BYTES) content.parts.push(part);
        if (content.missing === 0) {
          const { size, parts } = content;
          content = undefined;
          tell(finished(size, parts));
        }
      }
    }
  };
}
