import { describe, expect, it } from 'vitest';
import { alarmsOf, type AlarmFacts } from '../../src/watch/alarms.ts';
import { alarmText } from '../../src/watch/alarm-list.ts';
import { failingRuns } from '../../src/watch/failing-runs.ts';
import { NO_USAGE, type UsageEvent } from '../../src/domain/usage.ts';
import { amount } from '../support/watch-screen.ts';

const NOW = Date.parse('2026-11-21T10:40:00Z');
const MINUTE = 60_000;

const event = (more: Partial<UsageEvent>): UsageEvent => ({
  id: undefined,
  time: NOW,
  provider: 'openai',
  model: 'gpt-4o',
  operation: 'chat',
  status: 'failure',
  errorCode: '429',
  billable: true,
  countSource: 'reported',
  requests: 1,
  usage: NO_USAGE,
  tags: { run: 'r-1', step: 'plan' },
  ...more,
});

/** Runs that have seen the events in this order, each under a key of its own unless it has one. */
const after = (...events: readonly (Partial<UsageEvent> & { readonly key?: string })[]) => {
  const runs = failingRuns();
  for (const [index, { key = `k${index}`, ...more }] of events.entries())
    runs.saw(key, event(more));
  return runs.loops(NOW);
};

const times = (count: number, more: Partial<UsageEvent> = {}) =>
  Array.from({ length: count }, (_, index) => ({ time: NOW - index * MINUTE, ...more }));

describe('a retry loop', () => {
  it('is five failed attempts of one step of a run within ten minutes', () => {
    expect(after(...times(5))).toEqual([
      { run: 'r-1', step: 'plan', model: 'gpt-4o', attempts: 5, failures: 5, errorCode: '429' },
    ]);
    expect(after(...times(4))).toEqual([]);
  });

  it.each<[string, readonly (Partial<UsageEvent> & { readonly key?: string })[]]>([
    ['many calls that succeed', times(50, { status: 'success' })],
    ['failures of which the last succeeded', [...times(9), { status: 'success' }]],
    ['failures of longer ago', times(9, { time: NOW - 11 * MINUTE })],
    ['failures without a run', times(9, { tags: {} })],
    ['the same failure, read again and again', Array.from({ length: 9 }, () => ({ key: 'one' }))],
    [
      'failures of many runs',
      Array.from({ length: 9 }, (_, index) => ({ tags: { run: `r${index}` } })),
    ],
  ])('is not %s', (_, events) => {
    expect(after(...events)).toEqual([]);
  });

  it('counts the retries that a call tells of itself', () => {
    expect(after({ retryCount: 3 }, { retryCount: 0 }, {})[0]?.attempts).toBe(6);
  });

  it('is forgotten when ten thousand other steps fail after it', () => {
    const runs = failingRuns();
    for (const [index, more] of times(6).entries()) runs.saw(`k${index}`, event(more));
    for (let other = 0; other < 10_000; other += 1)
      runs.saw(`o${other}`, event({ tags: { run: `other-${other}` } }));
    expect(runs.loops(NOW)).toEqual([]);
  });
});

const QUIET: AlarmFacts = {
  loops: [],
  hour: amount(100),
  usual: amount(100),
  unrated: [],
  tagging: {
    now: { tag: 'feature', untagged: amount(5).cost, whole: amount(100).cost },
    before: { tag: 'feature', untagged: amount(5).cost, whole: amount(100).cost },
  },
};
const alarms = (facts: Partial<AlarmFacts>) => alarmsOf({ ...QUIET, ...facts }).map(alarmText);

describe('an alarm', () => {
  it('is not raised by an ordinary hour', () => expect(alarms({})).toEqual([]));

  it.each([
    [
      'more than three times what is usual',
      301,
      100,
      ['spike: $3.01 this hour; usual by now is $1.00'],
    ],
    ['exactly three times', 300, 100, []],
    ['three times next to nothing', 99, 3, []],
    ['a dollar above nothing', 100, 0, ['spike: $1.00 this hour; usual by now is $0.00']],
  ])('for a spike of %s', (_, hour, usual, texts) => {
    expect(alarms({ hour: amount(hour), usual: amount(usual) })).toEqual(texts);
  });

  it('for a spike waits until it is known what is usual', () =>
    expect(alarms({ hour: amount(90_000), usual: undefined })).toEqual([]));

  it.each([
    [15, ["untagged: 15% of today's spend has no feature; 5% in the 7 days before"]],
    [14, []],
  ])('for %i percent untagged', (untagged, texts) => {
    const now = { tag: 'feature', untagged: amount(untagged).cost, whole: amount(100).cost };
    expect(alarms({ tagging: { ...QUIET.tagging, now } })).toEqual(texts);
  });

  it('names usage without a price, and no text of a log acts in it', () => {
    expect(
      alarms({ unrated: [{ code: 'unknown-model', message: 'no "a\u001b[2Jb"', requests: 2n }] }),
    ).toEqual([String.raw`no price: 2 requests today: no "a\u{1b}[2Jb"`]);
  });
});
