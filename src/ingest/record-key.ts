import { hash } from 'node:crypto';

/** Gives records without an id of their own a key from their text. */
export interface RecordKeys {
  /** The same text gets the same key in every file; its second occurrence in one file gets another. */
  keyOf(text: string): string;
  /** Counts a record that was read before a resume. */
  recount(text: string): void;
}

/** Keys for one file. Two equal lines of a file are two calls; the same line of a copied file is not a third. */
export function createRecordKeys(): RecordKeys {
  const seen = new Map<number, number>();
  const occurrence = (digest: string): number => {
    const short = Number.parseInt(digest.slice(0, 13), 16);
    const count = (seen.get(short) ?? 0) + 1;
    seen.set(short, count);
    return count;
  };
  const digestOf = (text: string): string => hash('sha256', text, 'hex');
  return {
    keyOf(text) {
      const digest = digestOf(text);
      const count = occurrence(digest);
      return `sha256:${digest.slice(0, 32)}${count === 1 ? '' : `#${count}`}`;
    },
    recount: (text) => void occurrence(digestOf(text)),
  };
}
