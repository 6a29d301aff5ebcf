// How work grows with the ledger: ten times the events are to cost far less than ten times the time.
import { nextLog, productLog, productWish } from './corpus.ts';
import { type Finding, finding } from './finding.ts';
import { inTurns, measured } from './process-run.ts';
import { productEvents } from './product-events.ts';
import { addedBy, APPENDED } from './product-rows.ts';
import { bytesOf, type World } from './world.ts';

/** What was found at one size. */
export interface Grown {
  /** Product events. */
  readonly events: number;
  /** Bytes of the ledger on disk after the ingest, for each event. */
  readonly bytesPerEvent: number;
  readonly findings: readonly Finding[];
}

/** Ingests above this size are made once, since a median of them would take all day. */
const ONCE_ABOVE = 1_000_000;

/** Measures one size. */
export async function grown(world: World, events: number): Promise<Grown> {
  const { rounds } = world.effort;
  const log = productLog(events);
  const ingests = events > ONCE_ABOVE ? 1 : rounds;
  const ingested = await inTurns(ingests, () => world.ingestFresh(log, events));
  const ledger = await world.ledgerOf(log, events);
  const bytesPerEvent = bytesOf(ledger) / events;
  const findings = [finding('ingest', ingested)];
  const questions = {
    'report by feature': ['report', '--by', 'feature'],
    'report by customer': ['report', '--by', 'customer'],
    'report by day': ['report', '--by', 'day'],
    // The first question about single calls makes rows of all of them, and an index; the next ones find both.
    'first trace': ['trace', longRun(events)],
    'trace of one run': ['trace', longRun(events)],
  };
  for (const [work, args] of Object.entries(questions)) {
    const command = world.aicost(...args, '--format', 'json', '--ledger', ledger);
    const times = work === 'first trace' ? 1 : rounds;
    findings.push(finding(work, await inTurns(times, () => measured(command))));
  }
  findings.push(await append(world, ledger));
  return { events, bytesPerEvent, findings };
}

async function append(world: World, ledger: string): Promise<Finding> {
  const { rounds } = world.effort;
  // Logs of their own, so that none of them is in the ledger yet.
  const logs = Array.from({ length: rounds }, (_, round) => nextLog(APPENDED, 100 + round));
  const turns = await inTurns(rounds, (round) =>
    measured(world.aicost('ingest', logs[round] ?? '', '--format', 'json', '--ledger', ledger)),
  );
  const added = turns.ours.map(({ out }) => addedBy(out));
  const apart = added.every((count) => count === APPENDED)
    ? undefined
    : `${added.join(', ')} events were new, not ${APPENDED} each time`;
  return finding('append 10,000 events', turns, { void: apart });
}

/** The longest run among the first calls of a log. */
function longRun(events: number): string {
  const calls = new Map<string, number>();
  let left = 2_000;
  for (const line of productEvents(productWish(events))) {
    if ((left -= 1) < 0) break;
    const run = /"run":"([^"]+)"/.exec(line)?.[1];
    if (run !== undefined) calls.set(run, (calls.get(run) ?? 0) + 1);
  }
  const [longest] = [...calls].sort(([, a], [, b]) => b - a);
  if (longest === undefined) throw new Error('no run among the first calls');
  return longest[0];
}
