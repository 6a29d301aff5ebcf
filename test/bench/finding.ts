import { medianOf, type Taken, type Turns } from './process-run.ts';

/** A limit of one figure: as a share of the peer's wall time, in milliseconds of wall time, or in megabytes of peak memory. */
export interface Limit {
  readonly of: 'ratio' | 'ms' | 'MB';
  readonly most: number;
}

/** What one row of the bench is held against. */
export interface Bars {
  readonly bar: Limit;
  readonly stretch?: Limit;
}

/** One row of the bench. */
export interface Finding extends Partial<Bars> {
  readonly work: string;
  /** Medians. */
  readonly ours: Taken;
  readonly theirs?: Taken & { readonly title: string };
  /** Wall times of single runs in milliseconds, in the order they were made. */
  readonly walls: { readonly ours: readonly number[]; readonly theirs: readonly number[] };
  /** Why the timing does not count: both sides gave different answers, or the peer is not there. */
  readonly void?: string;
}

/** Makes a row of runs. A peer that has run is named. */
export function finding(
  work: string,
  { ours, theirs }: Turns,
  more: Partial<Bars> & { readonly peer?: string; readonly void?: string | undefined } = {},
): Finding {
  const { peer, void: why, ...bars } = more;
  const walls = (runs: readonly Taken[]): readonly number[] =>
    runs.map(({ wallMs }) => Math.round(wallMs * 10) / 10);
  return {
    work,
    ...bars,
    ours: takenOf(ours),
    ...(peer !== undefined && theirs.length > 0 && { theirs: { ...takenOf(theirs), title: peer } }),
    walls: { ours: walls(ours), theirs: walls(theirs) },
    ...(why !== undefined && { void: why }),
  };
}

const takenOf = (runs: readonly Taken[]): Taken => medianOf(runs);

/** The figure that a limit limits; absent where one side is. */
export function figureOf({ of }: Limit, { ours, theirs }: Finding): number | undefined {
  if (of === 'ms') return ours.wallMs;
  if (of === 'MB') return ours.peakMb;
  return theirs === undefined ? undefined : ours.wallMs / theirs.wallMs;
}

/** How a row stands: `met`, `stretch met`, by how much it is missed, or why there is no telling. */
export function verdictOf(found: Finding): string {
  if (found.void !== undefined) return `does not count: ${found.void}`;
  if (found.bar === undefined) return '';
  const figure = figureOf(found.bar, found);
  if (figure === undefined) return 'no figure';
  if (figure > found.bar.most) return `MISSED, ${times(figure / found.bar.most)} the bar`;
  const stretched = found.stretch === undefined ? undefined : figureOf(found.stretch, found);
  return found.stretch !== undefined && stretched !== undefined && stretched <= found.stretch.most
    ? 'stretch met'
    : 'met';
}

/** A factor to three digits: `12.3 x`. */
export const times = (factor: number): string => `${threeDigits(factor)} x`;

const threeDigits = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

/** A time for reading: `840 ms`, `2.31 s`. */
export const timeText = (ms: number): string =>
  ms < 1000 ? `${ms.toFixed(0)} ms` : `${threeDigits(ms / 1000)} s`;

/** Wall time, processor time and peak memory, a text each. */
export const takenTexts = (taken: Taken | undefined): readonly [string, string, string] => [
  taken === undefined ? '' : timeText(taken.wallMs),
  taken?.cpuMs === undefined ? '' : timeText(taken.cpuMs),
  taken?.peakMb === undefined ? '' : `${taken.peakMb.toFixed(0)} MB`,
];

/** A limit for reading: `<= 1.6 x`. */
export const limitText = (limit: Limit | undefined): string => {
  if (limit === undefined) return '';
  const { of, most } = limit;
  return `<= ${of === 'ratio' ? `${most} x` : of === 'ms' ? timeText(most) : `${most} MB`}`;
};
