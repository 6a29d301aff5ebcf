/** A count with its noun: `1 file`, `8,819 files`. */
export function counted(count: number | bigint, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 || count === 1n ? noun : plural}`;
}
