import fc from 'fast-check';
import type { Dimension, Filter } from '../../src/domain/spend.ts';
import type { InForce, TagRules } from '../../src/domain/tag-rules.ts';
import { NO_USAGE, type UsageEvent } from '../../src/domain/usage.ts';
import { valuePattern } from '../../src/domain/value-pattern.ts';
import { event } from './ledgers.ts';

const START = Date.parse('2026-10-20T00:00:00Z');
const SPAN = 3 * 86_400_000;
const origin = { file: 'aicost.yaml', line: 1 };
/** A tag to group or filter by. */
export const tag = (name: string): Dimension => ({ kind: 'tag', name });

/** Some time of three days. */
export const instant = fc.integer({ min: 0, max: SPAN }).map((ms) => START + ms);
const call: fc.Arbitrary<UsageEvent> = fc
  .record({
    time: fc.option(instant, { nil: undefined, freq: 8 }),
    operation: fc.constantFrom('chat', 'embeddings'),
    // The card has no price for what comes from a cache.
    cacheRead: fc.constantFrom(0, 1),
    input: fc.integer({ min: 0, max: 9000 }),
    tags: fc.record(
      {
        team: fc.constantFrom('a', 'A', 'b'),
        env: fc.constantFrom('prod', 'PROD', 'dev'),
        api_key: fc.constantFrom('k1', 'k2'),
        run: fc.constantFrom('r1', 'r2', 'r3', 'r4'),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ input, cacheRead, ...fields }) =>
    event({
      id: '',
      provider: 'acme',
      model: 'anvil',
      usage: { ...NO_USAGE, input, cacheRead },
      ...fields,
    }),
  );
/** Calls of three days, some without a time, a tag or a price. */
export const calls = fc
  .array(call, { minLength: 1, maxLength: 24 })
  .map((all) => all.map((one, index) => ({ ...one, id: `c${index}` })));

const inForce: fc.Arbitrary<InForce> = fc
  .tuple(fc.option(instant, { nil: undefined }), fc.option(instant, { nil: undefined }))
  .map(([one, other]) => {
    if (one === undefined && other === undefined) return {};
    if (one === undefined || other === undefined || one === other)
      return one === undefined ? { until: other ?? START } : { since: one };
    return { since: Math.min(one, other), until: Math.max(one, other) };
  });

const virtual = fc
  .record({
    tag: fc.constantFrom('team', 'env'),
    value: fc.constantFrom('a', 'prod', 'x'),
    match: fc.constantFrom('A', 'p*', 'PROD', 'b', '*'),
    from: fc.option(fc.constantFrom('api_key', 'operation', 'env'), { nil: undefined, freq: 2 }),
    dates: inForce,
  })
  .map(({ match, dates, from, ...rule }) => ({
    ...rule,
    from: from === rule.tag ? undefined : from,
    match: [valuePattern(match)],
    origin,
    ...dates,
  }));
const keyRule = fc
  .record({
    name: fc.constantFrom('api_key', 'env'),
    pattern: fc.constantFrom('k1', 'k*', 'prod', 'dev'),
    set: fc.constantFrom(['team', 'b'], ['team', 'c'], ['feature', 'f']),
    dates: inForce,
  })
  .map(({ name, pattern, set: [to = '', value = ''], dates }) => ({
    where: [{ dimension: tag(name), negated: false, pattern }],
    text: `${name}=${pattern}`,
    set: new Map([[to, value]]),
    origin,
    ...dates,
  }));
const member = fc
  .record({
    child: fc.constantFrom('a', 'b', 'c'),
    parent: fc.constantFrom('north', 'south'),
    dates: inForce,
  })
  .map(({ dates, ...names }) => ({ ...names, origin, ...dates }));
/** Rules with and without dates. */
export const rules: fc.Arbitrary<TagRules> = fc
  .record({
    virtual: fc.array(virtual, { maxLength: 2 }),
    keys: fc.array(keyRule, { maxLength: 2 }),
    members: fc.array(member, { maxLength: 2 }).map((all) =>
      // One membership a child, as the decoder demands of those that meet.
      all.filter(({ child }, at) => all.findIndex((one) => one.child === child) === at),
    ),
    infer: fc.constantFrom([], ['run'] as const, ['run', 'api_key'] as const),
  })
  .map(({ members, ...more }) => ({
    ...more,
    hierarchies: [{ of: 'team', to: 'department', members }],
    required: [],
    requiredWhere: [],
    allowed: new Map(),
    owners: [],
    cloud: new Map(),
  }));

/** The rules applied to one call after another, without any query. */
export function oracle(
  all: readonly UsageEvent[],
  { virtual, keys, hierarchies, infer }: TagRules,
) {
  const holds = ({ since, until }: InForce, time: number | undefined): boolean =>
    time === undefined
      ? since === undefined && until === undefined
      : time >= (since ?? -Infinity) && time < (until ?? Infinity);
  const raw = (one: UsageEvent, name: string): string | undefined =>
    name === 'operation' ? one.operation : one.tags[name];
  const own = (one: UsageEvent, name: string): string | undefined => {
    const written = raw(one, name);
    const rule = virtual.find((each) => {
      const read = each.from === undefined ? written : raw(one, each.from);
      return (
        each.tag === name &&
        holds(each, one.time) &&
        (each.from === undefined || written === undefined) &&
        read !== undefined &&
        each.match.some(({ matches }) => matches(read))
      );
    });
    return rule?.value ?? written;
  };
  const verdict = (one: UsageEvent, name: string): string | undefined => {
    for (const basis of infer) {
      const mine = raw(one, basis);
      const votes = all.flatMap((other) =>
        mine !== undefined && raw(other, basis) === mine ? (own(other, name) ?? []) : [],
      );
      for (const value of new Set(votes)) {
        const agreeing = votes.filter((vote) => vote === value).length;
        if (votes.length >= 2 && agreeing * 10 >= votes.length * 8) return value;
      }
    }
    return undefined;
  };
  const fixed = (one: UsageEvent, name: string): string | undefined => {
    const self = own(one, name);
    if (self !== undefined) return self;
    for (const rule of keys) {
      const value = rule.set.get(name);
      const [filter] = rule.where;
      const selected = own(one, filter?.dimension.name ?? '');
      const fits = selected !== undefined && valuePattern(filter?.pattern ?? '').matches(selected);
      if (value !== undefined && fits && holds(rule, one.time)) return value;
    }
    return name === 'department' ? above(one, fixed(one, 'team')) : undefined;
  };
  const above = (one: UsageEvent, team: string | undefined): string | undefined =>
    hierarchies[0]?.members.find((each) => each.child === team && holds(each, one.time))?.parent;
  const find = (one: UsageEvent, name: string): string | undefined => {
    const known = ['department', 'team', 'env', 'feature'].includes(name);
    if (!known) return own(one, name);
    const said = fixed(one, name) ?? verdict(one, name);
    return name === 'department' ? (said ?? above(one, find(one, 'team'))) : said;
  };
  return find;
}

/** Conditions on what rules may change, and on a fact. */
export const filter: fc.Arbitrary<Filter> = fc.record({
  dimension: fc
    .constantFrom('team', 'department', 'env', 'operation')
    .map((name) => (name === 'operation' ? { kind: 'fact' as const, name } : tag(name))),
  negated: fc.boolean(),
  pattern: fc.constantFrom('a', 'n*', 'prod', '', '*', 'chat'),
});
/** Up to two names to group by. */
export const by = fc
  .uniqueArray(fc.constantFrom('team', 'department', 'env', 'feature', 'operation', 'api_key'), {
    maxLength: 2,
  })
  .map((names) =>
    names.map((name) => (name === 'operation' ? { kind: 'fact' as const, name } : tag(name))),
  );
