import { countedName, type CountingRules, ruleFor } from '../../domain/counting-rules.ts';
import type { CallKind, OrderedCall } from '../../domain/ordered-call.ts';
import type { CacheRules } from '../../domain/prefix-reuse.ts';
import { cacheOfModel, pricedWrite, timeToLive, type TimeToLive } from './cache-of-model.ts';
import type { Assumption, LeverWorld } from './lever.ts';

/** How the prompt cache of one kind of calls would work. */
export interface KeptCache {
  readonly rules: CacheRules;
  readonly ttl: TimeToLive;
  /** The time to live that a write is priced by; `undefined` where it is fresh input. */
  readonly write: string | undefined;
}

/** Caches by kind of calls, as they were met. */
export interface KeptCaches {
  /** As the model's card says it at the first call of the kind, which is priced by one row. */
  readonly of: (call: OrderedCall) => KeptCache;
  readonly ofKind: (kind: CallKind) => KeptCache | undefined;
  readonly assumptions: () => readonly Assumption[];
}

/** Where nobody says how long a cache keeps what was used: what providers keep at least (Anthropic's and OpenAI's pages on prompt caching, 2026-11-21). */
const USUAL: TimeToLive = { name: '5m', milliseconds: 300_000 };

/** The steps that a provider caches in beyond the smallest prefix, by the counting rules of today. */
function stepOf({ sku, rate }: CallKind, { cacheSteps }: CountingRules, now: number): number {
  const { provider, model } = rate.kind === 'rated' ? rate : sku;
  const day = new Date(now).toISOString().slice(0, 10);
  return ruleFor(cacheSteps, { provider, model: countedName(model), day })?.step ?? 1;
}

/** Something taken for some models. */
interface Told {
  readonly name: string;
  readonly value: string;
  readonly declared: boolean;
  readonly why: string;
  readonly models: Set<string>;
}

function tell(
  told: Map<string, Told>,
  { model, ...what }: Omit<Told, 'models'> & { readonly model: string },
): void {
  const name = JSON.stringify(what);
  const known = told.get(name) ?? { ...what, models: new Set() };
  told.set(name, known);
  known.models.add(model);
}

/** Opens the caches that calls would use, with a time to live that somebody asks for or the model's first. */
export function openKeptCaches(
  asked: TimeToLive | undefined,
  world: LeverWorld,
  rules: CountingRules,
): KeptCaches {
  const known = new Map<CallKind, KeptCache>();
  const told = new Map<string, Told>();
  const open = ({ kind, time }: OrderedCall): KeptCache => {
    const facts = cacheOfModel(kind.sku, time, world);
    const model = `${kind.sku.provider}/${kind.rate.kind === 'rated' ? kind.rate.model : kind.sku.model}`;
    const offered = facts?.ttls ?? [];
    const first = timeToLive(offered[0] ?? '');
    const fits = asked !== undefined && (offered.length === 0 || offered.includes(asked.name));
    const ttl = fits ? asked : (first ?? asked ?? USUAL);
    const prices = kind.rate.kind === 'rated' ? kind.rate.prices : undefined;
    const write = prices === undefined ? undefined : pricedWrite(prices, ttl.name);
    const why = fits
      ? '--ttl'
      : first === undefined
        ? 'no card says it'
        : asked === undefined
          ? "the card's first"
          : `the card does not offer ${asked.name}`;
    const declared = fits || first !== undefined;
    tell(told, { name: 'time to live', value: ttl.name, declared, why, model });
    const minimum = facts?.minimum;
    const step = stepOf(kind, rules, world.now);
    tell(told, {
      name: 'smallest cached',
      value: `${minimum === undefined ? 'any' : `${minimum} tokens`}${step === 1 ? '' : `, steps of ${step}`}`,
      declared: minimum !== undefined,
      why: minimum === undefined ? 'no card says it' : 'by the card',
      model,
    });
    return {
      rules: {
        ttl: ttl.milliseconds,
        minimum: minimum ?? 0,
        step,
        pricedWrites: write !== undefined,
      },
      ttl,
      write,
    };
  };
  return {
    of(call) {
      let cache = known.get(call.kind);
      if (cache === undefined) {
        cache = open(call);
        known.set(call.kind, cache);
      }
      return cache;
    },
    ofKind: (kind) => known.get(kind),
    assumptions: () =>
      [...told.values()].map(({ name, value, declared, why, models }) => ({
        name,
        value,
        source: declared ? 'declared' : 'assumed',
        note: `${why}: ${[...models].join(', ')}`,
      })),
  };
}
