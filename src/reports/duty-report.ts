import type { DutyCycles, FleetCost, PodDuty } from '../domain/duty-cycles.ts';
import { asMoney, type Fraction, fractionOf, minus } from '../domain/fraction.ts';
import { type Decimal, decimalText, type Money, moneyText } from '../domain/money.ts';
import { counted, grouped } from '../domain/words.ts';
import type { Answer, Cell, Json, Note, Table } from './answer.ts';
import { dollarsText, percentText, programText, roundedText } from './rounded-text.ts';

/** Samples of a fleet, and what was asked of them. */
export interface DutyCase {
  readonly cycles: DutyCycles;
  readonly target: Decimal;
  /** As the file is shown. */
  readonly file: string;
  /** Rows without a pod or a duty. */
  readonly emptyRows: number;
  /** What one pod's accelerator costs an hour, and what follows; absent where nobody said. */
  readonly price?: { readonly hour: Money; readonly cost: FleetCost };
  /** Pods to list. */
  readonly top: number;
}

/** How busy accelerators are, and how many pods the work needs. */
export function dutyReport(of: DutyCase): Answer {
  const { cycles, target, price } = of;
  const { pods, samples, byHour } = cycles;
  return {
    schema: 'aicost.whatif-gpu/1',
    headline: `GPUs of ${of.file}: ${counted(pods.length, 'pod')}, ${counted(samples, 'sample')}; ${grouped(cycles.needed)} needed at ${percentText(fractionOf(target), 0)} busy`,
    facts: {
      lever: 'gpu',
      currency: 'USD',
      pods: pods.length,
      samples: Number(samples),
      rows_without_a_sample: of.emptyRows,
      mean_duty: programText(cycles.mean),
      zero_share: programText(cycles.zero),
      peak_duty: programText(cycles.peak),
      target_utilisation: decimalText(target.digits, target.scale),
      pods_needed: Number(cycles.needed),
      pods_needed_on_average: Number(cycles.neededOnAverage),
      busiest_hour: byHour === undefined ? null : { load_pods: programText(byHour.peakLoad) },
      ...costFacts(price),
    },
    tables: [aboutTable(of), podsTable(of)],
    notes: notesOf(of),
  };
}

function costFacts(price: DutyCase['price']): { readonly [key: string]: Json } {
  const text = (cost: Fraction | undefined): string | null =>
    cost === undefined ? null : moneyText(asMoney(cost));
  const cost = price?.cost;
  return {
    gpu_hour_usd: price === undefined ? null : moneyText(price.hour),
    before_per_month_usd: text(cost?.now),
    idle_per_month_usd: text(cost?.idle),
    after_per_month_usd: text(cost?.needed),
    saving_per_month_usd: text(cost === undefined ? undefined : minus(cost.now, cost.needed)),
  };
}

function aboutTable({ cycles, target, price }: DutyCase): Table {
  const { byHour, neededOnAverage, needed, pods } = cycles;
  const share = percentText(fractionOf(target), 0);
  const facts: [string, string][] = [
    ['mean duty', percentText(cycles.mean)],
    ['samples at zero', percentText(cycles.zero)],
    ['peak of a pod', percentText(cycles.peak)],
    ['pods for the mean load', `${grouped(neededOnAverage)} at ${share} busy`],
  ];
  if (byHour !== undefined)
    facts.push([
      'pods for the busiest hour',
      `${grouped(needed)} at ${share} busy: ${roundedText(byHour.peakLoad, 1)} pods of work at once, of ${counted(byHour.hours, 'hour')}`,
    ]);
  if (price !== undefined) {
    const { now, idle, needed: then } = price.cost;
    facts.push(
      ['cost a month', `${dollarsText(now)} for ${counted(pods.length, 'pod')}`],
      ['idle', `${dollarsText(idle)} of it`],
      [
        'with the pods needed',
        `${dollarsText(then)} a month, ${dollarsText(minus(now, then))} less`,
      ],
    );
  }
  return {
    name: 'about',
    columns: [
      { key: 'fact', title: 'Fact', yields: 0 },
      { key: 'value', title: 'Value', yields: 0, wraps: true },
    ],
    rows: facts.map(([fact, value]): readonly Cell[] => [
      { kind: 'text', value: fact },
      { kind: 'text', value },
    ]),
  };
}

const podsTable = ({ cycles, top }: DutyCase): Table => ({
  name: 'rows',
  title:
    cycles.pods.length > top
      ? `The idlest ${grouped(top)} of ${counted(cycles.pods.length, 'pod')}`
      : 'Pods, the idlest first',
  columns: [
    { key: 'pod', title: 'Pod', yields: 0 },
    { key: 'samples', title: 'Samples', yields: 2 },
    { key: 'mean_duty', title: 'Mean duty', yields: 0 },
    { key: 'zero_share', title: 'At zero', yields: 1 },
    { key: 'peak_duty', title: 'Peak', yields: 1 },
  ],
  rows: cycles.pods
    .slice(0, top)
    .map((pod: PodDuty): readonly Cell[] => [
      { kind: 'text', value: pod.pod },
      { kind: 'count', value: pod.samples },
      share(pod.mean),
      share(pod.zero),
      share(pod.peak),
    ]),
});

const share = ({ part, over }: Fraction): Cell => ({ kind: 'share', part, whole: over });

function notesOf({ cycles, price, emptyRows }: DutyCase): readonly Note[] {
  const found: Note[] = [];
  if (cycles.byHour === undefined)
    found.push({
      code: 'no-times',
      message:
        'samples carry no time: pods that are busy at once cannot be seen, so that more may be needed than for the mean load',
    });
  if (cycles.peak.part * 100n <= cycles.peak.over && cycles.peak.part > 0n)
    found.push({
      code: 'unit',
      message: 'no sample is above 1 %: if they are shares of 1, read them with --unit share',
    });
  if (emptyRows > 0)
    found.push({
      code: 'rows-without-a-sample',
      message: `${counted(emptyRows, 'row')} without a pod or a duty, left out`,
    });
  if (price !== undefined)
    found.push({
      code: 'assumed',
      message: 'assumed: every pod has one GPU and runs all 730.5 hours of a month',
    });
  return found;
}
