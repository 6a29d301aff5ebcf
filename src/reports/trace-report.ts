import { counted } from '../domain/words.ts';
import { type Money, money, ZERO } from '../domain/money.ts';
import { totalInput } from '../domain/usage.ts';
import { type Answer, type Cell, optionalText as text, type Table } from './answer.ts';
import { costWords, measuredCells, timeCell } from './call-cells.ts';
import type { CostKind } from '../domain/spend.ts';
import { costOf, type RatedEvent } from './event-record.ts';

/** A group of calls within a run: an agent, a step of it, or one call. */
interface Node {
  readonly label: string;
  readonly event: RatedEvent | undefined;
  readonly children: Node[];
}

/** One run's calls as a tree, agent by agent and step by step in the order they happened, with cost per node. */
export function traceReport(run: string, events: readonly RatedEvent[], cost: CostKind): Answer {
  const root: Node = { label: run, event: undefined, children: [] };
  for (const stored of events) {
    const { agent, step } = stored.event.tags;
    const path = [
      agent === undefined ? undefined : `agent ${agent}`,
      step === undefined ? undefined : `step ${step}`,
    ];
    let parent = root;
    for (const label of path) if (label !== undefined) parent = childOf(parent, label);
    parent.children.push({ label: stored.event.model, event: stored, children: [] });
  }
  const rows = [...rowsOf(root, '')];
  const table: Table = {
    name: 'rows',
    columns: [
      { key: 'call', title: 'Call', yields: 0, only: 'people' },
      { key: 'agent', title: 'Agent', yields: 0, only: 'programs' },
      { key: 'step', title: 'Step', yields: 0, only: 'programs' },
      { key: 'id', title: 'Id', yields: 9 },
      { key: 'time', title: 'Time', yields: 6 },
      { key: 'model', title: 'Model', yields: 0, only: 'programs' },
      { key: 'status', title: 'Status', yields: 3 },
      { key: 'input_tokens', title: 'Input', yields: 5 },
      { key: 'output_tokens', title: 'Output', yields: 5 },
      { key: 'latency_ms', title: 'Latency', yields: 4 },
      { key: 'retry_count', title: 'Retries', yields: 8 },
      { key: 'cost_usd', title: 'Cost', yields: 0 },
    ],
    rows: rows.map(({ cells }) => cells),
    summaries: new Set(rows.flatMap(({ sums }, index) => (sums ? [index] : []))),
    totals: groupRow('Total', events),
    empty: 'No calls in this run.',
  };
  const unknown = events.filter((stored) => costOf(stored) === undefined).length;
  return {
    schema: 'aicost.trace/1',
    headline: `Run ${run}: ${counted(events.length, 'call')}${costWords(cost)}`,
    facts: { run, currency: 'USD', cost },
    tables: [table],
    notes:
      unknown === 0
        ? []
        : [
            {
              code: 'unrated',
              message: `${counted(unknown, 'call')} without a price, not in these costs; aicost explain ID says why`,
            },
          ],
  };
}

/** A group goes on while its calls follow one another; coming back to it later opens it again. */
function childOf(parent: Node, label: string): Node {
  const last = parent.children.at(-1);
  if (last !== undefined && last.event === undefined && last.label === label) return last;
  const child: Node = { label, event: undefined, children: [] };
  parent.children.push(child);
  return child;
}

/** A row of the tree, and whether it sums up those below it. */
interface Row {
  readonly cells: readonly Cell[];
  readonly sums: boolean;
}

function* rowsOf(node: Node, indent: string): Generator<Row> {
  for (const [index, child] of node.children.entries()) {
    const last = index === node.children.length - 1;
    const label = `${indent}${last ? '└ ' : '├ '}${child.label}`;
    const sums = child.event === undefined;
    const cells = sums ? groupRow(label, eventsOf(child)) : callRow(label, child.event);
    yield { cells, sums };
    yield* rowsOf(child, `${indent}${last ? '  ' : '│ '}`);
  }
}

const eventsOf = (node: Node): readonly RatedEvent[] =>
  node.event === undefined ? node.children.flatMap(eventsOf) : [node.event];

function callRow(label: string, stored: RatedEvent): readonly Cell[] {
  const { event } = stored;
  return [
    text(label),
    text(event.tags['agent']),
    text(event.tags['step']),
    text(stored.key),
    timeCell(event.time, 'clock'),
    text(event.model),
    text(event.status),
    ...measuredCells(stored),
  ];
}

/** Sums of a group. Latency adds up only for calls in a row, so it is left out. */
function groupRow(label: string, events: readonly RatedEvent[]): readonly Cell[] {
  let [input, output, cost]: [bigint, bigint, Money] = [0n, 0n, ZERO];
  let unknown = 0;
  for (const stored of events) {
    input += BigInt(totalInput(stored.event.usage));
    output += BigInt(stored.event.usage.output);
    const one = costOf(stored);
    if (one === undefined) unknown += 1;
    else cost = money(cost + one);
  }
  const none: Cell = { kind: 'absent', label: '' };
  return [
    text(label),
    none,
    none,
    none,
    none,
    none,
    none,
    { kind: 'count', value: input },
    { kind: 'count', value: output },
    none,
    none,
    unknown === events.length && unknown > 0
      ? { kind: 'unknown' }
      : { kind: 'money', value: cost, partial: unknown > 0 },
  ];
}
