import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NO_USAGE, type UsageEvent } from '../../src/domain/usage.ts';
import { EventPacker } from '../../src/ingest/event-packer.ts';
import type { IncomingEvent } from '../../src/ledger/event-placement.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { EventUnpacker, type PackedPart } from '../../src/ledger/packed-part.ts';
import { snapshotAdds } from '../../src/ledger/snapshots.ts';
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
    labels: ['cwd=/a', 'gitBranch=main'],
    ...more,
  },
  key,
  format: 'test',
  fileId: 1,
  line,
});

/** What a record adds to the call of another one, which was made now. */
const adds = (known: IncomingEvent, next: IncomingEvent) =>
  snapshotAdds(packing()([known, snapshot('n:s', 7), next]), 2, { fullest: 0, time: NOW });

it.each([
  ['with more tokens takes the place of what is known', 'more', snapshot('m:r', 6, { line: 3 })],
  ['with more tokens may be later', 'more', snapshot('m:r', 6, { time: NOW + 900 })],
  ['with the same counts adds nothing', 'nothing', snapshot('m:r', 5, { time: NOW + 900 })],
  ['with fewer tokens adds nothing', 'nothing', snapshot('m:r', 4)],
] as const)('a snapshot %s', (_, what, next) => {
  expect(adds(snapshot('m:r', 5), next)).toBe(what);
});

it.each([
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
  [
    'with as many tokens of other kinds',
    snapshot('m:r', 5, { usage: { ...NO_USAGE, input: 9, output: 6 } }),
  ],
])('a record %s is joined by the ledger, not before it', (_, next) => {
  expect(adds(snapshot('m:r', 5), next)).toBeUndefined();
});

it('labels that a join would sort are left to it', () => {
  const labels = ['cwd=/b', 'cwd=/a'];
  const told = [snapshot('m:r', 5, { labels }), snapshot('m:r', 6, { labels })] as const;
  expect(adds(...told)).toBeUndefined();
});

const mostly = <T>(usual: T, ...others: readonly T[]) =>
  fc.oneof(
    { weight: 7, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );

/** Records of one message, most of which grow; some belong to a family of other keys or know none, some are replays. */
const message = fc
  .record({
    family: fc.integer({ min: 1, max: 12 }).map((n) => `m${n}`),
    request: mostly(':r1', '', ':r2'),
    knowsFamily: mostly(true, false),
    replay: mostly<boolean | undefined>(undefined, true),
    fileId: fc.constantFrom(1, 2),
    labels: mostly(['cwd=/b'], [], ['cwd=/b', 'cwd=/a']),
    tags: fc.constantFrom({}, { session: 'a' }, { session: 'b' }, { session: 'a', run: 'run' }),
    writes: mostly({ '5m': 3 }, {}, { '5m': 3, '1h': 2, default: 1 }, { default: 1, '2h': 1 }),
    fees: mostly({}, { web_search: 1 }),
    start: fc.nat(3),
    begins: fc.constantFrom(NOW, NOW - 5_000),
    steps: fc.array(
      fc.record({
        tokens: mostly(2, 0, -1),
        later: mostly(1_000, 0, -1_000),
        status: mostly<UsageEvent['status']>('success', 'failure'),
      }),
      { minLength: 1, maxLength: 5 },
    ),
  })
  .map(
    ({
      family,
      request,
      knowsFamily,
      replay,
      fileId,
      labels,
      tags,
      writes,
      fees,
      start,
      begins,
      steps,
    }) => {
      let [output, time] = [start, begins];
      return steps.map(({ tokens, later, status }, index): IncomingEvent => {
        [output, time] = [Math.max(0, output + tokens), time + later];
        const key = `${family}${request}`;
        const told = {
          ...event({ id: key, usage: { ...NO_USAGE, output, cacheWrite: writes, fees } }),
          ...(knowsFamily && { family }),
          time,
          status,
          labels,
          tags,
          ...(replay && { replay }),
        };
        return { event: told, key, format: 'test', fileId, line: index + 1 };
      });
    },
  );

/** What one file tells at once, and what comes after it in the same transaction, in the next, or in the next process. */
interface Part {
  readonly records: readonly IncomingEvent[];
  readonly ends: 'nothing' | 'transaction' | 'process';
  /** Whether tags of the run come with it, for all its calls. */
  readonly tagsRun: boolean;
}

/** What a ledger holds after parts were added in some way. */
function heldAfter(
  parts: readonly Part[],
  packed: (records: readonly IncomingEvent[]) => readonly IncomingEvent[] | PackedPart,
) {
  const path = join(folder, `${(files += 1)}.db`);
  const open = () => openLedger(path, { book, now: () => NOW });
  let ledger = open();
  let writing = ledger.writing();
  const counts = parts.map(({ records, ends, tagsRun }) => {
    const tagsOfRun = { run: 'run', columns: { team: 'a' }, custom: {}, labels: ['trace=t'] };
    const added = writing.add(packed(records), [], tagsRun ? [tagsOfRun] : []);
    if (ends === 'nothing') return added;
    writing.commit([]);
    if (ends === 'process') {
      ledger.close();
      ledger = open();
    }
    writing = ledger.writing();
    return added;
  });
  writing.commit([]);
  const by = [{ kind: 'tag', name: 'team' }] as const;
  const spend = ledger.spend({ span: {}, by, timeZone: 'UTC', where: [] });
  const wrong = ledger.prove().filter(({ holds }) => !holds);
  const events = [...ledger.events({ span: {}, where: [], order: 'time' })]
    .map(({ rowId: _rowId, ids: _ids, ...rest }) => rest)
    .sort((one, other) => (one.key < other.key ? -1 : 1));
  ledger.close();
  const database = new Sqlite(path, { readonly: true });
  const families = database.prepare('SELECT * FROM call_family ORDER BY family, event_key').all();
  database.close();
  return { counts, wrong, spend, events, families };
}

it('calls of agents leave the same ledger and counts, packed or one by one', () => {
  const part = fc.record({
    messages: fc.array(message, { minLength: 1, maxLength: 8 }),
    mingled: fc.boolean(),
    ends: fc.constantFrom<Part['ends']>('nothing', 'transaction', 'process'),
    tagsRun: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  });
  const check = fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (some) => {
    const parts = some.flatMap(({ messages, mingled, ends, tagsRun }) =>
      [1, 2].map((file): Part => {
        const records = messages.flat().filter(({ fileId }) => fileId === file);
        return { records: mingled ? records.toSorted(byLine) : records, ends, tagsRun };
      }),
    );
    const packed = heldAfter(parts, packing());
    expect(packed).toEqual(heldAfter(parts, (records) => records));
    expect(packed.wrong).toEqual([]);
    const counted = packed.counts.map((each) => each.added + each.duplicate + each.completed);
    expect(counted).toEqual(parts.map(({ records }) => records.length));
  });
  fc.assert(check, { seed: 20_261_122, numRuns: 12 });
});

const byLine = (one: IncomingEvent, other: IncomingEvent): number => one.line - other.line;
