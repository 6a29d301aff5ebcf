import type { Fraction } from '../../domain/fraction.ts';
import { meaningAt, type Meaning } from '../../domain/model-lookup.ts';
import { factAt } from '../../domain/model-facts.ts';
import { hoursOf, instantsOfChange, thresholdsOf } from '../../domain/price-edges.ts';
import type { RateBook, Rater } from '../../domain/rate-book.ts';
import type { ModelCard, RateCard } from '../../domain/rate-card.ts';
import type { Rating } from '../../domain/rating.ts';
import {
  type CalledSku,
  type Count,
  COUNTS,
  type Cut,
  PROMPT,
} from '../../domain/replay-question.ts';

/** A model at a provider that requests may be sent to. */
export interface TargetModel {
  readonly provider: string;
  /** As it is asked for there. */
  readonly name: string;
  readonly card: RateCard;
  /** What the name means over time, oldest first. */
  readonly meanings: readonly Meaning[];
  readonly book: RateBook;
  /** The instant whose prices hold for every request; the request's own when absent. */
  readonly asOf?: number;
  /** Requests from before its first price have none there; otherwise they have that one. */
  readonly strict?: true;
}

/** How a request is served there: only what differs from the usual is named. */
export type Serving = Partial<
  Pick<CalledSku, 'serviceTier' | 'region' | 'inferenceGeo' | 'countSource'>
>;

const firstPrice = (target: TargetModel): number =>
  Math.min(
    ...target.meanings.map(({ model, from }) =>
      Math.max(model.rows[0]?.from ?? Number.NEGATIVE_INFINITY, from ?? Number.NEGATIVE_INFINITY),
    ),
  );

/** The instant whose prices a request of another instant has there: a model that was not yet sold has its first prices. */
export function priceTime(target: TargetModel, time: number): number {
  if (target.asOf !== undefined) return target.asOf;
  if (target.strict === true) return time;
  const first = firstPrice(target);
  return Number.isFinite(first) ? Math.max(time, first) : time;
}

/** The card's entry that holds at an instant; `undefined` where the name means nothing then. */
export const entryAt = (target: TargetModel, time: number): ModelCard | undefined =>
  meaningAt(target.meanings, priceTime(target, time))?.model;

/** Prices of requests there, remembered for each way of serving. */
export function openTargetRater(
  target: TargetModel,
): (serving: Serving, time: number, promptTokens: number) => Rating {
  const raters = new Map<string, Rater>();
  return (serving, time, promptTokens) => {
    const { serviceTier, region, inferenceGeo } = serving;
    const aggregated = serving.countSource === 'aggregated';
    const name = JSON.stringify([serviceTier, region, inferenceGeo, aggregated]);
    let rater = raters.get(name);
    if (rater === undefined) {
      const { provider, name: model } = target;
      rater = target.book.rater({
        provider,
        model,
        serviceTier,
        region,
        inferenceGeo,
        aggregated,
      });
      raters.set(name, rater);
    }
    // Only the sum is asked for, so it may stand in any count that the card looks at.
    const counted = sizeCounts(target.card)[0] ?? 'input';
    const prompt = { input: 0, cache_read: 0, cache_write: 0, [counted]: promptTokens };
    return rater(priceTime(target, time), prompt);
  };
}

/** The counts that the card's context tiers look at. */
export const sizeCounts = ({ promptSize }: RateCard): readonly Count[] =>
  promptSize.length === 0 ? PROMPT : PROMPT.filter((count) => promptSize.includes(count));

/** All counts of a request: what has to fit a context window. */
export const WHOLE_REQUEST = [...PROMPT, 'output'] as const satisfies readonly Count[];
/** What of a prompt was read from or written to a cache. */
export const CACHED = ['cache_read', 'cache_write'] as const satisfies readonly Count[];

/**
 * Where requests whose tokens are `ratios` times as many there have to be told apart so that each class has one
 * price: dates, hours, context tiers, and what has no price at all.
 */
export function priceCuts(target: TargetModel, ratios: readonly Fraction[]): readonly Cut[] {
  const { meanings, card, asOf } = target;
  const models = meanings.map(({ model }) => model);
  const instants = [
    ...meanings.flatMap(({ from, until }) => [from, until]),
    ...models.flatMap((model) => instantsOfChange(card, model)),
  ].flatMap((instant) => instant ?? []);
  const tiers = models
    .flatMap(thresholdsOf)
    .map(({ bound, tokens }) => (bound === 'above' ? tokens : tokens - 1));
  const rows = models.flatMap((model) => model.rows);
  // Where a count has no price, requests without any of it still have one.
  const unpriced = COUNTS.filter((count) =>
    rows.some(({ prices }) => ![...prices.keys()].some((meter) => meter.split('@')[0] === count)),
  );
  return [
    ...(asOf === undefined
      ? [
          { kind: 'time', instants } satisfies Cut,
          ...models.flatMap(hoursOf).map((blocks): Cut => ({ kind: 'hours', blocks })),
        ]
      : []),
    { kind: 'size', of: PROMPT, above: scaledBy(ratios, tiers) },
    { kind: 'size', of: sizeCounts(card), above: scaledBy(ratios, tiers) },
    ...unpriced.map((count): Cut => ({ kind: 'size', of: [count], above: [0] })),
  ];
}

/** Where they have to be told apart besides, to say whether they fit and whether their prefix is long enough to be cached. */
export function limitCuts(target: TargetModel, ratios: readonly Fraction[]): readonly Cut[] {
  const models = target.meanings.map(({ model }) => model);
  const cache = [...models.flatMap((model) => model.cache), ...target.card.cache];
  const [windows, answers] = [
    models.flatMap(({ contextWindow }) => contextWindow),
    models.flatMap(({ maxOutput }) => maxOutput),
  ];
  const sizes = (facts: readonly { readonly value: number }[]): readonly number[] =>
    scaledBy(
      ratios,
      facts.map(({ value }) => value),
    );
  const instants = [...windows, ...answers, ...cache].flatMap(({ from }) => from ?? []);
  const minimums = cache.flatMap(({ value }) => value.minimum ?? []);
  return [
    ...(target.asOf === undefined ? [{ kind: 'time', instants } satisfies Cut] : []),
    { kind: 'size', of: WHOLE_REQUEST, above: sizes(windows) },
    { kind: 'size', of: ['output'], above: sizes(answers) },
    {
      kind: 'size',
      of: CACHED,
      above: scaledBy(
        ratios,
        minimums.map((minimum) => minimum - 1),
      ),
    },
  ];
}

const scaledBy = (ratios: readonly Fraction[], sizes: readonly number[]): readonly number[] =>
  sizes.flatMap((size) => ratios.map((ratio) => lastBelow(size, ratio)));

/** The largest whole number that `ratio` times is not above `size`: what is larger has a rounded-up product above it. */
const lastBelow = (size: number, { part, over }: Fraction): number =>
  Number((BigInt(size) * over) / part);

/** Tokens there for tokens here, rounded up: half a token is one. */
export const tokensThere = (tokens: number, { part, over }: Fraction): number =>
  Number((BigInt(tokens) * part + over - 1n) / over);

/** How its prompt cache works at an instant; the card's word where the model has none. */
export const cacheFactsAt = (target: TargetModel, time: number) => {
  const at = priceTime(target, time);
  return factAt(entryAt(target, time)?.cache ?? [], at) ?? factAt(target.card.cache, at);
};
