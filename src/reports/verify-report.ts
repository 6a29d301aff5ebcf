import { type Fraction, times } from '../domain/fraction.ts';
import {
  type KindEffect,
  type LeverEffect,
  NO_SCORES,
  type PricedCalls,
  SCORE_DECIMALS,
  type Scores,
  type Verdict,
} from '../domain/lever-effect.ts';
import { divideHalfEven, money, type Money, moneyText } from '../domain/money.ts';
import { spanText } from '../domain/period.ts';
import { perMonthOf } from '../domain/self-hosting.ts';
import type { Dimension, Span } from '../domain/spend.ts';
import { counted, grouped } from '../domain/words.ts';
import type { Answer, Cell, Json, Note, Table } from './answer.ts';
import { dollarsText, programText, roundedText } from './rounded-text.ts';

/** Scores of an evaluation in both spans, and what could not be used of them. */
export interface ScoreSides {
  readonly before: Scores;
  readonly after: Scores;
  /** Scores of calls or times outside both spans, or of no call that was chosen. */
  readonly elsewhere: number;
}

/** Two spans set side by side. */
export interface VerifyCase {
  readonly effect: LeverEffect;
  readonly verdict: Verdict;
  readonly mix: readonly Dimension[];
  readonly spans: { readonly before: Required<Span>; readonly after: Required<Span> };
  readonly timeZone: string;
  readonly leastCalls: bigint;
  /** `undefined` where quality was not measured. */
  readonly scores: ScoreSides | undefined;
}

/** Whether a lever did what it should: unit costs at equal mix, and what volume and mix changed beside. */
export function verifyReport(of: VerifyCase): Answer {
  const { effect, spans, timeZone, verdict } = of;
  return {
    schema: 'aicost.whatif-verify/1',
    headline: `${verdictText(of)}: ${spanText(spans.after, timeZone)} against ${spanText(spans.before, timeZone)} (${timeZone})`,
    facts: factsOf(of),
    tables: [effectsTable(effect), kindsTable(of)],
    notes: [...verdictNotes(of, verdict), ...notesOf(of)],
  };
}

/** A saving of the span after, and of a month at its pace. */
const savingOf = ({ effect, spans }: VerifyCase): { span: Money; month: Fraction } => {
  const span = money(0n - effect.price);
  return { span, month: perMonthOf({ part: span, over: 1n }, spans.after) };
};

function verdictText(of: VerifyCase): string {
  const { span, month } = savingOf(of);
  const saved = `${dollarsText({ part: span, over: 1n })} saved, ${dollarsText(month)} a month`;
  switch (of.verdict) {
    case 'saving':
      return of.scores === undefined ? `${saved}, quality not measured` : saved;
    case 'no-saving':
      return 'not a saving';
    case 'lower-score':
      return 'not a saving: scored lower';
    case 'no-scores':
      return 'undecided: a span without scores';
    case 'too-few-calls':
      return 'undecided: too few calls';
  }
}

function verdictNotes(of: VerifyCase, verdict: Verdict): readonly Note[] {
  const { keptBefore, keptAfter } = of.effect;
  const calls = `${counted(keptBefore.requests, 'call')} before and ${grouped(keptAfter.requests)} after of kinds that both spans have`;
  switch (verdict) {
    case 'saving':
      return [];
    case 'no-saving':
      return [
        {
          code: verdict,
          message: 'the calls of both spans cost as much each as before, or more, at equal mix',
        },
      ];
    case 'lower-score':
      return [
        {
          code: verdict,
          message: `cheaper and worse: the score fell from ${meanText(of.scores?.before)} to ${meanText(of.scores?.after)}`,
        },
      ];
    case 'no-scores':
      return [
        {
          code: verdict,
          message: `${counted(of.scores?.before.count ?? 0n, 'score')} before and ${grouped(of.scores?.after.count ?? 0n)} after: quality cannot be compared`,
        },
      ];
    case 'too-few-calls':
      return [
        {
          code: verdict,
          message: `${calls}, fewer than ${grouped(of.leastCalls)}; ask for longer spans, or hold the mix over fewer dimensions with --mix`,
        },
      ];
  }
}

function factsOf(of: VerifyCase): { readonly [key: string]: Json } {
  const { effect, spans, scores, mix, timeZone } = of;
  const { span, month } = savingOf(of);
  const period = ({ start, end }: Required<Span>): Json => ({
    start: new Date(start).toISOString(),
    end: new Date(end).toISOString(),
    timezone: timeZone,
  });
  const calls = ({ requests, cost }: PricedCalls): Json => ({
    requests: Number(requests),
    cost_usd: moneyText(cost),
  });
  return {
    verdict: of.verdict,
    before_period: period(spans.before),
    period: period(spans.after),
    currency: 'USD',
    mix: mix.map(({ name }) => name),
    before: calls(effect.before),
    after: calls(effect.after),
    saving_usd: moneyText(span),
    saving_per_month_usd: moneyText(money(divideHalfEven(month.part, month.over))),
    unrated_requests: {
      before: Number(effect.unpriced.before),
      after: Number(effect.unpriced.after),
    },
    scores:
      scores === undefined
        ? null
        : {
            before: scoreJson(scores.before),
            after: scoreJson(scores.after),
            elsewhere: scores.elsewhere,
          },
  };
}

const meanOf = ({ sum, count }: Scores): Fraction => ({
  part: sum,
  over: count * 10n ** BigInt(SCORE_DECIMALS),
});
const meanText = (scores: Scores = NO_SCORES): string =>
  scores.count === 0n ? 'none' : roundedText(meanOf(scores), 4);
const scoreJson = (scores: Scores): Json => ({
  count: Number(scores.count),
  mean: scores.count === 0n ? null : programText(meanOf(scores)),
});

function effectsTable(effect: LeverEffect): Table {
  const rows: readonly (readonly [string, string, Money])[] = [
    ['before', 'cost before', effect.before.cost],
    ['volume', 'more or fewer calls', effect.volume],
    ['mix', 'another mix of kinds', effect.mix],
    ['price', 'other cost of a call', effect.price],
    ['new', 'kinds that are new', effect.added],
    ['gone', 'kinds that are gone', effect.gone],
  ];
  return {
    name: 'effects',
    columns: [
      { key: 'effect', title: 'Effect', yields: 0, only: 'programs' },
      { key: 'what', title: 'What changed', yields: 0, only: 'people' },
      { key: 'cost_usd', title: 'Cost', yields: 0 },
    ],
    rows: rows.map(([name, what, cost]): readonly Cell[] => [
      { kind: 'text', value: name },
      { kind: 'text', value: what },
      { kind: 'money', value: cost },
    ]),
    totals: [
      { kind: 'text', value: 'after' },
      { kind: 'text', value: 'Cost after' },
      { kind: 'money', value: effect.after.cost },
    ],
  };
}

function kindsTable({ effect, mix }: VerifyCase): Table {
  const kinds = [...effect.kinds].sort(bySize);
  return {
    name: 'rows',
    title: `Kinds of calls, by ${mix.map(({ name }) => name).join(', ')}`,
    columns: [
      ...mix.map(({ name }) => ({ key: name, title: titled(name), yields: 0 })),
      { key: 'state', title: 'State', yields: 3 },
      { key: 'requests_before', title: 'Before', yields: 2 },
      { key: 'requests_after', title: 'After', yields: 2 },
      { key: 'cost_per_request_before_usd', title: '$/call before', yields: 1 },
      { key: 'cost_per_request_after_usd', title: 'After', yields: 1 },
      { key: 'saving_usd', title: 'Saved', yields: 0 },
    ],
    rows: kinds.map((kind): readonly Cell[] => [
      ...kind.key.map((value): Cell =>
        value === null ? { kind: 'absent', label: '(none)' } : { kind: 'text', value },
      ),
      { kind: 'text', value: kind.state },
      { kind: 'count', value: kind.before.requests },
      { kind: 'count', value: kind.after.requests },
      unitCell(kind.before),
      unitCell(kind.after),
      kind.state === 'kept'
        ? { kind: 'money', value: money(0n - kind.price) }
        : { kind: 'unknown' },
    ]),
    empty: 'No call in either span.',
  };
}

const titled = (name: string): string =>
  `${name.slice(0, 1).toUpperCase()}${name.slice(1).replaceAll('_', ' ')}`;

/** What a call costs on average, when there is one with a price. */
const unitCell = ({ requests, cost }: PricedCalls): Cell =>
  requests <= 0n
    ? { kind: 'unknown' }
    : { kind: 'money', value: money(divideHalfEven(cost, requests)) };

function bySize(a: KindEffect, b: KindEffect): number {
  const size = ({ price, before, after }: KindEffect): bigint => {
    const moved = price === 0n ? after.cost - before.cost : price;
    return moved < 0n ? -moved : moved;
  };
  const [one, other] = [size(a), size(b)];
  return one === other
    ? JSON.stringify(a.key) < JSON.stringify(b.key)
      ? -1
      : 1
    : one > other
      ? -1
      : 1;
}

function notesOf(of: VerifyCase): readonly Note[] {
  const { effect, mix, scores, spans } = of;
  const found: Note[] = [];
  const { before, after } = effect.unpriced;
  if (before + after > 0n)
    found.push({
      code: 'unrated',
      message: `${counted(before, 'request')} before and ${grouped(after)} after without a price, in none of this`,
    });
  const apart = effect.before.cost - effect.keptBefore.cost;
  if (apart * 2n > effect.before.cost && mix.some(({ name }) => name === 'model'))
    found.push({
      code: 'mix-moved',
      message:
        'most of the cost before was of kinds that are gone; where the lever changes the model, hold the mix without it: --mix feature,operation',
    });
  if (scores === undefined)
    found.push({
      code: 'quality-not-measured',
      message: 'quality not measured: give --score FILE, or take the saving for the most it can be',
    });
  else
    found.push({
      code: 'scores',
      message: `score ${meanText(scores.before)} before (${grouped(scores.before.count)}), ${meanText(scores.after)} after (${grouped(scores.after.count)})${scores.elsewhere === 0 ? '' : `; ${counted(scores.elsewhere, 'score')} of other calls or times`}`,
    });
  const days = times({ part: BigInt(spans.after.end - spans.after.start), over: 86_400_000n }, 1n);
  found.push({
    code: 'month',
    message: `a month is 30.4375 days at the pace of the ${roundedText(days, 1)} days after`,
  });
  return found;
}
