import { type JsonScanner, openScanner } from './json-scanner.ts';
import type { Located } from './located.ts';
import { DEEPEST } from './not-readable.ts';

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[A-Za-z_$][\w$]*/y;

/** Reads JSON into located values, in one pass. Throws NotReadable. */
export function readLocatedJson(text: string, firstLine = 1): Located {
  const scanner = openScanner(text, firstLine);
  scanner.skipBlanks();
  const value = readValue(scanner, 0);
  scanner.skipBlanks();
  if (scanner.peek() !== '') scanner.fail('the end');
  return value;
}

function readValue(scanner: JsonScanner, depth: number): Located {
  if (depth > DEEPEST) scanner.fail(`no more than ${DEEPEST} levels`);
  const start = scanner.place();
  switch (scanner.peek()) {
    case '"':
      return { kind: 'text', value: scanner.text(), ...start, textLine: start.line, escaped: true };
    case '{': {
      const entries = new Map<string, Located>();
      readInside(scanner, '}', () => {
        const key = readKey(scanner);
        entries.set(key, readValue(scanner, depth + 1));
      });
      return { kind: 'map', entries, ...start };
    }
    case '[': {
      const items: Located[] = [];
      readInside(scanner, ']', () => items.push(readValue(scanner, depth + 1)));
      return { kind: 'list', items, ...start };
    }
    default:
      return readWord(scanner);
  }
}

/** Numbers, true, false and null. */
function readWord(scanner: JsonScanner): Located {
  const start = scanner.place();
  const number = scanner.take(NUMBER);
  if (number !== '') return { kind: 'number', value: Number(number), ...start };
  const word = scanner.take(WORD);
  if (word === 'null') return { kind: 'nothing', ...start };
  if (word === 'true' || word === 'false')
    return { kind: 'flag', value: word === 'true', ...start };
  return scanner.fail('a value');
}

function readKey(scanner: JsonScanner): string {
  if (scanner.peek() !== '"') scanner.fail('a name in double quotes');
  const key = scanner.text();
  scanner.skipBlanks();
  if (scanner.peek() !== ':') scanner.fail('":"');
  scanner.step();
  scanner.skipBlanks();
  return key;
}

/** Reads what is between brackets, each part by `read`. */
function readInside(scanner: JsonScanner, close: string, read: () => void): void {
  scanner.step();
  scanner.skipBlanks();
  for (let first = true; scanner.peek() !== close; first = false) {
    if (!first) {
      if (scanner.peek() !== ',') scanner.fail(`"," or "${close}"`);
      scanner.step();
      scanner.skipBlanks();
    }
    read();
    scanner.skipBlanks();
  }
  scanner.step();
}
