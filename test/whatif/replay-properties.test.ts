import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { charge } from '../../src/domain/charge.ts';
import { totalsOf, type UsageTotals } from '../../src/domain/meters.ts';
import { factAt } from '../../src/domain/model-facts.ts';
import { createNameResolver } from '../../src/domain/name-resolution.ts';
import { indexModels } from '../../src/domain/model-lookup.ts';
import type { RateRequest } from '../../src/domain/rating.ts';
import { rateFor } from '../../src/domain/rating.ts';
import { NO_USAGE, totalInput, type UsageEvent } from '../../src/domain/usage.ts';
import downshift from '../../src/whatif/levers/downshift.ts';
import reprice from '../../src/whatif/levers/reprice.ts';
import { runPlan } from '../../src/whatif/run.ts';
import type { RunResult } from '../../src/whatif/run-result.ts';
import { append, event, inMemory } from '../support/ledgers.ts';
import { asked, type Cards, cardsOf, worldOf } from '../support/lever-world.ts';

const HEAD = (provider: string): string => `rate_card: 1
provider: ${provider}
currency: USD
units: per million tokens
as_of: 2026-11-21
sources: {page: {note: a page, read: 2026-11-21}}
service_tiers: {batch: {multiply: 0.5, covers: tokens}}
`;

/** Every way in which a price may depend on one request: dates, sizes on both kinds of bounds, hours, caches, limits. */
const CARDS = cardsOf(
  `${HEAD('acorn')}cache_write_default: 5m
fees: {web_search: {per: 1000 calls, prices: [{from: 2026-01-01, price: 10.00, source: page}]}}
models:
  oak:
    aliases: [oak-2026-01-01]
    prices:
      - {from: 2026-01-01, source: page, input: 3.00, cache_read: 0.30, cache_write: {5m: 3.75, 1h: 6.00}, output: 15.00, tiers: [{above: 900, input: 6.00, cache_read: 0.60, cache_write: {5m: 7.50, 1h: 12.00}, output: 22.50}]}
`,
  `${HEAD('elm')}
models:
  elm-small:
    context_window: [{from: 2026-01-01, tokens: 2500}, {from: 2026-11-03, tokens: 3500}]
    max_output: 900
    cache: {minimum: 300}
    prices:
      - {from: 2026-01-01, source: page, input: 1.00, cache_read: 0.10, output: 4.00, tiers: [{above: 1000, input: 2.00, cache_read: 0.20, output: 6.00}]}
      - {from: 2026-11-02T12:00:00Z, source: page, input: 0.90, cache_read: 0.09, output: 3.70, tiers: [{at_least: 1500, input: 2.10, cache_read: 0.21, output: 6.10}], hours: [{utc: ["22:00-04:00"], days: [mon, tue], input: 0.50, cache_read: 0.05, output: 2.00}]}
`,
);

const RESOLVE = createNameResolver(CARDS.cards, new Map());

const DAYS = 5;
const START = Date.parse('2026-11-01T00:00:00Z');
const count = fc.oneof(
  fc.integer({ min: 0, max: 2600 }),
  fc.constantFrom(0, 299, 300, 301, 900, 901),
);

const request = fc
  .record({
    time: fc.integer({ min: START, max: START + DAYS * 86_400_000 - 1 }),
    model: fc.constantFrom('oak', 'oak-2026-01-01', 'birch'),
    input: count,
    cacheRead: fc.oneof(fc.constant(0), count),
    write5m: fc.oneof(fc.constant(0), count),
    write1h: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 400 })),
    output: fc.integer({ min: 0, max: 1000 }),
    searches: fc.constantFrom(0, 0, 0, 2),
    tier: fc.constantFrom(undefined, undefined, 'batch'),
    status: fc.constantFrom('success', 'success', 'success', 'failure'),
    team: fc.constantFrom('search', 'support', undefined),
  })
  .map(
    ({ time, model, input, cacheRead, write5m, write1h, output, searches, tier, status, team }) =>
      (id: string): UsageEvent =>
        event({
          id,
          time,
          provider: 'acorn',
          model,
          status,
          ...(tier === undefined ? {} : { serviceTier: tier }),
          usage: {
            ...NO_USAGE,
            input,
            cacheRead,
            cacheWrite: {
              ...(write5m > 0 ? { '5m': write5m } : {}),
              ...(write1h > 0 ? { '1h': write1h } : {}),
            },
            output,
            fees: searches > 0 ? { web_search: searches } : {},
          },
          tags: team === undefined ? {} : { team },
        }),
  );

const requests = fc
  .array(request, { minLength: 1, maxLength: 30 })
  .map((made) => made.map((make, index) => make(`r${index}`)));

/** A ratio as `--token-ratio` takes it, in hundredths. */
const ratio = fc.integer({ min: 60, max: 160 });

/** Attodollars of one request under a card, by rateFor and charge alone; `undefined` where something has no price. */
function priced(
  { cards }: Cards,
  where: { readonly provider: string; readonly model: string },
  { time, serviceTier }: UsageEvent,
  prompt: RateRequest['prompt'],
  usageAt: (has: (meter: string) => boolean) => UsageTotals,
): bigint | undefined {
  const card = cards.get(where.provider);
  const model = card && indexModels(card).find(where.model, time);
  if (card === undefined || model === undefined || time === undefined) return undefined;
  const request = { time, serviceTier, prompt, aggregated: false };
  const rating = rateFor(card, model, { ...request, region: undefined, inferenceGeo: undefined });
  if (rating.kind === 'unrated') return undefined;
  const { prices } = rating.rate;
  return charge(
    usageAt((meter) => prices.has(meter)),
    prices,
    1n,
  ).cost;
}

const promptOf = ({ usage }: UsageEvent): RateRequest['prompt'] => ({
  input: usage.input,
  cache_read: usage.cacheRead,
  cache_write: totalInput(usage) - usage.input - usage.cacheRead,
});

const costNow = (each: UsageEvent): bigint | undefined =>
  priced(CARDS, each, each, promptOf(each), () => totalsOf(each.usage));

/** Hundredths of attodollars at elm-small, request by request: kept caches or none. `undefined` when it does not fit. */
function costThere(each: UsageEvent, hundredths: number, kept: boolean): bigint | undefined {
  const { usage, time = 0 } = each;
  const there = (tokens: number): number => Math.ceil((tokens * hundredths) / 100);
  const window =
    factAt([{ value: 2500 }, { from: Date.parse('2026-11-03'), value: 3500 }], time) ?? 0;
  if (there(totalInput(usage) + usage.output) > window || there(usage.output) > 900)
    return undefined;
  if (Object.keys(usage.fees).length > 0) return undefined;
  const cached = kept && there(totalInput(usage) - usage.input) >= 300;
  const written = totalInput(usage) - usage.input - usage.cacheRead;
  const moved = cached
    ? { ...usage, input: usage.input + written, cacheWrite: {} }
    : { ...usage, input: totalInput(usage), cacheRead: 0, cacheWrite: {} };
  const prompt = { input: there(totalInput(usage)), cache_read: 0, cache_write: 0 };
  const totals = totalsOf(moved);
  return priced(CARDS, { provider: 'elm', model: 'elm-small' }, each, prompt, () => ({
    ...totals,
    input: totals.input * BigInt(hundredths),
    cacheRead: totals.cacheRead * BigInt(hundredths),
    output: totals.output * BigInt(hundredths),
  }));
}

const largest = (...all: readonly bigint[]): bigint => all.reduce((a, b) => (a > b ? a : b));
const smallest = (...all: readonly bigint[]): bigint => all.reduce((a, b) => (a < b ? a : b));

/** The same what-if one request after another, in hundredths of attodollars. */
function naively(events: readonly UsageEvent[], hundredths: number) {
  const sum = { changed: 0n, before: 0n, low: 0n, mid: 0n, high: 0n };
  for (const each of events) {
    const now = costNow(each);
    if (now === undefined) continue;
    sum.before += now * 100n;
    const [kept, none] = [costThere(each, hundredths, true), costThere(each, hundredths, false)];
    const stays = each.status !== 'success' || kept === undefined || none === undefined;
    if (!stays) sum.changed += 1n;
    sum.low += stays ? now * 100n : largest(kept, none);
    sum.mid += stays ? now * 100n : kept;
    sum.high += stays ? now * 100n : smallest(kept, none);
  }
  return sum;
}

async function replayed(
  events: readonly UsageEvent[],
  flags: Readonly<Record<string, string>>,
  share = { part: 1n, over: 1n },
): Promise<{ readonly result: RunResult; readonly reported: bigint }> {
  const ledger = inMemory(CARDS.book);
  append(ledger, ...events);
  const world = await worldOf(ledger, CARDS);
  const plan = await downshift.plan(asked(flags), world);
  const by = [{ kind: 'tag', name: 'team' } as const];
  const result = runPlan(plan, { by, share }, world);
  const spent = ledger.spend({ span: {}, by: [], where: [], timeZone: 'UTC' });
  ledger.close();
  return { result, reported: spent.rows.reduce((sum, { cost }) => sum + cost, 0n) };
}

const SEEDED = { seed: 20261122, numRuns: 30 };

describe('a replay in sums', () => {
  it('costs what the same requests cost one after another, to the last digit', async () => {
    await fc.assert(
      fc.asyncProperty(requests, ratio, async (events, hundredths) => {
        const { result } = await replayed(events, {
          to: 'elm-small',
          'token-ratio': (hundredths / 100).toFixed(2),
        });
        const wanted = naively(events, hundredths);
        const { total, changed } = result;
        expect(changed.requests).toBe(wanted.changed);
        expect(total.before * 100n).toBe(wanted.before);
        for (const name of ['low', 'mid', 'high'] as const) {
          // Rounded once, half to even: no further than half an attodollar from the exact sum.
          const off = total.after[name] * 100n - wanted[name];
          expect([name, off >= -50n && off <= 50n, off]).toEqual([name, true, off]);
        }
      }),
      SEEDED,
    );
  });

  it('adds up: changed, unchanged and excluded to all, and so do groups, at any share', async () => {
    await fc.assert(
      fc.asyncProperty(requests, fc.integer({ min: 0, max: 100 }), async (events, percent) => {
        const share = { part: BigInt(percent), over: 100n };
        const { result, reported } = await replayed(
          events,
          { to: 'elm-small', 'token-ratio': '1.07' },
          share,
        );
        const { changed, unchanged, excluded, total, groups } = result;
        const parts = [changed, unchanged, ...excluded];
        const sum = (of: (part: (typeof parts)[number]) => bigint): bigint =>
          parts.reduce((all, part) => all + of(part), 0n);
        expect(sum(({ requests: each }) => each)).toBe(BigInt(events.length));
        expect(sum(({ before }) => before)).toBe(reported);
        expect(total.before).toBe(reported);
        for (const name of ['low', 'mid', 'high'] as const) {
          expect(sum(({ after }) => after[name])).toBe(total.after[name]);
          expect(groups.reduce((all, { after }) => all + after[name], 0n)).toBe(total.after[name]);
        }
        expect(groups.reduce((all, group) => all + group.changed, 0n)).toBe(changed.requests);
      }),
      SEEDED,
    );
  });

  it('reprices nothing under the cards in force', async () => {
    await fc.assert(
      fc.asyncProperty(requests, async (events) => {
        const ledger = inMemory(CARDS.book);
        append(ledger, ...events);
        const same = { pricesAt: () => Promise.resolve({ ...CARDS, resolve: RESOLVE }) };
        const world = await worldOf(ledger, CARDS, same);
        const plan = await reprice.plan(asked({ under: 'the same' }), world);
        const { total, changed } = runPlan(plan, { by: [], share: { part: 1n, over: 1n } }, world);
        const spent = ledger.spend({ span: {}, by: [], where: [], timeZone: 'UTC' });
        ledger.close();
        expect(total.after.mid).toBe(total.before);
        expect(total.before).toBe(spent.rows.reduce((sum, { cost }) => sum + cost, 0n));
        expect(changed.requests).toBe(spent.rows.reduce((sum, { rated }) => sum + rated, 0n));
      }),
      { ...SEEDED, numRuns: 15 },
    );
  });

  it.each([
    ['the model that they ran on', { to: 'acorn/oak' }, undefined],
    ['no share of them', { to: 'elm-small', 'token-ratio': '1.3' }, { part: 0n, over: 1n }],
  ])('changes nothing of the report on %s', async (_, flags, share) => {
    await fc.assert(
      fc.asyncProperty(requests, async (events) => {
        const { result, reported } = await replayed(events, { ...flags }, share);
        expect(result.total).toMatchObject({
          before: reported,
          after: { low: reported, mid: reported, high: reported },
        });
        expect(result.changed.requests).toBe(0n);
      }),
      { ...SEEDED, numRuns: 8 },
    );
  });
});
