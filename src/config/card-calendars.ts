import { dayText, parseDay } from '../domain/time-zone.ts';
import type { Located, TreeReader } from './yaml-tree.ts';

/** Named lists of days: `2026-10-01`, or `2026-10-01..2026-10-07` with both ends. */
export function calendarsOf(
  read: TreeReader,
  value: Located | undefined,
): Map<string, ReadonlySet<string>> {
  const calendars = new Map<string, ReadonlySet<string>>();
  for (const { key, value: entry } of read.map(value, 'calendars').values()) {
    const days = new Set<string>();
    for (const item of read.list(entry, `calendars.${key}`)) {
      const text = read.text(item, `calendars.${key}`) ?? '';
      const [first = '', last = first] = text.split('..');
      const [start, end] = [parseDay(first), parseDay(last)];
      if (start === undefined || end === undefined || end < start)
        read.error(item.origin, `calendars.${key}: expected a day or first..last, found "${text}"`);
      else for (let day = start; day <= end; day += 1) days.add(dayText(day));
    }
    calendars.set(key, days);
  }
  return calendars;
}
