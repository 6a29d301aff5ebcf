import type { TemplateEngine, TemplateText } from '../../../src/prompts/rendering/engine.ts';
import { openOutput, type Piece } from '../../../src/prompts/rendering/output.ts';
import type { GivenValue, Value, Values } from '../../../src/prompts/rendering/values.ts';
import { showOrigin } from '../../../src/errors.ts';
import type { Finding } from '../../../src/prompts/finding.ts';

/** JSON-like data as values of variables: objects become maps without a prototype. */
export function valueOf(data: unknown): Value {
  if (Array.isArray(data)) return data.map(valueOf);
  if (data === null || typeof data === 'number' || typeof data === 'boolean') return data;
  if (typeof data === 'string') return data;
  if (typeof data !== 'object') throw new Error(`no value: ${typeof data}`);
  if ('kind' in data && data.kind === 'sized' && 'tokens' in data)
    return { kind: 'sized', tokens: Number(data.tokens) };
  return new Map(Object.entries(data).map(([key, value]) => [key, valueOf(value)]));
}

/** Values of variables, none of them constant. */
export const valuesOf = (data: Readonly<Record<string, unknown>>): Values =>
  new Map<string, GivenValue>(
    Object.entries(data).map(([name, value]) => [name, { value: valueOf(value) }]),
  );

/** A finding as a reader sees it: `warning undefined-variable a.j2:3 "x" has no value…`. */
const shown = ({ level, code, message, origin }: Finding): string =>
  [level, code, origin === undefined ? '' : showOrigin(origin), message].join(' ');

/** What a template renders to: its text with sizes in angle brackets, its pieces, and its findings. */
export function rendered(
  engine: TemplateEngine,
  text: string,
  data: Readonly<Record<string, unknown>> = {},
  files: Readonly<Record<string, string>> = {},
): {
  readonly text: string;
  readonly pieces: readonly Piece[];
  readonly findings: readonly string[];
  readonly variables: readonly string[];
} {
  const find = (name: string): TemplateText | undefined => {
    const found = files[name];
    return found === undefined ? undefined : { text: found, origin: { file: name, line: 1 } };
  };
  const parsed = engine.parse({ text, origin: { file: 'main', line: 1 } }, find);
  if (parsed.kind === 'broken')
    return { text: '', pieces: [], findings: [shown(parsed.finding)], variables: [] };
  const output = openOutput();
  const findings = parsed.template.render(valuesOf(data), output);
  const pieces = output.take();
  return {
    text: pieces
      .map((piece) => (piece.kind === 'text' ? piece.text : `<${piece.tokens}>`))
      .join(''),
    pieces,
    findings: [...parsed.template.findings, ...findings].map(shown),
    variables: parsed.template.variables,
  };
}
