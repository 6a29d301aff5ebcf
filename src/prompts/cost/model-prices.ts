import { factAt } from '../../domain/model-facts.ts';
import { indexModels } from '../../domain/model-lookup.ts';
import type { Sourced } from '../../domain/number-source.ts';
import { providerOfModel } from '../../domain/provider-names.ts';
import type { RateBook } from '../../domain/rate-book.ts';
import type { ModelCard, Prices, RateCard } from '../../domain/rate-card.ts';
import type { Rating } from '../../domain/rating.ts';
import type { ModelPrices } from '../costed-prompt.ts';

/** What prices are looked up in. */
export interface PriceBooks {
  readonly book: RateBook;
  readonly cards: ReadonlyMap<string, RateCard>;
  /** Providers of own cards, whose models are meant first where a prompt names no provider. */
  readonly own: readonly string[];
  /** The instant whose prices hold, milliseconds UTC. */
  readonly time: number;
  /** Past the minimum a cache keeps whole steps of so many tokens; for prices without one for writing. */
  readonly cacheStep: (provider: string, model: string) => number;
}

/** Least tokens of a cached prefix where a card has a price for cached input and says no minimum: that of most vendors. */
const USUAL_MINIMUM: Sourced<number> = {
  value: 1024,
  source: 'assumed',
  from: 'most vendors cache from 1,024 tokens',
};

/** Looks up prices by model. Answers are kept, so that asking for every prompt is cheap. */
export function openModelPrices(
  books: PriceBooks,
): (provider: string | undefined, model: string) => ModelPrices {
  const known = new Map<string, ModelPrices>();
  return (provider, model) => {
    const key = `${provider ?? ''} ${model}`;
    const present = known.get(key);
    if (present !== undefined) return present;
    const prices = modelPrices(books, provider, model);
    known.set(key, prices);
    return prices;
  };
}

function modelPrices(books: PriceBooks, asked: string | undefined, model: string): ModelPrices {
  const found = asked === undefined ? sellerOf(books, model) : { provider: asked };
  if ('why' in found) return unpriced(model, found.why);
  const { provider } = found;
  const rater = books.book.rater({
    provider,
    model,
    serviceTier: undefined,
    region: undefined,
    inferenceGeo: undefined,
    aggregated: false,
  });
  const forPrompt = (tokens: number): Rating =>
    rater(books.time, { input: tokens, cache_read: 0, cache_write: 0 });
  const rating = forPrompt(0);
  if (rating.kind === 'unrated') return { provider, model, forPrompt, cacheStep: 1, cacheTtls: [] };
  const { rate } = rating;
  const card = books.cards.get(rate.provider);
  const entry = card?.models.find(({ id }) => id === rate.model);
  const contextWindow = factAt(entry?.contextWindow ?? [], books.time);
  const named = {
    provider: rate.provider,
    model: rate.model,
    forPrompt,
    ...(contextWindow === undefined ? {} : { contextWindow }),
  };
  if (!rate.prices.has('cache_read')) return { ...named, cacheStep: 1, cacheTtls: [] };
  const facts = cacheFacts(card, entry, books.time);
  return {
    ...named,
    cacheMinimum:
      facts?.minimum === undefined
        ? USUAL_MINIMUM
        : {
            value: facts.minimum,
            source: 'declared',
            from: entry?.file ?? card?.file ?? 'rate card',
          },
    cacheStep: writes(rate.prices) ? 1 : books.cacheStep(rate.provider, rate.model),
    cacheTtls: facts?.ttls ?? [],
  };
}

/** The model's word on caches, else its card's. */
const cacheFacts = (card: RateCard | undefined, entry: ModelCard | undefined, time: number) =>
  factAt(entry?.cache ?? [], time) ?? factAt(card?.cache ?? [], time);

const writes = (prices: Prices): boolean =>
  [...prices.keys()].some((meter) => meter.startsWith('cache_write'));

/** Who sells a model of which a prompt says only the name: own cards first, then its maker, then the only one that has it. */
function sellerOf(
  { cards, own }: PriceBooks,
  model: string,
): { readonly provider: string } | { readonly why: string } {
  const has = (provider: string): boolean => {
    const card = cards.get(provider);
    return card !== undefined && indexModels(card).find(model) !== undefined;
  };
  const mine = own.find(has);
  if (mine !== undefined) return { provider: mine };
  const maker = providerOfModel(model);
  // What its maker does not list has a reason of its own, with names that come near.
  if (maker !== 'unknown') return { provider: maker };
  const sellers = [...cards.keys()].filter(has);
  const [only] = sellers;
  if (only === undefined)
    return { why: `no rate card has a model "${model}"; name its provider, as in openai/${model}` };
  return sellers.length === 1
    ? { provider: only }
    : { why: `${sellers.join(', ')} all sell ${model}; name one, as in ${only}/${model}` };
}

const unpriced = (model: string, message: string): ModelPrices => ({
  provider: 'unknown',
  model,
  forPrompt: () => ({ kind: 'unrated', why: { code: 'unknown-model', message } }),
  cacheStep: 1,
  cacheTtls: [],
});
