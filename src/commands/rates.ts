import { Command } from 'commander';
import { addCommands, type CommandEntry, type CommandWorld } from './command-list.ts';

const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'list',
    summary: 'providers, or the models of one and their prices now',
    load: async ({ runtime }) => (await import('./rates-list.ts')).listCommand(runtime),
  },
  {
    name: 'show',
    summary: "one model's facts, price history and sources",
    load: async ({ runtime }) => (await import('./rates-show.ts')).showCommand(runtime),
  },
  {
    name: 'quote',
    summary: 'what a call costs by the cards',
    load: async ({ runtime, finish }) =>
      (await import('./rates-quote.ts')).quoteCommand(runtime, finish),
  },
  {
    name: 'overlays',
    summary: 'contracts and own hardware in force',
    load: async ({ runtime }) => (await import('./rates-overlays.ts')).overlaysCommand(runtime),
  },
  {
    name: 'diff',
    summary: 'which prices moved between two sets of cards',
    load: async ({ runtime }) => (await import('./rates-diff.ts')).diffCommand(runtime),
  },
  {
    name: 'lint',
    summary: 'check rate cards, and what the ledger lacks in them',
    load: async ({ runtime, finish }) =>
      (await import('./rates-lint.ts')).lintCommand(runtime, finish),
  },
  {
    name: 'update',
    summary: "rows that somebody else's price table proposes",
    load: async ({ runtime }) => (await import('./rates-update.ts')).updateCommand(runtime),
  },
  {
    name: 'schema',
    summary: 'the JSON Schema of a rate card',
    load: async ({ runtime }) => (await import('./rates-schema.ts')).schemaCommand(runtime),
  },
];

/** `aicost rates`: what the rate cards say, whether they are sound, and what would move them. */
export const ratesCommand = (world: CommandWorld, words: readonly string[]): Promise<Command> =>
  addCommands(
    new Command('rates')
      .description('What the rate cards say, whether they are sound, and what would move them.')
      .addHelpText(
        'after',
        `
Examples:
  $ aicost rates list --provider anthropic
  $ aicost rates show gpt-5.4
  $ aicost rates quote gpt-5.4 --input 20000 --output 1000`,
      ),
    COMMANDS,
    world,
    words,
  );
