import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

// All that turns a card's text into a card, and the shape that it has then.
const ROOMS = [import.meta.dirname, join(import.meta.dirname, '../domain')];

let known: string | undefined;

/**
 * Says in a few characters which code reads cards: it changes with any file of config/ and domain/ and with the
 * version of the YAML parser, so that no change of a decoder can forget the cards that older ones compiled.
 */
export const decoderDigest = (): string => (known ??= digestOfCode(ROOMS));

/** A digest of the code files of folders and of the YAML parser's version. */
export function digestOfCode(rooms: readonly string[]): string {
  const hash = createHash('sha256');
  for (const room of rooms)
    for (const name of readdirSync(room).sort())
      if (/\.[jt]s$/.test(name))
        hash
          .update(`${name}\0`)
          .update(readFileSync(join(room, name)))
          .update('\0');
  hash.update(readFileSync(createRequire(import.meta.url).resolve('yaml/package.json')));
  return hash.digest('hex');
}
