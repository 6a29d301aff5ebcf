/** Lets work begin, in the order it came, while no more than so much of it is going on. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

/** Turns for work of which at most `most` goes on at a time. */
export function turns(most: number): Turns {
  let free = most;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((begin) => waiting.push(begin));
    try {
      return await work();
    } finally {
      const begin = waiting.shift();
      if (begin === undefined) free += 1;
      else begin();
    }
  };
}
