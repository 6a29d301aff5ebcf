import type { Fraction } from './fraction.ts';

/** What a quantity measures; only quantities of one kind can be added. */
export type Measure = 'count' | 'time' | 'bytes' | 'byte-time';

/** A unit as a number of base units of what it measures: one thing, a millisecond, a byte, a byte-millisecond. */
export interface Unit {
  readonly measure: Measure;
  readonly factor: Fraction;
  /** What is counted, in the singular (`query`); absent for other measures and for plain counts. */
  readonly noun?: string;
}

const SECOND = 1000n;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;
const DAY = 24n * HOUR;

/** Milliseconds of a unit of time. */
const TIMES: ReadonlyMap<string, bigint> = new Map([
  ['ms', 1n],
  ['millisecond', 1n],
  ['s', SECOND],
  ['sec', SECOND],
  ['second', SECOND],
  ['min', MINUTE],
  ['minute', MINUTE],
  ['h', HOUR],
  ['hr', HOUR],
  ['hour', HOUR],
  ['d', DAY],
  ['day', DAY],
]);

/**
 * Bytes of a unit, by its exact letters: GB is 10^9 and GiB 2^30 bytes (IEC 80000-13), and Gb would be bits.
 */
const BYTES: ReadonlyMap<string, bigint> = new Map([
  ['B', 1n],
  ...['k', 'K'].map((letter): [string, bigint] => [`${letter}B`, 1000n]),
  ...['M', 'G', 'T', 'P'].map((letter, index): [string, bigint] => [
    `${letter}B`,
    1000n ** BigInt(index + 2),
  ]),
  ...['K', 'M', 'G', 'T', 'P'].map((letter, index): [string, bigint] => [
    `${letter}iB`,
    1024n ** BigInt(index + 1),
  ]),
]);

/** Things that are counted, in the singular. */
const NOUNS = [
  'call',
  'character',
  'collection',
  'document',
  'embedding',
  'event',
  'index',
  'job',
  'namespace',
  'pod',
  'query',
  'request',
  'retry',
  'run',
  'span',
  'step',
  'token',
  'unit',
  'vector',
  'workload',
] as const;
const COUNTED: ReadonlySet<string> = new Set(NOUNS);
const IRREGULAR: ReadonlyMap<string, string> = new Map([
  ['queries', 'query'],
  ['retries', 'retry'],
  ['indexes', 'index'],
  ['indices', 'index'],
]);

const THOUSANDS: ReadonlyMap<string, bigint> = new Map([
  ['k', 1000n],
  ['m', 1_000_000n],
  ['b', 1_000_000_000n],
]);

/**
 * A unit by its name: `GPU-hours`, `s`, `GiB`, `GB-Hours`, `requests`, `1M tokens`, `1000000 Tokens`, `count`.
 * `undefined` when it is none that is known: a unit is never guessed.
 */
export function unitNamed(text: string): Unit | undefined {
  const [, number, letter, name = ''] =
    /^(?:(\d{1,12})([kKmMbB])?\s+)?(.+)$/s.exec(text.trim()) ?? [];
  const times =
    BigInt(number ?? '1') *
    (letter === undefined ? 1n : (THOUSANDS.get(letter.toLowerCase()) ?? 1n));
  const unit = times === 0n ? undefined : plainUnit(name.trim());
  return unit === undefined
    ? undefined
    : { ...unit, factor: { part: unit.factor.part * times, over: unit.factor.over } };
}

function plainUnit(name: string): Unit | undefined {
  const whole = (measure: Measure, part: bigint): Unit => ({ measure, factor: { part, over: 1n } });
  const bytes = BYTES.get(name);
  if (bytes !== undefined) return whole('bytes', bytes);
  const [, stored = '', during = ''] = /^(\w+)[- ](\w+)$/.exec(name) ?? [];
  const held = BYTES.get(stored);
  const clock = TIMES.get(singular(during));
  if (held !== undefined && clock !== undefined) return whole('byte-time', held * clock);
  // Time of something, such as GPU-seconds: what it is time of, the signal says.
  if (clock !== undefined && /^(gpu|pod|cpu|vcpu|container|node)$/i.test(stored))
    return whole('time', clock);
  const time = TIMES.get(singular(name));
  if (time !== undefined) return whole('time', time);
  if (/^(count|1)$/i.test(name)) return whole('count', 1n);
  const noun = singular(name);
  return COUNTED.has(noun) ? { ...whole('count', 1n), noun } : undefined;
}

/** `token` of `Tokens`; short forms of time are what they are. */
function singular(name: string): string {
  const lower = name.toLowerCase();
  return (
    IRREGULAR.get(lower) ??
    (lower.length > 2 && lower.endsWith('s') && !TIMES.has(lower) ? lower.slice(0, -1) : lower)
  );
}
