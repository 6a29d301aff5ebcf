// JSON.stringify escapes C0 only. DEL, C1 and format characters can stand nowhere but inside a string.
const UNSAFE = /[\u{7f}-\u{9f}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A value as JSON, on one line unless an `indent` is given. Text is exact; what a terminal could obey is
 * escaped, as JSON allows.
 */
export const jsonText = (value: unknown, indent?: number): string =>
  JSON.stringify(value, null, indent).replace(UNSAFE, escaped);

const escaped = (character: string): string =>
  Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
    .map((unit) => String.raw`\u${unit.toString(16).padStart(4, '0')}`)
    .join('');
