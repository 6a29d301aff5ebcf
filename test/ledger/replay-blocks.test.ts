import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cut, ReplayQuery, RequestClass } from '../../src/domain/replay-question.ts';
import type { Dimension, Filter } from '../../src/domain/spend.ts';
import { STATUSES, type UsageEvent } from '../../src/domain/usage.ts';
import { EventPacker } from '../../src/ingest/event-packer.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { EventUnpacker } from '../../src/ledger/packed-part.ts';
import { cardsWith, event, inMemory } from '../support/ledgers.ts';

const { book } = cardsWith();
const HOUR = 3_600_000;
const START = Date.parse('2026-11-02T00:00:00Z');

/** Events as a thread hands them over, which the ledger keeps in blocks as long as it can. */
function addPacked(ledger: Ledger, events: readonly UsageEvent[]): void {
  const [packer, unpacker] = [new EventPacker(), new EventUnpacker()];
  for (const [index, each] of events.entries())
    packer.add({ event: each, key: each.id ?? '', format: 'test', fileId: null, line: index + 1 });
  const writing = ledger.writing();
  writing.add(unpacker.open(packer.take(null)));
  writing.commit([]);
}

const count = fc.integer({ min: 0, max: 3_000 });
const call = fc.record({
  time: fc.option(fc.integer({ min: START, max: START + 72 * HOUR }), { nil: undefined }),
  model: fc.constantFrom('gpt-4o', 'gpt-4o-mini', 'house'),
  status: fc.constantFrom(...STATUSES),
  input: count,
  cacheRead: count,
  cacheWrite: count,
  output: count,
  cacheWrite1h: fc.option(count, { nil: undefined, freq: 5 }),
  feature: fc.option(fc.constantFrom('search', 'support')),
  team: fc.option(fc.constantFrom('a', 'b')),
});
type Call = typeof call extends fc.Arbitrary<infer Value> ? Value : never;

const eventsOf = (calls: readonly Call[]): readonly UsageEvent[] =>
  calls.map(({ time, model, status, feature, team, cacheWrite1h, ...counts }, index) => {
    const id = `c${index}`;
    const { input, cacheRead, cacheWrite, output } = counts;
    const usage = { ...event({ id }).usage, input, cacheRead, output };
    const written = {
      default: cacheWrite,
      ...(cacheWrite1h === undefined ? {} : { '1h': cacheWrite1h }),
    };
    return event({
      id,
      time,
      model,
      status,
      usage: { ...usage, cacheWrite: cacheWrite === 0 ? {} : written },
      tags: { ...(feature === null ? {} : { feature }), ...(team === null ? {} : { team }) },
    });
  });

const DIMENSIONS: readonly Dimension[] = [
  { kind: 'tag', name: 'feature' },
  { kind: 'tag', name: 'team' },
  { kind: 'fact', name: 'model' },
  { kind: 'fact', name: 'status' },
  { kind: 'fact', name: 'region' },
];
const filter: fc.Arbitrary<Filter> = fc.record({
  dimension: fc.constantFrom(...DIMENSIONS),
  negated: fc.boolean(),
  pattern: fc.constantFrom('*', '', 's*', 'gpt*', 'a'),
});
const ascending = (numbers: readonly number[]): readonly number[] =>
  [...new Set(numbers)].sort((a, b) => a - b);
const time = fc.integer({ min: START - HOUR, max: START + 73 * HOUR });
const HOURS: Cut = {
  kind: 'hours',
  blocks: [
    {
      windows: [{ start: 0, end: 300 }],
      days: [1],
      except: new Set(['2026-11-03']),
      prices: new Map(),
    },
    { windows: [{ start: 1200, end: 120 }], days: [], except: new Set(), prices: new Map() },
  ],
};
const cut: fc.Arbitrary<Cut> = fc.oneof(
  fc.array(time, { maxLength: 3 }).map((all): Cut => ({ kind: 'time', instants: ascending(all) })),
  fc
    .record({
      of: fc.constantFrom(['output'] as const, ['input', 'cache_read', 'cache_write'] as const),
      above: fc.array(count, { maxLength: 3 }),
    })
    .map(({ of, above }): Cut => ({ kind: 'size', of, above: ascending(above) })),
  fc.array(filter, { maxLength: 2 }).map((filters): Cut => ({ kind: 'where', filters })),
  fc.constant(HOURS),
);
const question: fc.Arbitrary<ReplayQuery> = fc.record({
  span: fc.oneof(
    fc.constant({}),
    fc.record({ start: time, end: time }),
    fc.record({ start: time }),
  ),
  where: fc.array(filter, { maxLength: 1 }),
  by: fc.uniqueArray(fc.constantFrom(...DIMENSIONS), { maxLength: 3 }),
  // Two cuts by one sum are one.
  cuts: fc.uniqueArray(cut, {
    maxLength: 3,
    selector: (one) => (one.kind === 'size' ? one.of.join() : one.kind),
  }),
});

/** Classes by what tells them apart, summed, so that only what they say counts and not how they are cut up. */
function told(classes: Iterable<RequestClass>, { cuts }: ReplayQuery): ReadonlyMap<string, string> {
  const sums = new Map<string, bigint[]>();
  for (const { key, sku, rate, status, usage, requests, sample } of classes) {
    const sides = cuts.map((each) => {
      if (each.kind === 'size') return sample.size(each.of) > 0;
      return each.kind === 'where' ? sample.holds(each.filters) : null;
    });
    const name = JSON.stringify([key, sku.model, rate.kind, status, sides]);
    const { input, cacheRead, cacheWrite, output, reasoning } = usage;
    const own = [requests, input, cacheRead, output, reasoning];
    const written = ['default', '1h'].map((ttl) => cacheWrite.get(ttl) ?? 0n);
    const known = sums.get(name) ?? [];
    sums.set(
      name,
      [...own, ...written].map((value, index) => value + (known[index] ?? 0n)),
    );
  }
  return new Map(
    [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, values]) => [name, values.join()]),
  );
}

describe('requests that are still in blocks', () => {
  it('are replayed as their rows are', async () => {
    let answers = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(call, { minLength: 1, maxLength: 25 }),
        question,
        async (calls, query) => {
          const [packed, plain] = [inMemory(book), inMemory(book)];
          const events = eventsOf(calls);
          addPacked(packed, events);
          plain.append(
            events.map((each, index) => ({
              event: each,
              key: each.id ?? '',
              format: 'test',
              fileId: null,
              line: index + 1,
            })),
          );
          const [inBlocks, inRows] = await Promise.all(
            [packed, plain].map(async (ledger) =>
              told((await ledger.replaying()).replay(query), query),
            ),
          );
          expect(inBlocks).toEqual(inRows);
          answers += inRows?.size ?? 0;
          // And once more, when a question about single calls has made rows of them.
          expect([...packed.events({ span: {}, where: [], order: 'time' })].length).toBe(
            calls.length,
          );
          expect(told((await packed.replaying()).replay(query), query)).toEqual(inRows);
          packed.close();
          plain.close();
        },
      ),
      { seed: 20_261_122, numRuns: 50 },
    );
    expect(answers).toBeGreaterThan(80);
  });

  it('stay there for questions that columns answer, and become rows for others', async () => {
    const ledger = inMemory(book);
    addPacked(ledger, [
      event({ id: 'a', tags: { feature: 'search', run: 'r1' } }),
      event({ id: 'b', tags: { feature: 'search', run: 'r2' } }),
    ]);
    const replaying = await ledger.replaying();
    const by = (name: string): readonly (string | null)[] =>
      [...replaying.replay({ span: {}, where: [], by: [{ kind: 'tag', name }], cuts: [] })].map(
        ({ key }) => key[0] ?? null,
      );
    expect(by('feature')).toEqual(['search']);
    expect(new Set(by('run'))).toEqual(new Set(['r1', 'r2']));
  });
});
