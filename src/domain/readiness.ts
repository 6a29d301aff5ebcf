import { type Coverage, reaches } from './coverage.ts';
import { cutShareText } from './share-text.ts';

/** Names of the profiles, the milder first. */
export const PROFILES = ['seed', 'strict'] as const;
/** One of PROFILES. */
export type Profile = (typeof PROFILES)[number];

/** What a company has to have before teams are charged by these numbers. Percentages are whole. */
export interface ProfileGates {
  /** Full weeks of data, each of which has to be covered. */
  readonly weeks: number;
  /** Least part of the spend of every week that carries all required tags. */
  readonly coverage: bigint;
  /** Most of the spend that may belong to nobody after inference. */
  readonly unallocated: bigint;
  /** Least part of the spend that bills confirm. */
  readonly reconciled: string;
}

/**
 * `seed` is what showback for four weeks and 80 % coverage ask; `strict` holds what practitioners ask beyond it:
 * six weeks, less than 10 % unallocated, drift to the invoice below 0.5 %.
 */
export const GATES: Readonly<Record<Profile, ProfileGates>> = {
  seed: { weeks: 4, coverage: 80n, unallocated: 20n, reconciled: 'reconciled with a bill' },
  strict: { weeks: 6, coverage: 80n, unallocated: 10n, reconciled: '99.5% reconciled with bills' },
};

/** A full week, with what is covered of it. */
export interface WeekCovered {
  /** First day, `2026-10-05`. */
  readonly week: string;
  readonly coverage: Coverage;
}

/** What is known before chargeback. */
export interface ReadinessFacts {
  /** Full weeks since the first call, the newest last. */
  readonly weeks: readonly WeekCovered[];
  /** Spend of the weeks that count, after inference; `missing` belongs to nobody. */
  readonly allocated: Coverage;
}

/** One condition of chargeback. `unknown` where nothing shows whether it holds, which is not a pass. */
export interface Gate {
  readonly code: 'weeks' | 'coverage' | 'unallocated' | 'reconciled' | 'disputes';
  readonly needs: string;
  readonly state: 'holds' | 'fails' | 'unknown';
  /** What was found, and what a gate that does not hold lacks. */
  readonly found: string;
}

/** Holds a company's weeks against the gates of a profile. */
export function chargebackGates(facts: ReadinessFacts, profile: Profile): readonly Gate[] {
  const gates = GATES[profile];
  return [
    weeksGate(facts, gates),
    coverageGate(facts, gates),
    unallocatedGate(facts, gates),
    {
      code: 'reconciled',
      needs: gates.reconciled,
      state: 'unknown',
      found: 'not known: this ledger has not been held against bills',
    },
    {
      code: 'disputes',
      needs: 'no open disputes',
      state: 'unknown',
      found: 'none recorded: aicost keeps no list of disputes, ask the teams',
    },
  ];
}

/** The verdict over all gates: one that fails decides, one that is unknown leaves it open. */
export function isReady(gates: readonly Gate[]): 'ready' | 'not-ready' | 'undecided' {
  if (gates.some(({ state }) => state === 'fails')) return 'not-ready';
  return gates.some(({ state }) => state === 'unknown') ? 'undecided' : 'ready';
}

function weeksGate({ weeks }: ReadinessFacts, gates: ProfileGates): Gate {
  const run = weeks.length;
  const lacks = gates.weeks - run;
  return {
    code: 'weeks',
    needs: `${gates.weeks} full weeks of data`,
    state: lacks <= 0 ? 'holds' : 'fails',
    found: lacks <= 0 ? `${run} full weeks` : `${run} full weeks, ${lacks} to go`,
  };
}

function coverageGate({ weeks }: ReadinessFacts, gates: ProfileGates): Gate {
  const last = weeks.slice(-gates.weeks);
  const needs = `each of the last ${gates.weeks} full weeks at ${gates.coverage}% of spend`;
  const those = (is: (coverage: Coverage) => boolean): readonly string[] =>
    last.flatMap(({ week, coverage }) => (is(coverage) ? [week] : []));
  const reached = (coverage: Coverage): boolean | undefined =>
    reaches(coverage, { digits: gates.coverage, scale: 0 });
  const below = those((coverage) => reached(coverage) === false);
  const empty = those(({ all }) => all.requests === 0n);
  const unpriced = those(
    (coverage) => coverage.all.requests > 0n && reached(coverage) === undefined,
  );
  const partly = those(
    (coverage) => coverage.missing.unrated > 0n && reached(coverage) !== undefined,
  );
  const gate = { code: 'coverage', needs } as const;
  const named = (about: string, some: readonly string[]): readonly string[] =>
    some.length === 0 ? [] : [`${about}: ${weekList(some)}`];
  const lacks = [
    ...(last.length < gates.weeks ? [`only ${last.length} full weeks to judge`] : []),
    ...named('below it', below),
    ...named('no calls', empty),
  ];
  if (lacks.length > 0) return { ...gate, state: 'fails', found: lacks.join('; ') };
  const unknown = [
    ...named('no spend with a price', unpriced),
    ...named('untagged calls without a price', partly),
  ];
  if (unknown.length > 0) return { ...gate, state: 'unknown', found: unknown.join('; ') };
  return { ...gate, state: 'holds', found: `all ${gates.weeks} of them` };
}

const weekList = (weeks: readonly string[]): string =>
  `${weeks.length === 1 ? 'week' : 'weeks'} of ${weeks.join(', ')}`;

function unallocatedGate({ allocated, weeks }: ReadinessFacts, gates: ProfileGates): Gate {
  const gate = {
    code: 'unallocated',
    needs: `less than ${gates.unallocated}% of spend unallocated`,
  } as const;
  if (weeks.length === 0) return { ...gate, state: 'fails', found: 'no full week to judge' };
  const { all, missing } = allocated;
  if (all.cost <= 0n) return { ...gate, state: 'unknown', found: 'no spend with a price' };
  const found = `${cutShareText(missing.cost, all.cost) ?? ''} after inference`;
  return missing.cost * 100n < all.cost * gates.unallocated
    ? { ...gate, state: missing.unrated > 0n ? 'unknown' : 'holds', found }
    : { ...gate, state: 'fails', found };
}
