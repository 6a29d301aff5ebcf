import { counted } from '../domain/words.ts';
import { type Answer, type Cell, type Column, optionalText as text } from './answer.ts';
import { measuredCells, timeCell } from './call-cells.ts';
import type { TopRank } from './top-ranks.ts';
import type { RatedEvent } from './event-record.ts';

const TITLES: Readonly<Record<TopRank, string>> = {
  cost: 'Dearest calls',
  latency: 'Slowest calls',
  retries: 'Most retried calls',
};

const columnsFor = (rank: TopRank): readonly Column[] => [
  { key: 'id', title: 'Id', yields: 0 },
  { key: 'time', title: 'Time (UTC)', yields: 5 },
  { key: 'model', title: 'Model', yields: 2 },
  { key: 'feature', title: 'Feature', yields: 4 },
  { key: 'run', title: 'Run', yields: 8 },
  { key: 'status', title: 'Status', yields: 7 },
  { key: 'input_tokens', title: 'Input', yields: 6 },
  { key: 'output_tokens', title: 'Output', yields: 6 },
  { key: 'latency_ms', title: 'Latency', yields: rank === 'latency' ? 0 : 7 },
  { key: 'retry_count', title: 'Retries', yields: rank === 'retries' ? 0 : 9 },
  { key: 'cost_usd', title: 'Cost', yields: 0 },
];

/** The calls at the head of a ranking, already in order. `period` is for people. */
export function topReport(
  events: readonly RatedEvent[],
  rank: TopRank,
  period: string,
  unpriced: bigint,
): Answer {
  return {
    schema: 'aicost.top/1',
    headline: `${TITLES[rank]}, ${period}`,
    facts: { by: rank, currency: 'USD' },
    tables: [
      {
        name: 'rows',
        columns: columnsFor(rank),
        rows: events.map((stored): readonly Cell[] => {
          const { event } = stored;
          return [
            text(stored.key),
            timeCell(event.time, 'date'),
            text(event.model),
            text(event.tags['feature']),
            text(event.tags['run']),
            text(event.status),
            ...measuredCells(stored),
          ];
        }),
        empty:
          rank === 'cost'
            ? 'No call has a price here.'
            : rank === 'latency'
              ? 'No call says how long it took.'
              : 'No call was retried.',
      },
    ],
    notes:
      unpriced > 0n
        ? [
            {
              code: 'unrated',
              message: `${counted(unpriced, 'request')} without a price, not in this ranking`,
            },
          ]
        : [],
  };
}
