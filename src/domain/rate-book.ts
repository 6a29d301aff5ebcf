import type { Deployments } from './deployments.ts';
import { type Meaning, meaningAt } from './model-lookup.ts';
import { createNameResolver } from './name-resolution.ts';
import { NO_OVERLAYS, overlayRater, type Overlays } from './overlays.ts';
import { instantsOfChange, thresholdsOf } from './price-edges.ts';
import { contextTierFor, matchesHours, rowAt } from './price-row.ts';
import { RATING_RULES } from './rating-rules.ts';
import type { ContextTier, ModelCard, PriceSource, RateCard } from './rate-card.ts';
import { promptSize, rateFor, type RateRequest, type Rating, type Unrated } from './rating.ts';

/** What decides the prices of a call besides its time and the size of its prompt. */
export interface Sku extends Omit<RateRequest, 'time' | 'prompt'> {
  readonly provider: string;
  readonly model: string;
  /** The model as it was asked for, where that differs: a deployment's name. */
  readonly requestModel?: string | undefined;
}

/** Prices calls of one sku. */
export interface Rater {
  /** `time` is undefined where the record has none. */
  (
    time: number | undefined,
    prompt: RateRequest['prompt'],
    /** What the call says of whose account it is; only contracts ask. */
    accounts?: readonly string[],
  ): Rating;
  /** What all calls about an instant are rated; absent where more than their time and size decides, as under contracts. */
  readonly steady?: ((time: number) => SteadyRating | undefined) | undefined;
}

/** What every call gets from `start` until `end` (not included) whose prompt has fewer tokens than `promptBelow`. */
export interface SteadyRating {
  readonly start: number;
  readonly end: number;
  readonly promptBelow: number;
  readonly rating: Rating;
}

/** All cards in force, ready to be asked. */
export interface RateBook {
  /** Opens a sku once; asking the rater again for calls that are priced alike is cheap. */
  readonly rater: (sku: Sku) => Rater;
  /** Whether any contract holds for some accounts only, so that raters want to know them. */
  readonly byAccount: boolean;
  /** Everything in the cards that can decide a model's prices, as text; '' for a model that has none. */
  readonly entry: (provider: string, model: string) => string;
  /** File and line of a price row; `undefined` when the card has no such row any more. */
  readonly place: (provider: string, model: string, from: string) => string | undefined;
  /** Where a card says that a price was read. */
  readonly source: (provider: string, name: string) => PriceSource | undefined;
}

/** Opens cards for lookups; `deployments` are the account's own names for models. Indexes are built on first use. */
export function createRateBook(
  cards: ReadonlyMap<string, RateCard>,
  overlays: Overlays = NO_OVERLAYS,
  deployments: Deployments = new Map(),
): RateBook {
  const resolve = createNameResolver(cards, deployments);
  const listRater = (sku: Sku): Rater => {
    const found = resolve(sku.provider, sku.model);
    if (found.kind === 'unknown') return never(found.why);
    const { card, meanings, outside } = found;
    const told = { ...sku, region: found.region ?? sku.region };
    const raters = meanings.map((meaning) => ({
      ...meaning,
      rater: modelRater(card, meaning.model, told),
    }));
    const [only, another] = raters;
    if (only !== undefined && another === undefined && isAlways(only)) return only.rater;
    return datedRater(raters, never(outside));
  };
  return {
    byAccount: overlays.contracts.some(({ accounts }) => accounts.length > 0),
    rater: (sku) => overlayRater(listRater(sku), sku, overlays),
    entry(provider, name) {
      const found = resolve(provider, name);
      const over = overlaysOf(overlays, provider);
      if (found.kind === 'unknown') {
        const { deployment } = found;
        return deployment === undefined ? over : JSON.stringify([deployment]) + over;
      }
      const { promptSize, cacheWriteDefault, atTextPrice, serviceTiers, surcharges, fees } =
        found.card;
      const deciding = {
        promptSize,
        cacheWriteDefault,
        atTextPrice,
        serviceTiers,
        surcharges,
        fees,
      };
      // Other names of a model decide nothing of this one's price.
      const meanings = found.meanings.map(({ model, ...span }) => ({
        ...span,
        model: { ...model, aliases: [], match: '' },
      }));
      return JSON.stringify([RATING_RULES, deciding, meanings, found.region], plain) + over;
    },
    place(provider, id, from) {
      const model = cards.get(provider)?.models.find((each) => each.id === id);
      const row = model?.rows.find(({ fromText }) => fromText === from);
      return model === undefined || row === undefined ? undefined : `${model.file}:${row.line}`;
    },
    source: (provider, name) => cards.get(provider)?.sources.get(name),
  };
}

const isAlways = ({ from, until }: { readonly from?: number; readonly until?: number }): boolean =>
  from === undefined && until === undefined;

/** The overlays that may reach calls of a provider, as text; '' when none may. */
function overlaysOf({ contracts, servings }: Overlays, provider: string): string {
  const reaching = [
    ...contracts.filter(({ providers }) => providers.length === 0 || providers.includes(provider)),
    ...servings.filter(
      (serving) => serving.provider === undefined || serving.provider === provider,
    ),
  ];
  return reaching.length === 0 ? '' : JSON.stringify(reaching, plain);
}

const ALWAYS = { start: -Infinity, end: Infinity, promptBelow: Infinity };

function never(why: Unrated): Rater {
  const rating: Rating = { kind: 'unrated', why };
  return Object.assign(() => rating, { steady: () => ({ ...ALWAYS, rating }) });
}

/** Rates by what a name means at the time of a call, and where it means nothing then, as `elsewhen` does. */
function datedRater(
  meanings: readonly (Meaning & { readonly rater: Rater })[],
  elsewhen: Rater,
): Rater {
  const rater: Rater = (time, prompt) =>
    time === undefined ? NO_TIME : (meaningAt(meanings, time)?.rater ?? elsewhen)(time, prompt);
  const steady = (time: number): SteadyRating | undefined => {
    const meaning = meaningAt(meanings, time);
    const found = meaning?.rater.steady?.(time);
    if (meaning === undefined || found === undefined) return undefined;
    const { from = -Infinity, until = Infinity } = meaning;
    return { ...found, start: Math.max(from, found.start), end: Math.min(until, found.end) };
  };
  return Object.assign(rater, { steady });
}

const NO_TIME: Rating = {
  kind: 'unrated',
  why: {
    code: 'no-time',
    message: 'the record has no time, and prices are dated; give it one with aicost ingest --time',
  },
};

/** Remembers the answer for every stretch of time, set of hours and context tier that price alike. */
function modelRater(card: RateCard, model: ModelCard, sku: Sku): Rater {
  const changes = instantsOfChange(card, model);
  const thresholds = sku.aggregated === true ? [] : thresholdsOf(model);
  const mostHours = Math.max(0, ...model.rows.map(({ hours }) => hours.length));
  const known = new Map<number, Rating>();
  const rater: Rater = (time, prompt) => {
    if (time === undefined) return NO_TIME;
    const row = mostHours === 0 ? undefined : rowAt(model.rows, time);
    const hours = row?.hours.findIndex((block) => matchesHours(block, time)) ?? -1;
    const stretch = changes.findLastIndex((instant) => instant <= time);
    let reached = 0;
    if (thresholds.length > 0) {
      const size = promptSize(card, { prompt });
      while (reaches(thresholds[reached], size)) reached += 1;
    }
    const key = ((stretch + 1) * (mostHours + 1) + hours + 1) * (thresholds.length + 1) + reached;
    const present = known.get(key);
    if (present !== undefined) return present;
    const rating = rateFor(card, model, { ...sku, time, prompt });
    known.set(key, rating);
    return rating;
  };
  const countsTwice = new Set(card.promptSize).size < card.promptSize.length;
  if (mostHours > 0 || countsTwice) return rater;
  const steady = (time: number): SteadyRating => {
    const stretch = changes.findLastIndex((instant) => instant <= time);
    return {
      start: changes[stretch] ?? -Infinity,
      end: changes[stretch + 1] ?? Infinity,
      promptBelow: thresholds[0]?.tokens ?? Infinity,
      rating: rater(time, NO_PROMPT),
    };
  };
  return Object.assign(rater, { steady });
}

const NO_PROMPT: RateRequest['prompt'] = { input: 0, cache_read: 0, cache_write: 0 };

const reaches = (tier: ContextTier | undefined, size: number): boolean =>
  tier !== undefined && contextTierFor([tier], size) !== undefined;

/** What a card says of a model or a row that decides no price. */
const BESIDE_THE_PRICE: ReadonlySet<string> = new Set([
  'file',
  'line',
  'note',
  'checkBy',
  'asPublished',
  'othersSay',
  'contextWindow',
  'maxOutput',
  'tokenizer',
  'modalities',
  'features',
  'cache',
  'retires',
]);

/** Maps, sets and bigints as JSON can hold them, without what decides no price. */
function plain(key: string, value: unknown): unknown {
  if (BESIDE_THE_PRICE.has(key)) return undefined;
  if (typeof value === 'bigint') return String(value);
  return value instanceof Map || value instanceof Set ? [...value] : value;
}
