import {
  figureOf,
  type Finding,
  limitText,
  takenTexts,
  times,
  timeText,
  verdictOf,
} from './finding.ts';
import type { Grown } from './growth.ts';

/** Rows of texts as a table: columns as wide as their widest text, two spaces between. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

const HEADER = 'Work,Wall,CPU,Peak,Against,Wall,CPU,Peak,Ratio,Bar,Stretch,Verdict'.split(',');

/** Every row against its bar. Ratios are of wall times. */
export const findingsText = (findings: readonly Finding[]): string =>
  table([
    HEADER,
    ...findings.map((found) => [
      found.work,
      ...takenTexts(found.ours),
      found.theirs?.title ?? '',
      ...takenTexts(found.theirs),
      ratioText(found),
      limitText(found.bar),
      limitText(found.stretch),
      verdictOf(found),
    ]),
  ]);

const ratioText = (found: Finding): string => {
  const ratio = figureOf({ of: 'ratio', most: 1 }, found);
  return ratio === undefined ? '' : times(ratio);
};

/** Work by size, with what tenfold events make of the time. */
export function growthText(sizes: readonly Grown[]): string {
  const works = sizes[0]?.findings.map(({ work }) => work) ?? [];
  const header = sizes.flatMap(({ events }, index) => [
    `${events.toLocaleString('en-US')} events`,
    ...(index === 0 ? [] : ['growth']),
  ]);
  const row = (work: string): readonly string[] => {
    const found = sizes.map(({ findings }) => findings.find((each) => each.work === work));
    return found.flatMap((each, index) => {
      const [now, before] = [each?.ours.wallMs ?? 0, found[index - 1]?.ours.wallMs];
      const text = each === undefined ? '' : (each.void ?? takenTexts(each.ours).join(' '));
      return before === undefined ? [text] : [text, times(now / before)];
    });
  };
  const perEvent = (of: (size: Grown) => string): readonly string[] =>
    sizes.flatMap((size, index) => (index === 0 ? [of(size)] : [of(size), '']));
  const ingest = ({ findings, events }: Grown): string => {
    const ms = findings.find(({ work }) => work === 'ingest')?.ours.wallMs ?? 0;
    return timeText((ms * 1_000_000) / events);
  };
  return table([
    ['Work', ...header],
    ...works.map((work) => [work, ...row(work)]),
    ['ingest of a million at that pace', ...perEvent(ingest)],
    ['ledger on disk, bytes an event', ...perEvent((size) => size.bytesPerEvent.toFixed(0))],
  ]);
}
