/** Where in a user's file something stands. Lines and columns count from 1. */
export interface Origin {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}
