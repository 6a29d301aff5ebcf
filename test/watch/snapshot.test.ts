import { describe, expect, it } from 'vitest';
import { moneyText } from '../../src/domain/money.ts';
import type { UsageEvent } from '../../src/domain/usage.ts';
import { failingRuns } from '../../src/watch/failing-runs.ts';
import { questionsOf } from '../../src/watch/live/ledger-questions.ts';
import { measuredPace } from '../../src/watch/pace.ts';
import type { Wanted } from '../../src/watch/snapshot.ts';
import { takeSnapshot } from '../../src/watch/take-snapshot.ts';
import { append, cardsWith, event, inMemory } from '../support/ledgers.ts';
import { amount } from '../support/watch-screen.ts';

/** Saturday, half past ten; an hour and a week before are Saturdays too. */
const NOW = Date.parse('2026-11-21T10:30:00Z');
const [MINUTE, HOUR] = [60_000, 3_600_000];
const WEEK = 168 * HOUR;
const { book } = cardsWith();

/** A call of gpt-4o-mini with so many million input tokens, of which each costs $0.15. */
const calls = (
  id: string,
  time: number,
  millions: number,
  more: Partial<UsageEvent> = {},
): readonly UsageEvent[] => [
  event({
    id,
    time,
    usage: { ...event({ id }).usage, input: millions * 1_000_000, output: 0 },
    tags: { feature: 'search' },
    ...more,
  }),
];

/** What the screen shows of these calls. */
function shown(
  events: readonly UsageEvent[],
  wanted: Partial<Wanted> = {},
  { now = NOW, timeZone = 'UTC' } = {},
) {
  const ledger = inMemory(book);
  append(ledger, ...events);
  const questions = questionsOf(ledger, failingRuns(), measuredPace());
  return takeSnapshot({ by: 'feature', span: 'today', ...wanted }, questions, { now, timeZone });
}

describe('what the screen shows', () => {
  it('is nothing of an empty ledger, and says what it cannot know', () => {
    const { today, top, calls: latest, alarms, ...snapshot } = shown([]);
    expect({ today, top, latest, alarms }).toEqual({
      today: { cost: 0n, requests: 0n, unrated: 0n, tokens: 0n },
      top: [],
      latest: [],
      alarms: [],
    });
    expect(snapshot.monthEnd).toBeUndefined();
    expect(snapshot.pace).toBeUndefined();
  });

  it('is today and this month, in the zone that was asked for', () => {
    const events = [
      ...calls('today', NOW, 1),
      // 01:00 in Kathmandu on the 21st, which is 19:15 on the 20th in Greenwich.
      ...calls('kathmandu', Date.parse('2026-11-20T19:15:00Z'), 2),
      ...calls('month', Date.parse('2026-11-02T00:00:00Z'), 4),
      ...calls('october', Date.parse('2026-10-31T23:59:59Z'), 8),
    ];
    const sums = (timeZone: string) => {
      const { today, month } = shown(events, {}, { timeZone });
      return [moneyText(today.cost), moneyText(month.cost)];
    };
    // $0.15 a million: 1; 1 + 2 + 4. October ends at 18:15 in Kathmandu, so its last second is November there.
    expect(sums('UTC')).toEqual(['0.15', '1.05']);
    expect(sums('Asia/Kathmandu')).toEqual(['0.45', '2.25']);
  });

  it('ranks by any dimension over each of the times', () => {
    const events = [
      ...calls('a', NOW, 1, { tags: { feature: 'search', team: 'x' } }),
      ...calls('b', NOW - 2 * HOUR, 2, { tags: { feature: 'support', team: 'x' } }),
      ...calls('c', NOW - 3 * 24 * HOUR, 4, { tags: { team: 'y' } }),
      ...calls('d', Date.parse('2026-11-03T00:00:00Z'), 8, { tags: { feature: 'search' } }),
    ];
    const list = (wanted: Partial<Wanted>) =>
      shown(events, wanted).top.map(({ name, amount: { cost } }) => [name, moneyText(cost)]);
    expect(list({ span: 'hour' })).toEqual([['search', '0.15']]);
    expect(list({ span: 'today' })).toEqual([
      ['support', '0.3'],
      ['search', '0.15'],
    ]);
    expect(list({ span: 'week' })).toEqual([
      [null, '0.6'],
      ['support', '0.3'],
      ['search', '0.15'],
    ]);
    expect(list({ span: 'month', by: 'team' })).toEqual([
      [null, '1.2'],
      ['y', '0.6'],
      ['x', '0.45'],
    ]);
    expect(list({ span: 'month', by: 'model' })).toEqual([['gpt-4o-mini', '2.25']]);
  });

  it('compares this hour with half of what the same hour of earlier weeks had, since half of it is over', () => {
    const events = [
      ...calls('now', NOW - 5 * MINUTE, 3),
      ...calls('w1', NOW - WEEK + 20 * MINUTE, 4),
      ...calls('w2', NOW - 2 * WEEK, 2),
      ...calls('w3', NOW - 3 * WEEK, 6, { tags: { feature: 'other' } }),
      ...calls('before', NOW - 3 * WEEK - 2 * HOUR, 1),
    ];
    const [search] = shown(events).top;
    // Three weeks are known: 4, 2 and nothing; the median is 2 x $0.15, of which half an hour has half.
    expect(search?.usual?.cost).toBe(shown(calls('x', NOW, 1)).today.cost);
    expect(search?.hour.cost).toBe(search?.amount.cost);
  });

  it('does not say what is usual after one week', () => {
    const events = [...calls('now', NOW, 3), ...calls('w1', NOW - WEEK, 4)];
    expect(shown(events).top[0]?.usual).toBeUndefined();
  });

  it('projects the rest of the month as the last seven days', () => {
    const now = Date.parse('2026-11-20T00:00:00Z');
    const events = Array.from({ length: 24 }, (_, day) =>
      calls(`d${day}`, Date.parse('2026-11-01T12:00:00Z') + (day - 5) * 24 * HOUR, 10),
    ).flat();
    const { month, monthEnd } = shown(events, {}, { now });
    // 19 days of $1.50 so far, and 11 more at 7 x $1.50 a week.
    expect([moneyText(month.cost), monthEnd === undefined ? '' : moneyText(monthEnd)]).toEqual([
      '28.5',
      '45',
    ]);
  });

  it('has an hour of the curve for every hour, those without a call too', () => {
    const { hours } = shown([...calls('a', NOW, 1), ...calls('b', NOW - 23 * HOUR, 2)]);
    expect(hours.length).toBe(24);
    expect(hours.map(({ amount: { requests } }) => Number(requests))).toEqual([
      1,
      ...Array(22).fill(0),
      1,
    ]);
  });

  it('shows the calls that came last first, with what is not known left open', () => {
    const { calls: latest } = shown([
      ...calls('old', NOW, 1, { latencyMs: 812 }),
      ...calls('new', NOW - HOUR, 1, { model: 'house-llm', time: undefined }),
    ]);
    expect(latest.map(({ id }) => id)).toEqual(['new', 'old']);
    expect(latest[0]).not.toHaveProperty('cost');
    expect(latest[0]).not.toHaveProperty('time');
    expect(latest[1]).toMatchObject({ latencyMs: 812, tokens: 1_000_000n, status: 'success' });
  });

  it('opens a row to its models, runs and dearest calls, those without the tag too', () => {
    const events = [
      ...calls('a', NOW, 1, { tags: { feature: 'search', run: 'r1' } }),
      ...calls('b', NOW, 5, { tags: { feature: 'search', run: 'r2' } }),
      ...calls('c', NOW, 9, { tags: {} }),
    ];
    const { inside } = shown(events, { inside: 'search' });
    expect(inside?.models.map(({ name }) => name)).toEqual(['gpt-4o-mini']);
    expect(inside?.runs.map(({ name }) => name)).toEqual(['r2', 'r1']);
    expect(inside?.dearest.map(({ id }) => id)).toEqual(['b', 'a']);
    expect(shown(events, { inside: null }).inside?.dearest.map(({ id }) => id)).toEqual(['c']);
  });

  it('tells usage without a price that came today', () => {
    const { alarms, today } = shown(calls('a', NOW, 1, { model: 'house-llm' }));
    expect(alarms).toEqual([
      { kind: 'unrated', requests: 1n, message: 'openai has no price for model "house-llm"' },
    ]);
    expect(today).toMatchObject({ requests: 1n, unrated: 1n });
  });
});

describe('the pace', () => {
  it('is what came in since it was measured, by the hour', () => {
    const pace = measuredPace();
    pace.at(0, amount(1_000));
    pace.reset();
    expect(pace.at(MINUTE, amount(2_000))).toBeUndefined();
    expect(pace.at(MINUTE + 29_000, amount(2_010))).toBeUndefined();
    // 20 cents in one minute are $12 an hour.
    expect(pace.at(2 * MINUTE, amount(2_020))).toMatchObject({ cost: 12n * 10n ** 18n });
  });

  it('looks ten minutes back and no further', () => {
    const pace = measuredPace();
    pace.at(0, amount(0));
    for (let minute = 1; minute <= 20; minute += 1) pace.at(minute * MINUTE, amount(600));
    expect(pace.at(21 * MINUTE, amount(600))).toMatchObject({ cost: 0n });
  });
});
