import type { CostKind } from '../domain/spend.ts';
import { totalInput } from '../domain/usage.ts';
import { type Cell, optionalText } from './answer.ts';
import { costOf, type RatedEvent } from './event-record.ts';

/** When a call happened; empty where its record does not say. */
export const timeCell = (time: number | undefined, show: 'clock' | 'date'): Cell =>
  time === undefined ? optionalText(undefined) : { kind: 'time', value: time, show };

/** What a call used and cost: input and output tokens, latency, retries, cost. */
export function measuredCells(stored: RatedEvent): readonly Cell[] {
  const { event } = stored;
  const cost = costOf(stored);
  return [
    { kind: 'count', value: BigInt(totalInput(event.usage)) },
    { kind: 'count', value: BigInt(event.usage.output) },
    event.latencyMs === undefined
      ? { kind: 'absent', label: '' }
      : { kind: 'milliseconds', value: event.latencyMs },
    event.retryCount === undefined
      ? { kind: 'absent', label: '' }
      : { kind: 'count', value: BigInt(event.retryCount) },
    cost === undefined ? { kind: 'unknown' } : { kind: 'money', value: cost },
  ];
}

/** Which cost a heading speaks of, where it is not the usual one. */
export const costWords = (cost: CostKind): string => (cost === 'list' ? '' : `, ${cost} cost`);
