import type { Template } from '../rendering/engine.ts';
import { openOutput, type Piece } from '../rendering/output.ts';
import type { Values } from '../rendering/values.ts';

/** Templates one after the other, as one. */
export const joinedTemplate = (templates: readonly Template[]): Template => ({
  variables: [...new Set(templates.flatMap(({ variables }) => variables))].toSorted(),
  findings: templates.flatMap(({ findings }) => findings),
  render: (values, output) => templates.flatMap((template) => template.render(values, output)),
});

/** A template that is always filled in with the same values, as text that names no variable: an example. */
export const filledTemplate = (template: Template, values: Values): Template => ({
  variables: [],
  findings: template.findings,
  render(_values, output) {
    const own = { ...openOutput(), step: output.step };
    const findings = template.render(values, own);
    output.text(own.take().map(textOf).join(''));
    return findings;
  },
});

const textOf = (piece: Piece): string => (piece.kind === 'text' ? piece.text : '');

/** Text of another file as a template prints it: attributed to that file. */
export const templateOfFile = (template: Template, file: string): Template => {
  const origin = { file };
  return {
    ...template,
    render(values, output) {
      const own = { ...openOutput(), step: output.step };
      const findings = template.render(values, own);
      for (const piece of own.take())
        if (piece.kind === 'sized') output.sized(piece.tokens, piece.variable, piece.varies);
        else output.text(piece.text, piece.variable === undefined ? { ...piece, origin } : piece);
      return findings;
    },
  };
};
