/** Numbers that look random and are the same on every machine, since they are made of whole-number arithmetic alone (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** 0 up to 4,294,967,295. */
  word(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    return scrambled(this.#state);
  }

  /** A whole number from 0 up to `count`, which is left out. */
  below(count: number): number {
    return Math.floor((this.word() / 4_294_967_296) * count);
  }

  /** A whole number from the first up to the second, both possible. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** Whether something happens that happens so often in a thousand times. */
  perThousand(times: number): boolean {
    return this.below(1000) < times;
  }

  /** One of a list that has at least one. */
  of<T>(list: readonly T[]): T {
    const found = list[this.below(list.length)];
    if (found === undefined) throw new Error('nothing to choose from');
    return found;
  }

  /** So many hexadecimal digits. */
  hex(digits: number): string {
    let text = '';
    while (text.length < digits) text += this.word().toString(16).padStart(8, '0');
    return text.slice(0, digits);
  }
}

function scrambled(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 15), 1 | word);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return (mixed ^ (mixed >>> 14)) >>> 0;
}

/** Chooses ranks from 1 to `count` by Zipf's law: the second half as often as the first, the tenth a tenth. */
export function zipf(count: number): (dice: Dice) => number {
  const upTo = new Float64Array(count);
  let sum = 0;
  for (let rank = 1; rank <= count; rank += 1) upTo[rank - 1] = sum += 1 / rank;
  return (dice) => {
    const wanted = (dice.word() / 4_294_967_296) * sum;
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((upTo[middle] ?? 0) <= wanted) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}
