import type { Output } from './output.ts';

/** An output that writes `indent` before every line that has something, a line break included. */
export function indented(output: Output, indent: string): Output {
  let atStart = true;
  return {
    ...output,
    text(text, from) {
      for (const line of text.split(/(?<=\n)/)) {
        if (line === '') continue;
        if (atStart) output.text(indent);
        output.text(line, from);
        atStart = line.endsWith('\n');
      }
    },
    sized(tokens, variable, varies) {
      if (atStart) output.text(indent);
      atStart = false;
      output.sized(tokens, variable, varies);
    },
  };
}
