import { Command } from 'commander';
import type { ExitCode } from '../errors.ts';
import type { Runtime } from '../runtime.ts';

/** What a command is made of: the world, and where it says how it ended. */
export interface CommandWorld {
  readonly runtime: Runtime;
  readonly finish: (code: ExitCode) => void;
}

/** A command by its name. Its file is loaded when it is the one that was asked for, and not before. */
export interface CommandEntry {
  readonly name: string;
  /** A few words for the list of commands. */
  readonly summary: string;
  /** Makes the command; `words` is what follows its name on the command line. */
  readonly load: (world: CommandWorld, words: readonly string[]) => Promise<Command>;
}

/** Puts commands below a parent: the one that the words name as it is, the others as a name and a summary. */
export async function addCommands(
  parent: Command,
  entries: readonly CommandEntry[],
  world: CommandWorld,
  words: readonly string[],
): Promise<Command> {
  const at = words.findIndex((word) => !word.startsWith('-'));
  for (const { name, summary, load } of entries) {
    const asked = words[at] === name;
    const command = asked ? await load(world, words.slice(at + 1)) : new Command(name);
    parent.addCommand(command.summary(summary));
  }
  // Names alone leave room for the summaries; a command's own --help has its arguments.
  return parent.helpCommand(false).configureHelp({ subcommandTerm: (command) => command.name() });
}
