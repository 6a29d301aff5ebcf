/** How lines of a format that hold no usage are told from their bytes. */
export interface Skimming {
  /** ASCII that every line with usage holds, of three letters or more. */
  readonly marker: string;
  /**
   * Why `normalize` would skip a line without the marker that `recognizes` takes, if it is valid JSON; `undefined`
   * when it has to be parsed. The line is `bytes` from `from` to `to`.
   */
  readonly reasonOf: (bytes: Uint8Array, from: number, to: number) => string | undefined;
}
