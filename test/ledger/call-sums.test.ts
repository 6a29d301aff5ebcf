import { describe, expect, it } from 'vitest';
import type { Dimension, Filter } from '../../src/domain/spend.ts';
import { append, cardsWith, event, inMemory } from '../support/ledgers.ts';

const tag = (name: string): Dimension => ({ kind: 'tag', name });
const at = (hour: number): number => Date.UTC(2026, 9, 5, hour);
const SPAN = { start: at(0), end: at(12) };

describe('time and retries of calls', () => {
  const ledger = inMemory(cardsWith().book);
  append(
    ledger,
    event({
      id: 'a',
      time: at(1),
      tags: { team: 'search', run: 'r1' },
      latencyMs: 250,
      retryCount: 2,
    }),
    event({
      id: 'b',
      time: at(2),
      tags: { team: 'search', run: 'r2' },
      latencyMs: 750,
      requests: 3,
    }),
    event({ id: 'c', time: at(3), tags: { team: 'support' }, model: 'gpt-4o', retryCount: 0 }),
    event({ id: 'd', time: at(4), tags: {}, latencyMs: 5, labels: ['team=labelled'] }),
    // Outside: the end is not in the span, and a call without a time is in none.
    event({ id: 'e', time: at(12), tags: { team: 'search' }, latencyMs: 1 }),
    event({ id: 'f', time: undefined, tags: { team: 'search' }, latencyMs: 1 }),
  );
  const sums = (by: readonly Dimension[], where: readonly Filter[] = []) =>
    ledger
      .callSums({ span: SPAN, by, where })
      .map(({ key, requests, latencyMs, timed, retries, retryCounted }) =>
        [...key, requests, latencyMs, timed, retries, retryCounted].join(' '),
      )
      .sort();

  it('are summed by tags and labels, and say how many calls tell them', () =>
    expect(sums([tag('team')])).toEqual([
      'labelled 1 5 1 0 0',
      'search 4 1000 4 2 1',
      'support 1 0 0 0 1',
    ]));

  it('are summed by run and by facts', () =>
    expect(sums([tag('run'), { kind: 'fact', name: 'model' }])).toEqual([
      ' gpt-4o 1 0 0 0 1',
      ' gpt-4o-mini 1 5 1 0 0',
      'r1 gpt-4o-mini 1 250 1 2 1',
      'r2 gpt-4o-mini 3 750 3 0 0',
    ]));

  it('are one sum of everything, and nothing where no call fits', () => {
    expect(sums([])).toEqual(['6 1005 5 2 2']);
    const where: Filter = { dimension: tag('team'), negated: false, pattern: 'sea*' };
    expect(sums([], [where])).toEqual(['4 1000 4 2 1']);
    expect(sums([tag('team')], [{ ...where, pattern: 'nobody' }])).toEqual([]);
  });
});
