import {
  COUNT,
  type Counts,
  type DirectReading,
  OWN_TEXTS,
} from '../adapters/contract/direct-reading.ts';
import { ValueList } from './common-values.ts';
import { type ShapeStep, shapeOf, type ShapeValue } from './line-shape.ts';
import {
  asciiEnd,
  atomEnd,
  digitsEnd,
  unescapedEnd,
  usualTime,
  valueEnd,
  wholeNumber,
} from './plain-json.ts';

/** One way to go on from a value to the next. */
interface Way {
  readonly fixed: Buffer;
  /** Absent where the line ends. */
  readonly value: ShapeValue | undefined;
  /** The number of the value's keys; of the shape, where the line ends. */
  readonly key: number;
  /** The ways behind the value. */
  readonly next: Way[];
}

/** Most ways in a tree, and from one value: a log has a dozen shapes, not one a line. */
const [MOST_WAYS, MOST_CHOICES] = [5_000, 32];

/** The shapes of a format's lines, as a tree of what follows what, and the values of the line that it followed last. */
export class ShapeTree {
  /** In milliseconds UTC; NaN when the line has none. */
  time = Number.NaN;
  readonly counts: Counts = new Float64Array(Object.keys(COUNT).length);
  /** Where own texts stand in the line, by their place in OWN_TEXTS; -1 for none. */
  readonly textFrom = new Int32Array(OWN_TEXTS.length);
  readonly textTo = new Int32Array(OWN_TEXTS.length);
  readonly facts = new ValueList();
  readonly owners = new ValueList();
  readonly #useOf: DirectReading['useOf'];
  readonly #roots: Way[] = [];
  readonly #keys = new Map<string, number>();
  #ways = 0;
  #shapes = 0;

  constructor(useOf: DirectReading['useOf']) {
    this.#useOf = useOf;
  }

  /** The number of a line's shape; -1 where it is not known, or a value is of another kind than the shape has. */
  follow(line: Buffer, from: number, to: number): number {
    this.#forgetValues();
    let ways = this.#roots;
    let at = from;
    for (;;) {
      const way = wayFrom(ways, line, at);
      if (way === undefined) return -1;
      at += way.fixed.length;
      if (way.value === undefined) return at === to ? way.key : -1;
      at = this.#read(way.value, way.key, line, at);
      if (at < 0 || at > to) return -1;
      ways = way.next;
    }
  }

  /** Learns the shape of a line that was parsed. */
  learn(line: Buffer): void {
    if (this.#ways >= MOST_WAYS) return;
    let ways = this.#roots;
    for (const step of shapeOf(line, this.#useOf) ?? []) {
      let way = ways.find((each) => isWay(each, step));
      if (way === undefined) {
        if (ways.length >= MOST_CHOICES) return;
        way = this.#wayOf(step);
        // The longest first: one may begin like another.
        ways.push(way);
        ways.sort((a, b) => b.fixed.length - a.fixed.length);
      }
      ways = way.next;
    }
  }

  #wayOf({ fixed, value }: ShapeStep): Way {
    this.#ways += 1;
    const key = value === undefined ? this.#shapes++ : this.#keyOf(value.path);
    return { fixed, value, key, next: [] };
  }

  #keyOf(path: string): number {
    const key = this.#keys.get(path) ?? this.#keys.size;
    this.#keys.set(path, key);
    return key;
  }

  #forgetValues(): void {
    this.time = Number.NaN;
    this.counts.fill(Number.NaN);
    this.textFrom.fill(-1);
    this.facts.count = 0;
    this.owners.count = 0;
  }

  /** The end of a value, which is kept; -1 when it is of another kind. */
  #read(value: ShapeValue, key: number, line: Buffer, at: number): number {
    let end: number;
    switch (value.kind) {
      case 'nothing':
        return valueEnd(line, at);
      case 'count':
        end = digitsEnd(line, at);
        this.counts[value.column] = wholeNumber(line, at, end);
        return Number.isNaN(this.counts[value.column]) ? -1 : end;
      case 'time':
        end = asciiEnd(line, at);
        this.time = usualTime(line, at, end);
        return Number.isNaN(this.time) ? -1 : end;
      case 'text':
        end = asciiEnd(line, at);
        this.textFrom[value.column] = at;
        this.textTo[value.column] = end;
        return isOwnText(value, line, at, end) ? end : -1;
      case 'common':
        end = unescapedEnd(line, at);
        break;
      case 'word':
        end = atomEnd(line, at);
        break;
    }
    if (value.isFact) this.facts.add(key, at, end);
    if (value.isOwner) this.owners.add(key, at, end);
    return end;
  }
}

/** Which way the bytes go on; the ways of a value differ in them. */
function wayFrom(ways: readonly Way[], line: Buffer, at: number): Way | undefined {
  for (let index = 0; index < ways.length; index += 1) {
    const way = ways[index];
    if (way !== undefined && startsWith(line, at, way.fixed)) return way;
  }
  return undefined;
}

function startsWith(line: Buffer, at: number, fixed: Buffer): boolean {
  for (let index = 0; index < fixed.length; index += 1)
    if (line[at + index] !== fixed[index]) return false;
  return true;
}

const isWay = (way: Way, { fixed, value }: ShapeStep): boolean =>
  way.value?.kind === value?.kind && way.value?.path === value?.path && way.fixed.equals(fixed);

/** Most bytes of an own text. */
const LONGEST_TEXT = 1_000;
const BLANK = 32;

/** Whether a text is taken as it is: not empty, no blanks to be cut off, no beginning that means something else. */
const isOwnText = ({ unless }: ShapeValue, line: Buffer, from: number, to: number): boolean =>
  to > from &&
  to - from <= LONGEST_TEXT &&
  line[from] !== BLANK &&
  line[to - 1] !== BLANK &&
  !unless.some((beginning) => startsWith(line, from, beginning));
