import { exactSum, type ExactSum, roundedParts } from '../domain/exact-sum.ts';
import { type Fraction, times } from '../domain/fraction.ts';
import { money, ZERO } from '../domain/money.ts';
import { costAt } from '../domain/position.ts';
import type { RequestClass } from '../domain/replay-question.ts';
import type { CostRange, PlainVerdict, Reason, Verdict } from './lever-contract/lever.ts';
import { openRemarks, type Remarks } from './remarks.ts';
import type { ExcludedPart, GroupResult, MoneyRange, Part, RunSums } from './run-result.ts';
import {
  descending,
  found,
  ONE,
  rounded,
  scaled,
  shareOf,
  type Sums,
  sums,
  type Weighted,
  weighted,
} from './weighted-sums.ts';

/** Takes classes of requests with what a lever makes of them, and sums them up. */
export interface Tally {
  readonly add: (requests: RequestClass, verdict: Verdict) => void;
  readonly result: () => RunSums;
}

/** Requests that are changed, as if all of them were. */
interface Changed extends Weighted {
  readonly after: Readonly<Record<keyof CostRange, ExactSum>>;
}

interface Group {
  readonly key: readonly (string | null)[];
  readonly all: Sums;
  readonly changed: Changed;
}

const changes = (): Changed => ({
  ...weighted(),
  after: { low: exactSum(), mid: exactSum(), high: exactSum() },
});

/** Opens a tally in which `share` of every kind of request is changed, and the rest of it is not. */
export function openTally(share: Fraction): Tally {
  const books: Books = {
    all: sums(),
    changed: changes(),
    excluded: new Map(),
    places: new Map(),
    groups: new Map(),
    doubts: openRemarks(),
    risks: openRemarks(),
    saved: exactSum(),
    lowerBound: 0n,
  };
  return {
    add: (requests, verdict) => enter(books, requests, verdict),
    result: () => closed(books, share),
  };
}

/** All that is summed up on the way, as if every request that can be changed were. */
interface Books {
  readonly all: Sums;
  readonly changed: Changed;
  readonly excluded: Map<string, { readonly reason: Reason; readonly part: Weighted }>;
  readonly places: Map<string, Changed>;
  readonly groups: Map<string, Group>;
  readonly doubts: Remarks;
  readonly risks: Remarks;
  readonly saved: ExactSum;
  lowerBound: bigint;
}

function enter(books: Books, requests: RequestClass, verdict: Verdict): void {
  const { rate } = requests;
  const one: Sums = {
    requests: requests.requests,
    unpriced: rate.kind === 'unrated' ? requests.requests : 0n,
    before: rate.kind === 'rated' ? costAt(rate.prices, requests.usage, requests.requests) : ZERO,
  };
  const group = found(books.groups, JSON.stringify(requests.key), () => ({
    key: requests.key,
    all: sums(),
    changed: changes(),
  }));
  for (const to of [books.all, group.all]) {
    to.requests += one.requests;
    to.unpriced += one.unpriced;
    to.before += one.before;
  }
  if (rate.kind === 'rated' && rate.lowerBound) books.lowerBound += requests.requests;
  const parts = verdict.kind === 'split' ? verdict.parts : [{ share: ONE, verdict }];
  for (const part of parts) enterPart(books, one, part.verdict, part.share, group);
}

function enterPart(
  books: Books,
  one: Sums,
  verdict: PlainVerdict,
  share: Fraction,
  group: Group,
): void {
  const addTo = (to: Weighted): void => {
    for (const name of ['requests', 'unpriced', 'before'] as const)
      to[name].add(shareOf(one[name], share));
  };
  if (verdict.kind === 'excluded') {
    const { reason } = verdict;
    const name = `${reason.code}|${reason.message}`;
    addTo(found(books.excluded, name, () => ({ reason, part: weighted() })).part);
  }
  if (verdict.kind !== 'changed') return;
  const place = verdict.to === undefined ? [] : [found(books.places, verdict.to, changes)];
  for (const to of [books.changed, group.changed, ...place]) {
    addTo(to);
    for (const name of ['low', 'mid', 'high'] as const)
      to.after[name].add(times(verdict.after[name], share.part, share.over));
  }
  for (const reason of verdict.doubts) books.doubts.add(reason, one, share);
  for (const reason of verdict.risks ?? []) books.risks.add(reason, one, share);
  books.saved.add(shareOf(verdict.saved ?? 0n, share));
}

/** Sums of parts that are rounded together, so that they add up to the whole. */
function closed(books: Books, share: Fraction): RunSums {
  const { all } = books;
  const out = [...books.excluded.values()];
  const partsOf = (name: keyof Sums): readonly bigint[] => {
    const changed = scaled(books.changed[name], share);
    const excluded = out.map(({ part }) => part[name].total());
    const rest = exactSum();
    rest.add({ part: all[name], over: 1n });
    for (const { part, over } of [changed, ...excluded]) rest.add({ part: -part, over });
    return roundedParts([changed, rest.total(), ...excluded], all[name]);
  };
  const [requests, unpriced, before] = [
    partsOf('requests'),
    partsOf('unpriced'),
    partsOf('before'),
  ];
  const stillAt = (index: number): Part =>
    still({
      requests: requests[index] ?? 0n,
      unpriced: unpriced[index] ?? 0n,
      before: before[index] ?? 0n,
    });
  const changed: Part = {
    ...stillAt(0),
    after: mapRange((name) => rounded(scaled(books.changed.after[name], share))),
  };
  const total: Part = {
    ...still(all),
    after: mapRange((name) => changed.after[name] + all.before - changed.before),
  };
  return {
    changed,
    unchanged: stillAt(1),
    excluded: out
      .map(({ reason }, index): ExcludedPart => ({ reason, ...stillAt(index + 2) }))
      .sort((a, b) => descending(a.before, b.before) || descending(a.requests, b.requests)),
    total,
    groups: groupResults([...books.groups.values()], share, { shared: changed, total }),
    destinations: destinationsOf(books.places, share, changed),
    doubts: books.doubts.found(share),
    risks: books.risks.found(share),
    saved: rounded(scaled(books.saved, share)),
    lowerBound: books.lowerBound,
  };
}

/** Requests whose cost does not change. */
const still = ({ requests, unpriced, before }: Sums): Part => ({
  requests,
  unpriced,
  before: money(before),
  after: { low: money(before), mid: money(before), high: money(before) },
});

const mapRange = (amount: (name: keyof CostRange) => bigint): MoneyRange => ({
  low: money(amount('low')),
  mid: money(amount('mid')),
  high: money(amount('high')),
});

/** Groups whose parts add up to those of the whole, whatever rounding left over. */
function groupResults(
  groups: readonly Group[],
  share: Fraction,
  { shared, total }: { readonly shared: Part; readonly total: Part },
): readonly GroupResult[] {
  const counts = roundedParts(
    groups.map(({ changed }) => scaled(changed.requests, share)),
    shared.requests,
  );
  const after = (name: keyof CostRange): readonly bigint[] =>
    roundedParts(
      groups.map(({ all, changed }) => {
        const sum = exactSum();
        sum.add({ part: all.before, over: 1n });
        const { part, over } = scaled(changed.before, share);
        sum.add({ part: -part, over });
        sum.add(scaled(changed.after[name], share));
        return sum.total();
      }),
      total.after[name],
    );
  const afters = { low: after('low'), mid: after('mid'), high: after('high') };
  const saving = ({ before, after: { mid } }: Part): bigint => before - mid;
  return groups
    .map(({ key, all }, index): GroupResult => ({
      ...still(all),
      key,
      changed: counts[index] ?? 0n,
      after: mapRange((name) => afters[name][index] ?? 0n),
    }))
    .sort((a, b) => descending(saving(a), saving(b)) || descending(a.before, b.before));
}

function destinationsOf(
  places: ReadonlyMap<string, Changed>,
  share: Fraction,
  shared: Part,
): RunSums['destinations'] {
  const entries = [...places];
  const each = (of: (changed: Changed) => Fraction, wanted: bigint): readonly bigint[] =>
    roundedParts(
      entries.map(([, changed]) => of(changed)),
      wanted,
    );
  const counts = each(({ requests }) => scaled(requests, share), shared.requests);
  const befores = each(({ before }) => scaled(before, share), shared.before);
  const after = (name: keyof CostRange): readonly bigint[] =>
    each(({ after: costs }) => scaled(costs[name], share), shared.after[name]);
  const afters = { low: after('low'), mid: after('mid'), high: after('high') };
  return entries
    .map(([to], index) => ({
      to,
      part: {
        requests: counts[index] ?? 0n,
        unpriced: 0n,
        before: money(befores[index] ?? 0n),
        after: mapRange((name) => afters[name][index] ?? 0n),
      },
    }))
    .sort((a, b) => descending(a.part.requests, b.part.requests));
}
