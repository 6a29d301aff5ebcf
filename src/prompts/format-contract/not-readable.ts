/** Deepest nesting of a JSON or YAML file. */
export const DEEPEST = 200;

/** Thrown where a text is not of its format. */
export class NotReadable extends Error {
  override readonly name = 'NotReadable';
  readonly line: number;
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(message);
    this.line = line;
    this.column = column;
  }
}
