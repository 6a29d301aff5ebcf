import { exactSum, type ExactSum, roundedParts } from '../domain/exact-sum.ts';
import { asMoney, type Fraction, times } from '../domain/fraction.ts';
import { type Money, money, ZERO } from '../domain/money.ts';
import { costAt } from '../domain/position.ts';
import type { RequestClass } from '../domain/replay-question.ts';
import type { CostRange, Reason, Verdict } from './lever-contract/lever.ts';
import type { ExcludedPart, GroupResult, MoneyRange, Part, Remark, RunSums } from './run-result.ts';

/** Takes classes of requests with what a lever makes of them, and sums them up. */
export interface Tally {
  readonly add: (requests: RequestClass, verdict: Verdict) => void;
  readonly result: () => RunSums;
}

/** Requests and what they cost now. */
interface Sums {
  requests: bigint;
  unpriced: bigint;
  before: bigint;
}

/** Requests that are changed, as if all of them were. */
interface Changed extends Sums {
  readonly after: Readonly<Record<keyof CostRange, ExactSum>>;
}

interface Group {
  readonly key: readonly (string | null)[];
  readonly all: Sums;
  readonly changed: Changed;
}

const sums = (): Sums => ({ requests: 0n, unpriced: 0n, before: 0n });
const changes = (): Changed => ({
  ...sums(),
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
    saved: 0n,
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
  readonly excluded: Map<string, { readonly reason: Reason; readonly part: Sums }>;
  readonly places: Map<string, Changed>;
  readonly groups: Map<string, Group>;
  readonly doubts: Remarks;
  readonly risks: Remarks;
  saved: bigint;
  lowerBound: bigint;
}

function enter(books: Books, requests: RequestClass, verdict: Verdict): void {
  const { rate, requests: count } = requests;
  const before = rate.kind === 'rated' ? costAt(rate.prices, requests.usage, count) : ZERO;
  const unpriced = rate.kind === 'unrated' ? count : 0n;
  const addTo = (to: Sums): void => {
    to.requests += count;
    to.unpriced += unpriced;
    to.before += before;
  };
  const group = found(books.groups, JSON.stringify(requests.key), () => ({
    key: requests.key,
    all: sums(),
    changed: changes(),
  }));
  addTo(books.all);
  addTo(group.all);
  if (rate.kind === 'rated' && rate.lowerBound) books.lowerBound += count;
  if (verdict.kind === 'excluded') {
    const { reason } = verdict;
    const name = `${reason.code}|${reason.message}`;
    addTo(found(books.excluded, name, () => ({ reason, part: sums() })).part);
  }
  if (verdict.kind !== 'changed') return;
  const place = verdict.to === undefined ? [] : [found(books.places, verdict.to, changes)];
  for (const to of [books.changed, group.changed, ...place]) {
    addTo(to);
    for (const name of ['low', 'mid', 'high'] as const) to.after[name].add(verdict.after[name]);
  }
  for (const reason of verdict.doubts) books.doubts.add(reason, count, before);
  for (const reason of verdict.risks ?? []) books.risks.add(reason, count, before);
  books.saved += verdict.saved ?? 0n;
}

function closed(books: Books, share: Fraction): RunSums {
  const { all } = books;
  const changed = sharedPart(books.changed, share);
  const excluded = [...books.excluded.values()]
    .map(({ reason, part }): ExcludedPart => ({ reason, ...still(part) }))
    .sort((a, b) => descending(a.before, b.before) || descending(a.requests, b.requests));
  const out = sumOf(excluded);
  const total: Part = {
    ...still(all),
    after: mapRange((name) => changed.after[name] + all.before - changed.before),
  };
  return {
    changed,
    unchanged: still({
      requests: all.requests - changed.requests - out.requests,
      unpriced: all.unpriced - out.unpriced,
      before: all.before - changed.before - out.before,
    }),
    excluded,
    total,
    groups: groupResults([...books.groups.values()], share, { shared: changed, total }),
    destinations: destinationsOf(books.places, share, changed),
    doubts: books.doubts.found(share),
    risks: books.risks.found(share),
    saved: rounded(shareOf(books.saved, share)),
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

const shareOf = (whole: bigint, { part, over }: Fraction): Fraction => ({
  part: whole * part,
  over,
});

const rounded = (fraction: Fraction): bigint => asMoney(fraction);

const afterOf = ({ after }: Changed, name: keyof CostRange, share: Fraction): Fraction =>
  times(after[name].total(), share.part, share.over);

const mapRange = (amount: (name: keyof CostRange) => bigint): MoneyRange => ({
  low: money(amount('low')),
  mid: money(amount('mid')),
  high: money(amount('high')),
});

/** The share of what is changed, rounded once. */
const sharedPart = (changed: Changed, share: Fraction): Part => ({
  requests: rounded(shareOf(changed.requests, share)),
  unpriced: 0n,
  before: asMoney(shareOf(changed.before, share)),
  after: mapRange((name) => rounded(afterOf(changed, name, share))),
});

const sumOf = (parts: readonly Part[]): Sums =>
  parts.reduce<Sums>(
    (sum, part) => ({
      requests: sum.requests + part.requests,
      unpriced: sum.unpriced + part.unpriced,
      before: sum.before + part.before,
    }),
    sums(),
  );

/** Groups whose parts add up to those of the whole, whatever rounding left over. */
function groupResults(
  groups: readonly Group[],
  share: Fraction,
  { shared, total }: { readonly shared: Part; readonly total: Part },
): readonly GroupResult[] {
  const counts = roundedParts(
    groups.map(({ changed }) => shareOf(changed.requests, share)),
    shared.requests,
  );
  const after = (name: keyof CostRange): readonly bigint[] =>
    roundedParts(
      groups.map(({ all, changed }) => {
        const then = afterOf(changed, name, share);
        const rest = all.before * share.over - changed.before * share.part;
        return { part: then.part * share.over + rest * then.over, over: then.over * share.over };
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
  const counts = each(({ requests }) => shareOf(requests, share), shared.requests);
  const befores = each(({ before }) => shareOf(before, share), shared.before);
  const after = (name: keyof CostRange): readonly bigint[] =>
    each((changed) => afterOf(changed, name, share), shared.after[name]);
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

interface Remarks {
  readonly add: (reason: Reason, requests: bigint, before: Money) => void;
  readonly found: (share: Fraction) => readonly Remark[];
}

function openRemarks(): Remarks {
  const remarks = new Map<string, { reason: Reason; requests: bigint; before: bigint }>();
  return {
    add(reason: Reason, requests: bigint, before: Money): void {
      const remark = found(remarks, `${reason.code}|${reason.message}`, () => ({
        reason,
        requests: 0n,
        before: 0n,
      }));
      remark.requests += requests;
      remark.before += before;
    },
    found: (share: Fraction): readonly Remark[] =>
      [...remarks.values()]
        .map(({ reason, requests, before }) => ({
          reason,
          requests: rounded(shareOf(requests, share)),
          before: asMoney(shareOf(before, share)),
        }))
        .sort((a, b) => descending(a.before, b.before) || descending(a.requests, b.requests)),
  };
}

const descending = (a: bigint, b: bigint): number => (a === b ? 0 : a > b ? -1 : 1);

function found<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  const present = known.get(key);
  if (present !== undefined) return present;
  const made = make();
  known.set(key, made);
  return made;
}
