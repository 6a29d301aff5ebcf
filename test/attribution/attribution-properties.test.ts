import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openAttribution } from '../../src/attribution/attribution.ts';
import { attributedSpend } from '../../src/attribution/attributed-spend.ts';
import type { SpendAnswer } from '../../src/domain/spend.ts';
import type { InForce, TagRules } from '../../src/domain/tag-rules.ts';
import type { UsageEvent } from '../../src/domain/usage.ts';
import { valuePattern } from '../../src/domain/value-pattern.ts';
import { openVerdicts } from '../../src/attribution/verdicts.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import {
  by,
  calls,
  filter,
  instant,
  ledgerOf,
  rules,
  RUNS,
  tag,
  whole,
} from '../support/ruled-calls.ts';

/** The rules applied to one call after another, without any query. */
function oracle(all: readonly UsageEvent[], { virtual, keys, hierarchies, infer }: TagRules) {
  const holds = ({ since, until }: InForce, time: number | undefined): boolean =>
    time === undefined
      ? since === undefined && until === undefined
      : time >= (since ?? -Infinity) && time < (until ?? Infinity);
  const raw = (one: UsageEvent, name: string): string | undefined =>
    name === 'model' ? one.model : one.tags[name];
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

/** Rows by their keys, as text. */
const rowsOf = ({ rows }: SpendAnswer): readonly string[] =>
  rows
    .map(({ key, requests, input, unrated }) =>
      JSON.stringify([key, `${requests} ${input} ${unrated}`]),
    )
    .sort();

/** Answers of a ledger as rules attribute them. */
const attributed = (ledger: Ledger, given: TagRules) => {
  const attribution = openAttribution(given);
  const verdicts = openVerdicts(ledger.countCalls, attribution);
  return attributedSpend(ledger.spend, attribution, verdicts);
};

const costOf = ({ rows }: SpendAnswer): bigint => rows.reduce((sum, { cost }) => sum + cost, 0n);

describe('spend by rules of aicost.yaml', () => {
  it('is what the rules make of each call by itself, whatever is grouped, filtered and asked for', () => {
    fc.assert(
      fc.property(
        calls,
        rules,
        by,
        fc.array(filter, { maxLength: 2 }),
        fc.option(fc.tuple(instant, instant), { nil: undefined }),
        (all, given, dimensions, where, edges) => {
          const ledger = ledgerOf(all);
          const ask = attributed(ledger, given);
          const find = oracle(all, given);
          const span =
            edges === undefined ? {} : { start: Math.min(...edges), end: Math.max(...edges) + 1 };
          const fits = (one: UsageEvent): boolean =>
            where.every(({ dimension, negated, pattern }) => {
              const value = find(one, dimension.name);
              const matches =
                pattern === ''
                  ? value === undefined
                  : value !== undefined && valuePattern(pattern).matches(value);
              return matches !== negated;
            });
          const within = ({ time }: UsageEvent): boolean =>
            edges === undefined ||
            (time !== undefined && time >= (span.start ?? 0) && time < (span.end ?? 0));
          const groups = new Map<string, { requests: number; input: number; unrated: number }>();
          for (const one of all.filter((each) => within(each) && fits(each))) {
            const key = JSON.stringify(dimensions.map(({ name }) => find(one, name) ?? null));
            const group = groups.get(key) ?? { requests: 0, input: 0, unrated: 0 };
            group.requests += 1;
            group.input += one.usage.input;
            // What has no time has no price, and neither has a model that no card knows.
            const priced = one.time !== undefined && one.model === 'gpt-4o-mini';
            if (!priced) group.unrated += 1;
            groups.set(key, group);
          }
          const answer = ask({ ...whole, by: dimensions, where, span });
          expect(rowsOf(answer)).toEqual(
            [...groups]
              .map(([key, { requests, input, unrated }]) =>
                JSON.stringify([JSON.parse(key), `${requests} ${input} ${unrated}`]),
              )
              .sort(),
          );
          const unrated = [...groups.values()].reduce((sum, group) => sum + group.unrated, 0);
          expect(
            answer.unratedReasons.reduce((sum, { requests }) => sum + Number(requests), 0),
          ).toBe(unrated);
          const undated = all.filter((one) => one.time === undefined && fits(one));
          expect(Number(answer.undatedLeftOut)).toBe(edges === undefined ? 0 : undated.length);
          ledger.close();
        },
      ),
      RUNS,
    );
  });

  it('has one total under every grouping, and a span cut anywhere has the sum of its parts', () => {
    fc.assert(
      fc.property(calls, rules, by, instant, (all, given, dimensions, cut) => {
        const ledger = ledgerOf(all);
        const ask = attributed(ledger, given);
        const total = costOf(ledger.spend(whole));
        expect(costOf(ask({ ...whole, by: dimensions }))).toBe(total);
        expect(costOf(ask({ ...whole, by: [tag('team'), tag('attribution_source')] }))).toBe(total);
        const parts = [{ end: cut }, { start: cut }].map((span) =>
          ask({ ...whole, by: dimensions, span }),
        );
        expect(parts.reduce((sum, part) => sum + costOf(part), 0n)).toBe(total);
        ledger.close();
      }),
      RUNS,
    );
  });

  it('does not depend on the order of rules that give different tags, and without rules is what it was', () => {
    fc.assert(
      fc.property(calls, rules, by, (all, given, dimensions) => {
        const ledger = ledgerOf(all);
        const query = { ...whole, by: dimensions };
        const answerOf = (some: TagRules) => attributed(ledger, some)(query);
        const apart = {
          ...given,
          virtual: [...given.virtual].sort((one, other) =>
            one.tag < other.tag ? -1 : one.tag > other.tag ? 1 : 0,
          ),
        };
        expect(rowsOf(answerOf(apart))).toEqual(rowsOf(answerOf(given)));
        const none = { ...given, virtual: [], keys: [], hierarchies: [], infer: [] };
        expect(answerOf(none)).toEqual(ledger.spend(query));
        ledger.close();
      }),
      { ...RUNS, numRuns: 8 },
    );
  });
});
