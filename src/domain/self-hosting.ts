import { ceilingOf, dividedBy, type Fraction, fractionOf, minus, plus, times } from './fraction.ts';
import type { Decimal, Money } from './money.ts';
import { MONTH_MS } from './month-scale.ts';
import type { Span } from './spend.ts';

const HOUR_MS = 3_600_000;
const HOUR_SECONDS = 3_600n;
const MILLION = 1_000_000n;

/** The traffic of one clock hour UTC. Input is all of a prompt, cached or not. */
export interface TrafficHour {
  /** Its first instant, milliseconds UTC. */
  readonly start: number;
  readonly input: bigint;
  readonly output: bigint;
}

/** Own traffic by the hour, with what an API was paid for it. Hours that are not listed had none. */
export interface OwnTraffic {
  /** Whole clock hours from the first to the last that count, busy or not. */
  readonly span: Required<Span>;
  readonly hours: readonly TrafficHour[];
  readonly apiCost: Money;
}

/** What a machine costs and gets through, as somebody measured or declares it. */
export interface Machines {
  /** Attodollars for one accelerator and hour. */
  readonly hourPrice: Fraction;
  /** Tokens that one accelerator gets through in a second; above 0. Alike where nothing tells them apart. */
  readonly inputPerSecond: Decimal;
  readonly outputPerSecond: Decimal;
  /** Share of the throughput that the busiest hour may take, above 0 and up to 1: bursts within it need the rest. */
  readonly targetUtilisation: Decimal;
  /** Fewer cannot run: the model does not fit, or one may fail. At least 1. */
  readonly leastAccelerators: bigint;
  /** Operations, power and people beside the hour price, attodollars a month. */
  readonly perMonth: Money;
}

/** A volume of traffic of the same form, and what it takes. */
export interface Volume {
  /** Times the traffic of today. */
  readonly multiple: Fraction;
  readonly tokensPerDay: Fraction;
  readonly accelerators: bigint;
}

/** What hosting own traffic would take and cost. Rates are exact; per million means tokens, in and out together. */
export interface SelfHosting {
  readonly tokens: bigint;
  readonly tokensPerDay: Fraction;
  readonly meanPerSecond: Fraction;
  /** The hour with most work. */
  readonly peakHour: number;
  readonly peakPerSecond: Fraction;
  /** Work of the peak hour over that of a mean one. */
  readonly peakToMean: Fraction;
  readonly hoursBusy: number;
  readonly hours: number;
  readonly accelerators: bigint;
  /** Work over all that the accelerators could have done in the span. */
  readonly utilisation: Fraction;
  /** Attodollars of the span. */
  readonly apiCost: Fraction;
  readonly hardware: Fraction;
  readonly beside: Fraction;
  readonly total: Fraction;
  readonly apiPerMillion: Fraction;
  /** An hour's price over the tokens of an hour without idling. */
  readonly usagePerMillion: Fraction;
  /** All hours paid for over the tokens that they served. */
  readonly allocationPerMillion: Fraction;
  readonly totalPerMillion: Fraction;
  /** The least that GPUs can come to with this peak and target: full ones only, nothing beside them. */
  readonly floorPerMillion: Fraction;
  /** Where hosting first costs no more than the API; `undefined` when no volume of this form gets there. */
  readonly breakEven: Volume | undefined;
  /** From where on it never costs more again: before, one accelerator more may tip it. */
  readonly staysAhead: Volume | undefined;
}

/** Whole seconds of work of one accelerator as a fraction with one divisor for all hours. */
interface Pace {
  readonly workOf: (tokens: Pick<TrafficHour, 'input' | 'output'>) => Fraction;
}

function paceOf({ inputPerSecond, outputPerSecond }: Machines): Pace {
  const [input, output] = [fractionOf(inputPerSecond), fractionOf(outputPerSecond)];
  const over = input.part * output.part;
  return {
    workOf: (tokens) => ({
      part: tokens.input * input.over * output.part + tokens.output * output.over * input.part,
      over,
    }),
  };
}

const tokensOf = ({ input, output }: Pick<TrafficHour, 'input' | 'output'>): bigint =>
  input + output;

/** What own traffic would take and cost on own machines; `undefined` where there is no token to serve. */
export function selfHosting(traffic: OwnTraffic, machines: Machines): SelfHosting | undefined {
  const { span, hours } = traffic;
  const { workOf } = paceOf(machines);
  const sum = {
    input: hours.reduce((all, { input }) => all + input, 0n),
    output: hours.reduce((all, { output }) => all + output, 0n),
  };
  const tokens = tokensOf(sum);
  const [first] = hours;
  if (tokens === 0n || first === undefined) return undefined;
  const peak = hours.reduce((most, hour) => (workOf(hour).part > workOf(most).part ? hour : most));
  const length = BigInt(span.end - span.start);
  const hoursInSpan = Math.round((span.end - span.start) / HOUR_MS);
  const perDay: Fraction = { part: tokens * 86_400_000n, over: length };
  // Accelerators for the peak hour, before they are whole ones.
  const needed = dividedBy(
    times(workOf(peak), 1n, HOUR_SECONDS),
    fractionOf(machines.targetUtilisation),
  );
  const accelerators = atLeast(ceilingOf(needed), machines.leastAccelerators);
  const spanHours: Fraction = { part: length, over: BigInt(HOUR_MS) };
  const each = product(machines.hourPrice, spanHours);
  const hardware = times(each, accelerators);
  const beside: Fraction = { part: machines.perMonth * length, over: MONTH_MS };
  const total = plus(hardware, beside);
  const work = workOf(sum);
  const perMillion = (cost: Fraction): Fraction => times(cost, MILLION, tokens);
  const volumes = breakEvens({ needed, each, beside, perDay }, traffic.apiCost, machines);
  return {
    tokens,
    tokensPerDay: perDay,
    meanPerSecond: { part: tokens * 1000n, over: length },
    peakHour: peak.start,
    peakPerSecond: { part: tokensOf(peak), over: HOUR_SECONDS },
    peakToMean: dividedBy(workOf(peak), dividedBy(work, spanHours)),
    hoursBusy: hours.filter((hour) => tokensOf(hour) > 0n).length,
    hours: hoursInSpan,
    accelerators,
    utilisation: dividedBy(work, times(spanHours, HOUR_SECONDS * accelerators)),
    apiCost: { part: traffic.apiCost, over: 1n },
    hardware,
    beside,
    total,
    apiPerMillion: perMillion({ part: traffic.apiCost, over: 1n }),
    usagePerMillion: perMillion(product(machines.hourPrice, times(work, 1n, HOUR_SECONDS))),
    allocationPerMillion: perMillion(hardware),
    totalPerMillion: perMillion(total),
    floorPerMillion: perMillion(product(each, needed)),
    ...volumes,
  };
}

interface Today {
  readonly needed: Fraction;
  /** One accelerator for the span. */
  readonly each: Fraction;
  readonly beside: Fraction;
  readonly perDay: Fraction;
}

/**
 * Volumes at which hosting pays. At m times the traffic the API costs m times as much, machines ⌈m · needed⌉
 * times one of them. With n of them that is reached at m = (n · each + beside) / api, as long as n are enough
 * for it; so for the first n with n · (api − each · needed) ≥ beside · needed. What n + 1 cost when the
 * n-th is just full decides from where on it stays so.
 */
function breakEvens(
  { needed, each, beside, perDay }: Today,
  apiCost: Money,
  { leastAccelerators }: Machines,
): Pick<SelfHosting, 'breakEven' | 'staysAhead'> {
  const api: Fraction = { part: apiCost, over: 1n };
  const margin = minus(api, product(each, needed));
  if (margin.part <= 0n) return { breakEven: undefined, staysAhead: undefined };
  const volumeWith = (accelerators: bigint): Volume => {
    const multiple = dividedBy(plus(times(each, accelerators), beside), api);
    return { multiple, tokensPerDay: product(perDay, multiple), accelerators };
  };
  const firstFor = (extra: Fraction): bigint =>
    atLeast(ceilingOf(dividedBy(product(extra, needed), margin)), leastAccelerators);
  return {
    breakEven: volumeWith(firstFor(beside)),
    staysAhead: volumeWith(firstFor(plus(beside, each))),
  };
}

const product = (a: Fraction, b: Fraction): Fraction => times(a, b.part, b.over);

const atLeast = (count: bigint, least: bigint): bigint => (count < least ? least : count);

/** Attodollars of a span as those of a month of 30.4375 days. */
export const perMonthOf = (cost: Fraction, { start, end }: Required<Span>): Fraction =>
  times(cost, MONTH_MS, BigInt(end - start));
