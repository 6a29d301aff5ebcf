import { asMoney, type Fraction, fractionOf, minus, times } from '../domain/fraction.ts';
import { decimalText, type Money, moneyText } from '../domain/money.ts';
import { MONTH_MS } from '../domain/month-scale.ts';
import { spanText } from '../domain/period.ts';
import {
  type Machines,
  perMonthOf,
  type SelfHosting,
  type Volume,
} from '../domain/self-hosting.ts';
import type { Span } from '../domain/spend.ts';
import { counted } from '../domain/words.ts';
import type { Assumption } from '../whatif/lever-contract/lever.ts';
import type { Answer, Cell, Column, Json, Note, Table } from './answer.ts';
import { dollarsText, percentText, programText, roundedText } from './rounded-text.ts';

/** A cost a month beside the price of accelerators. */
export interface CostBeside {
  /** `operations`, `power`, `people`. */
  readonly name: string;
  readonly perMonth: Money;
}

/** What was compared, and of what. */
export interface SelfHostCase {
  readonly hosting: SelfHosting;
  readonly machines: Machines;
  readonly beside: readonly CostBeside[];
  /** The hardware pool whose price was taken; `undefined` where the price was given. */
  readonly pool: string | undefined;
  readonly span: Required<Span>;
  readonly requests: bigint;
  /** Provider and model of each kind of call in it. */
  readonly models: readonly string[];
  /** Requests of models without a price, left out on both sides. */
  readonly unpriced: bigint;
  /** Requests without a price among those of priced models: their tokens count, their cost does not. */
  readonly partlyUnpriced: bigint;
  readonly assumptions: readonly Assumption[];
}

const ONE_DAY = 86_400_000n;

/** Whether own machines would cost less than an API for own traffic, and from which volume on. */
export function selfHostReport(of: SelfHostCase): Answer {
  const { hosting, span, requests, models } = of;
  const { accelerators } = hosting;
  return {
    schema: 'aicost.whatif-self-host/1',
    headline: `Self-hosting, ${spanText(span, 'UTC')} (UTC): ${counted(requests, 'request')} of ${models.length === 1 ? (models[0] ?? '') : counted(models.length, 'model')} on ${counted(accelerators, 'GPU')}`,
    facts: factsOf(of),
    tables: [costTable(of), aboutTable(of)],
    notes: notesOf(of),
  };
}

const COST_COLUMNS: readonly Column[] = [
  { key: 'item', title: 'Cost', yields: 0, wraps: true },
  { key: 'cost_usd', title: 'Period', yields: 1 },
  { key: 'cost_per_day_usd', title: 'A day', yields: 2 },
  { key: 'cost_per_month_usd', title: 'A month', yields: 0 },
  { key: 'cost_per_million_tokens_usd', title: '$/M tokens', yields: 0 },
];

function costTable({ hosting, beside, machines, span, partlyUnpriced }: SelfHostCase): Table {
  const { tokens, apiCost, hardware, total, accelerators } = hosting;
  const length = BigInt(span.end - span.start);
  const row = (item: string, cost: Fraction, partial = false): readonly Cell[] =>
    [
      cost,
      times(cost, ONE_DAY, length),
      perMonthOf(cost, span),
      times(cost, 1_000_000n, tokens),
    ].reduce<readonly Cell[]>(
      (cells, value) => [...cells, { kind: 'money', value: asMoney(value), partial }],
      [{ kind: 'text', value: item }],
    );
  const ofSpan = (perMonth: Money): Fraction =>
    times({ part: perMonth, over: 1n }, length, MONTH_MS);
  return {
    name: 'rows',
    columns: COST_COLUMNS,
    rows: [
      row('API, as priced', apiCost, partlyUnpriced > 0n),
      row(
        `${counted(accelerators, 'GPU')} at ${dollarsText(machines.hourPrice)} an hour`,
        hardware,
      ),
      ...beside.map(({ name, perMonth }) => row(name, ofSpan(perMonth))),
      row('self-hosted', total),
      row('saving', minus(apiCost, total), partlyUnpriced > 0n),
    ],
  };
}

function aboutTable({ hosting, machines }: SelfHostCase): Table {
  const perSecond = (value: Fraction): string => `${roundedText(value, 1)} tokens a second`;
  const { usagePerMillion, allocationPerMillion } = hosting;
  const facts: readonly (readonly [string, string])[] = [
    [
      'traffic',
      `${roundedText(hosting.tokensPerDay, 0)} tokens a day, in and out: ${perSecond(hosting.meanPerSecond)} on average`,
    ],
    ['hours with calls', `${hosting.hoursBusy} of ${hosting.hours}`],
    [
      'busiest hour',
      `${hourText(hosting.peakHour)}: ${perSecond(hosting.peakPerSecond)}, ${roundedText(hosting.peakToMean, 1)} times the mean`,
    ],
    [
      'GPUs',
      `${hosting.accelerators}, so that the busiest hour takes ${percentText(fractionOf(machines.targetUtilisation), 0)} of them at most`,
    ],
    ['utilisation', `${percentText(hosting.utilisation)} of all GPU hours`],
    [
      '$/M tokens of GPUs',
      `${dollarsText(allocationPerMillion)} for all hours paid; ${dollarsText(usagePerMillion)} for those used, which no bill ever shows`,
    ],
    ['break-even', breakEvenText(hosting)],
  ];
  return {
    name: 'about',
    title: 'Own traffic',
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

function breakEvenText(hosting: SelfHosting): string {
  const { breakEven, staysAhead, floorPerMillion, apiPerMillion } = hosting;
  if (breakEven === undefined)
    return `at no volume of this form: GPUs for its busiest hour come to ${dollarsText(floorPerMillion)} a million tokens at best, the API to ${dollarsText(apiPerMillion)}`;
  const text = volumeText(breakEven);
  return staysAhead === undefined || staysAhead.accelerators === breakEven.accelerators
    ? text
    : `${text}; for good from ${volumeText(staysAhead)}: before, one GPU more may tip it`;
}

const volumeText = ({ multiple, tokensPerDay, accelerators }: Volume): string =>
  `${roundedText(tokensPerDay, 0)} tokens a day, ${roundedText(multiple, 2)} times the traffic, on ${counted(accelerators, 'GPU')}`;

const hourText = (time: number): string =>
  new Date(time).toISOString().slice(0, 16).replace('T', ' ');

function factsOf(of: SelfHostCase): { readonly [key: string]: Json } {
  const { hosting, machines, span, pool } = of;
  const { apiCost, total } = hosting;
  const saving = minus(apiCost, total);
  const dollars = (cost: Fraction): string => moneyText(asMoney(cost));
  const volume = (found: Volume | undefined): Json =>
    found === undefined
      ? null
      : {
          tokens_per_day: programText(found.tokensPerDay),
          traffic_multiple: programText(found.multiple),
          gpus: Number(found.accelerators),
        };
  return {
    lever: 'self-host',
    period: {
      start: new Date(span.start).toISOString(),
      end: new Date(span.end).toISOString(),
      timezone: 'UTC',
    },
    currency: 'USD',
    requests: Number(of.requests),
    requests_unpriced: Number(of.unpriced),
    models: of.models,
    before_usd: dollars(apiCost),
    after_usd: dollars(total),
    saving_usd: dollars(saving),
    saving_per_month_usd: dollars(perMonthOf(saving, span)),
    traffic: {
      tokens: hosting.tokens.toString(),
      tokens_per_day: programText(hosting.tokensPerDay),
      tokens_per_second: programText(hosting.meanPerSecond),
      peak_hour: new Date(hosting.peakHour).toISOString(),
      peak_tokens_per_second: programText(hosting.peakPerSecond),
      peak_to_mean: programText(hosting.peakToMean),
      hours: hosting.hours,
      hours_with_calls: hosting.hoursBusy,
    },
    machines: {
      pool: pool ?? null,
      gpus: Number(hosting.accelerators),
      gpu_hour_usd: dollars(machines.hourPrice),
      utilisation: programText(hosting.utilisation),
      target_utilisation: decimalText(
        machines.targetUtilisation.digits,
        machines.targetUtilisation.scale,
      ),
    },
    usd_per_million_tokens: {
      api: dollars(hosting.apiPerMillion),
      gpus_usage_based: dollars(hosting.usagePerMillion),
      gpus_allocation_based: dollars(hosting.allocationPerMillion),
      gpus_at_best: dollars(hosting.floorPerMillion),
      self_hosted: dollars(hosting.totalPerMillion),
    },
    break_even: volume(hosting.breakEven),
    stays_ahead: volume(hosting.staysAhead),
    assumptions: of.assumptions.map(({ name, value, source, note }) => ({
      name,
      value,
      source,
      note,
    })),
  };
}

function notesOf(of: SelfHostCase): readonly Note[] {
  const { hosting, models, unpriced, partlyUnpriced, assumptions } = of;
  const found: Note[] = assumptions
    .filter(({ source }) => source === 'assumed')
    .map(({ name, value, note }) => ({
      code: 'assumed',
      message: `assumed: ${name} ${value}, ${note}`,
    }));
  if (minus(hosting.apiCost, hosting.total).part < 0n)
    found.unshift({ code: 'dearer', message: 'self-hosting is dearer for this traffic' });
  if (models.length > 1)
    found.push({
      code: 'several-models',
      message: `tokens of ${models.length} models are taken together; choose one kind of work with --where`,
    });
  if (unpriced > 0n)
    found.push({
      code: 'unrated',
      message: `${counted(unpriced, 'request')} without a price, left out on both sides`,
    });
  if (partlyUnpriced > 0n)
    found.push({
      code: 'unrated',
      message: `${counted(partlyUnpriced, 'request')} without a price among those of priced models: the API costs more than shown`,
    });
  found.push({
    code: 'quality-not-measured',
    message:
      'quality not measured: another model answers; hold it against an evaluation before moving traffic',
  });
  return found;
}
