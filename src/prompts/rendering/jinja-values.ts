import type { Origin } from '../../errors.ts';
import type { Piece } from './output.ts';
import type { SizedValue } from './values.ts';

/** What a value came from: the variable at the root of an expression. */
export interface Source {
  readonly variable: string;
  readonly varies: boolean;
  readonly origin?: Origin;
}

/** A value while a template runs, with what printing it is attributed to; nothing for what the template says itself. */
export interface Traced {
  readonly value: Inner;
  readonly from?: Source | undefined;
}

/** Text that was printed to be used as a value (by a macro, a `set` with a body, `~`): it keeps what its parts came from. */
export interface Printed {
  readonly kind: 'printed';
  readonly pieces: readonly Piece[];
}

/** A name that nothing gives a value. */
export interface Undefined {
  readonly kind: 'undefined';
  readonly name: string;
}

/** What a call is given. */
export interface Given {
  readonly plain: readonly Traced[];
  readonly named: ReadonlyMap<string, Traced>;
}

/** A macro, or a function of the language. */
export interface Callable {
  readonly kind: 'callable';
  readonly call: (given: Given) => Traced;
}

/** Jinja's `namespace`: the only value that a template may change. */
export interface Room {
  readonly kind: 'room';
  readonly entries: Map<string, Traced>;
}

/** Any value while a template runs: what variables may be, and what the language adds. */
export type Inner =
  | string
  | number
  | boolean
  | null
  | readonly Inner[]
  | ReadonlyMap<string, Inner>
  | SizedValue
  | Printed
  | Undefined
  | Callable
  | Room;

/** Whose habits a template follows where Jinja and Nunjucks differ. */
export type Dialect = 'jinja' | 'nunjucks';

/** What values are worked with: caps on work and size, and a place for findings. */
export interface Work {
  readonly dialect: Dialect;
  /** Counts one step, and one more for each thousand of characters or items. Throws RenderingCapError. */
  readonly spend: (size?: number) => void;
  /** Throws RenderingCapError for a text, or a list, that is longer than a prompt may be. */
  readonly fits: (length: number) => void;
  /** A value that is known by its size only is asked for a part of it, which is taken to be as large. */
  readonly takenWhole: (use: string) => void;
  /** A value that is known by its size only is asked for what a size cannot tell. */
  readonly lookedInto: (use: string) => void;
  /** A filter, test or call that rendering does not know. */
  readonly unresolved: (code: string, message: string) => void;
}

/** Whether it is a list. Told apart from what has a `kind` by Array.isArray, which loses `readonly`. */
export const isList = (value: Inner): value is readonly Inner[] => Array.isArray(value);

/** Whether it is a map of names to values. */
export const isMap = (value: Inner): value is ReadonlyMap<string, Inner> => value instanceof Map;

/** Values that are known by their kind. */
export const kindOf = (
  value: Inner,
): 'sized' | 'printed' | 'undefined' | 'callable' | 'room' | undefined =>
  typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;

/** Whether it is a macro or a function. */
export const isCallable = (value: Inner): value is Callable =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'callable';

/** The source of a value made of several: the first that varies, or the first there is. */
export function sourceOf(parts: readonly Traced[]): Source | undefined {
  const sources = parts.flatMap(({ from }) => from ?? []);
  return sources.find(({ varies }) => varies) ?? sources[0];
}

/** Whether a condition takes a value as true, as Python does; what only a size is known of is. */
export function isTruthy(value: Inner): boolean {
  if (typeof value !== 'object') return Boolean(value);
  if (value === null) return false;
  if (isList(value)) return value.length > 0;
  if (isMap(value)) return value.size > 0;
  if (value.kind === 'printed') return value.pieces.length > 0;
  return value.kind !== 'undefined';
}

/** A value as it is printed. Undefined names, functions and namespaces print nothing. */
export function textOf(value: Inner, work: Work): string {
  if (typeof value === 'string') return value;
  if (work.dialect === 'nunjucks') return nunjucksText(value, work);
  const kind = kindOf(value);
  if (kind === undefined) return pythonText(value, work);
  return kindText(value, work);
}

/** As `textOf`, for what has a kind. */
function kindText(value: Inner, work: Work): string {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return '';
  if (value.kind === 'sized') {
    work.lookedInto('its text');
    return '';
  }
  if (value.kind !== 'printed') return '';
  if (value.pieces.some(({ kind }) => kind === 'sized')) work.lookedInto('its text');
  return value.pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');
}

function nunjucksText(value: Inner, work: Work): string {
  work.spend();
  if (value === null) return '';
  if (isList(value)) {
    const parts = value.map((item) => textOf(item, work));
    work.fits(parts.reduce((sum, { length }) => sum + length + 1, 0));
    return parts.join(',');
  }
  if (isMap(value)) return '[object Object]';
  return typeof value === 'object' ? kindText(value, work) : String(value);
}

/** What Python's `str` says of a value, and `repr` of texts inside of it. */
function pythonText(value: Inner, work: Work): string {
  work.spend();
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return pythonQuoted(value);
  const parts = isList(value)
    ? value.map((item) => pythonText(item, work))
    : isMap(value)
      ? [...value].map(([key, item]) => `${pythonQuoted(key)}: ${pythonText(item, work)}`)
      : undefined;
  if (parts === undefined) return kindText(value, work);
  work.fits(parts.reduce((sum, { length }) => sum + length + 2, 0));
  return isList(value) ? `[${parts.join(', ')}]` : `{${parts.join(', ')}}`;
}

const pythonQuoted = (text: string): string => {
  const quoted = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
  return `${quoted}${quoted === "'" ? escaped.replaceAll("'", "\\'") : escaped}${quoted}`;
};

/** What a `for` goes over: items, names of a map, characters of a text; nothing for what is none of these. */
export function itemsOf(value: Inner, work: Work): readonly Inner[] {
  if (isList(value)) return value;
  if (isMap(value)) return [...value.keys()];
  const kind = kindOf(value);
  if (kind === 'sized') {
    work.takenWhole('its items');
    return [value];
  }
  if (typeof value !== 'string' && kind !== 'printed') return [];
  const text = textOf(value, work);
  work.spend(text.length);
  return Array.from(text);
}

/** Whether two values are equal. What only a size is known of equals itself alone. */
export function areEqual(one: Inner, other: Inner, work: Work): boolean {
  work.spend();
  if (one === other) return true;
  if (kindOf(one) === 'printed' || kindOf(other) === 'printed') {
    if (typeof one !== 'string' && kindOf(one) !== 'printed') return false;
    if (typeof other !== 'string' && kindOf(other) !== 'printed') return false;
    return textOf(one, work) === textOf(other, work);
  }
  if (isList(one) && isList(other))
    return (
      one.length === other.length &&
      one.every((item, index) => areEqual(item, other[index] ?? null, work))
    );
  if (isMap(one) && isMap(other))
    return (
      one.size === other.size &&
      [...one].every(([key, item]) => {
        const there = other.get(key);
        return there !== undefined && areEqual(item, there, work);
      })
    );
  return false;
}

/** Order of two values, as `<` has it: numbers by size, all else by its text. */
export function compare(one: Inner, other: Inner, work: Work): number {
  work.spend();
  if (isNumeric(one) && isNumeric(other)) return Number(one) - Number(other);
  const [a, b] = [textOf(one, work), textOf(other, work)];
  return a < b ? -1 : a > b ? 1 : 0;
}

const isNumeric = (value: Inner): boolean =>
  typeof value === 'number' || typeof value === 'boolean';
