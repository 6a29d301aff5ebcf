import type { BillLine } from '../domain/bill.ts';
import type { Attribution } from './attribution.ts';
import type { RawValues } from './resolver.ts';

/**
 * A line of a bill under the names that calls have: a cloud's tag `CostCenter` is the tag that aicost.yaml says it
 * is, and virtual tags, key map and hierarchies hold for it as they do for calls, as of the line's beginning.
 */
export function alignedBill(line: BillLine, { rules, at }: Attribution): BillLine {
  const tags = new Map(Object.entries(line.tags));
  const labels = new Map(
    line.labels.flatMap((label): readonly (readonly [string, string])[] => {
      const place = label.indexOf('=');
      return place < 1 ? [] : [[label.slice(0, place), label.slice(place + 1)]];
    }),
  );
  for (const [cloud, tag] of rules.cloud) {
    const value = labels.get(cloud) ?? tags.get(cloud);
    if (value !== undefined && !tags.has(tag)) tags.set(tag, value);
  }
  const raw: RawValues = (name) => {
    if (name === 'provider') return line.provider;
    if (name === 'model') return line.model ?? null;
    if (name === 'account') return line.account ?? tags.get(name) ?? null;
    return tags.get(name) ?? labels.get(name) ?? null;
  };
  const { find } = at(line.start);
  const given = [
    ...rules.virtual.map(({ tag }) => tag),
    ...rules.keys.flatMap(({ set }) => [...set.keys()]),
    ...rules.hierarchies.map(({ to }) => to),
  ].flatMap((name): readonly (readonly [string, string])[] => {
    const found = find(name, raw);
    return found === undefined ? [] : [[name, found.value]];
  });
  return { ...line, tags: Object.fromEntries([...tags, ...given]) };
}
