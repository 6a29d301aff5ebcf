import { type Contract, negotiate, type Negotiated, termName, type TermOf } from './contract.ts';
import { matchesGlob } from './globs.ts';
import type { Serving } from './own-hardware.ts';
import { type Instance, instanceAt, type TermPeriod } from './pool.ts';
import type { Rater, Sku } from './rate-book.ts';
import type { Rating } from './rating.ts';
import type { Span } from './spend.ts';

/** What lies over list prices: negotiated terms, and models that run on own hardware. */
export interface Overlays {
  readonly contracts: readonly Contract[];
  readonly servings: readonly Serving[];
}

/** No contract and no hardware: list prices are all there is. */
export const NO_OVERLAYS: Overlays = { contracts: [], servings: [] };

/** What own hardware is accounted in. */
export const HARDWARE_PERIOD: TermPeriod = 'month';

/** The span of a contract without infinities. */
export const contractSpan = ({ from, until }: Contract): Span => ({
  ...(Number.isFinite(from) ? { start: from } : {}),
  ...(Number.isFinite(until) ? { end: until } : {}),
});

/** The period in which a pool's or a commitment's usage is counted: provisioned capacity is by the month. */
export const periodOf = ({ term }: TermOf): TermPeriod =>
  'period' in term ? term.period : 'month';

/**
 * Puts overlays over a sku's list prices: contracted prices beside them, the pool that pays for the
 * tokens, the commitment that they draw down. Answers are the same object for calls that price alike.
 */
export function overlayRater(list: Rater, sku: Sku, overlays: Overlays): Rater {
  const contracts = overlays.contracts.filter(
    ({ providers }) => providers.length === 0 || providers.includes(sku.provider),
  );
  const servings = overlays.servings.filter(
    ({ provider, models }) =>
      (provider === undefined || provider === sku.provider) &&
      models.some((glob) => matchesGlob(glob.toLowerCase(), sku.model.toLowerCase())),
  );
  if (contracts.length === 0 && servings.length === 0) return list;
  const edges = [...new Set(contracts.flatMap(({ from, until }) => [from, until]))].sort(
    (a, b) => a - b,
  );
  const byAccount = contracts.some((contract) => contract.accounts.length > 0);
  const negotiated = memory<Rating, Negotiated | undefined>();
  const known = memory<Rating, Rating>();
  const instance = rememberedInstances();
  return (time, prompt, accounts = []) => {
    const rating = list(time, prompt);
    if (time === undefined) return rating;
    const serving = servings.find((one) => serves(one, time, rating));
    if (serving !== undefined) {
      const { id } = instance(serving.name, HARDWARE_PERIOD, serving.span, time);
      return known(rating, id, () => onHardware(serving, id));
    }
    if (rating.kind === 'unrated') return rating;
    const { rate } = rating;
    const edge = edges.findLastIndex((instant) => instant <= time);
    const found = negotiated(rating, `${edge}|${byAccount ? accounts.join('\0') : ''}`, () => {
      const asked = sku.requestModel === undefined ? [] : [sku.requestModel];
      const names = [sku.model, rate.model, ...asked];
      const made = negotiate(
        rate.prices,
        { provider: sku.provider, names, time, accounts },
        contracts,
      );
      return made.applied.length === 0 && made.commit === undefined ? undefined : made;
    });
    if (found === undefined) return rating;
    const idOf = (of: TermOf | undefined): string | undefined =>
      of === undefined
        ? undefined
        : instance(termName(of), periodOf(of), contractSpan(of.contract), time).id;
    const [poolId, commitId] = [idOf(found.pool?.of), idOf(found.commit)];
    return known(rating, [...found.applied, poolId, commitId].join('|'), () => ({
      kind: 'rated',
      rate: {
        ...rate,
        key: [rate.key, ...found.applied, poolId, commitId].join(' · '),
        contracted: found.prices,
        terms: found.applied,
        ...(found.pool === undefined || poolId === undefined
          ? {}
          : { pool: { id: poolId, weights: found.pool.weights } }),
        ...(commitId === undefined ? {} : { commit: commitId }),
      },
    }));
  };
}

/** Own hardware serves its own provider always, and others where nobody else has a price. */
const serves = ({ span, provider }: Serving, time: number, rating: Rating): boolean =>
  (span.start === undefined || span.start <= time) &&
  (span.end === undefined || time < span.end) &&
  (provider !== undefined || rating.kind === 'unrated');

/** Remembers answers by an object and a text. */
function memory<Of extends object, Value>(): (of: Of, key: string, make: () => Value) => Value {
  const known = new Map<Of, Map<string, Value>>();
  return (of, key, make) => {
    let ofObject = known.get(of);
    if (ofObject === undefined) known.set(of, (ofObject = new Map<string, Value>()));
    if (!ofObject.has(key)) ofObject.set(key, make());
    return ofObject.get(key) as Value;
  };
}

const onHardware = (serving: Serving, id: string): Rating => ({
  kind: 'unrated',
  why: {
    code: 'own-hardware',
    message: `${serving.name} has no list price; --cost effective shows what its hours cost`,
  },
  pool: { id, weights: serving.weights },
});

/** instanceAt, which remembers the last period of each term: calls of a log come in time order. */
function rememberedInstances(): typeof instanceAt {
  const last = new Map<string, Instance>();
  return (name, period, span, time) => {
    const present = last.get(name);
    if (present !== undefined && present.start <= time && time < present.end) return present;
    const instance = instanceAt(name, period, span, time);
    last.set(name, instance);
    return instance;
  };
}
