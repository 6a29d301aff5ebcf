import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openAttribution } from '../../src/attribution/attribution.ts';
import { attributedReplay } from '../../src/attribution/attributed-replay.ts';
import { attributedSpend } from '../../src/attribution/attributed-spend.ts';
import type { SpendAnswer, SpendQuery } from '../../src/domain/spend.ts';
import type { TagRules } from '../../src/domain/tag-rules.ts';
import type { UsageEvent } from '../../src/domain/usage.ts';
import { valuePattern } from '../../src/domain/value-pattern.ts';
import { openVerdicts } from '../../src/attribution/verdicts.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { append, inMemory } from '../support/ledgers.ts';
import { priced } from '../support/tag-desk.ts';
import { by, calls, filter, instant, oracle, rules, tag } from '../support/tag-rules-cases.ts';

const RUNS = { seed: 20_261_122, numRuns: 8 };
const shipped = priced('1.00');
/** Rows by their keys, as text. */
const rowsOf = ({ rows }: SpendAnswer): readonly string[] =>
  rows
    .map(({ key, requests, input, unrated }) =>
      JSON.stringify([key, `${requests} ${input} ${unrated}`]),
    )
    .sort();

const whole: SpendQuery = { span: {}, by: [], timeZone: 'UTC', where: [] };

const ledgerOf = (all: readonly UsageEvent[]) => {
  const ledger = inMemory(shipped);
  append(ledger, ...all.map((one, index) => ({ ...one, id: one.id ?? `c${index}` })));
  return ledger;
};

/** Answers of a ledger as rules attribute them. */
const attributed = (ledger: Ledger, given: TagRules) => {
  const attribution = openAttribution(given);
  const verdicts = openVerdicts(ledger.countCalls, attribution);
  return attributedSpend(ledger.spend, attribution, verdicts);
};

const costOf = ({ rows }: SpendAnswer): bigint => rows.reduce((sum, { cost }) => sum + cost, 0n);

/** Rules of one name keep their order. */
const byName = <Rule>(all: readonly Rule[], nameOf: (rule: Rule) => string): readonly Rule[] =>
  all.toSorted((one, other) => nameOf(one).localeCompare(nameOf(other)));

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
            // What has no time has no price.
            if (one.time === undefined || one.usage.cacheRead > 0) group.unrated += 1;
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
          virtual: byName(given.virtual, ({ tag: name }) => name),
          keys: byName(given.keys, ({ set }) => [...set.keys()].join()),
        };
        expect(rowsOf(answerOf(apart))).toEqual(rowsOf(answerOf(given)));
        const none = { ...given, virtual: [], keys: [], hierarchies: [], infer: [] };
        expect(answerOf(none)).toEqual(ledger.spend(query));
        ledger.close();
      }),
      { ...RUNS, numRuns: 8 },
    );
  });

  it('are the same requests, one by one, when they are replayed', async () => {
    await fc.assert(
      fc.asyncProperty(
        calls,
        rules,
        by,
        fc.array(filter, { maxLength: 2 }),
        async (all, given, dimensions, where) => {
          const ledger = ledgerOf(all);
          const fixed = { ...given, infer: [] };
          const spent = attributed(ledger, fixed)({ ...whole, by: dimensions, where });
          const replay = attributedReplay(await ledger.replaying(), openAttribution(fixed));
          const sums = new Map<string, { requests: bigint; input: bigint }>();
          const add = (key: string, requests: bigint, input: bigint): void => {
            const sum = sums.get(key) ?? { requests: 0n, input: 0n };
            sums.set(key, { requests: sum.requests + requests, input: sum.input + input });
          };
          const question = { span: {}, where, by: dimensions };
          for (const one of replay.replay({
            ...question,
            cuts: [{ kind: 'where', filters: where }],
          })) {
            expect(one.sample.holds(where)).toBe(true);
            add(JSON.stringify(one.key), one.requests, one.usage.input);
          }
          for (const { kind, requests, input } of replay.calls({ ...question, facts: [] }))
            add(JSON.stringify(kind.key), BigInt(-requests), BigInt(-input));
          // Classes and single calls add up to the same, and to what was spent on.
          expect(
            [...sums.values()].every(({ requests, input }) => requests === 0n && input === 0n),
          ).toBe(true);
          for (const { key, requests, input } of spent.rows)
            add(JSON.stringify(key), requests, input);
          for (const one of replay.replay({ ...question, cuts: [] }))
            add(JSON.stringify(one.key), -one.requests, -one.usage.input);
          expect(
            [...sums.values()].every(({ requests, input }) => requests === 0n && input === 0n),
          ).toBe(true);
          ledger.close();
        },
      ),
      { ...RUNS, numRuns: 8 },
    );
  });
});
