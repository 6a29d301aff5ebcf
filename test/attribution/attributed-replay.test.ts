import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributedReplay } from '../../src/attribution/attributed-replay.ts';
import { attributedSpend } from '../../src/attribution/attributed-spend.ts';
import { openAttribution } from '../../src/attribution/attribution.ts';
import { openVerdicts } from '../../src/attribution/verdicts.ts';
import {
  by,
  calls,
  filter,
  instant,
  ledgerOf,
  rules,
  RUNS,
  whole,
} from '../support/ruled-calls.ts';

describe('requests by rules of aicost.yaml', () => {
  it('are those that spend counts, summed in classes or one after another', async () => {
    await fc.assert(
      fc.asyncProperty(
        calls,
        rules,
        by,
        fc.array(filter, { maxLength: 2 }),
        fc.option(fc.tuple(instant, instant), { nil: undefined }),
        async (all, given, dimensions, where, edges) => {
          const ledger = ledgerOf(all);
          const attribution = openAttribution(given);
          const verdicts = openVerdicts(ledger.countCalls, attribution);
          const span =
            edges === undefined ? {} : { start: Math.min(...edges), end: Math.max(...edges) + 1 };
          const requests = attributedReplay(
            { replaying: await ledger.replaying(), spend: ledger.spend, fits: () => true },
            attribution,
            verdicts,
          );
          const asked = { span, where, by: dimensions };
          const counted = (
            groups: Iterable<readonly [readonly (string | null)[], number, number]>,
          ): readonly string[] => {
            const sums = new Map<string, readonly [number, number]>();
            for (const [key, count, input] of groups) {
              const [before, tokens] = sums.get(JSON.stringify(key)) ?? [0, 0];
              sums.set(JSON.stringify(key), [before + count, tokens + input]);
            }
            return [...sums].map(([key, sum]) => `${key} ${sum.join(' ')}`).sort();
          };
          const spent = attributedSpend(
            ledger.spend,
            attribution,
            verdicts,
          )({ ...whole, ...asked });
          const wanted = counted(
            spent.rows.map(({ key, requests: count, input }) => [
              key,
              Number(count),
              Number(input),
            ]),
          );
          const classes = [...requests.replay({ ...asked, cuts: [] })];
          expect(
            counted(
              classes.map(({ key, requests: count, usage }) => [
                key,
                Number(count),
                Number(usage.input),
              ]),
            ),
          ).toEqual(wanted);
          const inOrder = [...requests.calls({ ...asked, facts: [] })];
          expect(
            counted(inOrder.map(({ kind, requests: count, input }) => [kind.key, count, input])),
          ).toEqual(wanted);
          ledger.close();
        },
      ),
      RUNS,
    );
  });
});
