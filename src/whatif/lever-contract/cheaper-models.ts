import { costOf } from '../../domain/charge.ts';
import type { UsageTotals } from '../../domain/meters.ts';
import { meaningAt } from '../../domain/model-lookup.ts';
import type { ModelCard, Prices } from '../../domain/rate-card.ts';
import { utcText } from '../../domain/utc-time.ts';
import type { LeverWorld } from './lever.ts';
import type { LeverTry, LineItem } from './ranking.ts';
import { cachedThere } from './usage-there.ts';

/** A model of the same card that would take the calls of another. */
interface Candidate {
  readonly id: string;
  readonly cost: bigint;
}

/** Each model of the items on the cheaper ones of its provider: the smallest step down, and the largest. */
export function cheaperTries(items: readonly LineItem[], world: LeverWorld): readonly LeverTry[] {
  const models = new Map<string, { readonly present: ModelCard; readonly items: LineItem[] }>();
  for (const item of items) {
    const present = entryOf(item, world);
    if (present === undefined) continue;
    const name = `${item.provider}/${present.id}`;
    const known = models.get(name) ?? { present, items: [] };
    models.set(name, known);
    known.items.push(item);
  }
  return [...models].flatMap(([from, { present, items: own }]) =>
    cheaperModels(own, present, world).map((to) => ({ from, to: `${own[0]?.provider}/${to}` })),
  );
}

/** The card's entry that a line item's calls are priced by now; `undefined` where there is none. */
function entryOf({ provider, model }: LineItem, world: LeverWorld): ModelCard | undefined {
  const found = world.resolve(provider, model);
  return found.kind === 'known' ? meaningAt(found.meanings, world.now)?.model : undefined;
}

/**
 * Models of the same provider that cost less than nine tenths for the usage of these items: of the same kind, still
 * sold and at most a year older, with every feature that the card knows of the present one. At most two: the dearest that takes half or less,
 * which is the smallest step down, and the cheapest.
 */
function cheaperModels(
  items: readonly LineItem[],
  present: ModelCard,
  world: LeverWorld,
): readonly string[] {
  const [first] = items;
  const card = world.cards.get(first?.provider ?? '');
  if (first === undefined || card === undefined) return [];
  const usage = usageOf(items);
  const requests = items.reduce((sum, { spend }) => sum + spend.requests, 0n);
  const size = promptOf(usage, requests);
  const priced = (id: string): bigint | undefined => {
    const rating = world.book.rater({ provider: card.provider, model: id, ...PLAIN })(
      world.now,
      size,
    );
    return rating.kind === 'unrated' ? undefined : costAt(usage, rating.rate.prices, requests);
  };
  const now = priced(present.id);
  if (now === undefined) return [];
  const today = utcText(world.now).slice(0, 10);
  const candidates = card.models
    .filter((model) => takesOver(model, present, today))
    .flatMap(({ id }): Candidate[] => {
      const cost = priced(id);
      return cost !== undefined && cost * 10n < now * 9n ? [{ id, cost }] : [];
    })
    .sort((a, b) => (a.cost === b.cost ? (a.id < b.id ? -1 : 1) : a.cost > b.cost ? -1 : 1));
  const step = candidates.find(({ cost }) => cost * 2n <= now);
  const least = candidates.at(-1)?.cost;
  // Of models that cost the same, such as previews of one, the first by name.
  const cheapest = candidates.find(({ cost }) => cost === least);
  return [...new Set([step, cheapest].flatMap((each) => each?.id ?? []))];
}

/** A feature that no card tells of the present model is not asked for; one that it has must be told of the other. */
const takesOver = (model: ModelCard, present: ModelCard, today: string): boolean =>
  model.id !== present.id &&
  model.match === undefined &&
  model.kind === present.kind &&
  (model.retires === undefined || model.retires > today) &&
  firstSold(model) >= firstSold(present) - YEAR_MS &&
  present.features.every((feature) => model.features.includes(feature));

/** Vendors retire models after some years, and cards rarely know when: nobody moves to what is a year older. */
const YEAR_MS = 365 * 86_400_000;
const firstSold = ({ rows }: ModelCard): number => rows[0]?.from ?? Number.NEGATIVE_INFINITY;

const PLAIN = {
  serviceTier: undefined,
  region: undefined,
  inferenceGeo: undefined,
  aggregated: false,
} as const;

const costAt = (usage: UsageTotals, prices: Prices, requests: bigint): bigint | undefined =>
  costOf(cachedThere(usage, prices), prices, requests);

function usageOf(items: readonly LineItem[]): UsageTotals {
  const sum = (of: (item: LineItem) => bigint): bigint =>
    items.reduce((total, item) => total + of(item), 0n);
  const written = sum(({ spend }) => spend.cacheWrite);
  return {
    input: sum(({ spend }) => spend.input),
    cacheRead: sum(({ spend }) => spend.cacheRead),
    cacheWrite: new Map(written === 0n ? [] : [['default', written]]),
    output: sum(({ spend }) => spend.output),
    reasoning: sum(({ spend }) => spend.reasoning),
    parts: new Map(),
    fees: new Map(),
  };
}

/** A prompt of mean size, which decides the context tier that candidates are compared at. */
function promptOf(usage: UsageTotals, requests: bigint) {
  const mean = (tokens: bigint): number => Number(requests === 0n ? 0n : tokens / requests);
  const written = [...usage.cacheWrite.values()].reduce((sum, each) => sum + each, 0n);
  return {
    input: mean(usage.input),
    cache_read: mean(usage.cacheRead),
    cache_write: mean(written),
  };
}
