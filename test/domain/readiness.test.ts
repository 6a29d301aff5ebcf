import { describe, expect, it } from 'vitest';
import { type Coverage, NO_COVERAGE } from '../../src/domain/coverage.ts';
import { parseMoney, ZERO } from '../../src/domain/money.ts';
import {
  chargebackGates,
  isReady,
  type Profile,
  type WeekCovered,
} from '../../src/domain/readiness.ts';

const usd = (text: string) => parseMoney(text) ?? ZERO;

/** Ten calls for $100, of which so many dollars lack a tag. */
const lacking = (dollars: string, unrated = 0n): Coverage => ({
  all: { requests: 10n, unrated, cost: usd('100') },
  missing: { requests: 1n, unrated, cost: usd(dollars) },
});

/** Full weeks, the oldest first. */
const weeks = (...coverages: readonly Coverage[]): readonly WeekCovered[] =>
  coverages.map((coverage, index) => ({ week: `week ${index + 1}`, coverage }));

const gate = (
  code: string,
  run: readonly WeekCovered[],
  profile: Profile = 'seed',
  allocated = lacking('0'),
) => {
  const found = chargebackGates({ weeks: run, allocated }, profile).find(
    (one) => one.code === code,
  );
  return [found?.state, found?.found];
};

const four = weeks(lacking('20'), lacking('20'), lacking('20'), lacking('20'));

describe('chargeback readiness', () => {
  it('asks four full weeks of data under seed and six under strict', () => {
    expect(gate('weeks', four)).toEqual(['holds', '4 full weeks']);
    expect(gate('weeks', four.slice(1))).toEqual(['fails', '3 full weeks, 1 to go']);
    expect(gate('weeks', four, 'strict')).toEqual(['fails', '4 full weeks, 2 to go']);
  });

  it('holds at exactly 80 % of the spend of every week', () => {
    expect(gate('coverage', four)).toEqual(['holds', 'all 4 of them']);
  });

  it('names every week that is a hair below, whatever the others are', () => {
    const run = weeks(lacking('0'), lacking('20.000000000000000001'), lacking('0'), lacking('90'));
    expect(gate('coverage', run)).toEqual(['fails', 'below it: weeks of week 2, week 4']);
  });

  it('does not ask weeks before the last four', () => {
    const run = weeks(lacking('99'), ...four.map(({ coverage }) => coverage));
    expect(gate('coverage', run)).toEqual(['holds', 'all 4 of them']);
  });

  it('never passes a week without calls, without prices, or with untagged calls of unknown cost', () => {
    const nothing = weeks(lacking('0'), NO_COVERAGE, lacking('0'), lacking('0'));
    expect(gate('coverage', nothing)).toEqual(['fails', 'no calls: week of week 2']);
    const unpriced = { requests: 5n, unrated: 5n, cost: ZERO };
    const free = weeks(
      lacking('0'),
      { all: unpriced, missing: unpriced },
      lacking('0'),
      lacking('0'),
    );
    expect(gate('coverage', free)).toEqual(['unknown', 'no spend with a price: week of week 2']);
    const partly = weeks(lacking('0'), lacking('0', 1n), lacking('0'), lacking('0'));
    expect(gate('coverage', partly)).toEqual([
      'unknown',
      'untagged calls without a price: week of week 2',
    ]);
  });

  it('lets less than a fifth belong to nobody under seed, less than a tenth under strict', () => {
    expect(gate('unallocated', four, 'seed', lacking('19.99'))).toEqual([
      'holds',
      '19.9% after inference',
    ]);
    expect(gate('unallocated', four, 'seed', lacking('20'))).toEqual([
      'fails',
      '20.0% after inference',
    ]);
    expect(gate('unallocated', four, 'strict', lacking('10'))).toEqual([
      'fails',
      '10.0% after inference',
    ]);
  });

  it('is never ready by what is not known', () => {
    const gates = chargebackGates({ weeks: four, allocated: lacking('0') }, 'seed');
    expect(gates.map(({ code, state }) => `${code} ${state}`)).toEqual([
      'weeks holds',
      'coverage holds',
      'unallocated holds',
      'reconciled unknown',
      'disputes unknown',
    ]);
    expect(isReady(gates)).toBe('undecided');
    expect(isReady(gates.slice(0, 3))).toBe('ready');
    expect(isReady(chargebackGates({ weeks: [], allocated: lacking('0') }, 'seed'))).toBe(
      'not-ready',
    );
  });
});
