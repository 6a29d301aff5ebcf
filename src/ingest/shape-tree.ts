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
  putWholeNumber,
  unescapedEnd,
  usualTime,
  usualTimeEnd,
  valueEnd,
} from './plain-json.ts';
import { NumberedValues, UNKNOWN } from './numbered-values.ts';
import { RecentStretches, type Stretch } from './recent-stretches.ts';
import { KeptBytes, sameBytes, viewOf } from './same-bytes.ts';

/** One way to go on from a value to the next. */
interface Way {
  /** Where the tree keeps the bytes up to the value, and how many they are. */
  readonly from: number;
  readonly length: number;
  /** Absent where the line ends. */
  readonly value: ShapeValue | undefined;
  /** The number of the value's keys; of the shape, where the line ends. */
  readonly key: number;
  /** The ways behind the value. */
  readonly next: Way[];
  /** Of a common value: it and what came behind it, up to a value of the line's own. */
  readonly recent: RecentStretches<Way> | undefined;
  /** Whether its value, which is passed over, was too long to be expected again: what came behind it ends there. */
  isLong: boolean;
}

/** Most ways in a tree, and from one value: a log has a dozen shapes, not one a line. */
const [MOST_WAYS, MOST_CHOICES] = [5_000, 32];

/** More than the numbers of shapes, each of which ends in a way of its own. */
export const MOST_SHAPES = 2 * MOST_WAYS;

/** Longest value that is passed over and yet expected to come again. */
const MOST_PASSED = 32;

/** The shapes of a format's lines, as a tree of what follows what, and the values of the line that it followed last. */
export class ShapeTree {
  /** In milliseconds UTC; NaN when the line has none. */
  time = Number.NaN;
  readonly counts: Counts = new Float64Array(Object.keys(COUNT).length);
  /** Where own texts stand in the line, by their place in OWN_TEXTS; -1 for none. */
  readonly textFrom = new Int32Array(OWN_TEXTS.length);
  readonly textTo = new Int32Array(OWN_TEXTS.length);
  /** Numbers of all facts and of all owners of the line with their keys; 0 for none. */
  facts = 0;
  owners = 0;
  readonly #useOf: DirectReading['useOf'];
  readonly #roots: Way[] = [];
  readonly #fixed = new KeptBytes();
  readonly #keys = new Map<string, number>();
  #ways = 0;
  #shapes = 0;
  /** The line that is followed, and where it ends. */
  #line: Buffer = NOTHING;
  bytes: DataView = viewOf(NOTHING);
  #to = 0;
  /** Facts and owners of one stretch, and numbers of all that are known. */
  readonly #stretchFacts = new ValueList();
  readonly #stretchOwners = new ValueList();
  readonly #facts = new NumberedValues();
  readonly #owners = new NumberedValues();

  /** Whether it knows so much that it is to be made anew. */
  get isFull(): boolean {
    return this.#facts.isFull || this.#owners.isFull;
  }

  constructor(useOf: DirectReading['useOf']) {
    this.#useOf = useOf;
  }

  /**
   * The number of a line's shape; -1 where it is not known, or a value is of another kind than the shape has. Facts
   * and owners that are new are given numbers if the line is learned from; otherwise it cannot be followed.
   */
  follow(line: Buffer, from: number, to: number, learns: boolean): number {
    this.#open(line, to);
    let ways = this.#roots;
    let at = from;
    for (;;) {
      let way = this.#wayFrom(ways, at);
      if (way === undefined) return -1;
      at += way.length;
      if (way.recent !== undefined) {
        const stretch =
          way.recent.find(this.bytes, at, to) ?? this.#stretch(way, way.recent, at, learns);
        if (stretch === undefined) return -1;
        at += stretch.length;
        this.facts = this.#facts.behind(this.facts, stretch.facts, learns);
        this.owners = this.#owners.behind(this.owners, stretch.owners, learns);
        if (this.facts === UNKNOWN || this.owners === UNKNOWN) return -1;
        way = stretch.end;
      }
      if (way.value === undefined) return at === to ? way.key : -1;
      at = this.#read(way.value, at);
      if (at < 0 || at > to) return -1;
      ways = way.next;
    }
  }

  /** Learns the shape of a line that was parsed. */
  learn(line: Buffer): void {
    if (this.#ways >= MOST_WAYS) return;
    let ways = this.#roots;
    for (const step of shapeOf(line, this.#useOf) ?? []) {
      let way = ways.find((each) => this.#isWay(each, step));
      if (way === undefined) {
        if (ways.length >= MOST_CHOICES) return;
        way = this.#wayOf(step);
        // The longest first: one may begin like another.
        ways.push(way);
        ways.sort((a, b) => b.length - a.length);
      }
      ways = way.next;
    }
  }

  #isWay(way: Way, { fixed, value }: ShapeStep): boolean {
    return (
      way.value?.kind === value?.kind &&
      way.value?.path === value?.path &&
      way.length === fixed.length &&
      sameBytes(viewOf(fixed), 0, this.#fixed.view, way.from, way.length)
    );
  }

  #wayOf({ fixed, value }: ShapeStep): Way {
    this.#ways += 1;
    const key = value === undefined ? this.#shapes++ : this.#keyOf(value.path);
    const recent =
      value?.kind === 'common' || value?.kind === 'word' ? new RecentStretches<Way>() : undefined;
    return {
      from: this.#fixed.add(fixed),
      length: fixed.length,
      value,
      key,
      next: [],
      recent,
      isLong: false,
    };
  }

  #keyOf(path: string): number {
    const key = this.#keys.get(path) ?? this.#keys.size;
    this.#keys.set(path, key);
    return key;
  }

  #open(line: Buffer, to: number): void {
    if (line !== this.#line) {
      this.#line = line;
      this.bytes = viewOf(line);
      this.#stretchFacts.line = this.bytes;
      this.#stretchOwners.line = this.bytes;
    }
    this.#to = to;
    this.time = Number.NaN;
    for (let count = 0; count < this.counts.length; count += 1) this.counts[count] = Number.NaN;
    for (let text = 0; text < this.textFrom.length; text += 1) this.textFrom[text] = -1;
    this.facts = 0;
    this.owners = 0;
  }

  /** Which way the bytes go on; the ways of a value differ in them. */
  #wayFrom(ways: readonly Way[], at: number): Way | undefined {
    const most = this.#to - at;
    for (let index = 0; index < ways.length; index += 1) {
      const way = ways[index];
      if (way === undefined || way.length > most) continue;
      if (sameBytes(this.bytes, at, this.#fixed.view, way.from, way.length)) return way;
    }
    return undefined;
  }

  /** What begins with the common value behind a way, one value after another. */
  #stretch(
    first: Way,
    recent: RecentStretches<Way>,
    at: number,
    learns: boolean,
  ): Stretch<Way> | undefined {
    this.#stretchFacts.count = 0;
    this.#stretchOwners.count = 0;
    let here = at;
    let comesAgain = true;
    let way = first;
    while (way.value !== undefined && !isOwn(way.value) && !way.isLong) {
      const end = this.#passed(way.value, way.key, here);
      if (end < 0 || end > this.#to) return undefined;
      if (way.value.kind === 'nothing' && end - here > MOST_PASSED) {
        way.isLong = true;
        comesAgain = false;
      }
      const next = this.#wayFrom(way.next, end);
      if (next === undefined) return undefined;
      here = end + next.length;
      way = next;
    }
    const facts = this.#facts.numberOf(this.#stretchFacts, learns);
    const owners = this.#owners.numberOf(this.#stretchOwners, learns);
    if (facts === UNKNOWN || owners === UNKNOWN || here > this.#to) return undefined;
    const stretch = { length: here - at, facts, owners, end: way };
    if (comesAgain) recent.keep(this.#line, at, stretch);
    return stretch;
  }

  /** The end of a value that is not the line's own, which is kept where it decides something; -1 when it is of another kind. */
  #passed(value: ShapeValue, key: number, at: number): number {
    if (value.kind === 'nothing') return valueEnd(this.#line, at);
    const end = value.kind === 'word' ? atomEnd(this.#line, at) : unescapedEnd(this.#line, at);
    if (value.isFact) this.#stretchFacts.add(key, at, end);
    if (value.isOwner) this.#stretchOwners.add(key, at, end);
    return end;
  }

  /** The end of a value of the line's own, which is kept; -1 when it is of another kind. */
  #read(value: ShapeValue, at: number): number {
    const line = this.#line;
    let end: number;
    switch (value.kind) {
      case 'count':
        return putWholeNumber(line, at, this.counts, value.column);
      case 'time':
        end = usualTimeEnd(line, at);
        this.time = usualTime(line, at, end);
        return Number.isNaN(this.time) ? -1 : end;
      case 'text':
        end = asciiEnd(line, at);
        this.textFrom[value.column] = at;
        this.textTo[value.column] = end;
        return isOwnText(value, line, at, end) ? end : -1;
      // Those that are common are passed with what is behind them.
      case 'nothing':
      case 'common':
      case 'word':
        return valueEnd(line, at);
    }
  }
}

const NOTHING = Buffer.alloc(0);
/** Whether a value differs from line to line and is kept. */
const isOwn = ({ kind }: ShapeValue): boolean =>
  kind === 'count' || kind === 'text' || kind === 'time';

/** Most bytes of an own text. */
const LONGEST_TEXT = 1_000;
const BLANK = 32;

/** Whether a text is taken as it is: not empty, no blanks to be cut off, no beginning that means something else. */
function isOwnText({ unless }: ShapeValue, line: Buffer, from: number, to: number): boolean {
  if (to === from || to - from > LONGEST_TEXT) return false;
  if (line[from] === BLANK || line[to - 1] === BLANK) return false;
  for (const beginning of unless) if (startsWith(line, from, beginning)) return false;
  return true;
}

function startsWith(line: Buffer, at: number, fixed: Buffer): boolean {
  for (let index = 0; index < fixed.length; index += 1)
    if (line[at + index] !== fixed[index]) return false;
  return true;
}
