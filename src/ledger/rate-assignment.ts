import { createHash } from 'node:crypto';
import { unpricedMeter } from '../domain/charge.ts';
import { meterName } from '../domain/meters.ts';
import type { RateBook, Rater, Sku } from '../domain/rate-book.ts';
import type { Rate, Rating } from '../domain/rating.ts';
import { cacheWriteTotal, type UsageEvent } from '../domain/usage.ts';
import type { Database } from './database.ts';
import { createDictionary } from './dictionary.ts';
import { rateText, type StoredRate, storedRate } from './stored-rate.ts';

/** Finds the id of the rate that covers an event, writing it when it is new. */
export interface RateAssignment {
  readonly rateId: (event: UsageEvent, skuId: number) => number;
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
  const raters = new Map<number, Rater>();
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
  const entries = new Map<string, string>();
  return {
    rateId(event, skuId) {
      if (!event.billable) return remember('not-billable', () => ({ kind: 'not-billable' }));
      if (event.countSource === 'missing') return remember('missing', () => MISSING);
      let rater = raters.get(skuId);
      if (rater === undefined) {
        rater = book.rater(skuOf(event));
        raters.set(skuId, rater);
      }
      const { usage } = event;
      const prompt = {
        input: usage.input,
        cache_read: usage.cacheRead,
        cache_write: cacheWriteTotal(usage),
      };
      const rating = rater(event.time, prompt, book.byAccount ? accountsOf(event) : []);
      if (rating.kind === 'rated') {
        const meter = unpricedMeter(usage, rating.rate.prices);
        if (meter !== undefined) return withoutPrice(rating.rate, meter);
      }
      return remember(rating, () => storedRate(rating));
    },
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
const accountsOf = ({ tags }: UsageEvent): readonly string[] =>
  ACCOUNT_TAGS.flatMap((name) => tags[name] ?? []);
const ACCOUNT_TAGS = ['account', 'project', 'api_key'];

/** The part of an event that decides its prices besides time and prompt size. */
const skuOf = (event: UsageEvent): Sku => ({
  provider: event.provider,
  model: event.model,
  requestModel: event.requestModel,
  serviceTier: event.serviceTier,
  region: event.region,
  inferenceGeo: event.inferenceGeo,
  aggregated: event.countSource === 'aggregated',
});
