import fc from 'fast-check';
import type { Dimension, Filter, SpendQuery } from '../../src/domain/spend.ts';
import type { InForce, TagRules } from '../../src/domain/tag-rules.ts';
import { NO_USAGE, type UsageEvent } from '../../src/domain/usage.ts';
import { valuePattern } from '../../src/domain/value-pattern.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { append, cardsWith, event, inMemory } from './ledgers.ts';

/** The one seed of properties about rules. */
export const RUNS = { seed: 20_261_122, numRuns: 15 };
const shipped = cardsWith().book;
const START = Date.parse('2026-10-20T00:00:00Z');
const SPAN = 3 * 86_400_000;
const origin = { file: 'aicost.yaml', line: 1 };
/** A tag as a dimension. */
export const tag = (name: string): Dimension => ({ kind: 'tag', name });

/** An instant of three days around which rules begin and end. */
export const instant = fc.integer({ min: 0, max: SPAN }).map((ms) => START + ms);
const call: fc.Arbitrary<UsageEvent> = fc
  .record({
    time: fc.option(instant, { nil: undefined, freq: 8 }),
    model: fc.constantFrom('gpt-4o-mini', 'gpt-none'),
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
  .map(({ input, ...fields }) => event({ id: '', usage: { ...NO_USAGE, input }, ...fields }));
/** Calls with tags that rules read, some of them without a time or a price. */
export const calls = fc
  .array(call, { minLength: 1, maxLength: 40 })
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
    from: fc.option(fc.constantFrom('api_key', 'model', 'env'), { nil: undefined, freq: 2 }),
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
/** Rules of aicost.yaml as it decodes them. */
export const rules: fc.Arbitrary<TagRules> = fc
  .record({
    virtual: fc.array(virtual, { maxLength: 3 }),
    keys: fc.array(keyRule, { maxLength: 3 }),
    members: fc.array(member, { maxLength: 3 }).map((all) =>
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

/** A condition on what rules may change. */
export const filter: fc.Arbitrary<Filter> = fc.record({
  dimension: fc
    .constantFrom('team', 'department', 'env', 'model')
    .map((name) => (name === 'model' ? { kind: 'fact' as const, name } : tag(name))),
  negated: fc.boolean(),
  pattern: fc.constantFrom('a', 'n*', 'prod', '', '*', 'gpt-4o-mini'),
});
/** What a question groups by. */
export const by = fc
  .uniqueArray(fc.constantFrom('team', 'department', 'env', 'feature', 'model', 'api_key'), {
    maxLength: 2,
  })
  .map((names) =>
    names.map((name) => (name === 'model' ? { kind: 'fact' as const, name } : tag(name))),
  );

/** A question about everything. */
export const whole: SpendQuery = { span: {}, by: [], timeZone: 'UTC', where: [] };

/** A ledger in memory that holds these calls. */
export const ledgerOf = (all: readonly UsageEvent[]): Ledger => {
  const ledger = inMemory(shipped);
  append(ledger, ...all.map((one, index) => ({ ...one, id: one.id ?? `c${index}` })));
  return ledger;
};
