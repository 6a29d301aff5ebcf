// What is asked of a product's log, against DuckDB reading the same file.
import { answerOfDuckdb, answerOfReport, difference, DUCKDB_COUNTS } from './answers.ts';
import { BARS } from './bars.ts';
import { longLineLog, nextLog, productLog } from './corpus.ts';
import { type Finding, finding } from './finding.ts';
import type { Peer } from './peers.ts';
import { type Command, inTurns, measured } from './process-run.ts';
import { removeDatabase, type World } from './world.ts';

/** How many events an append has. */
export const APPENDED = 10_000;

/** What somebody groups by, in our words and in SQL. */
const GROUPS: readonly (readonly [by: string, sql: string])[] = [
  ['feature', 'tags.feature'],
  ['team', 'tags.team'],
  ['customer', 'tags.customer'],
  ['day', "strftime(time, '%Y-%m-%d')"],
];

const number = (value: number): string => value.toLocaleString('en-US');
const fileOf = (log: string): string => `read_json('${log}')`;
const grouping = (sql: string, from: string): string =>
  `select ${sql} as name, ${DUCKDB_COUNTS} from ${from} group by 1`;

/** Why nothing can be said against a peer; absent when it is there. */
export const absence = (peer: Peer): string | undefined =>
  peer.kind === 'missing' ? peer.why : undefined;

/** A cold ingest, and the memory that it takes. */
export async function ingestRows(world: World): Promise<readonly Finding[]> {
  const { events, rounds } = world.effort;
  const log = productLog(events);
  const peer = world.duckdb;
  const database = world.path('duckdb.db');
  const turns = await inTurns(
    rounds,
    () => world.ingestFresh(log, events),
    peer.kind === 'missing'
      ? undefined
      : () => {
          removeDatabase(database);
          const create = `create table events as select * from ${fileOf(log)}`;
          return measured(world.duckdbCommand(peer, database, create));
        },
  );
  const ledger = await world.ledgerOf(log, events);
  const apart =
    peer.kind === 'missing'
      ? peer.why
      : await disagreement(
          world.aicost('report', '--by', 'feature', '--format', 'json', '--ledger', ledger),
          world.duckdbCommand(peer, database, grouping('tags.feature', 'events')),
        );
  removeDatabase(database);
  const work = `ingest ${number(events)} events`;
  return [
    finding(work, turns, { ...BARS.coldIngest, peer: peer.title, void: apart }),
    finding(`${work}: memory`, { ...turns, theirs: [] }, BARS.memory),
  ];
}

async function disagreement(ours: Command, theirs: Command): Promise<string | undefined> {
  const [here, there] = [await measured(ours), await measured(theirs)];
  return difference(answerOfReport(here.out, 'feature'), answerOfDuckdb(there.out));
}

/** Reports by what people ask for, against grouping the log itself. */
export async function reportRows(world: World): Promise<readonly Finding[]> {
  const { events, rounds } = world.effort;
  const log = productLog(events);
  const ledger = await world.ledgerOf(log, events);
  const peer = world.duckdb;
  const found: Finding[] = [];
  for (const [by, sql] of GROUPS) {
    const report = world.aicost('report', '--by', by, '--format', 'json', '--ledger', ledger);
    const turns = await inTurns(
      rounds,
      () => measured(report),
      peer.kind === 'missing'
        ? undefined
        : () => measured(world.duckdbCommand(peer, ':memory:', grouping(sql, fileOf(log)))),
    );
    const [ours, theirs] = [turns.ours.at(-1)?.out ?? '', turns.theirs.at(-1)?.out];
    const apart =
      theirs === undefined
        ? absence(peer)
        : difference(answerOfReport(ours, by), answerOfDuckdb(theirs));
    const bars = { ...BARS.report, peer: peer.title, void: apart };
    found.push(finding(`report by ${by} of ${number(events)} events`, turns, bars));
  }
  return found;
}

/** Another log into the ledger of the first, a new one each round. */
export async function appendRows(world: World): Promise<readonly Finding[]> {
  const { events, rounds } = world.effort;
  const ledger = await world.ledgerOf(productLog(events), events);
  const logs = Array.from({ length: rounds }, (_, round) => nextLog(APPENDED, round));
  const turns = await inTurns(rounds, (round) =>
    measured(world.aicost('ingest', logs[round] ?? '', '--format', 'json', '--ledger', ledger)),
  );
  const added = turns.ours.map(({ out }) => addedBy(out));
  const apart = added.every((count) => count === APPENDED)
    ? undefined
    : `${added.join(', ')} events were new, not ${APPENDED} each time`;
  const work = `append ${number(APPENDED)} events to ${number(events)}`;
  return [finding(work, turns, { ...BARS.append, void: apart })];
}

/** Events that an ingest found to be new. */
export const addedBy = (json: string): number => {
  const summary: { new: number } = JSON.parse(json);
  return summary.new;
};

/** A line that is too long to be a record: rejected without being held. */
export async function longLineRows(world: World): Promise<readonly Finding[]> {
  const log = longLineLog();
  const turns = await inTurns(world.effort.rounds, (round) =>
    measured(
      world.aicost('ingest', log, '--format', 'json', '--ledger', world.path(`long-${round}.db`)),
    ),
  );
  const added = turns.ours.map(({ out }) => addedBy(out));
  const apart = added.every((count) => count === 2_000)
    ? undefined
    : `${added.join(', ')} events were new, not 2,000 each time`;
  return [finding('ingest a line of 200 MB: memory', turns, { ...BARS.memory, void: apart })];
}
