import { Command, InvalidArgumentError, Option } from 'commander';
import type { Fraction } from '../domain/fraction.ts';
import { type Money, parseDecimal, parseMoney } from '../domain/money.ts';
import type { Dimension } from '../domain/spend.ts';
import type { Json } from '../reports/answer.ts';
import type { Runtime } from '../runtime.ts';
import type { Lever, LeverAsked, LeverFlag } from '../whatif/lever-contract/lever.ts';
import {
  type OutputFlags,
  parseBy,
  repeated,
  type SelectionFlags,
  withLedger,
  withOutput,
  withSelection,
} from './flags.ts';
import { printAnswer } from './print-answer.ts';

/** The part of every kind of request that is changed, and how it was written. */
export interface Share {
  readonly text: string;
  readonly value: Fraction;
}

/** Flags that all levers take. */
export interface WhatifFlags extends SelectionFlags, OutputFlags {
  readonly share?: Share;
  readonly by?: readonly Dimension[];
  readonly minSaving?: Money;
}

/** `aicost whatif LEVER`, from what the lever says of itself. */
export function leverCommand(lever: Lever, runtime: Runtime): Command {
  const command = new Command(lever.name)
    .description(`What if: ${lever.summary}.\nNeeds: ${lever.needs}.`)
    .optionsGroup('The lever:');
  if (lever.words !== undefined) command.argument(lever.words);
  const options = lever.flags.map(optionOf);
  for (const option of options) command.addOption(option);
  return withOutput(withLedger(withSelection(withWhatif(command))))
    .addHelpText('after', `\nExamples:\n${lever.examples.map((line) => `  $ ${line}`).join('\n')}`)
    .action(async (...args: readonly unknown[]) => {
      const words = args.filter((arg) => typeof arg === 'string');
      const flags = command.opts<WhatifFlags>();
      const { runLever } = await import('./whatif-run.ts');
      const asked = askedOf(command.opts<Record<string, unknown>>(), words);
      const answer = await runLever(lever, asked, flags, {
        runtime,
        given: givenFlags(command, options, words),
      });
      await printAnswer(answer, flags, runtime);
    });
}

const optionOf = ({ flag, description, repeated: again }: LeverFlag): Option => {
  const option = new Option(flag, description);
  return again === true ? option.argParser(repeated) : option;
};

/** Adds the flags of every lever. */
const withWhatif = (command: Command): Command =>
  command
    .optionsGroup('How much:')
    .addOption(
      new Option('--share <part>', 'part of every kind of request: 60%, 0.6').argParser(shareOf),
    )
    .addOption(
      new Option('--by <names>', 'the saving by tags or facts: team, feature,model').argParser(
        dimensionsOf,
      ),
    )
    .addOption(
      new Option('--min-saving <usd>', 'with --by: sum up groups that save less').argParser(
        dollarsOf,
      ),
    );

/** A share as it is written, 0 to all. Throws InvalidArgumentError. */
export function shareOf(text: string): Share {
  const percent = text.endsWith('%');
  const number = /^\d{1,3}(\.\d{1,6})?%?$/.test(text)
    ? parseDecimal(text.replace('%', ''))
    : undefined;
  if (number === undefined) throw new InvalidArgumentError('expected a part such as 60% or 0.6.');
  const over = 10n ** BigInt(number.scale) * (percent ? 100n : 1n);
  if (number.digits > over) throw new InvalidArgumentError('expected at most 100%.');
  return { text, value: { part: number.digits, over } };
}

function dimensionsOf(text: string): readonly Dimension[] {
  const { by, grain } = parseBy(text);
  if (grain !== undefined)
    throw new InvalidArgumentError(`expected tags or facts, not a step of time (${grain}).`);
  return by;
}

function dollarsOf(text: string): Money {
  const amount = /^\d{1,12}(\.\d{1,6})?$/.test(text) ? parseMoney(text) : undefined;
  if (amount === undefined) throw new InvalidArgumentError('expected dollars such as 10 or 0.50.');
  return amount;
}

/** The lever's own flags as it reads them. Commander names `--token-ratio` tokenRatio. */
function askedOf(options: Readonly<Record<string, unknown>>, words: readonly string[]): LeverAsked {
  const at = (name: string): unknown =>
    options[name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())];
  const texts = (value: unknown): readonly string[] =>
    (Array.isArray(value) ? value : [value]).filter((each) => typeof each === 'string');
  return {
    words,
    value: (name) => texts(at(name)).at(-1),
    values: (name) => texts(at(name)),
    given: (name) => at(name) === true,
  };
}

/** The flags that decide the answer, as they were given, for programs. */
function givenFlags(
  command: Command,
  options: readonly Option[],
  words: readonly string[],
): { readonly [flag: string]: Json } {
  const given = options.flatMap((option): readonly (readonly [string, Json])[] => {
    const value: unknown = command.getOptionValue(option.attributeName());
    const name = option.name();
    if (typeof value === 'string' || typeof value === 'boolean') return [[name, value]];
    return Array.isArray(value) ? [[name, value.map(String)]] : [];
  });
  const where = command.opts<WhatifFlags>().where;
  return {
    ...Object.fromEntries(given),
    ...(where === undefined ? {} : { where }),
    ...(words.length === 0 ? {} : { files: words }),
  };
}
