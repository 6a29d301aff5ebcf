import type { Finding } from '../../../src/prompts/finding.ts';
import { handlebarsEngine, parseHandlebars } from '../../../src/prompts/rendering/handlebars.ts';
import type { Helpers } from '../../../src/prompts/rendering/handlebars-helpers.ts';
import { openOutput, type Piece } from '../../../src/prompts/rendering/output.ts';
import type { Values } from '../../../src/prompts/rendering/values.ts';

export type Plain =
  | string
  | number
  | boolean
  | null
  | readonly Plain[]
  | { readonly [name: string]: Plain };

export function template(
  text: string,
  partials: Readonly<Record<string, string>> = {},
  helpers?: ReadonlySet<string>,
) {
  const parsed = parseHandlebars(
    { text, origin: { file: 'a.prompt', line: 10 } },
    {
      find: (name) => {
        const found = Object.hasOwn(partials, name) ? partials[name] : undefined;
        return found === undefined ? undefined : { text: found, origin: { file: `_${name}` } };
      },
      ...(helpers === undefined ? {} : { helpers }),
    },
  );
  if (parsed.kind === 'broken') throw new Error(parsed.finding.message);
  return parsed.template;
}

export const brokenFinding = (text: string): Finding => {
  const parsed = handlebarsEngine.parse({ text, origin: { file: 'a.prompt', line: 10 } });
  if (parsed.kind !== 'broken') throw new Error('parsed');
  return parsed.finding;
};

const textOf = (pieces: readonly Piece[]): string =>
  pieces.map((piece) => (piece.kind === 'text' ? piece.text : `<${piece.tokens}>`)).join('');

export function rendered(
  text: string,
  values: Values = new Map(),
  partials: Readonly<Record<string, string>> = {},
  helpers: Helpers = new Map(),
) {
  const output = openOutput();
  const made = template(text, partials, new Set(helpers.keys()));
  const findings = made.render(values, output, helpers);
  const pieces = output.take();
  return { text: textOf(pieces), pieces, findings: [...made.findings, ...findings] };
}
