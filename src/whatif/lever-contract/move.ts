import { uncached } from '../../domain/cache-saving.ts';
import type { ModelCard } from '../../domain/rate-card.ts';
import type { Fraction } from '../../domain/fraction.ts';
import { type Cut, PROMPT, type RequestClass } from '../../domain/replay-question.ts';
import { isBaseTier } from '../../domain/rating.ts';
import { counted } from '../../domain/words.ts';
import type { Assumption, CostRange, LeverWorld, PlainVerdict, Reason } from './lever.ts';
import { fitOf } from './fit.ts';
import type { CardModel } from './models-called.ts';
import { type RatedNow, standingOf } from './standing.ts';
import {
  CACHED,
  cacheFactsAt,
  entryAt,
  limitCuts,
  openTargetRater,
  priceCuts,
  priceTime,
  type Serving,
  sizeCounts,
  type TargetModel,
  tokensThere,
} from './target-model.ts';
import type { TokenRatio } from './token-ratio.ts';
import { cachedThere, costThere } from './usage-there.ts';

/** Requests on another model: where they have to be told apart, and what a class of them costs there. */
export interface Move {
  readonly cuts: readonly Cut[];
  readonly judge: (requests: RequestClass) => PlainVerdict;
  /** What was taken for granted of the classes judged so far. */
  readonly assumptions: () => readonly Assumption[];
}

/** How requests are sent there; what is absent is as it is now, as far as the provider stays the same. */
export interface MoveOptions {
  /** Models that requests may come from: the more there are, the more ways of counting have to be told apart. */
  readonly from: readonly CardModel[];
  readonly ratioOf: RatioOf;
  readonly serving?: (requests: RequestClass) => Serving;
}

/** The ratio of tokens from the model of a rate to the target; `undefined` where no tokenizer is known. */
export type RatioOf = (from: {
  readonly provider: string;
  readonly model: string;
}) => TokenRatio | undefined;

/**
 * Moves requests to a model: tokens by the ratio of tokenizers, context tier and limits again for each request,
 * caches by the rules of the place. Requests that run there already are untouched.
 */
export function openMove(world: LeverWorld, target: TargetModel, options: MoveOptions): Move {
  const rater = openTargetRater(target);
  const ratios = new Map<string, TokenRatio>();
  for (const model of options.from) {
    const ratio = options.ratioOf(model);
    if (ratio !== undefined) ratios.set(`${model.provider}/${model.model}`, ratio);
  }
  const met = openMeetings(target);
  const judge = (requests: RequestClass): PlainVerdict => {
    const standing = standingOf(requests);
    if (standing.kind === 'out') return { kind: 'excluded', reason: standing.reason };
    const { rate } = standing;
    const time = requests.sample.time ?? 0;
    const entry = entryAt(target, time);
    if (entry === undefined)
      return excluded('no-price-there', `${target.name} means no model of ${target.provider} then`);
    const stays = rate.provider === target.provider;
    if (stays && rate.model === entry.id && options.serving === undefined)
      return { kind: 'untouched' };
    const ratio = options.ratioOf(rate);
    if (ratio === undefined)
      return excluded(
        'unknown-tokenizer',
        `no ratio of tokens to ${target.provider}/${entry.id}: one of both tokenizers is not known; give --token-ratio`,
      );
    const fit = fitOf(requests, { target, entry, ratio: ratio.mid, from: cardEntry(world, rate) });
    if (fit.obstacle !== undefined) return { kind: 'excluded', reason: fit.obstacle };
    const serving = options.serving?.(requests) ?? servingThere(requests, stays);
    const costs = costsOf(requests, { target, rater, ratio, serving });
    if ('code' in costs) return { kind: 'excluded', reason: costs };
    met.add(requests, rate, ratio, { entry, stays });
    return {
      kind: 'changed',
      after: costs,
      doubts: fit.doubts,
      to: `${target.provider}/${entry.id}`,
    };
  };
  const fractions = [...ratios.values()].flatMap(({ low, mid, high }) => [low, mid, high]);
  const all = distinct(fractions);
  return {
    cuts: [...priceCuts(target, all), ...limitCuts(target, all)],
    judge,
    assumptions: met.assumptions,
  };
}

const excluded = (code: string, message: string): PlainVerdict => ({
  kind: 'excluded',
  reason: { code, message },
});

function distinct(fractions: readonly Fraction[]): readonly Fraction[] {
  return [...new Map(fractions.map((each) => [`${each.part}/${each.over}`, each])).values()];
}

const cardEntry = ({ cards }: LeverWorld, { provider, model }: RatedNow): ModelCard | undefined =>
  cards.get(provider)?.models.find(({ id }) => id === model);

/** Tiers, regions and geographies mean the same only at the same provider; batch work stays batch work everywhere. */
function servingThere({ sku }: RequestClass, stays: boolean): Serving {
  if (stays) return sku;
  const { serviceTier, countSource } = sku;
  return serviceTier === undefined || isBaseTier(serviceTier)
    ? { countSource }
    : { serviceTier, countSource };
}

/** What a class costs there with its caches kept or not, whichever saves less, as likely, and more; or why it has no price. */
function costsOf(
  requests: RequestClass,
  {
    target,
    rater,
    ratio,
    serving,
  }: {
    readonly target: TargetModel;
    readonly rater: ReturnType<typeof openTargetRater>;
    readonly ratio: TokenRatio;
    readonly serving: Serving;
  },
): CostRange | Reason {
  const { usage, sample } = requests;
  const time = sample.time ?? 0;
  const minimum = cacheFactsAt(target, time)?.minimum ?? 0;
  const caches = usage.cacheRead > 0n || usage.cacheWrite.size > 0;
  const cost = (by: Fraction, wanted: boolean): Fraction | Reason => {
    const cached = wanted && caches && tokensThere(sample.size(CACHED), by) >= minimum;
    const size = tokensThere(sample.size(cached ? sizeCounts(target.card) : PROMPT), by);
    const rating = rater(serving, time, size);
    if (rating.kind === 'unrated') return { code: 'no-price-there', message: rating.why.message };
    const { prices } = rating.rate;
    const there = cached ? cachedThere(usage, prices) : uncached(usage);
    const found = costThere(there, prices, requests.requests, by);
    if (found.kind === 'cost') return found.cost;
    return {
      code: 'no-price-there',
      message: `${rating.rate.provider}/${rating.rate.model} has no price for ${found.missing.join(', ')}`,
    };
  };
  const keptOrNot = (by: Fraction): readonly (Fraction | Reason)[] =>
    caches ? [cost(by, true), cost(by, false)] : [cost(by, true)];
  const most = keptOrNot(ratio.high);
  const least = ratio.low === ratio.high ? most : keptOrNot(ratio.low);
  const mid = cost(ratio.mid, true);
  for (const each of [mid, ...most, ...least]) if ('code' in each) return each;
  const isCost = (each: Fraction | Reason): each is Fraction => 'part' in each;
  if (!isCost(mid)) return mid;
  return {
    low: most.filter(isCost).reduce(larger, mid),
    mid,
    high: least.filter(isCost).reduce(smaller, mid),
  };
}

const isAbove = (a: Fraction, b: Fraction): boolean => a.part * b.over > b.part * a.over;
const larger = (a: Fraction, b: Fraction): Fraction => (isAbove(a, b) ? a : b);
const smaller = (a: Fraction, b: Fraction): Fraction => (isAbove(a, b) ? b : a);

interface Meeting {
  readonly entry: ModelCard;
  /** The provider stays the same. */
  readonly stays: boolean;
}

/** Gathers what the classes that were moved rest on; what holds for several models is told once. */
function openMeetings(target: TargetModel) {
  const found = new Map<string, Assumption>();
  const ratios = new Map<string, { readonly ratio: TokenRatio; readonly from: Set<string> }>();
  const add = (assumption: Assumption): void => {
    found.set(`${assumption.name}|${assumption.note}`, assumption);
  };
  const whereOf = ({ id }: ModelCard): string => `${target.provider}/${id}`;
  return {
    add(requests: RequestClass, rate: RatedNow, ratio: TokenRatio, { entry, stays }: Meeting) {
      const where = whereOf(entry);
      const name = `${where}: ${ratio.note}`;
      const known = ratios.get(name) ?? { ratio, from: new Set<string>() };
      ratios.set(name, known);
      known.from.add(`${rate.provider}/${rate.model}`);
      if (requests.usage.cacheRead > 0n || requests.usage.cacheWrite.size > 0)
        add({
          name: 'caches',
          value: 'hit as often',
          source: 'assumed',
          note: `caches do not move: ${where} caches the same tokens by its own rules; at the least saving none, where that costs more`,
        });
      const time = requests.sample.time ?? 0;
      if (target.asOf === undefined && priceTime(target, time) !== time)
        add({
          name: 'prices',
          value: 'its first',
          source: 'assumed',
          note: `for requests made before ${where} had a price`,
        });
      if (!stays && requests.sku.region !== undefined)
        add({
          name: 'region',
          value: 'the usual one',
          source: 'assumed',
          note: `regions of ${rate.provider} are not those of ${target.provider}`,
        });
    },
    assumptions: (): readonly Assumption[] => [
      ...[...ratios].map(([name, { ratio, from }]) => tokensTaken(name, ratio, from)),
      ...(ratios.size === 0 ? [] : [SAME_ANSWERS]),
      ...found.values(),
    ],
  };
}

const SAME_ANSWERS: Assumption = {
  name: 'answers',
  value: 'as long',
  source: 'assumed',
  note: 'as many words and as much reasoning as now',
};

const NAMED = 3;

const listed = (names: readonly string[]): string =>
  names.length > NAMED
    ? `${names.slice(0, NAMED).join(', ')} and ${counted(names.length - NAMED, 'other model')}`
    : names.join(', ');

const tokensTaken = (
  name: string,
  { low, mid, high }: TokenRatio,
  from: ReadonlySet<string>,
): Assumption => ({
  name: 'tokens',
  value: isAbove(high, low)
    ? `x ${decimals(mid)} (${decimals(low)} to ${decimals(high)})`
    : `x ${decimals(mid)}`,
  source: isAbove(high, low) ? 'measured' : 'declared',
  note: `${listed([...from])} to ${name}`,
});

/** A ratio as people read it, with three decimals at most. */
function decimals({ part, over }: Fraction): string {
  const thousandths = (part * 1000n + over / 2n) / over;
  const text = `${thousandths / 1000n}.${String(thousandths % 1000n).padStart(3, '0')}`;
  return text.replace(/\.?0+$/, '');
}
