import type { LiteralStyle } from './source-languages.ts';

/** Longest expression inside of a literal. */
const LONGEST = 10_000;

/** An expression inside of a literal: its source, and the index behind what closes it. */
interface Hole {
  readonly from: number;
  readonly to: number;
  readonly next: number;
}

const DOLLAR_NAME = /\$([A-Za-z_]\w*)/y;

/** The expression that begins at a place of a literal, if one does. */
export function holeEnd(
  source: string,
  at: number,
  style: LiteralStyle,
): Hole | 'unclosed' | undefined {
  const { hole } = style;
  if (hole === undefined) return undefined;
  if (style.dollarNames === true && source[at + 1] !== '{') {
    DOLLAR_NAME.lastIndex = at;
    const name = DOLLAR_NAME.exec(source)?.[1];
    if (name !== undefined)
      return { from: at + 1, to: at + 1 + name.length, next: at + 1 + name.length };
  }
  if (!source.startsWith(hole, at) || (hole === '{' && source[at + 1] === '{')) return undefined;
  const from = at + hole.length;
  const to = closingOf(source, from, hole.endsWith('(') ? ')' : '}');
  return to === undefined ? 'unclosed' : { from, to, next: to + 1 };
}

/** Index of the bracket that closes an expression: brackets and texts inside of it are stepped over. */
function closingOf(source: string, from: number, close: string): number | undefined {
  const open = close === ')' ? '(' : '{';
  let depth = 0;
  for (let at = from; at < source.length && at < from + LONGEST; at += 1) {
    const one = source.charAt(at);
    if (one === open) depth += 1;
    else if (one === close && depth === 0) return at;
    else if (one === close) depth -= 1;
    else if (one === '"' || one === "'" || one === '`') at = textEnd(source, at);
  }
  return undefined;
}

function textEnd(source: string, start: number): number {
  const quote = source[start];
  for (let at = start + 1; at < source.length && at < start + LONGEST; at += 1) {
    if (source[at] === '\\') at += 1;
    else if (source[at] === quote) return at;
  }
  return start;
}

/** The expression without a conversion or format that follows it in braces: `{x!r:>10}`, `{x=}`, `{x,5:N0}`. */
export function nameInHole(source: string, { hole }: LiteralStyle): string {
  const whole = source.trim();
  if (hole !== '{') return whole;
  return (
    /^[\p{ID_Start}_][\p{ID_Continue}.]*(?=\s*(?:=?\s*(?:![rsa])?(?::.*)?|,.*|:.*)$)/su.exec(
      whole,
    )?.[0] ?? whole
  ).trim();
}
