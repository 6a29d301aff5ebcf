import { grouped } from '../domain/words.ts';

/** Milliseconds as people say them: `812 ms`, `1.3 s`, `2 m 5 s`, `3 h 4 m`; `undefined` for no number. */
export function durationDisplay(milliseconds: number): string | undefined {
  if (!Number.isFinite(milliseconds)) return undefined;
  const size = Math.abs(milliseconds);
  return `${milliseconds < 0 && size >= 0.5 ? '-' : ''}${lasting(size)}`;
}

// Each limit is where rounding would reach the next unit: 999.6 ms is 1.0 s, and never 1000 ms.
function lasting(milliseconds: number): string {
  if (milliseconds > 0 && milliseconds < 0.5) return '<1 ms';
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1_000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} m ${seconds % 60} s`;
  const minutes = Math.round(milliseconds / 60_000);
  return `${grouped(BigInt(Math.floor(minutes / 60)))} h ${minutes % 60} m`;
}
