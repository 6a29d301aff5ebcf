import { isMap, isNode, isScalar, isSeq, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { yamlOneBoolean } from './yaml-words.ts';

/** What is to be added to a card. Lines are without indentation of their own. */
export interface CardAddition {
  /** Declared under `sources:`, as `name: {...}`. */
  readonly source: { readonly name: string; readonly line: string };
  readonly rows: readonly NewRow[];
}

/** A price row for a model, by the id under which the card has it, or for one that it does not have yet. */
export interface NewRow {
  readonly model: string;
  readonly isNewModel: boolean;
  /** `from: 2026-11-22`, `input: 2.50`, ... */
  readonly lines: readonly string[];
}

/** A card's text with what could be added, and why the rest could not. */
export interface Added {
  readonly text: string;
  /** Reasons by model. */
  readonly refused: ReadonlyMap<string, string>;
}

interface Insertion {
  readonly offset: number;
  readonly lines: readonly string[];
}

/**
 * Adds rows behind the last row of their models, and models in their place. No existing line changes: what
 * could only be added by changing one (a list in one line) is refused. The text has to be a sound card.
 */
export function addToCard(text: string, { source, rows }: CardAddition): Added {
  const root = parseDocument(text, { version: '1.2', schema: 'core' }).contents;
  const refused = new Map<string, string>();
  const insertions: Insertion[] = [];
  const models = blockAt(root, 'models', text);
  const sources = blockAt(root, 'sources', text);
  if (models === undefined || sources === undefined) {
    const what = `${models === undefined ? 'models' : 'sources'} stand in one line; write each on a line of its own first`;
    return { text, refused: new Map(rows.map(({ model }) => [model, what])) };
  }
  for (const row of rows) {
    const insertion = row.isNewModel
      ? newModel(text, models, row)
      : behindLastRow(text, models, row);
    if (typeof insertion === 'string') refused.set(row.model, insertion);
    else insertions.push(insertion);
  }
  if (insertions.length === 0) return { text, refused };
  const known = sources.items.some((pair) => keyOf(pair) === source.name);
  if (!known)
    insertions.push({
      offset: lineAfter(text, endOfPair(sources.items.at(-1))),
      lines: [`${lineBefore(text, startOf(sources.items[0]?.key))}${source.name}: ${source.line}`],
    });
  return { text: inserted(text, insertions), refused };
}

/** Puts all insertions in at once, in the file's own line breaks; those at one place in the order given. */
function inserted(text: string, insertions: readonly Insertion[]): string {
  const breaks = text.includes('\r\n') ? '\r\n' : '\n';
  const inOrder = insertions
    .map((insertion, index) => ({ ...insertion, index }))
    .sort((a, b) => a.offset - b.offset || a.index - b.index);
  let result = '';
  let at = 0;
  for (const { offset, lines } of inOrder) {
    result += text.slice(at, offset);
    if (result !== '' && !result.endsWith('\n')) result += breaks;
    result += lines.map((line) => `${line}${breaks}`).join('');
    at = offset;
  }
  return result + text.slice(at);
}

function behindLastRow(text: string, models: YAMLMap, row: NewRow): Insertion | string {
  const entry = models.items.find((pair) => keyOf(pair) === row.model)?.value;
  const prices = isMap(entry)
    ? entry.items.find((pair) => keyOf(pair) === 'prices')?.value
    : undefined;
  const last = isSeq(prices) && prices.flow !== true ? prices.items.at(-1) : undefined;
  const before = isNode(last) ? lineBefore(text, startOf(last)) : '';
  const [, indent] = /^([ \t]*)- *$/.exec(before) ?? [];
  return indent === undefined
    ? 'its prices stand in one line; write each row on a line of its own first'
    : { offset: lineAfter(text, endOf(last)), lines: rowLines(row, indent) };
}

function newModel(text: string, models: YAMLMap, row: NewRow): Insertion {
  const indent = lineBefore(text, startOf(models.items[0]?.key));
  const lines = [
    `${indent}${keyText(row.model)}:`,
    `${indent}  prices:`,
    ...rowLines(row, `${indent}    `),
  ];
  const [first] = models.items;
  const previous = neighbour(models, row.model);
  const offset =
    previous === undefined
      ? startOf(first?.key) - indent.length
      : lineAfter(text, endOfPair(previous));
  return { offset, lines };
}

/** The model that a new one follows: the one before it by name where the card is sorted, else the last. */
function neighbour(models: YAMLMap, model: string): Pair | undefined {
  const ids = models.items.map((pair) => keyOf(pair).toLowerCase());
  const isSorted = ids.every((id, index) => index === 0 || (ids[index - 1] ?? '') < id);
  return isSorted
    ? models.items[ids.findLastIndex((id) => id < model.toLowerCase())]
    : models.items.at(-1);
}

const rowLines = ({ lines }: NewRow, indent: string): readonly string[] =>
  lines.map((line, index) => `${indent}${index === 0 ? '- ' : '  '}${line}`);

/** A map that is written in lines under a key of the card; `undefined` when it is not. */
function blockAt(root: unknown, key: string, text: string): YAMLMap | undefined {
  const value = isMap(root) ? root.items.find((pair) => keyOf(pair) === key)?.value : undefined;
  if (!isMap(value) || value.flow === true || value.items.length === 0) return undefined;
  return lineBefore(text, startOf(value.items[0]?.key)).trim() === '' ? value : undefined;
}

const keyOf = ({ key }: Pair): string => (isScalar(key) ? (key.source ?? String(key.value)) : '');

/** A model's id as a key: plain where every YAML reader takes it for text, else quoted. */
const keyText = (id: string): string =>
  /^[A-Za-z][\w.@/:+-]*[\w]$/.test(id) && yamlOneBoolean(id) === undefined
    ? id
    : JSON.stringify(id);

const startOf = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0);

/** Where a node ends, without the comments and empty lines behind it. */
function endOf(node: unknown): number {
  if (isMap(node) && node.flow !== true) return endOfPair(node.items.at(-1));
  if (isSeq(node) && node.flow !== true) return endOf(node.items.at(-1));
  return isNode(node) ? (node.range?.[1] ?? 0) : 0;
}

const endOfPair = (pair: Pair | undefined): number =>
  Math.max(endOf(pair?.key), endOf(pair?.value));

/** What stands before an offset in its line. */
const lineBefore = (text: string, offset: number): string =>
  text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);

/** The beginning of the line after an offset. */
function lineAfter(text: string, offset: number): number {
  if (text[offset - 1] === '\n') return offset;
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}
