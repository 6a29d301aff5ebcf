// What a tag with a new value on every call costs, against the same calls without it.
import { BARS } from './bars.ts';
import { orderLog, productLog } from './corpus.ts';
import { type Finding, finding } from './finding.ts';
import { inTurns, measured, type Ran } from './process-run.ts';
import { bytesOf, removeDatabase, type World } from './world.ts';

const number = (value: number): string => value.toLocaleString('en-US');

/** Ingest, the ledger's size and a report of calls that carry the number of an order, and of such a number. */
export async function identifierRows(world: World): Promise<readonly Finding[]> {
  const events = world.effort.events / 5;
  const [orders, plain] = [orderLog(events), productLog(events)];
  const [withOrders, without] = [world.path('orders.db'), world.path('plain.db')];
  const fresh = (log: string, ledger: string) => (): Promise<Ran> => {
    removeDatabase(ledger);
    return measured(world.aicost('ingest', log, '--quiet', '--ledger', ledger));
  };
  const ask =
    (ledger: string, ...args: readonly string[]) =>
    (): Promise<Ran> =>
      measured(world.aicost('report', ...args, '--format', 'json', '--ledger', ledger));
  const { rounds } = world.effort;
  const ingests = await inTurns(rounds, fresh(orders, withOrders), fresh(plain, without));
  const bytes = (ledger: string): string => number(Math.round(bytesOf(ledger) / events));
  const work = `${number(events)} events with a tag that is new on each`;
  const peer = { peer: 'without the tag' };
  const reports = await inTurns(
    rounds,
    ask(withOrders, '--by', 'feature'),
    ask(without, '--by', 'feature'),
  );
  const apart = reports.ours.at(-1)?.out === reports.theirs.at(-1)?.out ? undefined : 'they differ';
  const one = await inTurns(rounds, ask(withOrders, '--by', 'feature', '--where', 'order=ord-0*'));
  return [
    finding(
      `ingest ${work} (${bytes(withOrders)} bytes each, not ${bytes(without)})`,
      ingests,
      peer,
    ),
    finding(`${work}: memory`, { ...ingests, theirs: [] }, BARS.memory),
    finding(`${work}: report by feature`, reports, { ...peer, void: apart }),
    finding(`${work}: report of some of its values`, one),
  ];
}
