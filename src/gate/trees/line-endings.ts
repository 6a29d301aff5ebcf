/** How line feeds of a file of the working tree become those that git stores (https://git-scm.com/docs/gitattributes, `text`, 2026-11-22). */
export type LineEndings = 'as-they-are' | 'text' | 'text-unless-binary';

/** What decides about line endings: attributes of the path, and `core.autocrlf`. Attributes are `unspecified`, `set`, `unset` or a value. */
export interface LineEndingRules {
  readonly text: string;
  readonly eol: string;
  readonly autocrlf: boolean;
}

/** The rule for one path. */
export function lineEndings({ text, eol, autocrlf }: LineEndingRules): LineEndings {
  if (text === 'unset') return 'as-they-are';
  if (text === 'auto') return 'text-unless-binary';
  if (text === 'set' || eol === 'lf' || eol === 'crlf') return 'text';
  return autocrlf ? 'text-unless-binary' : 'as-they-are';
}

const CR = 13;
const LF = 10;

/** Bytes as git would store them. Equal ones are returned as they are. */
export function stored(bytes: Uint8Array, rule: LineEndings): Uint8Array {
  if (rule === 'as-they-are' || !hasCrlf(bytes)) return bytes;
  if (rule === 'text-unless-binary' && looksBinary(bytes)) return bytes;
  return Uint8Array.from(bytes.filter((byte, at) => !(byte === CR && bytes[at + 1] === LF)));
}

/** Whether a line ends in CR LF. */
export function hasCrlf(bytes: Uint8Array): boolean {
  for (let at = bytes.indexOf(CR); at !== -1; at = bytes.indexOf(CR, at + 1))
    if (bytes[at + 1] === LF) return true;
  return false;
}

/** As git tells: a NUL, a CR alone, or more than one control character in 128 others. */
function looksBinary(bytes: Uint8Array): boolean {
  let [printable, control] = [0, 0];
  for (const [at, byte] of bytes.entries()) {
    if (byte === 0 || (byte === CR && bytes[at + 1] !== LF)) return true;
    if (byte === CR || byte === LF) continue;
    // Backspace, tabulator, escape and form feed stand in texts.
    const odd = byte === 127 || (byte < 32 && ![8, 9, 12, 27].includes(byte));
    if (odd) control += 1;
    else printable += 1;
  }
  return control > Math.floor(printable / 128);
}
