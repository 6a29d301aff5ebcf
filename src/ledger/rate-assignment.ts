import { createHash } from 'node:crypto';
import { unpricedMeter } from '../domain/charge.ts';
import { meterName } from '../domain/meters.ts';
import type { RateBook, Rater, Sku } from '../domain/rate-book.ts';
import type { Rate, Rating } from '../domain/rating.ts';
import { cacheWriteTotal, type UsageEvent } from '../domain/usage.ts';
import type { Database } from './database.ts';
import { createDictionary } from './dictionary.ts';
import type { SkuFacts } from './sku.ts';
import { rateText, type StoredRate, storedRate } from './stored-rate.ts';

/** What a call says besides its sku that decides its rate; `time` is absent where the source does not say. */
export type RatedCall = Pick<UsageEvent, 'time' | 'usage' | 'tags'>;

/** Finds the id of the rate that covers an event, writing it when it is new. */
export interface RateAssignment {
  readonly rateId: (event: UsageEvent, skuId: number) => number;
  /** The same for all calls of one sku; `event` gives the facts that it stands for. */
  readonly ofSku: (event: SkuFacts, skuId: number) => (call: RatedCall) => number;
  /** Which cards' entry decides a model's prices: equal texts price alike. '' when no card has the model. */
  readonly cardEntry: (provider: string, model: string) => string;
}

const MISSING: StoredRate = {
  kind: 'unrated',
  code: 'usage-missing',
  message: 'the source gives no token counts for the call',
};

/** Assigns rates from a book of cards. Answers are remembered per sku. */
export function createRateAssignment(database: Database, book: RateBook): RateAssignment {
  const insert = database.prepare('INSERT INTO rate (key, detail) VALUES (?, ?)');
  const rates = createDictionary<string>(database, 'rate', (key, detail) =>
    Number(insert.run(key, detail).lastInsertRowid),
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
  const assigning = (event: SkuFacts): ((call: RatedCall) => number) => {
    if (!event.billable) return () => remember('not-billable', () => ({ kind: 'not-billable' }));
    if (event.countSource === 'missing') return () => remember('missing', () => MISSING);
    const rater = book.rater(skuOf(event));
    return (call) => assign(rater, call);
  };
  const bySku = new Map<number, (call: RatedCall) => number>();
  const ofSku = (event: SkuFacts, skuId: number): ((call: RatedCall) => number) => {
    const known = bySku.get(skuId);
    if (known !== undefined) return known;
    const made = assigning(event);
    bySku.set(skuId, made);
    return made;
  };
  const entries = new Map<string, string>();
  return {
    rateId: (event, skuId) => ofSku(event, skuId)(event),
    ofSku,
    cardEntry(provider, model) {
      const name = `${provider}\0${model}`;
      const known = entries.get(name);
      if (known !== undefined) return known;
      const text = book.entry(provider, model);
      const digest = text === '' ? '' : createHash('sha256').update(text).digest('base64url');
      entries.set(name, digest);
      return digest;
    },
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
