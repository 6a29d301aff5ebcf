import type { LineBytes } from './split-lines.ts';

/** Where reading may go on: bytes read, and the lines that end within them. */
export interface Position {
  readonly offset: number;
  readonly lines: number;
}

/** One record of a source, or why the text at its place is none. */
export type SourceRecord =
  | {
      readonly kind: 'record';
      readonly value: unknown;
      /** The record's own text, for the identity of records that carry no id. */
      readonly text: string;
      /** Where a line of its own stands, valid until the next batch is asked for. */
      readonly place?: LineBytes | undefined;
      readonly line: number;
      /** The place behind this record; absent where a resume has to start over. */
      readonly after?: Position | undefined;
    }
  | {
      readonly kind: 'rejected';
      readonly reason: string;
      readonly line: number;
      readonly after?: Position | undefined;
    }
  /** Lines that were done with at a glance, one behind the other. */
  | {
      readonly kind: 'glanced';
      readonly lines: number;
      /** The last of them. */
      readonly line: number;
      readonly after: Position;
    }
  /** A last line that is still being written: not read, not an error, read again next time. */
  | { readonly kind: 'unfinished'; readonly line: number };
