import { createRequire } from 'node:module';
import { nearest } from '../domain/nearest.ts';
import { type Origin, quote, UserError } from '../errors.ts';
import { writtenOut, yamlOneBoolean } from './yaml-words.ts';

type Yaml = typeof import('yaml');

let parser: Yaml | undefined;

/** The parser takes longer to load than compiled cards to read, so it is loaded by the first text. */
const yaml = (): Yaml => (parser ??= createRequire(import.meta.url)('yaml') as Yaml);

/** A YAML value with its place. Scalars keep their source text, so that `0.30` stays `0.30`. */
export type Located =
  | {
      readonly kind: 'scalar';
      readonly origin: Origin;
      readonly text: string;
      /** Written in quotes, so that it is text whatever it looks like. */
      readonly quoted?: boolean;
    }
  | { readonly kind: 'list'; readonly origin: Origin; readonly items: readonly Located[] }
  | { readonly kind: 'map'; readonly origin: Origin; readonly entries: ReadonlyMap<string, Entry> };

/** A key of a map with its place, and its value. */
export interface Entry {
  readonly key: string;
  readonly keyOrigin: Origin;
  readonly value: Located;
}

/** Something wrong at a place. Errors make a file unusable; warnings only ask to look. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly origin: Origin;
  readonly message: string;
}

/** Takes problems as they are found, so that one reading reports all of them. */
export type Report = (problem: Problem) => void;

/**
 * Reads YAML 1.2 text into located values. Throws UserError when it is no YAML, has two equal keys, or
 * uses an anchor (a card is read by people who do not follow references), or is nested past all reason.
 */
export function readYamlTree(text: string, file: string): Located {
  try {
    return yamlTree(text, file);
  } catch (cause) {
    // The parser calls itself at every level, and so runs out of stack.
    if (!(cause instanceof RangeError)) throw cause;
    throw new UserError('nested too deeply to be read', { origin: { file }, cause });
  }
}

function yamlTree(text: string, file: string): Located {
  const { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } = yaml();
  const lines = new LineCounter();
  const document = parseDocument(text, { version: '1.2', schema: 'core', lineCounter: lines });
  const place = (offset: number | undefined): Origin => {
    const { line, col } = lines.linePos(offset ?? 0);
    return { file, line, column: col };
  };
  const [error] = document.errors;
  // The parser calls itself at every level, and tells so when its stack is full.
  if (error !== undefined && /call stack/.test(error.message)) throw new RangeError(error.message);
  if (error !== undefined)
    throw new UserError(
      error.message.split('\n')[0]?.replace(/ at line .*$/, '') ?? 'not valid YAML',
      {
        origin: place(error.pos[0]),
      },
    );
  const convert = (node: unknown, fallback: Origin): Located => {
    if (isAlias(node)) throw noReferences(place(node.range?.[0]));
    if (isNode(node) && 'anchor' in node && node.anchor !== undefined)
      throw noReferences(place(node.range?.[0]));
    if (isScalar(node))
      return {
        kind: 'scalar',
        origin: place(node.range?.[0]),
        text: node.value === null ? '' : (node.source ?? ''),
        ...(node.type === 'PLAIN' ? {} : { quoted: true }),
      };
    if (isSeq(node)) {
      const origin = place(node.range?.[0]);
      return { kind: 'list', origin, items: node.items.map((item) => convert(item, origin)) };
    }
    if (!isMap(node)) return { kind: 'scalar', origin: fallback, text: '' };
    const origin = place(node.range?.[0]);
    const entries = new Map<string, Entry>();
    for (const { key, value } of node.items) {
      const keyOrigin = isScalar(key) ? place(key.range?.[0]) : origin;
      const name = isScalar(key) ? (key.source ?? String(key.value)) : '?';
      entries.set(name, { key: name, keyOrigin, value: convert(value, keyOrigin) });
    }
    return { kind: 'map', origin, entries };
  };
  return convert(document.contents, { file, line: 1, column: 1 });
}

const noReferences = (origin: Origin): UserError =>
  new UserError('anchors and aliases are not read here', { origin, hint: 'Write the value out.' });

/** Reads values of a tree, reporting what does not fit and going on without it. */
export interface TreeReader {
  /** The entries of a map; with `allowed`, keys outside it are errors that name the nearest valid key. */
  readonly map: (
    value: Located | undefined,
    path: string,
    allowed?: readonly string[],
  ) => ReadonlyMap<string, Entry>;
  readonly list: (value: Located | undefined, path: string) => readonly Located[];
  readonly text: (value: Located | undefined, path: string) => string | undefined;
  /** A list of texts, or one text alone. */
  readonly texts: (value: Located | undefined, path: string) => readonly string[];
  readonly flag: (value: Located | undefined, path: string) => boolean;
  readonly count: (value: Located | undefined, path: string) => number | undefined;
  readonly error: (origin: Origin, message: string) => void;
  readonly warn: (origin: Origin, message: string) => void;
}

/** A reader that hands every problem to `report`. */
export function treeReader(report: Report): TreeReader {
  const error = (origin: Origin, message: string): void =>
    report({ severity: 'error', origin, message });
  const warn = (origin: Origin, message: string): void =>
    report({ severity: 'warning', origin, message });
  const wrong = (value: Located, path: string, expected: string, mend?: string): undefined => {
    error(
      value.origin,
      `${path === '' ? '' : `${path}: `}expected ${expected}, found ${describe(value)}${mend === undefined ? '' : `; write ${mend}`}`,
    );
    return undefined;
  };
  const text = (value: Located | undefined, path: string): string | undefined => {
    if (value === undefined) return undefined;
    return value.kind === 'scalar' && value.text !== '' ? value.text : wrong(value, path, 'text');
  };
  const list = (value: Located | undefined, path: string): readonly Located[] => {
    if (value === undefined) return [];
    return value.kind === 'list' ? value.items : (wrong(value, path, 'a list') ?? []);
  };
  return {
    error,
    warn,
    text,
    list,
    map(value, path, allowed) {
      if (value === undefined) return new Map();
      if (value.kind !== 'map') return wrong(value, path, 'keys and values') ?? new Map();
      for (const { key, keyOrigin } of value.entries.values())
        if (allowed !== undefined && !allowed.includes(key))
          error(keyOrigin, unknownKey(path, key, allowed));
      return value.entries;
    },
    texts: (value, path) =>
      (value?.kind === 'scalar' ? [value] : list(value, path)).flatMap(
        (item) => text(item, path) ?? [],
      ),
    flag(value, path) {
      if (value === undefined) return false;
      const found = text(value, path);
      if (found !== 'true' && found !== 'false')
        wrong(value, path, 'true or false', yamlOneBoolean(found ?? ''));
      return found === 'true';
    },
    count(value, path) {
      const found = text(value, path);
      if (value === undefined || found === undefined) return undefined;
      return /^\d{1,15}$/.test(found)
        ? Number(found)
        : wrong(value, path, 'a whole number, 0 or more', writtenOut(found));
    },
  };
}

function unknownKey(path: string, key: string, allowed: readonly string[]): string {
  const close = nearest(key, allowed);
  const where = path === '' ? '' : `${path}: `;
  const meant = yamlOneBoolean(key);
  if (meant !== undefined)
    return `${where}unknown key ${quote(key)}, which is ${meant} to YAML 1.1 readers; known are ${allowed.join(', ')}`;
  return close === undefined
    ? `${where}unknown key ${quote(key)}; known are ${allowed.join(', ')}`
    : `${where}unknown key ${quote(key)}; did you mean ${quote(close)}?`;
}

const describe = (value: Located): string => {
  switch (value.kind) {
    case 'scalar':
      return value.text === '' ? 'nothing' : quote(value.text);
    case 'list':
      return 'a list';
    case 'map':
      return 'keys and values';
  }
};
