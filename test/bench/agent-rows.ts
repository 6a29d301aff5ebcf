// What coding agents used by day, against native ccusage reading the same home.
import { answerOfCcusage, difference, tokensOfReport } from './answers.ts';
import { BARS } from './bars.ts';
import { agentHome } from './corpus.ts';
import { type Finding, finding } from './finding.ts';
import { inSequence, inTurns, measured } from './process-run.ts';
import { absence } from './product-rows.ts';
import { removeDatabase, type World } from './world.ts';

/**
 * ccusage reads everything and answers in one process. The like of it here is two: ingest, which finds what is
 * new, and report. Cold, the ledger does not exist; warm, nothing has changed since.
 */
export async function agentRows(world: World): Promise<readonly Finding[]> {
  const { files, rounds } = world.effort;
  const home = agentHome(files);
  const ledger = world.path('agents.db');
  const ingest = world.aicost('ingest', home, '--quiet', '--ledger', ledger);
  const report = world.aicost('report', '--by', 'day', '--format', 'json', '--ledger', ledger);
  const peer = world.ccusage;
  const theirs =
    peer.kind === 'missing'
      ? undefined
      : () =>
          measured(
            world.command(
              peer.path,
              ['claude', 'daily', '--offline', '--json', '--timezone', 'UTC'],
              { CLAUDE_CONFIG_DIR: home },
            ),
          );
  const cold = await inTurns(
    rounds,
    () => {
      removeDatabase(ledger);
      return inSequence([ingest, report]);
    },
    theirs,
  );
  const warm = await inTurns(rounds, () => inSequence([ingest, report]), theirs);
  const alone = await inTurns(rounds, () => measured(report), theirs);
  const rows = [
    [`${files} agent logs, cold: ingest, then report`, cold, BARS.agentsCold],
    [`${files} agent logs, warm: ingest, then report`, warm, BARS.agentsWarm],
    [`${files} agent logs, report alone`, alone, {}],
  ] as const;
  return [
    ...rows.map(([work, turns, bars]) => {
      const [here, there] = [turns.ours.at(-1)?.out ?? '', turns.theirs.at(-1)?.out];
      const apart =
        there === undefined
          ? absence(peer)
          : difference(tokensOfReport(here, 'day'), answerOfCcusage(there));
      return finding(work, turns, { ...bars, peer: peer.title, void: apart });
    }),
    finding(`${files} agent logs, cold: memory`, { ...cold, theirs: [] }, BARS.memory),
  ];
}
