import { type Origin, quote } from '../../errors.ts';
import type { Finding } from '../finding.ts';
import type { FindTemplate, TemplateText } from './engine.ts';
import { placesOf } from './places.ts';
import { TemplateSyntaxError } from './template-error.ts';

/** Asks for another file by one of these names, at a place of the one that is read; what is not there is no part of the answer. */
export type Include<File> = (
  names: readonly string[],
  origin: Origin,
  mayMiss: boolean,
) => ReadonlyMap<string, File>;

/** Reads one file of a template. Throws TemplateSyntaxError. */
export type ReadFile<File> = (
  source: TemplateText,
  include: Include<File>,
  /** The file that text is attributed to; absent for the prompt's own. */
  origin: Origin | undefined,
) => File;

/**
 * Reads a template and all that it includes, each file once. A file that includes itself, directly or by way of
 * others, is an error finding; so are one that is missing, and one that is no template. Throws
 * TemplateSyntaxError for the first file only.
 */
export function readWithIncludes<File>(
  source: TemplateText,
  find: FindTemplate,
  read: ReadFile<File>,
): { readonly file: File; readonly findings: readonly Finding[] } {
  const known = new Map<string, File>();
  const findings: Finding[] = [];
  const open = (text: TemplateText, around: readonly string[]): File => {
    const { file } = text.origin;
    const include: Include<File> = (names, origin, mayMiss) => {
      const found = names.flatMap((name) => {
        const there = find(name, file);
        return there === undefined ? [] : [[name, there] as const];
      });
      if (found.length === 0 && names.length > 0 && !mayMiss)
        findings.push({
          level: 'error',
          code: 'missing-include',
          message: `includes ${names.map(quote).join(' or ')}, which is not there`,
          origin,
        });
      return new Map(
        found.flatMap(([name, there]) => {
          const made = openOnce(there, [...around, file]);
          return made === undefined ? [] : [[name, made] as const];
        }),
      );
    };
    return read(text, include, around.length > 0 ? { file } : undefined);
  };
  const openOnce = (text: TemplateText, around: readonly string[]): File | undefined => {
    const { file } = text.origin;
    const made = known.get(file);
    if (made !== undefined) return made;
    if (around.includes(file)) {
      const circle = [...around.slice(around.indexOf(file)), file].join(' → ');
      findings.push({
        level: 'error',
        code: 'include-cycle',
        message: `${quote(file)} includes itself: ${circle}`,
        origin: { file },
      });
      return undefined;
    }
    try {
      const opened = open(text, around);
      known.set(file, opened);
      return opened;
    } catch (error) {
      if (!(error instanceof TemplateSyntaxError)) throw error;
      findings.push({
        level: 'error',
        code: 'template-syntax',
        message: error.message,
        origin: placesOf(text)(error.at),
      });
      return undefined;
    }
  };
  return { file: open(source, []), findings };
}
