import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findFiles } from '../../src/ingest/find-files.ts';
import { ingest } from '../../src/ingest/ingest.ts';
import { startReading } from '../../src/ingest/thread-start.ts';
import { EventPacker } from '../../src/ingest/event-packer.ts';
import { loadAdapters } from '../../src/ingest/registry.ts';
import type { IncomingEvent } from '../../src/ledger/event-placement.ts';
import { EventUnpacker } from '../../src/ledger/packed-part.ts';
import { call, freshFolder, jsonl } from '../support/fake-runtime.ts';
import { neverPiped, outcomeOf } from '../support/ingest-outcomes.ts';
import { isFixture, outcomesOf, recordsOf } from '../support/fixtures.ts';
import { cardsWith, event, inMemory } from '../support/ledgers.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures');
const { book } = cardsWith();
/** Patience with a machine that is busy with other things. */
const SLOW_MS = 60_000;

const write = (name: string, text: string | Buffer): string => {
  const path = join(freshFolder(), name);
  writeFileSync(path, text);
  return path;
};

const many = (count: number): string =>
  jsonl(...Array.from({ length: count }, (_, n) => call({ id: `call-${n % (count - 3)}` })));

describe('a file that a thread reads leaves what it leaves without one', () => {
  it.each([
    ['of calls, some of them told twice', () => write('a.jsonl', many(2_500))],
    [
      'of records without ids',
      () => write('a.jsonl', jsonl(call({}), call({}), call({ model: 'x' }))),
    ],
    [
      'of broken lines between good ones, the last still being written',
      () =>
        write(
          'a.jsonl',
          `${jsonl(call({ id: 'one' }))}{"broken\n\u0000\n{"a":1}\n${jsonl(
            call({ id: 'two', output_tokens: -1 }),
          )}${'nonsense\n'.repeat(1_500)}${JSON.stringify(call({ id: 'last' })).slice(0, -9)}`,
        ),
    ],
    ['that is compressed', () => write('a.jsonl.gz', gzipSync(many(100)))],
    ['that is compressed and damaged', () => write('a.gz', gzipSync(many(900)).subarray(0, 600))],
    ['with a line break in no encoding', () => write('a.jsonl', Buffer.from([0xff, 0xfe, 0x00]))],
    ['in no known format', () => write('a.jsonl', '{"a":1}\n{"a":2}\n')],
    ['that proves no usage', () => join(FIXTURES, 'adapters/otel-genai-metrics/basic.jsonl')],
    ['of a session that has to be remembered', () => join(FIXTURES, 'adapters/codex-rollout')],
    ['of streams', () => join(FIXTURES, 'adapters/openai-chat-stream-chunks')],
    ['of a table', () => join(FIXTURES, 'adapters/openai-usage-csv')],
    ['of bills', () => join(FIXTURES, 'bills/openai-costs')],
    ['of tags for runs', () => join(FIXTURES, 'adapters/langfuse-blob-traces')],
  ])('%s', { timeout: SLOW_MS }, async (_, make) => {
    const path = make();
    const outcome = await outcomeOf([path], Infinity, { packFrom: Infinity });
    expect(await outcomeOf([path], 0)).toEqual(outcome);
    expect(await outcomeOf([path], Infinity, { packFrom: 0 })).toEqual(outcome);
  });

  it('with an adapter, tags and a provider that the user chose', { timeout: SLOW_MS }, async () => {
    const path = write('a.jsonl', jsonl(call({ id: 'one', provider: undefined })));
    const more = {
      adapter: 'aicost-jsonl',
      additions: { tags: { team: 'search' }, provider: 'me' },
    };
    const threaded = await outcomeOf([path], 0, more);
    expect(threaded).toEqual(await outcomeOf([path], Infinity, more));
    expect(threaded.events).toMatchObject([
      { event: { provider: 'me', tags: { team: 'search' } } },
    ]);
  });
});

describe('a thread that is started before there is a ledger', () => {
  const additions = { tags: {} };

  it('reads as one does that is started after', { timeout: SLOW_MS }, async () => {
    const path = write('a.jsonl', many(1_200));
    const files = await findFiles([path], FIXTURES);
    const thread = await startReading(files, { additions, threadFrom: 0 });
    expect(await outcomeOf([path], Infinity, { files, thread })).toEqual(
      await outcomeOf([path], Infinity),
    );
    expect(thread?.worker.threadId).toBe(-1);
    // Whoever started it ends it, whether it was needed or not.
    await thread?.close();
  });

  it('is not worth it for fewer bytes, nor for a format that is code', async () => {
    const files = await findFiles(
      [write('a.jsonl', '123456\n'), write('b.jsonl', '12\n')],
      FIXTURES,
    );
    expect(await startReading(files, { additions, threadFrom: 11 })).toBeUndefined();
    const [adapter] = await loadAdapters();
    if (adapter === undefined) throw new Error('there are formats');
    const mapped = { adapter, text: '' };
    expect(await startReading(files, { additions, threadFrom: 10, mapped })).toBeUndefined();
    const thread = await startReading(files, { additions, threadFrom: 10 });
    expect(thread?.worker.threadId).toBeGreaterThan(0);
    await thread?.close();
  });
});

it('a file that has grown is read on from where a thread ended', { timeout: SLOW_MS }, async () => {
  const path = write('a.jsonl', many(1_000));
  const ledger = inMemory(book);
  const request = {
    paths: [path],
    cwd: FIXTURES,
    stdin: neverPiped,
    additions: { tags: {} },
  };
  await ingest({ ...request, threadFrom: 0 }, ledger);
  writeFileSync(path, many(1_000) + jsonl(call({ id: 'late' })), { flag: 'w' });
  const counts = await ingest({ ...request, threadFrom: 0 }, ledger);
  expect(counts).toMatchObject({ records: 1, added: 1 });
  ledger.close();
});

describe('events that are packed and unpacked are what they were', () => {
  const through = (
    packer: EventPacker,
    unpacker: EventUnpacker,
    events: readonly IncomingEvent[],
  ): readonly IncomingEvent[] => {
    for (const each of events) packer.add(each);
    return unpacker.open(structuredClone(packer.take(7))).events();
  };

  it('in every format', async () => {
    const folder = join(FIXTURES, 'adapters');
    const [packer, unpacker] = [new EventPacker(), new EventUnpacker()];
    let seen = 0;
    for (const adapter of await loadAdapters()) {
      for (const name of readdirSync(join(folder, adapter.id)).filter(isFixture)) {
        const outcomes = outcomesOf(adapter, await recordsOf(join(folder, adapter.id, name)));
        const events = outcomes
          .flatMap((outcome) => (typeof outcome === 'string' ? [] : outcome.events))
          .map((each, line): IncomingEvent => ({
            event: each,
            key: each.id ?? `text-${line}`,
            format: adapter.id,
            fileId: 7,
            line,
          }));
        seen += events.length;
        expect(through(packer, unpacker, events)).toEqual(events);
      }
    }
    expect(seen).toBeGreaterThan(200);
  });

  it('with texts of every kind', () => {
    const text = fc.string({ unit: 'binary' });
    const tags = fc.dictionary(fc.oneof(fc.constantFrom('run', 'step', '__proto__'), text), text);
    const [packer, unpacker] = [new EventPacker(), new EventUnpacker()];
    const check = fc.property(
      fc.array(fc.record({ id: text, tags, family: fc.option(text, { nil: undefined }) })),
      (some) => {
        const events = some.map((each, line): IncomingEvent => ({
          event: { ...event({ id: each.id }), ...each },
          key: each.id,
          format: 'test',
          fileId: 7,
          line,
        }));
        expect(through(packer, unpacker, events)).toEqual(events);
      },
    );
    fc.assert(check, { seed: 20_261_122, numRuns: 100 });
  });

  it('after more different tag sets than are remembered', { timeout: SLOW_MS }, () => {
    const [packer, unpacker] = [new EventPacker(), new EventUnpacker()];
    const part = (from: number): readonly IncomingEvent[] =>
      Array.from({ length: 30_000 }, (_, n) => ({
        event: event({ id: `c${from + n}`, tags: { order: `${from + n}` } }),
        key: `c${from + n}`,
        format: 'test',
        fileId: 7,
        line: n,
      }));
    for (const from of [0, 30_000, 60_000, 0])
      expect(through(packer, unpacker, part(from))).toEqual(part(from));
  });
});
