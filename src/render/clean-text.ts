/**
 * Characters that move the cursor, colour the screen, reorder the line or cannot be seen: control
 * characters (ESC, the C1 range, newlines), format characters (bidi overrides, zero width), line and
 * paragraph separators, lone surrogates, private use, and what Unicode says to ignore (fillers, tags, selectors).
 */
const HOSTILE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]/gu;

/** Marks stacked on one letter spill over the lines around it; no written language needs more than a few. */
const STACKED_MARKS = /(\p{M}{4})\p{M}+/gu;

/** Asks for the colourful form of the emoji before it: harmless there, invisible anywhere else. */
const EMOJI_SELECTOR = '\u{fe0f}';
const EMOJI = /\p{Extended_Pictographic}$/u;

const NAMED = new Map([
  ['\n', String.raw`\n`],
  ['\r', String.raw`\r`],
  ['\t', String.raw`\t`],
]);

/**
 * Text from a log made safe to show: one line, printable, in reading order. A hostile character becomes
 * an escape in plain ASCII (`\n`, `\u{1b}`), so that it is seen and not obeyed. Never throws.
 */
export const cleanText = (text: string): string =>
  text
    .replace(STACKED_MARKS, '$1')
    .replace(HOSTILE, (character: string, offset: number, whole: string) =>
      character === EMOJI_SELECTOR && EMOJI.test(whole.slice(Math.max(0, offset - 2), offset))
        ? character
        : (NAMED.get(character) ?? escaped(character)),
    );

const escaped = (character: string): string =>
  String.raw`\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
