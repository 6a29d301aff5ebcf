import { openOutput } from './output.ts';
import type { Inner, Printed, Source, Traced } from './jinja-values.ts';
import { kindOf, sourceOf, textOf } from './jinja-values.ts';
import { type State, workAt } from './jinja-state.ts';

/** Prints a value, attributed to what it came from. Undefined names print nothing and are findings. */
export function print({ value, from }: Traced, at: number, state: State): void {
  const { output, file, rendering } = state;
  output.step();
  if (typeof value === 'object' && value !== null && 'kind' in value) {
    if (value.kind === 'undefined')
      return rendering.noticed.undefinedVariable(value.name, file.place(at), 'printed');
    if (value.kind === 'sized')
      return output.sized(value.tokens, from?.variable ?? '', from?.varies ?? true);
    if (value.kind === 'printed') return reprint(value, state);
  }
  printText(textOf(value, workAt(state, at)), from, state);
}

/** Prints text of the template, or of a variable. */
export function printText(text: string, from: Source | undefined, state: State): void {
  const { origin } = state.file;
  if (from !== undefined) state.output.text(text, from);
  else if (origin === undefined) state.output.text(text);
  else state.output.text(text, { origin });
}

function reprint({ pieces }: Printed, { output }: State): void {
  for (const piece of pieces) {
    output.step();
    if (piece.kind === 'sized') output.sized(piece.tokens, piece.variable, piece.varies);
    else output.text(piece.text, piece);
  }
}

/** Runs what prints, and gives what it printed as a value. Steps count with all others. */
export function captured(state: State, run: (state: State) => void): Traced {
  const output = { ...openOutput(), step: state.output.step };
  run({ ...state, output });
  return { value: { kind: 'printed', pieces: output.take() } };
}

/** Values one after the other, as one text that keeps what its parts came from. */
export function concatenated(parts: readonly Traced[], at: number, state: State): Traced {
  const from = sourceOf(parts);
  const isPlain = ({ value }: Traced): boolean =>
    typeof value === 'string' || typeof value === 'number';
  if (from === undefined && parts.every(isPlain)) {
    const work = workAt(state, at);
    const texts = parts.map(({ value }) => textOf(value, work));
    work.fits(texts.reduce((sum, text) => sum + text.length, 0));
    return { value: texts.join('') };
  }
  const { value } = captured(state, (inside) => {
    for (const part of parts) print(part, at, inside);
  });
  return from === undefined ? { value } : { value, from };
}

/** Whether a value prints as text: texts, and what stands for them. */
export const isTextual = (value: Inner): boolean =>
  typeof value === 'string' || kindOf(value) === 'printed' || kindOf(value) === 'sized';
