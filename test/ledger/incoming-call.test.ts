import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NO_USAGE, type UsageEvent } from '../../src/domain/usage.ts';
import { EventPacker } from '../../src/ingest/event-packer.ts';
import type { IncomingEvent } from '../../src/ledger/event-placement.ts';
import { callsOf } from '../../src/ledger/incoming-call.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { EventUnpacker, type PackedPart } from '../../src/ledger/packed-part.ts';
import { freshFolder, NOW } from '../support/fake-runtime.ts';
import { cardsWith, event } from '../support/ledgers.ts';

const folder = freshFolder();
const { book } = cardsWith();
let files = 0;

/** Records of one file as a thread hands them over. */
function packing(): (records: readonly IncomingEvent[]) => PackedPart {
  const [packer, unpacker] = [new EventPacker(), new EventUnpacker()];
  return (records) => {
    for (const record of records) packer.add(record);
    return unpacker.open(packer.take(records[0]?.fileId ?? null));
  };
}

/** A record of a message as it stands after some of it was streamed. */
const snapshot = (
  key: string,
  output: number,
  { line = 1, ...more }: Partial<IncomingEvent['event']> & { readonly line?: number } = {},
): IncomingEvent => ({
  event: {
    ...event({ id: key, usage: { ...NO_USAGE, input: 10, output } }),
    time: NOW,
    family: key.replace(/:.*/, ''),
    labels: ['cwd=/b', 'cwd=/a'],
    ...more,
  },
  key,
  format: 'test',
  fileId: 1,
  line,
});

it('snapshots that follow each other, each with more tokens, are one call with all that they know', () => {
  const part = packing()([
    snapshot('m:r', 1, { line: 3 }),
    snapshot('m:r', 5, { line: 4, time: NOW + 900 }),
    snapshot('m:r', 90, { line: 6, time: NOW + 2_000 }),
    snapshot('n:s', 7, { line: 8 }),
  ]);
  const [call, other, ...more] = callsOf(part);
  expect(more).toEqual([]);
  // Time of the first; tokens and line of the last; labels in the order that does not tell who came first.
  expect(call?.known).toMatchObject({
    key: 'm:r',
    line: 6,
    event: { time: NOW, usage: { input: 10, output: 90 }, labels: ['cwd=/a', 'cwd=/b'] },
  });
  expect([call?.records, call?.each().map(({ line }) => line)]).toEqual([3, [3, 4, 6]]);
  expect([other?.known.line, other?.records]).toEqual([8, 1]);
});

it.each([
  ['that tells no more', snapshot('m:r', 5)],
  ['that tells less', snapshot('m:r', 4)],
  ['that is earlier', snapshot('m:r', 9, { time: NOW - 1 })],
  ['that has no time', snapshot('m:r', 9, { time: undefined })],
  ['of another request', snapshot('m:s', 9, { family: 'm' })],
  ['of another family', snapshot('m:r', 9, { family: 'n' })],
  ['of another status', snapshot('m:r', 9, { status: 'failure' })],
  ['that is a replay', snapshot('m:r', 9, { replay: true })],
  ['with another owner', snapshot('m:r', 9, { tags: { team: 'search' } })],
  ['of another session', snapshot('m:r', 9, { tags: { session: 's' } })],
  ['that took longer', snapshot('m:r', 9, { latencyMs: 5 })],
  ['of more requests', snapshot('m:r', 9, { requests: 2 })],
])('a record %s is joined by the ledger, not before it', (_, next) => {
  const part = packing()([snapshot('m:r', 5), next]);
  expect(callsOf(part).map(({ records }) => records)).toEqual([1, 1]);
});

const mostly = <T>(usual: T, ...others: readonly T[]) =>
  fc.oneof(
    { weight: 7, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );

/** Records of one message, most of which grow; some belong to a family of other keys, some are replays. */
const message = fc
  .record({
    family: fc.integer({ min: 1, max: 12 }).map((n) => `m${n}`),
    request: mostly(':r1', '', ':r2'),
    replay: mostly<boolean | undefined>(undefined, true),
    fileId: fc.constantFrom(1, 2),
    labels: fc.constantFrom([], ['cwd=/b', 'cwd=/a']),
    run: fc.constantFrom(undefined, 'run'),
    writes: fc.constantFrom({}, { '5m': 3 }, { default: 1, '2h': 1 }),
    fees: mostly({}, { web_search: 1 }),
    start: fc.nat(3),
    steps: fc.array(
      fc.record({
        tokens: mostly(2, 0, -1),
        later: mostly(1_000, 0, -1_000),
        status: mostly<UsageEvent['status']>('success', 'failure'),
      }),
      { minLength: 1, maxLength: 5 },
    ),
  })
  .map(({ family, request, replay, fileId, labels, run, writes, fees, start, steps }) => {
    let [output, time] = [start, NOW];
    return steps.map(({ tokens, later, status }, index): IncomingEvent => {
      [output, time] = [Math.max(0, output + tokens), time + later];
      const key = `${family}${request}`;
      const told = {
        ...event({ id: key, usage: { ...NO_USAGE, output, cacheWrite: writes, fees } }),
        family,
        time,
        status,
        labels,
        tags: run === undefined ? {} : { run },
        ...(replay && { replay }),
      };
      return { event: told, key, format: 'test', fileId, line: index + 1 };
    });
  });

/** What a ledger holds after parts were added in some way. */
function heldAfter(
  parts: readonly (readonly IncomingEvent[])[],
  as: (records: readonly IncomingEvent[]) => readonly IncomingEvent[] | PackedPart,
) {
  const path = join(folder, `${(files += 1)}.db`);
  const ledger = openLedger(path, { book, now: () => NOW });
  const counts = parts.map((part, index) => {
    const writing = ledger.writing();
    const tagsOfRun = { run: 'run', columns: { team: 'a' }, custom: {}, labels: ['trace=t'] };
    const added = writing.add(as(part), [], index === 2 ? [tagsOfRun] : []);
    writing.commit([]);
    return added;
  });
  const wrong = ledger.prove().filter(({ holds }) => !holds);
  const by = [{ kind: 'tag', name: 'team' }] as const;
  const spend = ledger.spend({ span: {}, by, timeZone: 'UTC', where: [] });
  const events = [...ledger.events({ span: {}, where: [], order: 'time' })]
    .map(({ rowId: _rowId, ids: _ids, ...rest }) => rest)
    .sort((one, other) => (one.key < other.key ? -1 : 1));
  ledger.close();
  const database = new Sqlite(path, { readonly: true });
  const families = database.prepare('SELECT * FROM call_family ORDER BY family, event_key').all();
  database.close();
  return { counts, wrong, spend, events, families };
}

it('snapshots leave the same ledger and counts, joined in their part or one by one', () => {
  const messages = fc.array(message, { minLength: 1, maxLength: 8 });
  const parts = fc.array(messages, { minLength: 1, maxLength: 4 });
  const check = fc.property(parts, (some) => {
    // A part holds what one file tells; the first makes the ledger know of families.
    const told = [
      [snapshot('z:1', 1)],
      ...some.flatMap((these) =>
        [1, 2].map((file) => these.flat().filter(({ fileId }) => fileId === file)),
      ),
    ];
    const packed = heldAfter(told, packing());
    expect(packed).toEqual(heldAfter(told, (records) => records));
    expect(packed.wrong).toEqual([]);
    const counted = packed.counts.map((each) => each.added + each.duplicate + each.completed);
    expect(counted).toEqual(told.map((records) => records.length));
  });
  fc.assert(check, { seed: 20_261_122, numRuns: 12 });
});
