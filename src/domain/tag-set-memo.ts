import { isCallTag, type Tagged } from './tags.ts';

/** Under this stand labels: no key of a tag has a control character. */
const LABEL = '\u0001';

/** Most steps and values that are remembered before all is forgotten. */
const REMEMBERED = 200_000;
/** More than there are values: a step and a value make one number. */
const RADIX = 1 << 20;

/**
 * The ids of tag sets by the tags in the order in which a source writes them, which is nearly always the
 * same: one step a tag from nothing to the whole, without building a text or sorting.
 */
export class TagSetMemo {
  readonly #values = new Map<string, Map<string, number>>();
  readonly #steps = new Map<number, number>();
  readonly #ids = new Map<number, number>();
  #valueCount = 0;

  /** The id of an event's tag set without the tags that `isApart`; `find` is asked once for each order of tags. */
  idOf(
    { tags, labels }: Tagged,
    find: () => number,
    isApart?: (key: string, value: string) => boolean,
  ): number {
    if (this.#valueCount >= REMEMBERED || this.#steps.size >= REMEMBERED) this.#forget();
    let at = 0;
    for (const key in tags) {
      const value = tags[key] ?? '';
      if (!isCallTag(key) && isApart?.(key, value) !== true) at = this.#step(at, key, value);
    }
    if (labels !== undefined) for (const label of labels) at = this.#step(at, LABEL, label);
    const known = this.#ids.get(at);
    if (known !== undefined) return known;
    const id = find();
    this.#ids.set(at, id);
    return id;
  }

  #step(from: number, key: string, value: string): number {
    let ofKey = this.#values.get(key);
    if (ofKey === undefined) this.#values.set(key, (ofKey = new Map<string, number>()));
    let number = ofKey.get(value);
    if (number === undefined) ofKey.set(value, (number = this.#valueCount += 1));
    const step = from * RADIX + number;
    const known = this.#steps.get(step);
    if (known !== undefined) return known;
    const next = this.#steps.size + 1;
    this.#steps.set(step, next);
    return next;
  }

  #forget(): void {
    this.#values.clear();
    this.#steps.clear();
    this.#ids.clear();
    this.#valueCount = 0;
  }
}
