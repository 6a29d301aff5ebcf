import { Command } from 'commander';
import { nearest } from '../domain/nearest.ts';
import { UserError } from '../errors.ts';
import { leverNames, loadLever } from '../whatif/lever-folder.ts';
import type { Runtime } from '../runtime.ts';
import type { CommandEntry, CommandWorld } from './command-list.ts';
import { withOutput, type OutputFlags } from './flags.ts';
import { printAnswer } from './print-answer.ts';

/** Commands below `whatif` that are no levers. */
const BESIDE_LEVERS: readonly (CommandEntry & {
  /** What it needs of logs or flags, for the list of levers. */
  readonly needs: string;
})[] = [
  {
    name: 'rank',
    summary: 'all levers on the dearest line items, by dollars a month',
    needs: 'any ledger of a day or more',
    load: async ({ runtime, finish }) =>
      (await import('./whatif-rank.ts')).rankCommand(runtime, finish),
  },
  {
    name: 'scenario',
    summary: 'sets of levers from a file, side by side',
    needs: 'a file of scenarios',
    load: async ({ runtime }) => (await import('./whatif-scenario.ts')).scenarioCommand(runtime),
  },
  {
    name: 'self-host',
    summary: 'own GPUs against the API, from own hourly traffic',
    needs: 'any ledger; --gpu-hour or --gpu, --tps',
    load: async ({ runtime }) => (await import('./whatif-self-host.ts')).selfHostCommand(runtime),
  },
  {
    name: 'gpu',
    summary: 'how many own GPU pods the work needs',
    needs: '--duty, a CSV of samples',
    load: async ({ runtime }) => (await import('./whatif-gpu.ts')).gpuCommand(runtime),
  },
  {
    name: 'verify',
    summary: 'whether a lever worked, at equal mix',
    needs: '--at, or --before and --after',
    load: async ({ runtime, finish }) =>
      (await import('./whatif-verify.ts')).verifyCommand(runtime, finish),
  },
];

/** `aicost whatif`: each lever is a command of its own; without one it lists them. */
export async function whatifCommand(
  world: CommandWorld,
  words: readonly string[],
): Promise<Command> {
  const names = await leverNames();
  const all = [...names, ...BESIDE_LEVERS.map(({ name }) => name)];
  const command = new Command('whatif')
    .description(
      'What the same requests would have cost otherwise, replayed from the ledger.\nWithout a lever: all levers, with what each needs.',
    )
    .helpCommand(false)
    .addHelpText(
      'after',
      `
Levers:
${inLines(all)}

Examples:
  $ aicost whatif
  $ aicost whatif downshift --from gpt-4o --to gpt-4o-mini
  $ aicost whatif downshift --to gpt-4o-mini --where feature=search --share 60%`,
    );
  const [first] = words;
  // Said before its flags are read: a mistyped name is the mistake, not they.
  if (first !== undefined && !first.startsWith('-') && !all.includes(first))
    throw unknownLever(first, all);
  const at = words.findIndex((word) => all.includes(word));
  const asked = words.slice(0, at + 1).find((word) => !word.startsWith('-'));
  const beside = BESIDE_LEVERS.find(({ name }) => name === asked);
  if (beside !== undefined)
    command.addCommand(await beside.load(world, words.slice(at + 1)), { hidden: true });
  else if (asked !== undefined && names.includes(asked)) {
    const { leverCommand } = await import('./whatif-lever.ts');
    command.addCommand(leverCommand(await loadLever(asked), world.runtime), { hidden: true });
    // Flags of its own would be taken from the lever's.
  } else listing(command, world.runtime, names, all);
  return command;
}

/** Names with commas, as many in a line as a narrow screen takes. */
function inLines(names: readonly string[]): string {
  const lines = [''];
  for (const name of names) {
    const line = `${lines.at(-1)}${lines.at(-1) === '' ? '  ' : ', '}${name}`;
    if (line.length < 80) lines[lines.length - 1] = line;
    else lines.push(`  ${name}`);
  }
  return lines.join(',\n');
}

/** What `whatif` does without a lever. */
function listing(
  command: Command,
  runtime: Runtime,
  names: readonly string[],
  all: readonly string[],
): void {
  withOutput(command)
    .argument('[lever]', 'aicost whatif LEVER --help says more')
    .action(async (asked: string | undefined, flags: OutputFlags) => {
      if (asked !== undefined) throw unknownLever(asked, all);
      const { leversReport } = await import('../reports/levers-report.ts');
      const levers = await Promise.all(names.map(loadLever));
      await printAnswer(leversReport(levers, BESIDE_LEVERS), flags, runtime);
    });
}

function unknownLever(asked: string, names: readonly string[]): UserError {
  const close = nearest(asked, names);
  return new UserError(`there is no lever "${asked}"`, {
    hint: `${close === undefined ? '' : `Did you mean ${close}? `}Levers: ${names.join(', ')}.`,
  });
}
