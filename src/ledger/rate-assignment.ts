import { createHash } from 'node:crypto';
import { unpricedMeter } from '../domain/charge.ts';
import { meterName } from '../domain/meters.ts';
import type { RateBook, Rater, Sku } from '../domain/rate-book.ts';
import type { Rate, Rating } from '../domain/rating.ts';
import { cacheWriteTotal, type UsageEvent } from '../domain/usage.ts';
import type { Database } from './database.ts';
import { createDictionary, newRow } from './dictionary.ts';
import type { SkuFacts } from './sku.ts';
import { SteadyRate } from './steady-rate.ts';
import { rateText, type StoredRate, storedRate } from './stored-rate.ts';

/** What a call says besides its sku that decides its rate; `time` is absent where the source does not say. */
export type RatedCall = Pick<UsageEvent, 'time' | 'usage' | 'tags'>;

/** Finds the id of the rate that covers an event, writing it when it is new. */
export interface RateAssignment {
  readonly rateId: (event: UsageEvent, skuId: number) => number;
  /** The same for all calls of one sku; `event` gives the facts that it stands for. */
  readonly ofSku: (event: SkuFacts, skuId: number) => SkuRates;
  /** Which cards' entry decides a model's prices: equal texts price alike. '' when no card has the model. */
  readonly cardEntry: (provider: string, model: string) => string;
}

/** Finds the ids of the rates of one sku's calls. */
export interface SkuRates {
  readonly of: (call: RatedCall) => number;
  /** The same for calls with plain counts only, where time and counts tell it without looking at the call. */
  readonly steady: SteadyRate;
}

const MISSING: StoredRate = {
  kind: 'unrated',
  code: 'usage-missing',
  message: 'the source gives no token counts for the call',
};

/** Assigns rates from a book of cards. Answers are remembered per sku. */
export function createRateAssignment(database: Database, book: RateBook): RateAssignment {
  const insert = database.prepare('INSERT OR IGNORE INTO rate (key, detail) VALUES (?, ?)');
  const rates = createDictionary<string>(database, 'rate', (key, detail) =>
    newRow(insert.run(key, detail)),
  );
  const idOf = (rate: StoredRate): number => {
    const text = rateText(rate);
    return rates.id(createHash('sha256').update(text).digest('base64url'), () => text);
  };
  const ids = new Map<Rating | string, number>();
  const remember = (of: Rating | string, rate: () => StoredRate): number => {
    const known = ids.get(of);
    if (known !== undefined) return known;
    const id = idOf(rate());
    ids.set(of, id);
    return id;
  };
  const withoutPrice = (rate: Rate, meter: string): number =>
    remember(`${rate.key}|${meter}`, () => ({
      kind: 'unrated',
      code: 'no-meter-price',
      message: `${rate.provider}/${rate.model} (from ${rate.from}) has no price for ${meterName(meter)}`,
    }));
  const assign = (rater: Rater, { time, usage, tags }: RatedCall): number => {
    const prompt = {
      input: usage.input,
      cache_read: usage.cacheRead,
      cache_write: cacheWriteTotal(usage),
    };
    const rating = rater(time, prompt, book.byAccount ? accountsOf(tags) : []);
    if (rating.kind === 'rated') {
      const meter = unpricedMeter(usage, rating.rate.prices);
      if (meter !== undefined) return withoutPrice(rating.rate, meter);
    }
    return remember(rating, () => storedRate(rating));
  };
  const always = (name: string, rate: StoredRate): SkuRates => {
    const of = (): number => remember(name, () => rate);
    return { of, steady: new SteadyRate(undefined, of) };
  };
  const assigning = (event: SkuFacts): SkuRates => {
    if (!event.billable) return always('not-billable', { kind: 'not-billable' });
    if (event.countSource === 'missing') return always('missing', MISSING);
    const rater = book.rater(skuOf(event));
    const idOfRating = (rating: Rating): number => remember(rating, () => storedRate(rating));
    return {
      of: (call) => assign(rater, call),
      steady: new SteadyRate(rater.steady, idOfRating),
    };
  };
  const bySku = new Map<number, SkuRates>();
  const ofSku = (event: SkuFacts, skuId: number): SkuRates => {
    const known = bySku.get(skuId);
    if (known !== undefined) return known;
    const made = assigning(event);
    bySku.set(skuId, made);
    return made;
  };
  return {
    rateId: (event, skuId) => ofSku(event, skuId).of(event),
    ofSku,
    cardEntry: openCardEntries(book),
  };
}

function openCardEntries(book: RateBook): RateAssignment['cardEntry'] {
  const entries = new Map<string, string>();
  return (provider, model) => {
    const name = `${provider}\0${model}`;
    const known = entries.get(name);
    if (known !== undefined) return known;
    const text = book.entry(provider, model);
    const digest = text === '' ? '' : createHash('sha256').update(text).digest('base64url');
    entries.set(name, digest);
    return digest;
  };
}

/** What a call says of whose account it is, for contracts that hold for some accounts only. */
const accountsOf = (tags: UsageEvent['tags']): readonly string[] =>
  ACCOUNT_TAGS.flatMap((name) => tags[name] ?? []);
const ACCOUNT_TAGS = ['account', 'project', 'api_key'];

/** The part of an event that decides its prices besides time and prompt size. */
const skuOf = (event: SkuFacts): Sku => ({
  provider: event.provider,
  model: event.model,
  requestModel: event.requestModel,
  serviceTier: event.serviceTier,
  region: event.region,
  inferenceGeo: event.inferenceGeo,
  aggregated: event.countSource === 'aggregated',
});
