/** A map without JavaScript's limit of 2^24 entries, past which a Map throws. */
export interface BigMap<Key extends string | number, Value> {
  readonly get: (key: Key) => Value | undefined;
  readonly set: (key: Key, value: Value) => void;
  readonly size: () => number;
}

const ENTRIES_A_MAP = 2 ** 23;

/** Opens an empty one: a list of maps, of which only the last takes new keys. */
export function openBigMap<Key extends string | number, Value>(
  entriesAMap = ENTRIES_A_MAP,
): BigMap<Key, Value> {
  let last = new Map<Key, Value>();
  const full: Map<Key, Value>[] = [];
  return {
    get(key) {
      const found = last.get(key);
      if (found !== undefined || full.length === 0) return found;
      for (const map of full) {
        const earlier = map.get(key);
        if (earlier !== undefined) return earlier;
      }
      return undefined;
    },
    set(key, value) {
      const holder = full.find((map) => map.has(key));
      if (holder !== undefined) {
        holder.set(key, value);
        return;
      }
      if (last.size >= entriesAMap && !last.has(key)) {
        full.push(last);
        last = new Map();
      }
      last.set(key, value);
    },
    size: () => full.length * entriesAMap + last.size,
  };
}
