import { quote } from '../../errors.ts';
import type { Finding } from '../finding.ts';
import type { Located } from './located.ts';
import { readLocatedJson } from './located-json.ts';
import { readLocatedYaml } from './located-yaml.ts';
import { NotReadable } from './not-readable.ts';
import { withoutByteOrderMark } from './text-decoding.ts';

/** A file's values, or why there are none. */
export type Structured =
  | { readonly kind: 'value'; readonly value: Located }
  | { readonly kind: 'broken'; readonly finding: Finding };

/** Reads JSON, or YAML, of a file whose text begins at `firstLine`. A byte order mark is dropped. */
export function readStructured(
  language: 'json' | 'yaml',
  text: string,
  file: string,
  firstLine = 1,
): Structured {
  try {
    const value =
      language === 'json'
        ? readLocatedJson(text, firstLine)
        : readLocatedYaml(withoutByteOrderMark(text), firstLine);
    return { kind: 'value', value };
  } catch (error) {
    if (!(error instanceof NotReadable)) throw error;
    const { line, column } = error;
    return {
      kind: 'broken',
      finding: {
        level: 'error',
        code: language === 'json' ? 'not-json' : 'not-yaml',
        message: error.message,
        origin: { file, line, column },
      },
    };
  }
}

/** A value that is not what a format expects at its place. */
export const unexpected = (value: Located, file: string, expected: string): Finding => ({
  level: 'error',
  code: 'unexpected-value',
  message: `expected ${expected}, found ${describe(value)}`,
  origin: { file, line: value.line, column: value.column },
});

function describe(value: Located): string {
  switch (value.kind) {
    case 'text':
    case 'number':
    case 'flag':
      return quote(value.value);
    case 'nothing':
      return 'nothing';
    case 'list':
      return 'a list';
    case 'map':
      return 'keys and values';
  }
}
