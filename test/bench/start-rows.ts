import { BARS } from './bars.ts';
import { type Finding, finding } from './finding.ts';
import { inTurns, measured } from './process-run.ts';
import type { World } from './world.ts';

/** Starts are short, so that more of them fit. */
const STARTS_A_ROUND = 5;

/** What a command takes that does nothing, against a Node that does nothing. */
export async function startRows(world: World): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for (const flag of ['--help', '--version']) {
    const turns = await inTurns(
      world.effort.rounds * STARTS_A_ROUND,
      () => measured(world.aicost(flag)),
      () => measured(world.command(process.execPath, ['-e', '0'])),
    );
    const silent = turns.ours.some(({ out }) => out === '') ? 'it printed nothing' : undefined;
    found.push(
      finding(`aicost ${flag}`, turns, { ...BARS.start, peer: 'node -e 0', void: silent }),
    );
  }
  return found;
}
