/**
 * A whole number with thousands separators, the same in every locale: `1,234,567`. Asking `Intl` for it takes
 * a tenth of a report's time.
 */
export const grouped = (count: number | bigint): string =>
  BigInt(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');

/** A count with its noun: `1 file`, `8,819 files`. */
export function counted(count: number | bigint, noun: string, plural = `${noun}s`): string {
  return `${grouped(count)} ${count === 1 || count === 1n ? noun : plural}`;
}
