import { uncached } from '../../domain/cache-saving.ts';
import type { CalledSku, Cut, RequestClass } from '../../domain/replay-question.ts';
import type { ListPrices, PlainVerdict } from './lever.ts';
import { standingOf } from './standing.ts';
import {
  openTargetRater,
  type Serving,
  sizeCounts,
  priceCuts,
  type TargetModel,
  tokensThere,
} from './target-model.ts';
import { costThere } from './usage-there.ts';
import type { Fraction } from '../../domain/fraction.ts';

/** Where the prices of the same requests at the same model come from. */
export interface OtherPrices extends ListPrices {
  /** The instant whose prices hold; each request's own when absent. */
  readonly asOf?: number;
}

/** How the same requests are served then. */
export interface SameModelOptions {
  readonly serving: (sku: CalledSku) => Serving;
  /** Caches may be missed altogether, as where nobody says when a request runs. */
  readonly cachesMayMiss?: boolean;
  /** Requests that failed are priced too: their price changes like that of others. */
  readonly failedToo?: boolean;
}

/** The same requests at the same model under other prices. */
export interface SameModel {
  readonly cuts: readonly Cut[];
  readonly judge: (requests: RequestClass) => PlainVerdict;
}

/** Opens the prices of everything that is called. Nothing but prices changes: tokens, caches and answers are as they are. */
export function openSameModel(
  skus: readonly CalledSku[],
  prices: OtherPrices,
  options: SameModelOptions,
): SameModel {
  const targets = new Map<string, ReturnType<typeof openTarget>>();
  const targetOf = ({ provider, model }: CalledSku): ReturnType<typeof openTarget> => {
    const name = `${provider}\0${model}`;
    const known = targets.get(name);
    if (known !== undefined) return known;
    const opened = openTarget(provider, model, prices);
    targets.set(name, opened);
    return opened;
  };
  return {
    cuts: skus.flatMap((sku) => {
      const opened = targetOf(sku);
      return opened.kind === 'known' ? priceCuts(opened.target, [ONE]) : [];
    }),
    judge(requests) {
      const asked =
        options.failedToo === true ? { ...requests, status: 'success' as const } : requests;
      const standing = standingOf(asked);
      if (standing.kind === 'out') return { kind: 'excluded', reason: standing.reason };
      const opened = targetOf(requests.sku);
      if (opened.kind === 'unknown') return excluded(opened.message);
      return judged(requests, opened, options);
    },
  };
}

const ONE: Fraction = { part: 1n, over: 1n };

const excluded = (message: string): PlainVerdict => ({
  kind: 'excluded',
  reason: { code: 'no-price-there', message },
});

interface Opened {
  readonly kind: 'known';
  readonly target: TargetModel;
  readonly rater: ReturnType<typeof openTargetRater>;
}

function openTarget(
  provider: string,
  name: string,
  { cards, book, resolve, asOf }: OtherPrices,
): Opened | { readonly kind: 'unknown'; readonly message: string } {
  const card = cards.get(provider);
  const found = resolve(provider, name);
  if (card === undefined || found.kind === 'unknown')
    return {
      kind: 'unknown',
      message: found.kind === 'unknown' ? found.why.message : `no rate card for ${provider}`,
    };
  const target: TargetModel = {
    provider,
    name,
    card,
    meanings: found.meanings,
    book,
    strict: true,
    ...(asOf === undefined ? {} : { asOf }),
  };
  return { kind: 'known', target, rater: openTargetRater(target) };
}

function judged(
  requests: RequestClass,
  { target, rater }: Opened,
  { serving, cachesMayMiss }: SameModelOptions,
): PlainVerdict {
  const { usage, sample, sku } = requests;
  const time = sample.time ?? 0;
  const size = tokensThere(sample.size(sizeCounts(target.card)), ONE);
  const rating = rater({ ...sku, ...serving(sku) }, time, size);
  if (rating.kind === 'unrated') return excluded(rating.why.message);
  const { provider, model, prices } = rating.rate;
  const kept = costThere(usage, prices, requests.requests, ONE);
  if (kept.kind === 'unpriced')
    return excluded(`${provider}/${model} has no price for ${kept.missing.join(', ')}`);
  const missed =
    cachesMayMiss === true ? costThere(uncached(usage), prices, requests.requests, ONE) : kept;
  const low = missed.kind === 'cost' && missed.cost.part > kept.cost.part ? missed.cost : kept.cost;
  return { kind: 'changed', after: { low, mid: kept.cost, high: kept.cost }, doubts: [] };
}
