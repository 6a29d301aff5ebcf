import { describe, expect, it } from 'vitest';
import { NO_SPEND, type SpendQuery, type SpendRow } from '../../src/domain/spend.ts';
import { measuredCalls } from '../../src/prompts/measured-calls.ts';

const NOW = Date.parse('2026-11-21T12:34:56Z');

/** Answers every question with these rows, and remembers the questions. */
function ledgerOf(rows: readonly SpendRow[]) {
  const asked: SpendQuery[] = [];
  const callsOf = measuredCalls((query) => {
    asked.push(query);
    return {
      rows,
      unratedReasons: [],
      undatedLeftOut: 0n,
      cards: [],
      books: { closed: [], corrections: [], shared: [], unfrozen: [] },
    };
  }, NOW);
  return { asked, callsOf };
}

const SUPPORT: SpendRow = {
  ...NO_SPEND,
  key: ['support'],
  requests: 100n,
  errors: 4n,
  output: 9_600n,
  cacheRead: 96_000n,
  cacheWrite: 32n,
};

describe('calls of a prompt in a ledger', () => {
  it('are successful ones of whole hours, scaled to a month of 30.4375 days', () => {
    const { asked, callsOf } = ledgerOf([SUPPORT, { ...SUPPORT, key: [null] }]);
    // 96 calls in 30 days are 97.4 a month: 96 x 30.4375 / 30.
    expect(callsOf({ days: 30 }, 'support')).toEqual({
      callsPerMonth: { digits: 97_400_000n, scale: 6 },
      outputMean: { digits: 100_000_000n, scale: 6 },
      cacheReadMean: { digits: 1_000_000_000n, scale: 6 },
      cacheWriteMean: { digits: 333_333n, scale: 6 },
      from: 'ledger, 96 calls in the last 30 days',
    });
    expect(asked).toEqual([
      {
        span: {
          start: Date.parse('2026-10-22T12:00:00Z'),
          end: Date.parse('2026-11-21T12:00:00Z'),
        },
        by: [{ kind: 'tag', name: 'prompt' }],
        timeZone: 'UTC',
        where: [],
      },
    ]);
  });

  it('are asked for once a tag and span, however many prompts there are', () => {
    const { asked, callsOf } = ledgerOf([SUPPORT]);
    for (let index = 0; index < 1000; index += 1) callsOf({ days: 30 }, `prompt-${index}`);
    callsOf({ days: 7 }, 'support');
    callsOf({ days: 30, tag: { key: 'job', value: 'support' } }, 'any');
    expect(asked.map(({ by }) => by[0]?.name)).toEqual(['prompt', 'prompt', 'job']);
  });

  it('are not known where there are none, or none that did not fail', () => {
    const { callsOf } = ledgerOf([SUPPORT, { ...SUPPORT, key: ['broken'], errors: 100n }]);
    expect(callsOf({ days: 30 }, 'other')).toBeUndefined();
    expect(callsOf({ days: 30 }, 'broken')).toBeUndefined();
  });
});
