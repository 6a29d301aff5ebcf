import type { Adapter } from '../adapters/contract/adapter.ts';
import type { DirectLines } from './direct-lines.ts';
import type { FormatFinder } from './format-finder.ts';
import { MarkerSearch } from './marker-search.ts';
import type { ReadingTally } from './noted-counts.ts';
import type { Glance } from './records.ts';
import { valueEnd } from './plain-json.ts';
import type { Line, LineBytes } from './split-lines.ts';

/** Is done with lines of one source that are like others before, or whose bytes prove that they hold no usage. */
export class LineGlance implements Glance {
  /** Whether events that were collected have to be handed over. */
  readonly isFull: () => boolean;
  readonly #finder: FormatFinder;
  readonly #tally: ReadingTally;
  readonly #direct: Pick<DirectLines, 'read' | 'readUnasked'> | undefined;
  #adapter: Adapter | undefined;
  #search: MarkerSearch | undefined;

  constructor(
    finder: FormatFinder,
    tally: ReadingTally,
    direct: Pick<DirectLines, 'read' | 'readUnasked'> | undefined,
    isFull: () => boolean,
  ) {
    [this.#finder, this.#tally, this.#direct, this.isFull] = [finder, tally, direct, isFull];
  }

  isDone({ place, number }: Line): boolean {
    const adapter = this.#finder.current();
    if (place === undefined) return false;
    if (adapter === undefined) return this.#isReadUnasked(place, number);
    if (this.#direct?.read(adapter, place, number) === true) return true;
    if (adapter !== this.#adapter) {
      this.#adapter = adapter;
      this.#search = adapter.skim === undefined ? undefined : new MarkerSearch(adapter.skim.marker);
    }
    if (this.#search === undefined || this.#search.isIn(place)) return false;
    const reason = adapter.skim?.reasonOf(place.chunk, place.from, place.to);
    if (reason === undefined || !isWhole(place)) return false;
    this.#tally.skipped(reason);
    return true;
  }

  #isReadUnasked(place: LineBytes, number: number): boolean {
    const found = this.#direct?.readUnasked(place, number);
    if (found !== undefined) this.#finder.found(found);
    return found !== undefined;
  }
}

/** Longer lines are prompts and tool results; whether all in between is valid JSON is not looked at. */
const SHORT = 1024;

const isWhole = ({ chunk, from, to }: LineBytes): boolean =>
  to - from >= SHORT || valueEnd(chunk, from) === to;
