import type { LiteralStyle } from './source-languages.ts';

const NAMED: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v'],
  ['0', '\0'],
  ['a', '\u0007'],
  ['s', ' '],
  ['\n', ''],
]);

/** Escapes by a number: `\x41`, `\u0041`, `\u{1F600}`, `\U0001F600`. */
const NUMBERED =
  /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|U([0-9a-fA-F]{8}))/y;

/** What a literal says at a place, with its escape decoded, and the index behind it. */
export function unescapedAt(
  source: string,
  at: number,
  { escapes, close, hole }: LiteralStyle,
): { readonly character: string; readonly next: number } {
  const one = source.charAt(at);
  if (hole === '{' && (one === '{' || one === '}') && source[at + 1] === one)
    return { character: one, next: at + 2 };
  if (escapes === 'doubled' && one === close) return { character: one, next: at + 2 };
  if (one !== '\\' || escapes === 'none' || escapes === 'doubled')
    return { character: one, next: at + 1 };
  const escaped = source.charAt(at + 1);
  if (escapes === 'quote')
    return escaped === close || escaped === '\\'
      ? { character: escaped, next: at + 2 }
      : { character: one, next: at + 1 };
  if (source.startsWith('\r\n', at + 1)) return { character: '', next: at + 3 };
  NUMBERED.lastIndex = at;
  const numbered = NUMBERED.exec(source);
  const code = Number.parseInt(numbered?.slice(1).find((digits) => digits !== undefined) ?? '', 16);
  if (numbered !== null && code <= 0x10ffff)
    return { character: String.fromCodePoint(code), next: at + numbered[0].length };
  return { character: NAMED.get(escaped) ?? escaped, next: at + 2 };
}
