import { money } from '../../src/domain/money.ts';
import type { Alarm } from '../../src/watch/alarms.ts';
import { type Amount, NOTHING, total } from '../../src/watch/amount.ts';
import type { LatestCall, Snapshot, TopRow, Wanted } from '../../src/watch/snapshot.ts';
import { firstState, reduce, type WatchState } from '../../src/watch/state.ts';

/** Saturday, twenty minutes to eleven. */
const SCREEN_NOW = Date.parse('2026-11-21T10:40:00Z');
const HOUR = 3_600_000;

/** Dollars and cents as money. */
const cents = (count: number) => money(BigInt(count) * 10n ** 16n);

/** An amount of so many cents; tokens and requests follow from it. */
export const amount = (count: number, unrated = 0): Amount => ({
  cost: cents(count),
  requests: BigInt(count * 3 + unrated),
  unrated: BigInt(unrated),
  tokens: BigInt(count) * 41_000n,
});

const row = (name: string | null, count: number, hour: number, usual?: number): TopRow => ({
  name,
  amount: amount(count, name === null ? 7 : 0),
  hour: amount(hour),
  ...(usual === undefined ? {} : { usual: amount(usual) }),
});

/** What each feature cost today, this hour, and what is usual by now. */
const TOP: readonly TopRow[] = [
  row('support', 1_029, 310, 155),
  row(null, 571, 40, 44),
  row('summarize', 323, 20, 20),
  row('search', 145, 12),
  row('invoice-parse', 104, 0, 9),
  row('refund-triage', 91, 3, 0),
  row('ärger \u001b[31mrot\u202e 客户支持', 12, 1),
];

const call = (index: number, more: Partial<LatestCall> = {}): LatestCall => ({
  id: `call-${index}`,
  time: SCREEN_NOW - index * 1_300,
  model: ['gpt-4o-mini-2024-07-18', 'claude-haiku-4-5-20251001', 'gemini-2.5-pro'][index % 3] ?? '',
  tokens: BigInt(812 + index * 977),
  cost: money(BigInt(1 + index) * 311_000_000_000_000n),
  latencyMs: 240 + index * 433,
  status: 'success',
  ...more,
});

const CALLS: readonly LatestCall[] = [
  call(0),
  call(1, { status: 'failure', latencyMs: 30_000 }),
  call(2),
  { id: 'house', model: 'house-llm-70b', tokens: 1_204n, status: 'success' },
  ...Array.from({ length: 40 }, (_, index) => call(index + 4)),
];

const ALARMS: readonly Alarm[] = [
  {
    kind: 'retry-loop',
    loop: {
      run: 'ticket-1042',
      step: 'classify',
      model: 'claude-haiku-4-5-20251001',
      attempts: 9,
      failures: 8,
      errorCode: '529',
    },
  },
  { kind: 'spike', cost: cents(386), usual: cents(121) },
  { kind: 'unrated', requests: 7n, message: 'openai has no price for model "house-llm-70b"' },
];

/** The answers that golden frames are made of. */
export const snapshotOf = (wanted: Wanted, more: Partial<Snapshot> = {}): Snapshot => ({
  at: SCREEN_NOW,
  timeZone: 'UTC',
  wanted,
  today: amount(2_275, 7),
  month: amount(48_310, 7),
  pace: amount(412),
  hours: Array.from({ length: 24 }, (_, index) => ({
    start: Math.floor(SCREEN_NOW / HOUR) * HOUR - (23 - index) * HOUR,
    amount: index < 8 ? NOTHING : amount(20 + ((index * 37) % 90)),
  })),
  monthEnd: cents(71_240),
  top: TOP,
  topTotal: total(TOP.map((each) => each.amount)),
  calls: CALLS,
  alarms: ALARMS,
  ...more,
});

/** The screen of an ordinary morning. */
export const morning = (more: Partial<Snapshot> = {}): WatchState =>
  reduce(firstState('feature', 'today'), {
    kind: 'answered',
    snapshot: snapshotOf({ by: 'feature', span: 'today' }, more),
  });
