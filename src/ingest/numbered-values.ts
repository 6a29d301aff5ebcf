import { CommonValues, type ValueList } from './common-values.ts';

/** Instead of the number of values that have none. */
export const UNKNOWN = -1;

/** Most numbers that are given: lists of values that are new on every line are not worth more. */
const MOST_NUMBERS = 100_000;

/**
 * Gives numbers from 1 on to values that lines have in common: to each list of them, and to each sequence of lists.
 * 0 is the number of no values.
 */
export class NumberedValues {
  readonly #lists = new CommonValues();
  readonly #sequences = new Map<number, number>();
  #given = 0;

  /** Whether no number is left. */
  get isFull(): boolean {
    return this.#given >= MOST_NUMBERS;
  }

  /** The number of a list of values; a new one if it `learns`, else UNKNOWN. */
  numberOf(values: ValueList, learns: boolean): number {
    if (values.count === 0) return 0;
    const known = this.#lists.find(values);
    if (known >= 0) return known;
    if (!learns || this.isFull || !this.#lists.learn(values, this.#given + 1)) return UNKNOWN;
    return ++this.#given;
  }

  /** The number of a list behind others that have a number, both not UNKNOWN; a new one if it `learns`, else UNKNOWN. */
  behind(before: number, list: number, learns: boolean): number {
    if (before === 0) return list;
    if (list === 0) return before;
    const key = before * MOST_NUMBERS * 2 + list;
    const known = this.#sequences.get(key);
    if (known !== undefined) return known;
    if (!learns || this.isFull) return UNKNOWN;
    this.#sequences.set(key, ++this.#given);
    return this.#given;
  }
}
