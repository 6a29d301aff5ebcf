import { NO_RANK } from './vocabulary.ts';

/** Places by rank; the lowest rank is taken first, with its places in order. */
export class RankQueue {
  private readonly lists = new Map<number, number[]>();
  /** The ranks that have a list, as a binary heap. */
  private readonly heap: number[] = [];

  /** Notes a place, which need not come in order. */
  add(rank: number, place: number): void {
    const list = this.lists.get(rank);
    if (list !== undefined) list.push(place);
    else {
      this.lists.set(rank, [place]);
      this.rise(rank);
    }
  }

  /** The lowest rank with its places from left to right, which are then forgotten; `undefined` when none is left. */
  takeLowest(): { readonly rank: number; readonly places: Int32Array } | undefined {
    const rank = this.heap[0];
    if (rank === undefined) return undefined;
    this.sink(this.heap.pop() ?? rank);
    const places = Int32Array.from(this.lists.get(rank) ?? []);
    this.lists.delete(rank);
    return { rank, places: places.sort() };
  }

  private rise(rank: number): void {
    const { heap } = this;
    let at = heap.length;
    for (; at > 0; at = (at - 1) >> 1) {
      const above = heap[(at - 1) >> 1] ?? 0;
      if (above <= rank) break;
      heap[at] = above;
    }
    heap[at] = rank;
  }

  /** Puts a rank in the place of the one on top, which is gone. */
  private sink(rank: number): void {
    const { heap } = this;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = at * 2 + 1;
      if (left >= heap.length) break;
      const child = (heap[left + 1] ?? NO_RANK) < (heap[left] ?? NO_RANK) ? left + 1 : left;
      const below = heap[child] ?? NO_RANK;
      if (below >= rank) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = rank;
  }
}
