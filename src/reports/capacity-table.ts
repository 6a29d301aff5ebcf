import { divideHalfEven, money, type Money } from '../domain/money.ts';
import type { UsedCapacity } from '../domain/own-charges.ts';
import type { Cell, Table } from './answer.ts';
import { termLabel } from './spend-charges.ts';

const HOUR_MS = 3_600_000;

/** Capacity that is paid by the clock: what it cost, how much of it was used, and what a token came to. */
export const capacityTable = (periods: readonly UsedCapacity[]): Table => ({
  name: 'capacity',
  title: 'Capacity paid by the hour, in effective cost whether used or not',
  columns: [
    { key: 'capacity', title: 'Capacity', yields: 0 },
    { key: 'start', title: 'From', yields: 4 },
    { key: 'end', title: 'Until', yields: 5 },
    { key: 'hours', title: 'Hours', yields: 3 },
    { key: 'hours_used', title: 'Used', yields: 2 },
    { key: 'utilisation', title: 'Utilisation', yields: 0 },
    { key: 'idle_cost_usd', title: 'Idle', yields: 0 },
    { key: 'cost_usd', title: 'Cost', yields: 0 },
    { key: 'cost_per_1m_tokens_usd', title: '$/1M tokens', yields: 1 },
  ],
  rows: periods.map(rowOf),
});

function rowOf(period: UsedCapacity): readonly Cell[] {
  const { name, span, cost, hoursUsed, tokens } = period;
  const hours = Math.ceil((span.end - span.start) / HOUR_MS);
  const { part, whole } = utilisation(period, hours);
  return [
    { kind: 'text', value: termLabel(name) },
    { kind: 'text', value: day(span.start) },
    { kind: 'text', value: day(span.end) },
    { kind: 'count', value: BigInt(hours) },
    { kind: 'count', value: BigInt(hoursUsed) },
    { kind: 'share', part, whole },
    { kind: 'money', value: idleCost(cost, part, whole) },
    { kind: 'money', value: cost },
    tokens === 0n
      ? { kind: 'unknown' }
      : { kind: 'money', value: money(divideHalfEven(cost * 1_000_000n, tokens)) },
  ];
}

/** Of what the vendor says it can do where that is known; else the hours in which anything was called. */
function utilisation(
  { capacity, tokens, hoursUsed }: UsedCapacity,
  hours: number,
): { readonly part: bigint; readonly whole: bigint } {
  const perMinute = capacity.kind === 'provisioned' ? capacity.of.term.tokensPerMinute : undefined;
  return perMinute === undefined
    ? { part: BigInt(hoursUsed), whole: BigInt(hours) }
    : { part: tokens, whole: BigInt(perMinute) * 60n * BigInt(hours) };
}

const idleCost = (cost: Money, part: bigint, whole: bigint): Money =>
  money(part >= whole ? 0n : divideHalfEven(cost * (whole - part), whole));

const day = (time: number): string => new Date(time).toISOString().slice(0, 16).replace('T', ' ');
