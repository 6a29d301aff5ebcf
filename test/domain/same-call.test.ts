import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Money, money } from '../../src/domain/money.ts';
import { isFuller, joinSameCall } from '../../src/domain/same-call.ts';
import { NO_USAGE, STATUSES, type Usage, type UsageEvent } from '../../src/domain/usage.ts';

const SEED = { seed: 20261121, numRuns: 2000 };
const NOW = Date.UTC(2026, 10, 21, 12);

const CALL: UsageEvent = {
  id: 'msg-1',
  time: NOW,
  provider: 'anthropic',
  model: 'claude-sonnet-4-6',
  operation: 'chat',
  status: 'success',
  billable: true,
  countSource: 'reported',
  requests: 1,
  usage: NO_USAGE,
  tags: {},
};

const call = (more: Partial<UsageEvent>): UsageEvent => ({ ...CALL, ...more });
const used = (usage: Partial<Usage>, more: Partial<UsageEvent> = {}): UsageEvent =>
  call({ ...more, usage: { ...NO_USAGE, ...usage } });

const few = fc.integer({ min: 0, max: 3 });
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });
const counts = (...names: string[]): fc.Arbitrary<Record<string, number>> =>
  fc.dictionary(fc.constantFrom(...names), fc.integer({ min: 1, max: 3 }), { maxKeys: 2 });

// Few values each, so that two records are often equal in one field and differ in the next.
const usage: fc.Arbitrary<Usage> = fc.record({
  input: few,
  cacheRead: few,
  cacheWrite: counts('5m', '1h', 'default'),
  output: few,
  reasoning: few,
  parts: counts('audio_input', 'image_output') as fc.Arbitrary<Usage['parts']>,
  fees: counts('web_search', 'page'),
});
const event: fc.Arbitrary<UsageEvent> = fc.record({
  id: maybe(fc.constantFrom('msg-1', 'msg-2', 'msg-3')),
  family: maybe(fc.constantFrom('call-1', 'call-2')),
  replay: fc.boolean(),
  time: maybe(few),
  provider: fc.constantFrom('anthropic', 'bedrock'),
  model: fc.constantFrom('claude-sonnet-4-6', 'claude-opus-5'),
  requestModel: maybe(fc.constant('sonnet')),
  operation: fc.constantFrom('chat', 'embeddings'),
  serviceTier: maybe(fc.constantFrom('batch', 'fast')),
  region: maybe(fc.constantFrom('eu', 'us')),
  inferenceGeo: maybe(fc.constant('us')),
  status: fc.constantFrom(...STATUSES),
  errorCode: maybe(fc.constant('overloaded')),
  billable: fc.boolean(),
  latencyMs: maybe(few),
  retryCount: maybe(few),
  countSource: fc.constantFrom('reported', 'aggregated', 'estimated', 'missing'),
  requests: fc.constantFrom(1, 2),
  usage,
  reportedCost: maybe(few.map((cents) => money(BigInt(cents)) as Money)),
  tags: fc.dictionary(
    fc.constantFrom('team', 'feature', 'run'),
    fc.constantFrom('search', 'support'),
  ),
  labels: maybe(fc.array(fc.constantFrom('sidechain', 'retry'), { maxLength: 2 })),
});

/** Absent and empty labels mean the same, and so do absent and undefined fields. */
const plain = (one: UsageEvent): unknown =>
  Object.fromEntries(
    Object.entries({ ...one, labels: [...new Set(one.labels ?? [])].sort() }).filter(
      ([, value]) => value !== undefined,
    ),
  );

describe('joining records of one call', () => {
  it('gives the same in both orders', () => {
    fc.assert(
      fc.property(event, event, (one, other) => {
        expect(plain(joinSameCall(one, other))).toEqual(plain(joinSameCall(other, one)));
      }),
      SEED,
    );
  });

  it('gives the same whichever two are joined first', () => {
    fc.assert(
      fc.property(event, event, event, (one, other, third) => {
        expect(plain(joinSameCall(joinSameCall(one, other), third))).toEqual(
          plain(joinSameCall(one, joinSameCall(other, third))),
        );
      }),
      SEED,
    );
  });

  it('changes nothing when a record is read again', () => {
    fc.assert(
      fc.property(event, event, (one, other) => {
        const joined = joinSameCall(one, other);
        expect(plain(joinSameCall(one, one))).toEqual(plain(one));
        expect(plain(joinSameCall(joined, other))).toEqual(plain(joined));
        expect(plain(joinSameCall(one, joined))).toEqual(plain(joined));
      }),
      SEED,
    );
  });

  it('never adds tokens of two records', () => {
    fc.assert(
      fc.property(event, event, (one, other) => {
        expect([one.usage, other.usage]).toContainEqual(joinSameCall(one, other).usage);
      }),
      SEED,
    );
  });
});

describe('the fuller record', () => {
  it.each([
    {
      name: 'is the end of a stream, not its beginning',
      fuller: used({ input: 100, output: 80 }),
      lesser: used({ input: 100, output: 1 }),
    },
    {
      name: 'is the one with counts, however few',
      fuller: used({ output: 1 }),
      lesser: call({ countSource: 'missing' }),
    },
    {
      name: 'is no replay, however large that is',
      fuller: used({ output: 1 }),
      lesser: used({ output: 500 }, { replay: true }),
    },
    {
      name: 'splits cache writes by their time to live',
      fuller: used({ cacheWrite: { '5m': 3, '1h': 7 } }),
      lesser: used({ cacheWrite: { default: 10 } }),
    },
    {
      name: 'knows of reasoning',
      fuller: used({ output: 10, reasoning: 4 }),
      lesser: used({ output: 10 }),
    },
    {
      name: 'knows of fees',
      fuller: used({ output: 10, fees: { web_search: 1 } }),
      lesser: used({ output: 10 }),
    },
    {
      name: 'is the one that succeeded',
      fuller: used({ output: 10 }),
      lesser: used({ output: 10 }, { status: 'failure' }),
    },
  ])('$name', ({ fuller, lesser }) => {
    expect([isFuller(fuller, lesser), isFuller(lesser, fuller)]).toEqual([true, false]);
  });

  it('is neither of two that are alike', () => expect(isFuller(CALL, CALL)).toBe(false));
});

describe('a joined record', () => {
  it.each([
    {
      name: 'the earlier time',
      one: { time: NOW + 5 },
      other: { time: NOW },
      joined: { time: NOW },
    },
    {
      name: 'the one time there is',
      one: { time: undefined },
      other: { time: NOW },
      joined: { time: NOW },
    },
    {
      name: 'the time of the call, not that of its replay',
      one: { time: NOW },
      other: { time: NOW - 5, replay: true },
      joined: { time: NOW },
    },
    {
      name: 'tags of both, and of two values the first of the alphabet',
      one: { tags: { team: 'support', run: '7' } },
      other: { tags: { team: 'search', feature: 'ask' } },
      joined: { tags: { feature: 'ask', run: '7', team: 'search' } },
    },
    {
      name: 'labels of both',
      one: { labels: ['b'] },
      other: { labels: ['a', 'b'] },
      joined: { labels: ['a', 'b'] },
    },
    {
      name: 'no label of a replay',
      one: { labels: ['a'] },
      other: { labels: ['sidechain'], replay: true },
      joined: { labels: ['a'] },
    },
    {
      name: 'the largest latency, retry count and reported cost',
      one: { latencyMs: 5, retryCount: 0, reportedCost: money(7n) },
      other: { latencyMs: 9, reportedCost: money(6n) },
      joined: { latencyMs: 9, retryCount: 0, reportedCost: money(7n) },
    },
    {
      name: 'the id that one of them has',
      one: { id: undefined },
      other: { id: 'msg-1', family: 'msg' },
      joined: { id: 'msg-1', family: 'msg' },
    },
  ])('keeps $name', ({ one, other, joined }) => {
    expect(joinSameCall(call(one), call(other))).toMatchObject(joined);
  });
});
