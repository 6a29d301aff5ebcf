import {
  asMoney,
  type Fraction,
  NOTHING,
  plus,
  times,
  timesDecimal,
} from '../../domain/fraction.ts';
import type { Decimal, Money } from '../../domain/money.ts';
import type { OutputSize, Turns } from '../../domain/prompt-plan.ts';
import type {
  Amount,
  CostInputs,
  MeasuredCase,
  ModelPrices,
  PromptCost,
} from '../costed-prompt.ts';
import { cachedTokens, type CacheHabit, cacheHabit, cacheOutcome } from './cache-outcome.ts';
import { expectedCallCost } from './call-cost.ts';

/** Which end of the band of token counts is meant. */
type End = 'tokens' | 'low' | 'high';
const ENDS: readonly End[] = ['tokens', 'low', 'high'];

/** A sum of averages, or the first reason why there is none. */
type Expected =
  | { readonly kind: 'known'; readonly cost: Fraction }
  | { readonly kind: 'unknown'; readonly why: string };

/**
 * What a prompt costs: a pure function of measured parts, assumptions and prices, so that each can be replaced
 * by another's to see what it changes. Every figure is exact until it is rounded, once, to an attodollar.
 * A month is `calls x turns x the average call`; the average is weighted over cases and taken over turns.
 */
export function promptCost(inputs: CostInputs, prices: ModelPrices): PromptCost {
  const { cases, assumptions } = inputs;
  const { turns, callsPerMonth } = assumptions;
  const habit = cacheHabit(assumptions, prices);
  const question = { prices, habit, turns: turns.value, output: cappedOutput(inputs) };
  // Without a band all three ends are one.
  const banded = cases.some(({ tokens }) => tokens.low !== tokens.high);
  const conversation = (banded ? ENDS : ENDS.slice(0, 1)).map((end) =>
    expectedConversation(cases, question, end),
  );
  const perConversation = (factor: (cost: Fraction) => Fraction): Amount =>
    amountOf(conversation, factor);
  const mean = turns.value.mean;
  const heaviest = heaviestOf(cases);
  const tier = heaviest === undefined ? undefined : tierOf(heaviest, question);
  return {
    perCall: perConversation((cost) => times(cost, 10n ** BigInt(mean.scale), mean.digits)),
    perCallP95: dearestCall(cases, question),
    perMonth:
      callsPerMonth === undefined
        ? { kind: 'unknown', why: 'nobody says how many calls are made in a month' }
        : perConversation((cost) => timesDecimal(cost, callsPerMonth.value)),
    cache:
      heaviest === undefined
        ? { cachedTokens: 0, why: 'there is no case' }
        : cacheOutcome(heaviest, habit, prices),
    ...(tier === undefined ? {} : { contextTier: tier }),
  };
}

interface Question {
  readonly prices: ModelPrices;
  readonly habit: CacheHabit;
  readonly turns: Turns;
  readonly output: OutputSize;
}

/** No answer is reckoned longer than the prompt allows. */
function cappedOutput({ assumptions, maxOutputTokens }: CostInputs): OutputSize {
  const { mean, p95 } = assumptions.output.value;
  if (maxOutputTokens === undefined) return assumptions.output.value;
  const longer = mean.digits > BigInt(maxOutputTokens) * 10n ** BigInt(mean.scale);
  return {
    mean: longer ? { digits: BigInt(maxOutputTokens), scale: 0 } : mean,
    ...(p95 === undefined ? {} : { p95: Math.min(p95, maxOutputTokens) }),
  };
}

/** The average cost of all turns of a conversation, weighted over cases. */
function expectedConversation(
  cases: readonly MeasuredCase[],
  question: Question,
  end: End,
): Expected {
  let [sum, weights] = [NOTHING, NOTHING];
  for (const measured of cases) {
    weights = timesAdded(weights, { part: 1n, over: 1n }, measured.weight);
    const cost = conversationCost(measured, question, end);
    if (cost.kind === 'unknown') return cost;
    sum = timesAdded(sum, cost.cost, measured.weight);
  }
  return weights.part === 0n
    ? { kind: 'unknown', why: 'there is no case' }
    : { kind: 'known', cost: times(sum, weights.over, weights.part) };
}

const timesAdded = (sum: Fraction, one: Fraction, weight: Decimal): Fraction => {
  const added = timesDecimal(one, weight);
  return sum.over === added.over
    ? { part: sum.part + added.part, over: sum.over }
    : plus(sum, added);
};

/**
 * All turns of one conversation. Where the mean is no whole number, conversations have as many turns as the
 * whole below it or one more.
 */
function conversationCost(measured: MeasuredCase, question: Question, end: End): Expected {
  const { mean, growthTokens } = question.turns;
  const one = 10n ** BigInt(mean.scale);
  if (growthTokens === 0) {
    const cost = turnCost(measured, question, end, 0);
    return cost.kind === 'unknown' ? cost : { ...cost, cost: timesDecimal(cost.cost, mean) };
  }
  let sum = NOTHING;
  let left = mean.digits;
  for (let turn = 0; left > 0n; turn += 1, left -= one) {
    const cost = turnCost(measured, question, end, turn * growthTokens);
    if (cost.kind === 'unknown') return cost;
    sum = timesAdded(
      sum,
      cost.cost,
      left >= one ? { digits: 1n, scale: 0 } : { digits: left, scale: mean.scale },
    );
  }
  return { kind: 'known', cost: sum };
}

/** One call whose prompt has grown by `history` tokens. */
function turnCost(
  measured: MeasuredCase,
  { prices, habit, output }: Question,
  end: End,
  history: number,
): Expected {
  const input = measured.tokens[end] + history;
  const cached =
    habit.none === undefined ? Math.min(input, cachedTokens(measured.prefix[end], prices)) : 0;
  return priced(prices, input, {
    cached,
    images: imagesOutside(measured, end, cached > 0),
    hitRatio: habit.hitRatio.value,
    ttl: habit.ttl,
    output: output.mean,
  });
}

/** Tokens of images that no cache keeps. */
const imagesOutside = ({ parts }: MeasuredCase, end: End, cached: boolean): number =>
  parts
    .filter(({ part }) => part === 'images')
    .reduce((sum, { tokens, prefix }) => sum + tokens[end] - (cached ? prefix[end] : 0), 0);

function priced(
  prices: ModelPrices,
  input: number,
  call: Omit<Parameters<typeof expectedCallCost>[0], 'input'>,
): Expected {
  const rating = prices.forPrompt(input);
  if (rating.kind === 'unrated') return { kind: 'unknown', why: rating.why.message };
  const found = expectedCallCost({ ...call, input }, rating.rate.prices);
  return found.kind === 'known'
    ? found
    : {
        kind: 'unknown',
        why: `${rating.rate.provider}/${rating.rate.model} has no price for ${found.missing.join(', ')}`,
      };
}

/** One call of the case that comes dearest with its longest variables and answer, in its last turn, at a cold cache. */
function dearestCall(
  cases: readonly MeasuredCase[],
  { prices, habit, turns, output }: Question,
): Amount {
  const one = 10n ** BigInt(turns.mean.scale);
  const lastTurn = Number((turns.mean.digits + one - 1n) / one) - 1;
  const longest: Decimal =
    output.p95 === undefined ? output.mean : { digits: BigInt(output.p95), scale: 0 };
  const ends = ENDS.map((end): Expected => {
    let dearest: Fraction | undefined;
    for (const measured of cases) {
      const cached = habit.none === undefined ? cachedTokens(measured.prefix[end], prices) : 0;
      const cost = priced(
        prices,
        measured.tokens[end] + measured.moreAtP95 + lastTurn * turns.growthTokens,
        {
          cached,
          images: imagesOutside(measured, end, cached > 0),
          hitRatio: { digits: 0n, scale: 0 },
          ttl: habit.ttl,
          output: longest,
        },
      );
      if (cost.kind === 'unknown') return cost;
      if (dearest === undefined || isMore(cost.cost, dearest)) dearest = cost.cost;
    }
    return dearest === undefined
      ? { kind: 'unknown', why: 'there is no case' }
      : { kind: 'known', cost: dearest };
  });
  return amountOf(ends, (cost) => cost);
}

const isMore = (one: Fraction, other: Fraction): boolean =>
  one.part * other.over > other.part * one.over;

/** Money from the ends of a band, each rounded once. A cliff within the band may make its middle the dearest. */
function amountOf(ends: readonly Expected[], figure: (cost: Fraction) => Fraction): Amount {
  const amounts: Money[] = [];
  for (const end of ends) {
    if (end.kind === 'unknown') return end;
    amounts.push(asMoney(figure(end.cost)));
  }
  const [value] = amounts;
  if (value === undefined) return { kind: 'unknown', why: 'there is no case' };
  const least = (one: Money, other: Money): Money => (other < one ? other : one);
  const most = (one: Money, other: Money): Money => (other > one ? other : one);
  return {
    kind: 'known',
    value,
    low: amounts.reduce(least, value),
    high: amounts.reduce(most, value),
  };
}

/** The case with the longest prompt. */
const heaviestOf = (cases: readonly MeasuredCase[]): MeasuredCase | undefined =>
  cases.reduce<MeasuredCase | undefined>(
    (heaviest, each) =>
      heaviest === undefined || each.tokens.tokens > heaviest.tokens.tokens ? each : heaviest,
    undefined,
  );

/** The context tier that the heaviest case reaches in its last turn, in the words of the rate. */
function tierOf({ tokens }: MeasuredCase, { prices, turns }: Question): string | undefined {
  const one = 10n ** BigInt(turns.mean.scale);
  const lastTurn = Number((turns.mean.digits + one - 1n) / one) - 1;
  const rating = prices.forPrompt(tokens.tokens + lastTurn * turns.growthTokens);
  return rating.kind === 'rated'
    ? rating.rate.steps.find((step) => step.startsWith('prompt '))
    : undefined;
}
