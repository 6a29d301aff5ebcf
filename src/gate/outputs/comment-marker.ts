import type { DiffResult } from '../comparison-result.ts';

/** What the first line of a comment says about it. */
export interface CommentMark {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly validAt: string;
}

/** The hidden first line by which a later run finds its comment, and sees whether it is newer. */
export function markerLine(result: DiffResult): string {
  const head = result.verdict === 'error' ? '' : ` head=${wordOf(result.head.commit ?? '')}`;
  return `<!-- aicost:diff id=${wordOf(result.id)} valid-at=${wordOf(result.valid_at)}${head} -->`;
}

/** The mark of a comment's text; `undefined` when it is none of aicost's. */
export function markOf(body: string): CommentMark | undefined {
  const match = /^<!-- aicost:diff id=(\S{1,200}) valid-at=(\S{1,40})[^\n]*-->/.exec(body);
  if (match === null) return undefined;
  const [, id = '', validAt = ''] = match;
  return { id, validAt };
}

/** An id as it stands in a marker: one word that cannot end the hidden line. */
export const wordOf = (text: string): string =>
  text
    .replace(/[^\w.:/-]/g, '_')
    .replaceAll('--', '-_')
    .slice(0, 200);
