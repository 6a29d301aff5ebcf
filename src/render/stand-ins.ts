import { textWidth } from './text-width.ts';

/** Takes what is not ASCII out of texts, leaves stand-ins of the same width, and puts it back. */
export interface StandIns {
  readonly put: (text: string) => string;
  /** Expects the stand-ins in the order in which they were put. */
  readonly restore: (text: string) => string;
}

// Private use, which clean text never holds: one that starts a stand-in, and one for each further column.
const START = '\u{e000}';
const REST = '\u{e001}';

/**
 * cli-table3 measures with tables of 2020, in which newer emoji are narrow and Thai, Hindi or Hebrew marks
 * take a column: their rows would bend. It measures stand-ins right.
 */
export function standIns(): StandIns {
  const held: string[] = [];
  let next = 0;
  return {
    // The ASCII character before comes along, since a mark may sit on it.
    put: (text) =>
      text.replace(/[ -~]?[^ -~]+/g, (run) => {
        const width = textWidth(run);
        if (width === 0) return '';
        held.push(run);
        return `${START}${REST.repeat(width - 1)}`;
      }),
    restore: (text) =>
      text.replace(/\u{e000}\u{e001}*/gu, (standIn) => {
        const run = held[next];
        next += 1;
        return run ?? standIn;
      }),
  };
}
