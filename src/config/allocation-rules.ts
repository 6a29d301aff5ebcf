import {
  type AskedSignal,
  type ConsumerKey,
  type Method,
  type PoolPlan,
  RULE_GRAINS,
  type RulePlan,
} from '../domain/allocation-plan.ts';
import { distinctDimensions } from '../domain/filter-match.ts';
import { dimensionNamed } from '../domain/filter-text.ts';
import { nearest } from '../domain/nearest.ts';
import { noSuchSignal, type Signal, SIGNALS } from '../domain/signals.ts';
import type { Dimension } from '../domain/spend.ts';
import { consumerAt, filtersAt, quantityAt, tableAt } from './allocation-values.ts';
import { dateAt } from './card-values.ts';
import { wordAt } from './overlay-values.ts';
import type { Located, TreeReader } from './yaml-tree.ts';

const METHODS = [
  'usage',
  'direct',
  'even',
  'weighted',
  'proportional',
  'reserved',
  'overhead',
] as const;
type MethodName = (typeof METHODS)[number];

/** The keys that a rule has beside those of every rule, by its method. */
const OWN_KEYS: Readonly<Record<MethodName, readonly string[]>> = {
  usage: ['signal', 'where'],
  direct: ['to', 'signal', 'where'],
  even: ['among'],
  weighted: ['weights'],
  proportional: [],
  reserved: ['signal', 'where', 'reserved', 'capacity'],
  overhead: ['over'],
};
const NEEDED = ['name', 'pool', 'method', 'owner', 'review_every', 'last_reviewed', 'evidence'];
const COMMON = [...NEEDED, 'by', 'grain'];

/** Decodes `allocation.rules`, each with its method, owner, date of review and evidence. */
export const rulesAt = (
  read: TreeReader,
  value: Located | undefined,
  pools: readonly PoolPlan[],
): readonly RulePlan[] =>
  read
    .list(value, 'allocation.rules')
    .flatMap((item, index) => ruleOf(read, item, `rules[${index + 1}]`, pools) ?? []);

type Fields = ReadonlyMap<string, { readonly value: Located }>;

function ruleOf(
  read: TreeReader,
  value: Located,
  place: string,
  pools: readonly PoolPlan[],
): RulePlan | undefined {
  const all: Fields = read.map(value, place);
  if (value.kind !== 'map') return undefined;
  const name = read.text(all.get('name')?.value, `${place}.name`);
  const path = name === undefined ? place : `rule ${name}`;
  for (const key of NEEDED)
    if (!all.has(key)) read.error(value.origin, `${path}: needs ${key}:${WHY.get(key) ?? ''}`);
  const kind = wordAt(read, all.get('method')?.value, `${path}.method`, METHODS);
  read.map(value, path, [...COMMON, ...OWN_KEYS[kind]]);
  const by = distinctDimensions(read.texts(all.get('by')?.value, `${path}.by`).map(dimensionNamed));
  if (by.length === 0 && kind !== 'overhead')
    read.error(
      value.origin,
      `${path}: needs by:, the tags that tell consumers apart, such as team`,
    );
  const pool = poolNamed(read, all.get('pool')?.value, `${path}.pool`, pools);
  const method = methodOf(read, kind, all, { path, origin: value, by, pool });
  const every = reviewAt(read, all.get('review_every')?.value, `${path}.review_every`);
  const reviewed = dateAt(read, all.get('last_reviewed')?.value, `${path}.last_reviewed`);
  const owner = read.text(all.get('owner')?.value, `${path}.owner`);
  const evidence = read.texts(all.get('evidence')?.value, `${path}.evidence`);
  const grain = wordAt(read, all.get('grain')?.value, `${path}.grain`, RULE_GRAINS);
  if (name === undefined || pool === undefined || method === undefined) return undefined;
  if (every === undefined || reviewed === undefined || owner === undefined) return undefined;
  if (method.kind === 'reserved') checkCapacity(read, value, path, method, pool);
  return {
    name,
    pool: pool.name,
    by: kind === 'overhead' ? [] : by,
    grain,
    method,
    owner,
    reviewEvery: every,
    lastReviewed: reviewed.time,
    evidence,
    origin: value.origin,
  };
}

const WHY: ReadonlyMap<string, string> = new Map([
  ['method', ` one of ${METHODS.join(', ')}`],
  ['owner', ' whoever answers for the rule'],
  ['review_every', ' such as 90d, 3m or 1y'],
  ['last_reviewed', ' a day like 2026-10-01'],
  ['evidence', ' where the rule was agreed, such as a link or a file with its line'],
]);

function poolNamed(
  read: TreeReader,
  value: Located | undefined,
  path: string,
  pools: readonly PoolPlan[],
): PoolPlan | undefined {
  const name = read.text(value, path);
  const pool = pools.find((each) => each.name === name);
  if (value === undefined || name === undefined || pool !== undefined) return pool;
  const names = pools.map((each) => each.name);
  const close = nearest(name, names);
  const known =
    names.length === 0 ? 'name it under allocation.pools' : `pools are ${names.join(', ')}`;
  const mend = close === undefined ? known : `did you mean "${close}"?`;
  read.error(value.origin, `${path}: no pool is called "${name}"; ${mend}`);
  return undefined;
}

interface RulePlace {
  readonly path: string;
  readonly origin: Located;
  readonly by: readonly Dimension[];
  readonly pool: PoolPlan | undefined;
}

function methodOf(
  read: TreeReader,
  kind: MethodName,
  fields: Fields,
  { path, origin, by, pool }: RulePlace,
): Method | undefined {
  const at = (key: string): Located | undefined => fields.get(key)?.value;
  const needs = (key: string, what: string): undefined => {
    read.error(origin.origin, `${path}: method ${kind} needs ${key}:, ${what}`);
    return undefined;
  };
  switch (kind) {
    case 'direct': {
      const given = at('to');
      if (given === undefined && pool?.source.kind !== 'bill')
        return needs('to', 'who is charged; only lines of bills have tags of their own');
      const to = given === undefined ? undefined : consumerAt(read, given, `${path}.to`, by);
      const signal = signalAt(read, fields, path);
      return {
        kind,
        ...(to === undefined ? {} : { to }),
        ...(signal === undefined ? {} : { signal: signal.asked }),
      };
    }
    case 'even': {
      if (at('among') === undefined) return { kind };
      const among = read
        .list(at('among'), `${path}.among`)
        .flatMap((item): readonly ConsumerKey[] => {
          const key = consumerAt(read, item, `${path}.among`, by);
          return key === undefined ? [] : [key];
        });
      return { kind, among };
    }
    case 'weighted': {
      if (at('weights') === undefined)
        return needs('weights', 'a list like [{team: search, weight: 3}]');
      return {
        kind,
        table: tableAt(read, at('weights'), `${path}.weights`, by, { key: 'weight' }),
      };
    }
    case 'proportional':
      return { kind };
    case 'usage': {
      const signal = signalAt(read, fields, path);
      return signal === undefined
        ? signalNeeded(at('signal'), needs)
        : { kind, signal: signal.asked };
    }
    case 'reserved': {
      const found = signalAt(read, fields, path);
      if (found === undefined) return signalNeeded(at('signal'), needs);
      const { asked, signal } = found;
      const table = { key: 'quantity', signal } as const;
      const given = at('capacity');
      const capacity =
        given === undefined ? undefined : quantityAt(read, given, `${path}.capacity`, signal);
      return {
        kind,
        signal: asked,
        reserved: tableAt(read, at('reserved'), `${path}.reserved`, by, table),
        ...(capacity === undefined ? {} : { capacity }),
      };
    }
    case 'overhead':
      return { kind, over: read.texts(at('over'), `${path}.over`) };
  }
}

const signalNeeded = (
  given: Located | undefined,
  needs: (key: string, what: string) => undefined,
): undefined => (given === undefined ? needs('signal', 'what shows the use') : undefined);

/** The signal that a rule asks for, known by its name. */
function signalAt(
  read: TreeReader,
  fields: Fields,
  path: string,
): { readonly asked: AskedSignal; readonly signal: Signal } | undefined {
  const value = fields.get('signal')?.value;
  const name = read.text(value, `${path}.signal`);
  const signal = SIGNALS.get(name ?? '');
  const given = fields.get('where')?.value;
  if (value === undefined || name === undefined) return undefined;
  if (signal === undefined) {
    read.error(value.origin, `${path}.signal: ${noSuchSignal(name)}`);
    return undefined;
  }
  const where = filtersAt(read, given, `${path}.where`);
  if (given !== undefined && !signal.inLedger)
    read.error(given.origin, `${path}.where: narrows calls of the ledger, which have no ${name}`);
  return { asked: { name, where }, signal };
}

/** A period after which a rule has to be looked at again. */
function reviewAt(
  read: TreeReader,
  value: Located | undefined,
  path: string,
): RulePlan['reviewEvery'] | undefined {
  const text = read.text(value, path);
  if (value === undefined || text === undefined) return undefined;
  const [, number, unit] = /^([1-9]\d{0,3})([dwmy])$/.exec(text) ?? [];
  if (number === undefined || unit === undefined) {
    read.error(value.origin, `${path}: expected a period like 90d, 12w, 3m or 1y, found "${text}"`);
    return undefined;
  }
  const count = Number(number);
  const days = unit === 'd' ? count : unit === 'w' ? 7 * count : 0;
  return { text, days, months: unit === 'm' ? count : unit === 'y' ? 12 * count : 0 };
}

/** Idle is what is left of a capacity, so something has to say how large that is. */
function checkCapacity(
  read: TreeReader,
  value: Located,
  path: string,
  method: Extract<Method, { readonly kind: 'reserved' }>,
  { name, source }: PoolPlan,
): void {
  const isTimed = SIGNALS.get(method.signal.name)?.measure.includes('time') === true;
  const isKnown = (source.kind === 'hardware' && isTimed) || source.kind === 'capacity';
  if (method.capacity === undefined && !isKnown)
    read.error(
      value.origin,
      `${path}: needs capacity: {quantity, unit}, how much of ${method.signal.name} ${name} can give in one step of the rule`,
    );
}
