import { charge, unpricedMeter } from './charge.ts';
import { meterName, totalsOf } from './meters.ts';
import { type Money, money, ZERO } from './money.ts';
import type { RateBook, Rater } from './rate-book.ts';
import type { Rating } from './rating.ts';
import { cacheWriteTotal, type Part, type UsageEvent } from './usage.ts';

/** What one set of cards makes of a model's calls. */
export interface ReplaySide {
  readonly cost: Money;
  /** Requests that it has no price for. */
  readonly unrated: bigint;
}

/** A model's calls under two sets of cards. */
export interface ReplayedModel {
  readonly provider: string;
  readonly model: string;
  readonly requests: bigint;
  readonly before: ReplaySide;
  readonly after: ReplaySide;
  /** After less before, over the requests that both can price. */
  readonly difference: Money;
}

/** A replay at its end. */
export interface Replayed {
  /** The largest difference first, then the dearest. */
  readonly models: readonly ReplayedModel[];
  /** Requests of providers that were not to be compared, by provider. */
  readonly leftOut: ReadonlyMap<string, bigint>;
  /** Why requests have no price, by side; most requests first. */
  readonly reasons: readonly {
    readonly side: 'before' | 'after';
    readonly message: string;
    readonly requests: bigint;
  }[];
}

/** Takes events one after another, in memory that does not grow with their number. */
export interface Replay {
  readonly add: (event: UsageEvent) => void;
  readonly result: () => Replayed;
}

/**
 * Opens a replay of usage through two rate books. Every event is rated by itself, since context tiers
 * look at single prompts; quantities that are priced alike are added up and charged once at the end.
 * Events that their source proves not to be charged are passed over.
 */
export function openReplay(
  before: RateBook,
  after: RateBook,
  compared: ReadonlySet<string>,
): Replay {
  const sides = { before: openSide(before), after: openSide(after) };
  const groups = new Map<string, Group>();
  const leftOut = new Map<string, bigint>();
  return {
    add(event) {
      const requests = BigInt(event.requests);
      if (!event.billable) return;
      if (!compared.has(event.provider)) {
        leftOut.set(event.provider, (leftOut.get(event.provider) ?? 0n) + requests);
        return;
      }
      const [was, is] = [sides.before.verdict(event), sides.after.verdict(event)];
      const key = `${event.provider}\0${event.model}\0${was.id}\0${is.id}`;
      let group = groups.get(key);
      if (group === undefined) {
        const { provider, model } = event;
        group = { provider, model, before: was, after: is, requests: 0n, usage: noTotals() };
        groups.set(key, group);
      }
      group.requests += requests;
      addUsage(group.usage, event);
    },
    result: () => ({ models: modelsOf(groups.values()), leftOut, reasons: reasonsOf(groups) }),
  };
}

/** How one side prices an event: the rating, or why there is none. Equal ids mean equal verdicts. */
interface Verdict {
  readonly id: number;
  readonly rating: Extract<Rating, { kind: 'rated' }> | undefined;
  readonly reason: string;
}

interface Totals {
  input: bigint;
  cacheRead: bigint;
  output: bigint;
  reasoning: bigint;
  readonly cacheWrite: Map<string, bigint>;
  readonly parts: Map<Part, bigint>;
  readonly fees: Map<string, bigint>;
}

interface Group {
  readonly provider: string;
  readonly model: string;
  readonly before: Verdict;
  readonly after: Verdict;
  requests: bigint;
  readonly usage: Totals;
}

function openSide(book: RateBook): { readonly verdict: (event: UsageEvent) => Verdict } {
  const raters = new Map<string, Rater>();
  const verdicts = new Map<Rating | string, Verdict>();
  const remember = (of: Rating | string, rating: Verdict['rating'], reason: string): Verdict => {
    const verdict = { id: verdicts.size, rating, reason };
    verdicts.set(of, verdict);
    return verdict;
  };
  const without = (reason: string): Verdict =>
    verdicts.get(reason) ?? remember(reason, undefined, reason);
  return {
    verdict(event) {
      if (event.countSource === 'missing')
        return without('the source gives no token counts for the call');
      const { provider, model, requestModel, serviceTier, region, inferenceGeo, usage } = event;
      const aggregated = event.countSource === 'aggregated';
      const sku = { provider, model, requestModel, serviceTier, region, inferenceGeo, aggregated };
      const name = JSON.stringify(Object.values(sku).map((part) => part ?? null));
      let rater = raters.get(name);
      if (rater === undefined) {
        rater = book.rater(sku);
        raters.set(name, rater);
      }
      const rating = rater(event.time, {
        input: usage.input,
        cache_read: usage.cacheRead,
        cache_write: cacheWriteTotal(usage),
      });
      if (rating.kind === 'unrated') return without(rating.why.message);
      const meter = unpricedMeter(usage, rating.rate.prices);
      if (meter === undefined) return verdicts.get(rating) ?? remember(rating, rating, '');
      const { rate } = rating;
      return without(
        `${rate.provider}/${rate.model} (from ${rate.from}) has no price for ${meterName(meter)}`,
      );
    },
  };
}

const noTotals = (): Totals => ({
  input: 0n,
  cacheRead: 0n,
  output: 0n,
  reasoning: 0n,
  cacheWrite: new Map(),
  parts: new Map(),
  fees: new Map(),
});

function addUsage(totals: Totals, { usage }: UsageEvent): void {
  const one = totalsOf(usage);
  totals.input += one.input;
  totals.cacheRead += one.cacheRead;
  totals.output += one.output;
  totals.reasoning += one.reasoning;
  addCounts(totals.cacheWrite, one.cacheWrite);
  addCounts(totals.parts, one.parts);
  addCounts(totals.fees, one.fees);
}

function addCounts<Name>(sums: Map<Name, bigint>, counts: ReadonlyMap<Name, bigint>): void {
  for (const [name, count] of counts) sums.set(name, (sums.get(name) ?? 0n) + count);
}

const costUnder = ({ rating }: Verdict, { usage, requests }: Group): Money | undefined =>
  rating === undefined ? undefined : charge(usage, rating.rate.prices, requests).cost;

function modelsOf(groups: Iterable<Group>): readonly ReplayedModel[] {
  const models = new Map<string, ReplayedModel>();
  for (const group of groups) {
    const { provider, model, requests } = group;
    const key = `${provider}\0${model}`;
    const [was, is] = [costUnder(group.before, group), costUnder(group.after, group)];
    const known = models.get(key) ?? { ...NOTHING, provider, model };
    const add = (side: ReplaySide, cost: Money | undefined): ReplaySide => ({
      cost: money(side.cost + (cost ?? 0n)),
      unrated: side.unrated + (cost === undefined ? requests : 0n),
    });
    models.set(key, {
      ...known,
      requests: known.requests + requests,
      before: add(known.before, was),
      after: add(known.after, is),
      difference:
        was === undefined || is === undefined
          ? known.difference
          : money(known.difference + is - was),
    });
  }
  return [...models.values()].sort(
    (a, b) =>
      descending(size(a.difference), size(b.difference)) ||
      descending(a.after.cost, b.after.cost) ||
      (a.provider + a.model < b.provider + b.model ? -1 : 1),
  );
}

const size = (amount: bigint): bigint => (amount < 0n ? -amount : amount);

const descending = (a: bigint, b: bigint): number => (a === b ? 0 : a > b ? -1 : 1);

const NOTHING = {
  requests: 0n,
  before: { cost: ZERO, unrated: 0n },
  after: { cost: ZERO, unrated: 0n },
  difference: ZERO,
};

function reasonsOf(groups: ReadonlyMap<string, Group>): Replayed['reasons'] {
  const reasons = new Map<string, Replayed['reasons'][number]>();
  for (const group of groups.values())
    for (const side of ['before', 'after'] as const) {
      const { rating, reason } = group[side];
      if (rating !== undefined) continue;
      const known = reasons.get(`${side}|${reason}`)?.requests ?? 0n;
      reasons.set(`${side}|${reason}`, {
        side,
        message: reason,
        requests: known + group.requests,
      });
    }
  return [...reasons.values()].sort((a, b) =>
    a.requests === b.requests ? (a.message < b.message ? -1 : 1) : a.requests > b.requests ? -1 : 1,
  );
}
