import { quote } from '../../errors.ts';
import type { Template, TemplateText } from '../rendering/engine.ts';
import { openNoticed } from '../rendering/noticed.ts';
import { placesOf } from '../rendering/places.ts';
import { printGiven } from './printed-value.ts';

/** What stands between `{{` and `}}`. */
export type Hole =
  | { readonly kind: 'variable'; readonly name: string }
  /** Text that it stands for whatever the values are. */
  | { readonly kind: 'text'; readonly text: string }
  /** Something that code decides; `name` is what is called. */
  | { readonly kind: 'call'; readonly name: string };

type Part = Hole & { readonly at: number };

/**
 * A template of a language that has nothing but `{{…}}`, for formats whose language is no more than that.
 * `read` says what stands between the braces; `undefined` leaves it as text.
 */
export function templateWithHoles(
  source: TemplateText,
  read: (inside: string) => Hole | undefined,
): Template {
  const parts = partsOf(source.text, read);
  const place = placesOf(source);
  const names = parts.flatMap((part) => (part.kind === 'variable' ? [part.name] : []));
  return {
    variables: [...new Set(names)].toSorted(),
    findings: [],
    render(values, output) {
      const noticed = openNoticed();
      for (const part of parts) {
        output.step();
        if (part.kind === 'text') output.text(part.text);
        else if (part.kind === 'call')
          noticed.add(
            'warning',
            'unresolved-call',
            `calls ${quote(part.name)}, which is not known here, so nothing is counted for it`,
            place(part.at),
          );
        else {
          const value = values.get(part.name);
          if (value === undefined) noticed.undefinedVariable(part.name, place(part.at), 'printed');
          else printGiven(part.name, value, output);
        }
      }
      return noticed.findings();
    },
  };
}

function partsOf(text: string, read: (inside: string) => Hole | undefined): readonly Part[] {
  const parts: Part[] = [];
  let kept = 0;
  let at = text.indexOf('{{');
  while (at >= 0) {
    const close = text.indexOf('}}', at + 2);
    if (close < 0) break;
    const hole = read(text.slice(at + 2, close));
    if (hole !== undefined) {
      parts.push({ kind: 'text', text: text.slice(kept, at), at: kept }, { ...hole, at });
      kept = close + 2;
    }
    at = text.indexOf('{{', hole === undefined ? at + 2 : kept);
  }
  return [...parts, { kind: 'text', text: text.slice(kept), at: kept }];
}
