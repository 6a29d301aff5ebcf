import type { Fraction } from '../../domain/fraction.ts';
import { meaningAt, type Meaning } from '../../domain/model-lookup.ts';
import { factAt } from '../../domain/model-facts.ts';
import { hoursOf, instantsOfChange, thresholdsOf } from '../../domain/price-edges.ts';
import type { RateBook, Rater } from '../../domain/rate-book.ts';
import type { ModelCard, RateCard } from '../../domain/rate-card.ts';
import type { Rating } from '../../domain/rating.ts';
import { type CalledSku, type Count, type Cut, PROMPT } from '../../domain/replay-question.ts';

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
}

/** How a request is served there: only what differs from the usual is named. */
export type Serving = Partial<
  Pick<CalledSku, 'serviceTier' | 'region' | 'inferenceGeo' | 'countSource'>
>;

const FIRST = (target: TargetModel): number =>
  Math.min(
    ...target.meanings.map(({ model, from }) =>
      Math.max(model.rows[0]?.from ?? Number.NEGATIVE_INFINITY, from ?? Number.NEGATIVE_INFINITY),
    ),
  );

/** The instant whose prices a request of another instant has there: a model that was not yet sold has its first prices. */
export function priceTime(target: TargetModel, time: number): number {
  if (target.asOf !== undefined) return target.asOf;
  const first = FIRST(target);
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
 * price, one answer to whether it fits, and one to whether its prefix is long enough to be cached.
 */
export function targetCuts(target: TargetModel, ratios: readonly Fraction[]): readonly Cut[] {
  const models = target.meanings.map(({ model }) => model);
  const all = <Value>(of: (model: ModelCard) => readonly Value[]): readonly Value[] =>
    models.flatMap(of);
  const scaled = (sizes: readonly number[]): readonly number[] =>
    sizes.flatMap((size) => ratios.map((ratio) => lastBelow(size, ratio)));
  const tiers = all(thresholdsOf).map(({ bound, tokens }) =>
    bound === 'above' ? tokens : tokens - 1,
  );
  const instants = [
    ...target.meanings.flatMap(({ from, until }) => [from, until]),
    ...all((model) => instantsOfChange(target.card, model)),
    ...all(({ contextWindow, maxOutput, cache }) =>
      [...contextWindow, ...maxOutput, ...cache, ...target.card.cache].map(({ from }) => from),
    ),
  ].flatMap((instant) => instant ?? []);
  const minimums = all(({ cache }) => [...cache, ...target.card.cache]).flatMap(
    ({ value }) => value.minimum ?? [],
  );
  // Where answers have no price, requests without any still have one.
  const unpriced = models.every(({ rows }) => rows.every(({ prices }) => prices.has('output')))
    ? []
    : [0];
  return [
    ...(target.asOf === undefined ? [{ kind: 'time', instants } satisfies Cut] : []),
    ...(target.asOf === undefined
      ? all((model) => hoursOf(model)).map((blocks): Cut => ({ kind: 'hours', blocks }))
      : []),
    { kind: 'size', of: PROMPT, above: scaled(tiers) },
    { kind: 'size', of: sizeCounts(target.card), above: scaled(tiers) },
    {
      kind: 'size',
      of: WHOLE_REQUEST,
      above: scaled(all(({ contextWindow }) => contextWindow.map(({ value }) => value))),
    },
    {
      kind: 'size',
      of: ['output'],
      above: [...unpriced, ...scaled(all(({ maxOutput }) => maxOutput.map(({ value }) => value)))],
    },
    { kind: 'size', of: CACHED, above: scaled(minimums.map((minimum) => minimum - 1)) },
  ];
}

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
