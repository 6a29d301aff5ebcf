import type { Adapter } from '../adapters/contract/adapter.ts';
import { COUNT, type DirectReading, OWN_TEXTS } from '../adapters/contract/direct-reading.ts';
import type { IncomingEvent } from '../ledger/event-placement.ts';
import type { EventPacker } from './event-packer.ts';
import { ABSENT, NUMBER, NUMBERS, TEXT, TEXTS } from '../ledger/packed-events.ts';
import { isPlausibleTime } from './plausible.ts';
import { mayHoldSecret } from './secrets.ts';
import { viewOf } from './same-bytes.ts';
import { MOST_SHAPES, ShapeTree } from './shape-tree.ts';
import type { LineBytes } from './split-lines.ts';

/** Where own texts stand in a tree. */
const OWN = { id: 0, request: 1, run: 2, session: 3, user: 4, step: 5 } as const satisfies {
  readonly [Text in (typeof OWN_TEXTS)[number]]: number;
};

/** What is known of the lines of one format. */
interface KnownLines {
  readonly reading: DirectReading;
  readonly tree: ShapeTree;
  /** Numbers of kinds by what decides them; see followed. */
  readonly kinds: Map<number, number>;
  /** Numbers of tag sets by the number of a line's owners. */
  readonly tagSets: Map<number, number>;
  /** Lines that were packed and lines that were learned from, since it was last asked whether that is worth it. */
  read: number;
  learned: number;
  /** Lines to be parsed before lines are tried again. */
  resting: number;
}

/** Most kinds or tag sets that are known before all are forgotten. */
const MOST_KNOWN = 50_000;

/**
 * Where of LEARNED lines that were learned from not half as many were then read, lines are not tried for a while:
 * where a tag is new on nearly every line, trying takes longer than it saves.
 */
const [LEARNED, REST] = [1_000, 20_000];

/**
 * Packs the events of lines without parsing them, where lines like them were parsed before: one of the same shape
 * (line-shape.ts) with the same facts, and one with the same owners. What differs beyond that are counts, ids and
 * times, which are read from the bytes. All else is left to the adapter, and every line that it reads is learned
 * from, if reading it directly would have come to the same event.
 */
export class DirectLines {
  readonly #packer: EventPacker;
  #generation = 0;
  readonly #known = new Map<Adapter, KnownLines>();

  constructor(packer: EventPacker) {
    this.#packer = packer;
  }

  /** Packs the event of a line; false when it has to be parsed. */
  read(adapter: Adapter, { chunk, from, to }: LineBytes, number: number): boolean {
    const known = this.#knownOf(adapter);
    if (known === undefined || known.resting > 0) return false;
    const facts = followed(known, chunk, from, to, false);
    if (facts < 0) return false;
    const kind = known.kinds.get(facts);
    const tagSet = known.tagSets.get(known.tree.owners);
    if (kind === undefined || tagSet === undefined) return false;
    this.#pack(known, kind, tagSet, number);
    known.read += 1;
    return true;
  }

  /** Learns from a line whose only event its adapter has read and the packer has just packed. */
  learn(adapter: Adapter, { chunk, from, to }: LineBytes, incoming: IncomingEvent): void {
    const known = this.#knownOf(adapter);
    if (known === undefined || rests(known)) return;
    const { tree, kinds, tagSets } = known;
    let facts = followed(known, chunk, from, to, true);
    if (facts < 0) {
      tree.learn(chunk.subarray(from, to));
      facts = followed(known, chunk, from, to, true);
    }
    if (facts < 0 || !isAlike(known, chunk, incoming)) return;
    const { numbers, count } = this.#packer;
    const row = (count - 1) * NUMBERS;
    learnNumber(kinds, facts, numbers[row + NUMBER.kind] ?? 0);
    learnNumber(tagSets, tree.owners, numbers[row + NUMBER.tagSet] ?? 0);
  }

  #knownOf(adapter: Adapter): KnownLines | undefined {
    // Numbers of kinds and tag sets mean something else now.
    if (this.#generation !== this.#packer.generation) {
      this.#known.clear();
      this.#generation = this.#packer.generation;
    }
    const present = this.#known.get(adapter);
    if (adapter.direct === undefined || present?.tree.isFull === false) return present;
    const reading = adapter.direct;
    const known: KnownLines = {
      reading,
      tree: new ShapeTree(reading.useOf),
      kinds: new Map(),
      tagSets: new Map(),
      read: 0,
      learned: 0,
      resting: 0,
    };
    this.#known.set(adapter, known);
    return known;
  }

  #pack({ tree, reading }: KnownLines, kind: number, tagSet: number, line: number): void {
    const packer = this.#packer;
    const row = packer.addRow();
    const { numbers, lengths } = packer;
    const { counts } = tree;
    const at = row * NUMBERS;
    numbers[at + NUMBER.kind] = kind;
    numbers[at + NUMBER.tagSet] = tagSet;
    numbers[at + NUMBER.time] = tree.time;
    numbers[at + NUMBER.latencyMs] = counts[COUNT.latencyMs] ?? 0;
    numbers[at + NUMBER.retryCount] = counts[COUNT.retryCount] ?? 0;
    numbers[at + NUMBER.requests] = 1;
    numbers[at + NUMBER.input] = counts[COUNT.input] || 0;
    numbers[at + NUMBER.cacheRead] = counts[COUNT.cacheRead] || 0;
    // Nothing written is packed as absent.
    numbers[at + NUMBER.cacheWrite] = counts[COUNT.cacheWrite] || Number.NaN;
    numbers[at + NUMBER.cacheWrite5m] = counts[COUNT.cacheWrite5m] || Number.NaN;
    numbers[at + NUMBER.cacheWrite1h] = counts[COUNT.cacheWrite1h] || Number.NaN;
    numbers[at + NUMBER.output] = counts[COUNT.output] || 0;
    numbers[at + NUMBER.reasoning] = counts[COUNT.reasoning] || 0;
    numbers[at + NUMBER.line] = line;
    const texts = row * TEXTS;
    const idLength = this.#addText(tree, OWN.id);
    if ((tree.textFrom[OWN.request] ?? -1) >= 0) {
      packer.addAscii(COLON, 0, 1);
      lengths[texts + TEXT.key] = idLength + 1 + this.#addText(tree, OWN.request);
    } else lengths[texts + TEXT.key] = idLength;
    lengths[texts + TEXT.run] = this.#addText(tree, OWN.run);
    lengths[texts + TEXT.session] = this.#addText(tree, OWN.session);
    lengths[texts + TEXT.user] = this.#addText(tree, OWN.user);
    lengths[texts + TEXT.step] = this.#addText(tree, OWN.step);
    lengths[texts + TEXT.family] = reading.hasFamily ? this.#addText(tree, OWN.id) : ABSENT;
    lengths[texts + TEXT.rest] = ABSENT;
    lengths[texts + TEXT.reported] = ABSENT;
  }

  /** The length of a text that is added; ABSENT where the line has none. */
  #addText({ bytes, textFrom, textTo }: ShapeTree, text: number): number {
    const from = textFrom[text] ?? -1;
    if (from < 0) return ABSENT;
    const to = textTo[text] ?? 0;
    this.#packer.addAscii(bytes, from, to);
    return to - from;
  }
}

const COLON = viewOf(Buffer.from(':'));

/** Whether a line is not to be learned from, because trying lines has not been worth it. */
function rests(known: KnownLines): boolean {
  if (known.resting > 0) {
    known.resting -= 1;
    return true;
  }
  known.learned += 1;
  if (known.learned >= LEARNED) {
    if (known.read * 2 < known.learned) known.resting = REST;
    [known.read, known.learned] = [0, 0];
  }
  return false;
}

function learnNumber(known: Map<number, number>, key: number, number: number): void {
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, number);
}

/**
 * Follows a line whose values can be taken as they are; they are in its tree then, settled. What decides its kind, as
 * one number: its facts, its shape, and whether it used tokens, since that may decide whether the call was billed.
 * -1 of any other line.
 */
function followed(
  { tree, reading }: KnownLines,
  chunk: Buffer,
  from: number,
  to: number,
  learns: boolean,
): number {
  const shape = tree.follow(chunk, from, to, learns);
  if (shape < 0 || !isPlausibleTime(tree.time)) return -1;
  const { textFrom, textTo } = tree;
  for (let text = 0; text < textFrom.length; text += 1) {
    const start = textFrom[text] ?? -1;
    if (start >= 0 && mayHoldSecret(chunk, start, textTo[text] ?? 0)) return -1;
  }
  if (!reading.settle(tree.counts)) return -1;
  return (tree.facts * MOST_SHAPES + shape) * 2 + (usesTokens(tree) ? 1 : 0);
}

const TOKENS = [
  COUNT.input,
  COUNT.output,
  COUNT.cacheRead,
  COUNT.cacheWrite,
  COUNT.cacheWrite5m,
  COUNT.cacheWrite1h,
];

function usesTokens({ counts }: ShapeTree): boolean {
  for (const count of TOKENS) if ((counts[count] ?? 0) > 0) return true;
  return false;
}

/** Whether a line that was read directly becomes, besides facts and owners, the event that its adapter made of it. */
function isAlike(
  { tree, reading }: KnownLines,
  chunk: Buffer,
  { event, key }: IncomingEvent,
): boolean {
  const { usage, tags } = event;
  const count = (name: keyof typeof COUNT): number => tree.counts[COUNT[name]] ?? Number.NaN;
  const text = (name: keyof typeof OWN): string | undefined => {
    const from = tree.textFrom[OWN[name]] ?? -1;
    return from < 0 ? undefined : chunk.toString('latin1', from, tree.textTo[OWN[name]]);
  };
  const [first, second] = [text('id'), text('request')];
  const id = first !== undefined && second !== undefined ? `${first}:${second}` : first;
  const written = {
    default: count('cacheWrite'),
    '5m': count('cacheWrite5m'),
    '1h': count('cacheWrite1h'),
  };
  const writes = Object.entries(written).filter(([, tokens]) => tokens > 0);
  return (
    id !== undefined &&
    id === event.id &&
    key === id &&
    (reading.hasFamily ? first : undefined) === event.family &&
    tree.time === event.time &&
    sameCount(count('latencyMs'), event.latencyMs) &&
    sameCount(count('retryCount'), event.retryCount) &&
    event.requests === 1 &&
    (count('input') || 0) === usage.input &&
    (count('cacheRead') || 0) === usage.cacheRead &&
    (count('output') || 0) === usage.output &&
    (count('reasoning') || 0) === usage.reasoning &&
    writes.length === Object.keys(usage.cacheWrite).length &&
    writes.every(([ttl, tokens]) => usage.cacheWrite[ttl] === tokens) &&
    Object.keys(usage.parts).length + Object.keys(usage.fees).length === 0 &&
    event.reportedCost === undefined &&
    (['run', 'session', 'user', 'step'] as const).every((name) => text(name) === tags[name])
  );
}

const sameCount = (count: number, expected: number | undefined): boolean =>
  Number.isNaN(count) ? expected === undefined : count === expected;
