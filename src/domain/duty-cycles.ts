import { ceilingOf, dividedBy, type Fraction, fractionOf, times } from './fraction.ts';
import { type Decimal, type Money } from './money.ts';

/** One look at how busy a pod's accelerator was. */
export interface DutySample {
  readonly pod: string;
  /** Seconds since whatever the samples count from; absent where they carry no time. */
  readonly second?: number;
  /** Share of the time it was busy, as a whole number of 10^-12: 10^12 is always. */
  readonly duty: bigint;
}

/** Digits after the point of a duty. */
export const DUTY_DECIMALS = 12;
const ALWAYS = 10n ** BigInt(DUTY_DECIMALS);
const HOUR_SECONDS = 3_600;
/** Hours of a month of 30.4375 days. */
const MONTH_HOURS: Fraction = { part: 1461n, over: 2n };

/** Samples summed. */
export interface DutySum {
  readonly samples: bigint;
  /** Mean share of the time that it was busy. */
  readonly mean: Fraction;
  /** Share of the samples in which nothing ran at all. */
  readonly zero: Fraction;
  readonly peak: Fraction;
}

/** One pod's samples. */
export interface PodDuty extends DutySum {
  readonly pod: string;
}

/** How busy a fleet of pods with one accelerator each was, and how many of them the work needs. */
export interface DutyCycles extends DutySum {
  /** The idlest first. */
  readonly pods: readonly PodDuty[];
  /** Hours that have samples, and the fullest of them; `undefined` where samples carry no time. */
  readonly byHour: BusyHours | undefined;
  /** Pods that the mean load needs at the target. */
  readonly neededOnAverage: bigint;
  /** Pods to keep: for the busiest hour where samples carry a time, else for the mean load. */
  readonly needed: bigint;
}

/** The load of a fleet by the hour, in pods that are always busy. */
export interface BusyHours {
  readonly hours: number;
  readonly peakLoad: Fraction;
  /** First second of the busiest hour. */
  readonly peakStart: number;
  /** Most pods with samples in one hour. */
  readonly mostPods: number;
}

interface Sum {
  samples: bigint;
  busy: bigint;
  zeros: bigint;
  peak: bigint;
}

const noSamples = (): Sum => ({ samples: 0n, busy: 0n, zeros: 0n, peak: 0n });

/** Takes samples one after another; any number of them in the memory of pods and hours. */
export interface DutyTally {
  readonly add: (sample: DutySample) => void;
  /** `undefined` when there was no sample. `target` is the share of a pod that may be busy. */
  readonly result: (target: Decimal) => DutyCycles | undefined;
}

/** A new tally. */
export function openDutyTally(): DutyTally {
  const pods = new Map<string, Sum>();
  const hours = new Map<number, Map<string, Sum>>();
  return {
    add({ pod, second, duty }) {
      addTo(sumAt(pods, pod), duty);
      if (second === undefined) return;
      const hour = Math.floor(second / HOUR_SECONDS);
      let ofHour = hours.get(hour);
      if (ofHour === undefined) hours.set(hour, (ofHour = new Map<string, Sum>()));
      addTo(sumAt(ofHour, pod), duty);
    },
    result(target) {
      const all = noSamples();
      for (const { samples, busy, zeros, peak } of pods.values()) {
        all.samples += samples;
        all.busy += busy;
        all.zeros += zeros;
        if (peak > all.peak) all.peak = peak;
      }
      if (all.samples === 0n) return undefined;
      const fleet = dutySum(all);
      const byHour = busyHours(hours);
      const forLoad = (load: Fraction): bigint => ceilingOf(dividedBy(load, fractionOf(target)));
      const neededOnAverage = forLoad(times(fleet.mean, BigInt(pods.size)));
      return {
        ...fleet,
        pods: [...pods]
          .map(([pod, sum]): PodDuty => ({ pod, ...dutySum(sum) }))
          .sort((a, b) => byMean(a, b) || (a.pod < b.pod ? -1 : 1)),
        byHour,
        neededOnAverage,
        needed: byHour === undefined ? neededOnAverage : forLoad(byHour.peakLoad),
      };
    },
  };
}

function sumAt(sums: Map<string, Sum>, name: string): Sum {
  const present = sums.get(name);
  if (present !== undefined) return present;
  const sum = noSamples();
  sums.set(name, sum);
  return sum;
}

function addTo(sum: Sum, duty: bigint): void {
  sum.samples += 1n;
  sum.busy += duty;
  if (duty === 0n) sum.zeros += 1n;
  if (duty > sum.peak) sum.peak = duty;
}

const dutySum = ({ samples, busy, zeros, peak }: Sum): DutySum => ({
  samples,
  mean: { part: busy, over: samples * ALWAYS },
  zero: { part: zeros, over: samples },
  peak: { part: peak, over: ALWAYS },
});

const byMean = (a: DutySum, b: DutySum): number => {
  const [one, other] = [a.mean.part * b.mean.over, b.mean.part * a.mean.over];
  return one === other ? 0 : one < other ? -1 : 1;
};

/** Digits that the load of an hour is summed with, so that unlike counts of samples have one divisor. */
const LOAD_SCALE = 10n ** 24n;

function busyHours(hours: ReadonlyMap<number, ReadonlyMap<string, Sum>>): BusyHours | undefined {
  let peak: { readonly hour: number; readonly load: bigint } | undefined;
  let mostPods = 0;
  for (const [hour, pods] of hours) {
    mostPods = Math.max(mostPods, pods.size);
    let load = 0n;
    for (const { busy, samples } of pods.values()) load += (busy * LOAD_SCALE) / (samples * ALWAYS);
    if (peak === undefined || load > peak.load || (load === peak.load && hour < peak.hour))
      peak = { hour, load };
  }
  if (peak === undefined) return undefined;
  return {
    hours: hours.size,
    peakLoad: { part: peak.load, over: LOAD_SCALE },
    peakStart: peak.hour * HOUR_SECONDS,
    mostPods,
  };
}

/** What a fleet costs a month, attodollars; idle is the part in which its accelerators did nothing. */
export interface FleetCost {
  readonly now: Fraction;
  readonly idle: Fraction;
  readonly needed: Fraction;
}

/** The monthly cost of pods whose accelerator costs so much an hour: of all of them, and of those needed. */
export function fleetCost({ mean, pods, needed }: DutyCycles, hourPrice: Money): FleetCost {
  const each = times(MONTH_HOURS, hourPrice);
  const now = times(each, BigInt(pods.length));
  return {
    now,
    idle: times(now, mean.over - mean.part, mean.over),
    needed: times(each, needed),
  };
}
