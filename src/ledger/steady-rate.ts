import type { Rater } from '../domain/rate-book.ts';
import type { Rating } from '../domain/rating.ts';

/**
 * The rate that the calls of a sku have got for a while: most calls of a log have that of the call before them,
 * which time and counts tell without making a call an object and asking its card.
 */
export class SteadyRate {
  readonly #steady: Rater['steady'];
  readonly #idOf: (rating: Rating) => number;
  #rating: Rating | undefined;
  /** Not asked for before a call has it, since asking writes it down. */
  #id: number | undefined;
  /** It holds from `start`, before `end`, below so many tokens of a prompt, and up to so many of a meter: none where that has no price. */
  #start = 0;
  #end = 0;
  #promptBelow = 0;
  #mostInput = 0;
  #mostCacheRead = 0;
  #mostCacheWrite = 0;
  #mostCacheWrite5m = 0;
  #mostCacheWrite1h = 0;
  #mostOutput = 0;

  constructor(steady: Rater['steady'], idOf: (rating: Rating) => number) {
    this.#steady = steady;
    this.#idOf = idOf;
  }

  /**
   * The id of the rate of a call that used nothing but these, NaN for a time that is not known; `undefined` where
   * the call itself has to be looked at.
   */
  of(
    time: number,
    input: number,
    cacheRead: number,
    cacheWrite: number,
    cacheWrite5m: number,
    cacheWrite1h: number,
    output: number,
  ): number | undefined {
    if (Number.isNaN(time)) return undefined;
    if (time < this.#start || time >= this.#end) this.#lookAt(time);
    if (
      this.#rating === undefined ||
      input + cacheRead + cacheWrite + cacheWrite5m + cacheWrite1h >= this.#promptBelow ||
      input > this.#mostInput ||
      cacheRead > this.#mostCacheRead ||
      cacheWrite > this.#mostCacheWrite ||
      cacheWrite5m > this.#mostCacheWrite5m ||
      cacheWrite1h > this.#mostCacheWrite1h ||
      output > this.#mostOutput
    )
      return undefined;
    return (this.#id ??= this.#idOf(this.#rating));
  }

  #lookAt(time: number): void {
    const { start, end, promptBelow, rating } = this.#steady?.(time) ?? NOTHING_STEADY;
    const most = (meter: string): number =>
      rating?.kind !== 'rated' || rating.rate.prices.has(meter) ? Infinity : 0;
    this.#rating = rating;
    this.#id = undefined;
    this.#start = start;
    this.#end = end;
    this.#promptBelow = promptBelow;
    this.#mostInput = most('input');
    this.#mostCacheRead = most('cache_read');
    this.#mostCacheWrite = most('cache_write@default');
    this.#mostCacheWrite5m = most('cache_write@5m');
    this.#mostCacheWrite1h = most('cache_write@1h');
    this.#mostOutput = most('output');
  }
}

const NOTHING_STEADY = { start: 0, end: 0, promptBelow: 0, rating: undefined };
