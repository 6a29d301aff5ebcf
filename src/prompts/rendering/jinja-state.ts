import type { Origin } from '../../errors.ts';
import type { Noticed } from './noticed.ts';
import { MOST_CHARACTERS, type Output, RenderingCapError } from './output.ts';
import type { Dialect, Traced, Work } from './jinja-values.ts';
import type { Block } from './jinja-syntax.ts';
import type { Value } from './values.ts';

/** Most macros and includes inside of each other. */
const MOST_CALLS = 50;

/** Names set at a place of a running template, and around it. */
export interface Frame {
  readonly names: Map<string, Traced>;
  readonly outer?: Frame;
}

/** One file of a template: its statements, and its places. */
export interface TemplateFile {
  readonly block: Block;
  readonly place: (at: number) => Origin;
  /** The file that text of it is attributed to; absent for the prompt's own. */
  readonly origin?: Origin;
  /** Its includes by the names it calls them; what is not there is absent. */
  readonly includes: ReadonlyMap<string, TemplateFile>;
}

/**
 * A function that a format gives its templates, such as BAML's `_.role`. It may print, or `take` what was printed
 * so far. `undefined` prints nothing.
 */
export type HostFunction = (
  given: { readonly plain: readonly Value[]; readonly named: ReadonlyMap<string, Value> },
  output: Output,
) => Value | undefined;

/** What a whole rendering shares. */
export interface Rendering {
  readonly dialect: Dialect;
  readonly noticed: Noticed;
  /** By the name they are called by, dots included. */
  readonly functions: ReadonlyMap<string, HostFunction>;
  /** How many macros and includes are being printed. */
  calls: number;
}

/** Where a rendering is. */
export interface State {
  readonly rendering: Rendering;
  readonly file: TemplateFile;
  readonly frame: Frame;
  readonly output: Output;
}

/** The value of a name, from the nearest frame. */
export function lookUp(frame: Frame, name: string): Traced | undefined {
  for (let at: Frame | undefined = frame; at !== undefined; at = at.outer) {
    const found = at.names.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A state one frame further in. */
export const inner = (state: State, names: readonly (readonly [string, Traced])[] = []): State => ({
  ...state,
  frame: { names: new Map(names), outer: state.frame },
});

/** Runs what a macro or an include prints. Throws RenderingCapError where they call each other without end. */
export function nested<Result>(rendering: Rendering, run: () => Result): Result {
  rendering.calls += 1;
  if (rendering.calls > MOST_CALLS)
    throw new RenderingCapError(
      `has more than ${MOST_CALLS} macros and includes inside of each other`,
    );
  const result = run();
  rendering.calls -= 1;
  return result;
}

/** Caps and findings for what happens at a place. */
export function workAt(state: State, at: number): Work {
  const { output, file, rendering } = state;
  return {
    dialect: rendering.dialect,
    spend(size = 0) {
      for (let step = 0; step <= size; step += 1000) output.step();
    },
    fits(length) {
      if (length > MOST_CHARACTERS)
        throw new RenderingCapError(
          `makes a value of more than ${MOST_CHARACTERS.toLocaleString('en-US')} characters`,
        );
    },
    takenWhole(use) {
      rendering.noticed.add(
        'warning',
        'sized-value-used',
        `a value that only its size is known of is asked for ${use}, which is counted as the whole value`,
        file.place(at),
      );
    },
    lookedInto(use) {
      rendering.noticed.add(
        'error',
        'sized-value-used',
        `a value that only its size is known of is asked for ${use}; give it a text or a file instead`,
        file.place(at),
      );
    },
    unresolved(code, message) {
      rendering.noticed.add('warning', code, message, file.place(at));
    },
  };
}
