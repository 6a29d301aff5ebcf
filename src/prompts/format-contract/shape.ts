import { readStructured } from './structured-text.ts';
import type { Located } from './located.ts';

let last:
  | { readonly path: string; readonly text: string; readonly shape: Located | undefined }
  | undefined;

/** Which language a path's extension says its values are in. */
export const languageOf = (path: string): 'json' | 'yaml' | undefined =>
  /\.json$/i.test(path) ? 'json' : /\.ya?ml$/i.test(path) ? 'yaml' : undefined;

/**
 * Values of a JSON or YAML file by its extension; `undefined` for any other file, and for one that cannot be read.
 * Every format asks this of the same file in turn, so the last answer is kept.
 */
export function shapeOf(path: string, text: string): Located | undefined {
  if (last?.path === path && last.text === text) return last.shape;
  const language = languageOf(path);
  const read = language === undefined ? undefined : readStructured(language, text, path);
  const shape = read?.kind === 'value' ? read.value : undefined;
  last = { path, text, shape };
  return shape;
}
