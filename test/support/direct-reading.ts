import { expect } from 'vitest';
import { DirectLines } from '../../src/ingest/direct-lines.ts';
import { EventPacker } from '../../src/ingest/event-packer.ts';
import { createFormatFinder } from '../../src/ingest/format-finder.ts';
import {
  type Collector,
  eventList,
  type LineReader,
  readSource,
} from '../../src/ingest/ingest-file.ts';
import { CountNotes } from '../../src/ingest/noted-counts.ts';
import { loadAdapters } from '../../src/ingest/registry.ts';
import type { Additions } from '../../src/ingest/source-reader.ts';
import type { IncomingEvent } from '../../src/ledger/event-placement.ts';
import { EventUnpacker } from '../../src/ledger/packed-part.ts';

const adapters = await loadAdapters();
const NO_ADDITIONS: Additions = { tags: {} };

/** What reading a log comes to. */
interface Reading {
  readonly events: readonly IncomingEvent[];
  readonly counts: unknown;
  /** Lines that were not parsed. */
  readonly direct: number;
}

async function read<Events>(
  log: Buffer,
  events: Collector<Events>,
  unpack: (events: Events) => readonly IncomingEvent[],
  additions: Additions,
): Promise<Omit<Reading, 'direct'>> {
  const found: IncomingEvent[] = [];
  const counts = new CountNotes(() => undefined);
  const source = {
    shownAs: 'calls.jsonl',
    fileId: 7,
    compressed: false,
    start: { offset: 0, lines: 0 },
    // Parts of any size, since lines may begin in one and end in another.
    bytes: async function* () {
      for (let at = 0; at < log.length; at += 5_000) yield log.subarray(at, at + 5_000);
    },
  };
  const taker = {
    events,
    part: 3,
    take: (part: { events: Events }) => void found.push(...unpack(part.events)),
  };
  await readSource(source, createFormatFinder(adapters), additions, taker, counts);
  return { events: found, counts: counts.take() };
}

const readParsed = (log: Buffer, additions = NO_ADDITIONS) =>
  read(log, eventList(), (events) => events, additions);

async function readDirectly(
  logs: readonly Buffer[],
  additions: Additions,
): Promise<readonly Reading[]> {
  const [packer, unpacker] = [new EventPacker(), new EventUnpacker()];
  const lines = new DirectLines(packer);
  let direct = 0;
  const reader: LineReader = {
    learn: (...line) => lines.learn(...line),
    readUnasked(...line) {
      const adapter = lines.readUnasked(...line);
      if (adapter !== undefined) direct += 1;
      return adapter;
    },
    read(...line) {
      const isRead = lines.read(...line);
      if (isRead) direct += 1;
      return isRead;
    },
  };
  const collector = {
    add: (event: IncomingEvent) => packer.add(event),
    count: () => packer.count,
    take: () => packer.take(7),
    direct: reader,
  };
  const readings: Reading[] = [];
  for (const log of logs) {
    direct = 0;
    const found = await read(log, collector, (packed) => unpacker.open(packed).events(), additions);
    readings.push({ ...found, direct });
  }
  return readings;
}

/**
 * Reads files one behind the other, parsing every line and parsing as few as it can, which have to agree; how many
 * lines of each were not parsed.
 */
export async function agreedFiles(
  logs: readonly string[],
  additions = NO_ADDITIONS,
): Promise<readonly number[]> {
  const files = logs.map((log) => Buffer.from(log));
  const readings = await readDirectly(files, additions);
  for (const [file, { direct: _, ...directly }] of readings.entries())
    expect(directly).toEqual(await readParsed(files[file] ?? Buffer.alloc(0), additions));
  return readings.map(({ direct }) => direct);
}

/** As agreedFiles, for one log. */
export async function agreed(log: Buffer | string, additions = NO_ADDITIONS): Promise<number> {
  const bytes = Buffer.from(log);
  const [reading] = await readDirectly([bytes], additions);
  const { direct, ...directly } = reading ?? { direct: 0 };
  expect(directly).toEqual(await readParsed(bytes, additions));
  return direct;
}
