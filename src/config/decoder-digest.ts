import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// All that turns a card's text into a card, and the shape that it has then.
const ROOMS = [import.meta.dirname, join(import.meta.dirname, '../domain')];

let known: string | undefined;

/**
 * Says in a few characters which code reads cards: it changes with any file of config/ and domain/, so that no
 * change of a decoder can forget the cards that older ones compiled. The YAML parser is left out: a card is
 * plain enough for every version of it, and the package's own compiled cards have to outlive its patches.
 */
export const decoderDigest = (): string => (known ??= digestOfCode(ROOMS));

/** A digest of the code files of folders. */
export function digestOfCode(rooms: readonly string[]): string {
  const hash = createHash('sha256');
  for (const room of rooms)
    for (const name of readdirSync(room).sort())
      if (/\.[jt]s$/.test(name))
        hash
          .update(`${name}\0`)
          .update(readFileSync(join(room, name)))
          .update('\0');
  return hash.digest('hex');
}
