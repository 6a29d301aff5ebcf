// What a lever takes over a product's ledger. Its answer counts only when what it starts from is the report's total.
import { BARS } from './bars.ts';
import { productLog } from './corpus.ts';
import { type Finding, finding } from './finding.ts';
import { inTurns, measured } from './process-run.ts';
import type { World } from './world.ts';

/** One lever of each kind of question, in words and as flags. */
const ASKED: readonly (readonly [work: string, ...flags: readonly string[]])[] = [
  ['one model to another', 'downshift', '--from', 'gpt-4o-mini', '--to', 'claude-haiku-4-5'],
  ['everything to one model', 'downshift', '--to', 'claude-haiku-4-5'],
  ['everything, by team', 'downshift', '--to', 'claude-haiku-4-5', '--by', 'team'],
  ['another day', 'reprice', '--as-of', '2026-11-01'],
  ['prompts cached', 'prefix-cache'],
  ['shorter prompts', 'trim', '--drop-tokens', '100'],
];

/** Levers over the ledger of the product's log. */
export async function whatifRows(world: World): Promise<readonly Finding[]> {
  const { events, rounds } = world.effort;
  const ledger = await world.ledgerOf(productLog(events), events);
  const report = await measured(world.aicost('report', '--format', 'json', '--ledger', ledger));
  const { totals }: { totals: { cost_usd: string } } = JSON.parse(report.out);
  const found: Finding[] = [];
  for (const [work, ...flags] of ASKED) {
    const command = world.aicost('whatif', ...flags, '--format', 'json', '--ledger', ledger);
    const turns = await inTurns(rounds, () => measured(command));
    const answers = turns.ours.map(({ out }) => startOf(out));
    const apart = answers.every((before) => before === totals.cost_usd)
      ? undefined
      : `${answers.join(', ')} before, where the report says ${totals.cost_usd}`;
    const name = `whatif over ${events.toLocaleString('en-US')} events: ${work}`;
    found.push(finding(name, turns, { ...BARS.whatif, void: apart }));
  }
  return found;
}

/** What the requests cost before, as a lever says it. */
const startOf = (json: string): string => {
  const answer: { before_usd: string } = JSON.parse(json);
  return answer.before_usd;
};
