import type { Origin } from '../../errors.ts';

/** A stretch of rendered text and what it came from. */
export type Piece =
  | {
      readonly kind: 'text';
      readonly text: string;
      /** The variable that printed it; absent for text of the template itself. */
      readonly variable?: string;
      /** The file it stands in where that is not the prompt's own: an include, a sample. */
      readonly origin?: Origin;
      /** Whether it may differ from call to call. True for what a variable printed, unless that is constant. */
      readonly varies: boolean;
    }
  /** Text that only a size is known of. */
  | {
      readonly kind: 'sized';
      readonly tokens: number;
      readonly variable: string;
      readonly varies: boolean;
    };

/** Most characters that one prompt may render to. A context window of ten million tokens is a third of it. */
export const MOST_CHARACTERS = 64 * 1024 * 1024;

/** Most steps (statements, passes of a loop, calls of a filter) that rendering one prompt may take. */
const MOST_STEPS = 1_000_000;

/** Thrown by an output that is full, and by engines that took too many steps; engines let it pass, formats make it a finding. */
export class RenderingCapError extends Error {
  override readonly name = 'RenderingCapError';
}

/** Collects what an engine prints, and stops it where a template has no end. */
export interface Output {
  /** Adds text of the template, or of a variable. Joins pieces that came from the same place. */
  readonly text: (
    text: string,
    from?: { readonly variable?: string; readonly origin?: Origin; readonly varies?: boolean },
  ) => void;
  readonly sized: (tokens: number, variable: string, varies: boolean) => void;
  /** Counts one step of work. Throws RenderingCapError past MOST_STEPS. */
  readonly step: () => void;
  /** What was printed since the output was opened, or since `take` was last called. */
  readonly take: () => readonly Piece[];
}

/** An empty output. Its caps hold for everything that is printed to it, `take` or not. */
export function openOutput(
  caps: { readonly characters?: number; readonly steps?: number } = {},
): Output {
  const { characters = MOST_CHARACTERS, steps = MOST_STEPS } = caps;
  let pieces: Piece[] = [];
  let written = 0;
  let taken = 0;
  return {
    text(text, { variable, origin, varies = variable !== undefined } = {}) {
      if (text === '') return;
      written += text.length;
      if (written > characters)
        throw new RenderingCapError(
          `renders to more than ${characters.toLocaleString('en-US')} characters`,
        );
      const last = pieces.at(-1);
      if (
        last?.kind === 'text' &&
        last.variable === variable &&
        last.varies === varies &&
        last.origin === origin
      )
        pieces[pieces.length - 1] = { ...last, text: last.text + text };
      else
        pieces.push({
          kind: 'text',
          text,
          varies,
          ...(variable === undefined ? {} : { variable }),
          ...(origin === undefined ? {} : { origin }),
        });
    },
    sized(tokens, variable, varies) {
      pieces.push({ kind: 'sized', tokens, variable, varies });
    },
    step() {
      taken += 1;
      if (taken > steps)
        throw new RenderingCapError(
          `takes more than ${steps.toLocaleString('en-US')} steps to render`,
        );
    },
    take() {
      const done = pieces;
      pieces = [];
      return done;
    },
  };
}
