/** A regular expression taken apart: the part of JavaScript's that can be matched in linear time. */
export type RegexNode =
  | { readonly kind: 'character'; readonly accepts: (character: string) => boolean }
  | { readonly kind: 'sequence'; readonly parts: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly options: readonly RegexNode[] }
  | {
      readonly kind: 'repeat';
      readonly part: RegexNode;
      readonly least: number;
      /** Infinity for `*` and `+`. */
      readonly most: number;
    }
  | { readonly kind: 'start' | 'end' };

/** Says what is not understood of an expression, for people who wrote it. */
export class RegexProblem extends Error {
  override readonly name = 'RegexProblem';
}

const MOST_REPEATS = 1000;

/** Where reading has come to, and how letters are compared. */
interface Reading {
  readonly characters: readonly string[];
  at: number;
  readonly ignoreCase: boolean;
}

type Accepts = (character: string) => boolean;

/** The tree of an expression's source, without its slashes. Throws RegexProblem. */
export function parseRegex(source: string, ignoreCase: boolean): RegexNode {
  const reading: Reading = { characters: Array.from(source), at: 0, ignoreCase };
  const tree = choice(reading);
  if (reading.at < reading.characters.length) return refuse('a ) closes nothing');
  return tree;
}

const peek = ({ characters, at }: Reading): string | undefined => characters[at];

function take(reading: Reading, expected: string): boolean {
  if (peek(reading) !== expected) return false;
  reading.at += 1;
  return true;
}

const refuse = (what: string): never => {
  throw new RegexProblem(what);
};

function choice(reading: Reading): RegexNode {
  const options = [sequence(reading)];
  while (take(reading, '|')) options.push(sequence(reading));
  const [only] = options;
  return options.length === 1 && only !== undefined ? only : { kind: 'choice', options };
}

function sequence(reading: Reading): RegexNode {
  const parts: RegexNode[] = [];
  for (let next = peek(reading); next !== undefined && next !== '|' && next !== ')';) {
    parts.push(repeated(reading, atom(reading)));
    next = peek(reading);
  }
  return { kind: 'sequence', parts };
}

function repeated(reading: Reading, part: RegexNode): RegexNode {
  const counts = quantifier(reading);
  if (counts === undefined) return part;
  if (part.kind === 'start' || part.kind === 'end') refuse('nothing to repeat');
  // Lazy or greedy makes no difference to whether a text matches.
  take(reading, '?');
  if (['+', '*', '?'].includes(peek(reading) ?? '')) refuse('nothing to repeat');
  return { kind: 'repeat', part, ...counts };
}

function quantifier(
  reading: Reading,
): { readonly least: number; readonly most: number } | undefined {
  if (take(reading, '*')) return { least: 0, most: Infinity };
  if (take(reading, '+')) return { least: 1, most: Infinity };
  if (take(reading, '?')) return { least: 0, most: 1 };
  const { characters, at } = reading;
  const written = characters.slice(at, at + 12).join('');
  const [all, low, comma, high] = /^\{(\d{1,4})(,(\d{1,4})?)?\}/.exec(written) ?? [];
  if (all === undefined) return undefined;
  reading.at += all.length;
  const least = Number(low);
  const most = comma === undefined ? least : high === undefined ? Infinity : Number(high);
  if (most < least) refuse(`{${least},${most}} counts down`);
  if (least > MOST_REPEATS || (most !== Infinity && most > MOST_REPEATS))
    refuse(`repeats more than ${MOST_REPEATS} times`);
  return { least, most };
}

function atom(reading: Reading): RegexNode {
  const next = reading.characters[reading.at] ?? '';
  reading.at += 1;
  const character = (accepts: Accepts): RegexNode => ({
    kind: 'character',
    accepts: folded(accepts, reading),
  });
  switch (next) {
    case '^':
      return { kind: 'start' };
    case '$':
      return { kind: 'end' };
    case '.':
      return character((one) => !/[\n\r\u2028\u2029]/.test(one));
    case '(':
      return group(reading);
    case '[':
      return characterClass(reading);
    case '*':
    case '+':
    case '?':
      return refuse('nothing to repeat');
    case '\\':
      return character(escape(reading));
    default:
      return character((one) => one === next);
  }
}

function group(reading: Reading): RegexNode {
  if (take(reading, '?') && !take(reading, ':'))
    refuse('lookaround and named groups are not read here; write ( ) or (?: )');
  const inside = choice(reading);
  return take(reading, ')') ? inside : refuse('a ( is not closed');
}

function escape(reading: Reading): Accepts {
  const name = peek(reading) ?? refuse('ends in a backslash');
  reading.at += 1;
  const known = ESCAPES.get(name);
  if (known !== undefined) return known;
  if (/[1-9]/.test(name)) refuse(`\\${name} refers back, which needs backtracking`);
  if (/[A-Za-z0-9]/.test(name)) refuse(`\\${name} is not known here`);
  return (one) => one === name;
}

function characterClass(reading: Reading): RegexNode {
  const negated = take(reading, '^');
  const members: Accepts[] = [];
  while (!take(reading, ']')) members.push(member(reading));
  const isMember = folded((one) => members.some((accepts) => accepts(one)), reading);
  return { kind: 'character', accepts: (one) => isMember(one) !== negated };
}

/** One character, range or escape of a class. */
function member(reading: Reading): Accepts {
  const first = peek(reading) ?? refuse('a [ is not closed');
  reading.at += 1;
  if (first === '\\') return escape(reading);
  const last = reading.characters[reading.at + 1];
  if (peek(reading) !== '-' || last === undefined || last === ']') return (one) => one === first;
  reading.at += 2;
  const [low, high] = [codeOf(first), codeOf(last)];
  if (last === '\\' || high < low) refuse(`the range ${first}-${last} is empty`);
  return (one) => codeOf(one) >= low && codeOf(one) <= high;
}

const codeOf = (character: string): number => character.codePointAt(0) ?? 0;

const matching =
  (pattern: RegExp): Accepts =>
  (one) =>
    pattern.test(one);
const ESCAPES: ReadonlyMap<string, Accepts> = new Map(
  Object.entries({
    d: matching(/^\d$/u),
    D: matching(/^\D$/u),
    w: matching(/^\w$/u),
    W: matching(/^\W$/u),
    s: matching(/^\s$/u),
    S: matching(/^\S$/u),
    n: (one: string) => one === '\n',
    r: (one: string) => one === '\r',
    t: (one: string) => one === '\t',
  }),
);

const folded =
  (accepts: Accepts, { ignoreCase }: Reading): Accepts =>
  (one) =>
    accepts(one) || (ignoreCase && (accepts(one.toLowerCase()) || accepts(one.toUpperCase())));
