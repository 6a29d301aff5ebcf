import { nearest } from '../domain/nearest.ts';
import { quote } from '../errors.ts';
import { modulesIn } from '../folder-modules.ts';
import type { Finding } from './finding.ts';
import { entriesAt } from './format-contract/located.ts';
import type { PromptFormat } from './format-contract/prompt-format.ts';
import { shapeOf } from './format-contract/shape.ts';

/** Every file of src/prompts/formats is a format, so that adding one touches nothing else. Sorted by file name. */
export async function loadFormats(): Promise<readonly PromptFormat[]> {
  const formats = await modulesIn<PromptFormat>(new URL('formats/', import.meta.url));
  return Promise.all([...formats.values()].map((load) => load()));
}

/** The format that wrote a file, or why none can be told. */
export type FoundFormat =
  | { readonly kind: 'format'; readonly format: PromptFormat }
  | { readonly kind: 'unknown' | 'ambiguous'; readonly finding: Finding };

/** The surest format of a file. Two that are equally sure are an error that names both. */
export function findFormat(
  formats: readonly PromptFormat[],
  path: string,
  text: string,
): FoundFormat {
  const claims = formats.map((format) => ({ format, sure: format.recognizes(path, text) }));
  const certain = claims.filter(({ sure }) => sure === 'certain');
  const best = certain.length > 0 ? certain : claims.filter(({ sure }) => sure === 'likely');
  const [first, second] = best;
  if (first === undefined) return { kind: 'unknown', finding: unknownFormat(formats, path, text) };
  if (second === undefined) return { kind: 'format', format: first.format };
  return {
    kind: 'ambiguous',
    finding: {
      level: 'error',
      code: 'ambiguous-format',
      message: `both ${first.format.id} and ${second.format.id} recognize it`,
      origin: { file: path },
    },
  };
}

/** Names the format whose keys a file nearly has. */
function unknownFormat(formats: readonly PromptFormat[], path: string, text: string): Finding {
  const error = (message: string): Finding => ({
    level: 'error',
    code: 'unknown-format',
    message,
    origin: { file: path },
  });
  const written = [...entriesAt(shapeOf(path, text)).keys()];
  for (const format of formats)
    for (const key of format.keys ?? []) {
      if (written.includes(key)) continue;
      const close = nearest(key, written);
      if (close !== undefined)
        return error(
          `no prompt format recognizes it; ${format.id} would have ${quote(key)} where it has ${quote(close)}`,
        );
    }
  const nearly = formats.find(({ keys }) => keys?.some((key) => written.includes(key)));
  return error(
    nearly === undefined
      ? 'no prompt format recognizes it; give it an engine, such as "engine: none", to count it as text'
      : `no prompt format recognizes it; nearest is ${nearly.id}, whose keys are ${nearly.keys?.join(', ') ?? ''}`,
  );
}
