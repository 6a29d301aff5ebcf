/** A map whose keys are known from the start and whose values are made when they are first asked for. */
export class LazyMap<Key, Value> implements ReadonlyMap<Key, Value> {
  readonly #makers: ReadonlyMap<Key, () => Value>;
  readonly #made = new Map<Key, Value>();

  /** `makers` says how each value is made; each is called at most once, unless it throws. */
  constructor(makers: ReadonlyMap<Key, () => Value>) {
    this.#makers = makers;
  }

  get size(): number {
    return this.#makers.size;
  }

  has(key: Key): boolean {
    return this.#makers.has(key);
  }

  get(key: Key): Value | undefined {
    const make = this.#makers.get(key);
    if (make === undefined) return undefined;
    const present = this.#made.get(key);
    if (present !== undefined) return present;
    const value = make();
    this.#made.set(key, value);
    return value;
  }

  keys(): MapIterator<Key> {
    return this.#makers.keys();
  }

  *values(): MapIterator<Value> {
    for (const [, value] of this) yield value;
  }

  entries(): MapIterator<[Key, Value]> {
    return this[Symbol.iterator]();
  }

  forEach(each: (value: Value, key: Key, map: ReadonlyMap<Key, Value>) => void): void {
    for (const [key, value] of this) each(value, key, this);
  }

  *[Symbol.iterator](): MapIterator<[Key, Value]> {
    for (const key of this.#makers.keys()) {
      const value = this.get(key);
      if (value !== undefined) yield [key, value];
    }
  }
}
