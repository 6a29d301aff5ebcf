import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  Scalar,
} from 'yaml';
import type { Located } from './located.ts';
import { DEEPEST, NotReadable } from './not-readable.ts';

/** Most values of one file with its references written out; a few lines of YAML can stand for billions. */
const MOST_VALUES = 1_000_000;

/** A value and how many values it is with its references written out. */
interface Counted {
  readonly value: Located;
  readonly count: number;
}

/** A line and a column of the file. */
interface Place {
  readonly line: number;
  readonly column: number;
}

/** What converting a document needs to know: where its nodes are, and what its anchors stand for so far. */
interface Conversion {
  readonly place: (offset: number) => Place;
  readonly anchors: Map<string, Counted>;
}

/**
 * Reads YAML 1.2 (with merge keys) into located values. Anchors are fine here: these are other people's files.
 * `firstLine` is the line of the file that the text begins in. Throws NotReadable.
 */
export function readLocatedYaml(text: string, firstLine = 1): Located {
  const lines = new LineCounter();
  const document = parsed(text, lines);
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: line + firstLine - 1, column: Math.max(1, col) };
  };
  const [error] = document.errors;
  if (error !== undefined) throw notReadable(messageOf(error.message), place(error.pos[0]));
  return convert(document.contents, { place, anchors: new Map() }, 0, 0).value;
}

const notReadable = (message: string, { line, column }: Place): NotReadable =>
  new NotReadable(message, line, column);

/** What the parser says, without the place and the excerpt it adds; it calls itself for each level. */
const messageOf = (message: string): string =>
  message.includes('call stack')
    ? 'nests too deeply'
    : (message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? 'not valid YAML');

/** A node with its aliases resolved. `around` is where what holds it begins. */
function convert(node: unknown, within: Conversion, depth: number, around: number): Counted {
  const offset = rangeOf(node) ?? around;
  const place = within.place(offset);
  if (depth > DEEPEST) throw notReadable(`nests deeper than ${DEEPEST} levels`, place);
  if (isAlias(node)) {
    const found = within.anchors.get(node.source);
    if (found !== undefined) return found;
    throw notReadable(`*${node.source} refers to itself, or to nothing before it`, place);
  }
  const made = convertValue(node, within, depth, offset);
  if (made.count > MOST_VALUES)
    throw notReadable(
      `has more than ${MOST_VALUES.toLocaleString('en-US')} values with its references written out`,
      place,
    );
  const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
  if (anchor !== undefined) within.anchors.set(anchor, made);
  return made;
}

function convertValue(node: unknown, within: Conversion, depth: number, offset: number): Counted {
  const place = within.place(offset);
  if (isMap(node)) return convertMap(node.items, within, depth, offset);
  if (!isSeq(node))
    return {
      value: isScalar(node) ? scalar(node, place) : { kind: 'nothing', ...place },
      count: 1,
    };
  const items = node.items.map((item) => convert(item, within, depth + 1, offset));
  return {
    value: { kind: 'list', items: items.map(({ value }) => value), ...place },
    count: counted(items),
  };
}

/** Keys under `<<` are added where the map has none of that name itself. */
function convertMap(
  pairs: readonly Pair[],
  within: Conversion,
  depth: number,
  offset: number,
): Counted {
  const entries = new Map<string, Located>();
  const parts: Counted[] = [];
  const merged: Located[] = [];
  for (const { key, value } of pairs) {
    const made = convert(value, within, depth + 1, rangeOf(key) ?? offset);
    parts.push(made);
    const name = isScalar(key) ? String(key.value) : '?';
    if (name === '<<')
      for (const from of made.value.kind === 'list' ? made.value.items : [made.value])
        merged.push(from);
    else entries.set(name, made.value);
  }
  for (const from of merged)
    if (from.kind === 'map')
      for (const [name, value] of from.entries) if (!entries.has(name)) entries.set(name, value);
  return { value: { kind: 'map', entries, ...within.place(offset) }, count: counted(parts) };
}

/** The parser calls itself for each level, so that what nests too deeply overflows before it can be counted. */
function parsed(text: string, lineCounter: LineCounter) {
  const options = {
    version: '1.2',
    schema: 'core',
    lineCounter,
    uniqueKeys: false,
    logLevel: 'error',
  } as const;
  try {
    return parseDocument(text, options);
  } catch (error) {
    if (error instanceof RangeError) throw new NotReadable('nests too deeply', 1, 1);
    throw error;
  }
}

const counted = (parts: readonly Counted[]): number =>
  parts.reduce((sum, { count }) => sum + count, 1);

const rangeOf = (node: unknown): number | undefined =>
  isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined;

/** Texts of a block keep the lines of the file, one below their `|`; all others are one line, or folded. */
function scalar(node: Scalar, start: Place): Located {
  const { value } = node;
  if (typeof value === 'number') return { kind: 'number', value, ...start };
  if (typeof value === 'boolean') return { kind: 'flag', value, ...start };
  if (value === null || value === undefined) return { kind: 'nothing', ...start };
  const isBlock = node.type === Scalar.BLOCK_LITERAL;
  return {
    kind: 'text',
    value: typeof value === 'string' ? value : (node.source ?? ''),
    ...start,
    textLine: start.line + (isBlock ? 1 : 0),
    escaped: !isBlock,
  };
}
