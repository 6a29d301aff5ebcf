import type { Adapter } from '../adapters/contract/adapter.ts';
import { UserError } from '../errors.ts';
import {
  type AnyAdapter,
  createFormatFinder,
  fixedFormat,
  type FormatFinder,
} from './format-finder.ts';
import { loadAdapters, loadBillAdapters } from './registry.ts';

/** The formats that may be found: all known ones, or the one a mapping file describes. */
export const readableFormats = async (mapped?: Adapter): Promise<readonly AnyAdapter[]> =>
  mapped === undefined ? [...(await loadAdapters()), ...(await loadBillAdapters())] : [mapped];

/**
 * A finder for one source: of any of the formats, or always of the one that was asked for, which may be the
 * only one there is. Throws UserError when that is not known.
 */
export function finderFor(
  wanted: string | undefined,
  formats: readonly AnyAdapter[],
): FormatFinder {
  if (wanted === undefined) return createFormatFinder(formats);
  const chosen = formats.find(({ id }) => id === wanted);
  if (chosen === undefined)
    throw new UserError(`no adapter "${wanted}"`, {
      hint: `Known: ${formats.map(({ id }) => id).join(', ')}.`,
    });
  return fixedFormat(chosen);
}
