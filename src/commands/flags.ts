import { type Command, InvalidArgumentError, Option } from 'commander';
import { isClosedPeriod, parseInstant, parsePeriod } from '../domain/period.ts';
import { dimensionNamed, parseFilter } from '../domain/filter-text.ts';
import { type Dimension, type Filter, type Grain, GRAINS, type Span } from '../domain/spend.ts';
import { tagKey } from '../domain/tags.ts';
import { UserError } from '../errors.ts';
import type { CommonFlags } from './session.ts';

/** Collects a flag that may be given several times. */
export const repeated = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
];

/** Adds the flags of every command that reads a ledger. */
export const withLedger = (command: Command): Command =>
  command
    .optionsGroup('Where:')
    .option('--ledger <file>', 'ledger to use (default: the nearest, see README)')
    .option('--config <file>', 'aicost.yaml to use (default: the nearest upward)')
    .option('--rates <path>', 'own rate cards over the shipped ones; repeatable', repeated);

/** Adds the flags that choose time and events. */
export const withSelection = (command: Command): Command =>
  withPeriod(command.optionsGroup('When and which:')).option(
    '--where <key=value>',
    'only these; != too, * is any, empty is untagged',
    repeated,
  );

/** Adds the flags that choose time. */
export const withPeriod = (command: Command): Command =>
  command
    .option('--since <when>', 'from: 2026-11-01, a time, 7d, yesterday, last-month')
    .option('--until <when>', 'up to this day or time, which is left out')
    .option('--period <name>', 'both ends: today, last-week, this-month, 2026-10, A..B')
    .option('--timezone <zone>', 'zone of days and hours, such as Europe/Berlin');

/** Adds the flags that choose how the answer is printed. */
export const withOutput = (command: Command): Command =>
  command
    .optionsGroup('Output:')
    .addOption(
      new Option('--format <format>', 'how to print it')
        .choices(['table', 'json', 'csv', 'md'])
        .default('table'),
    )
    .option('--quiet', 'no notes on stderr')
    .option('--no-color', 'no colours (NO_COLOR does the same)');

/** Flags of withSelection, as commander hands them over. */
export interface SelectionFlags extends CommonFlags {
  readonly since?: string;
  readonly until?: string;
  readonly period?: string;
  readonly where?: readonly string[];
}

/** Flags of withOutput. */
export interface OutputFlags extends CommonFlags {
  readonly format: 'table' | 'json' | 'csv' | 'md';
}

/** The span that --since, --until and --period mean. Throws UserError. */
export function spanOf(flags: SelectionFlags, now: number, timeZone: string): Span {
  const clock = { now, timeZone };
  if (flags.period !== undefined) {
    if (flags.since !== undefined || flags.until !== undefined)
      throw new UserError('--period already says both ends', {
        hint: 'Use either --period, or --since and --until.',
      });
    return periodOf('--period', flags.period, now, timeZone);
  }
  // "--since last-month" alone is meant as the whole of it, not as "until now".
  if (flags.since !== undefined && flags.until === undefined && isClosedPeriod(flags.since))
    return periodOf('--since', flags.since, now, timeZone);
  const instant = (flag: string, text: string | undefined): number | undefined => {
    if (text === undefined) return undefined;
    const time = parseInstant(text, clock);
    if (time === undefined) throw notATime(flag, text);
    return time;
  };
  const [start, end] = [instant('--since', flags.since), instant('--until', flags.until)];
  if (start !== undefined && end !== undefined && end <= start)
    throw new UserError('--until is not after --since', {
      hint: '--until is the first moment left out: the day after the last one you want.',
    });
  return { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) };
}

/** A period with both ends, from a flag's text. Throws UserError. */
export function periodOf(
  flag: string,
  text: string,
  now: number,
  timeZone: string,
): Required<Span> {
  const period = parsePeriod(text, { now, timeZone });
  if (period === undefined) throw notATime(flag, text);
  return period;
}

const notATime = (flag: string, text: string): UserError =>
  new UserError(`${flag}: expected a day, a time or a period, found "${text}"`, {
    hint: 'For example 2026-11-01, 2026-11-01T09:00:00Z, 7d, 24h, yesterday, last-week, last-month or 2026-10.',
  });

/** More tags than this cannot be joined in one question. */
const MOST_NAMES = 8;
const MOST_FILTERS = 12;

/** The dimensions and the one grain of a --by list. Throws InvalidArgumentError. */
export function parseBy(text: string): {
  readonly by: readonly Dimension[];
  readonly grain?: Grain;
} {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length > MOST_NAMES)
    throw new InvalidArgumentError(`at most ${MOST_NAMES} names, found ${names.length}.`);
  const isGrain = (name: string): name is Grain => (GRAINS as readonly string[]).includes(name);
  const grains = names.filter(isGrain);
  if (grains.length > 1)
    throw new InvalidArgumentError(
      `only one of ${GRAINS.join(', ')} at a time, found ${grains.join(' and ')}.`,
    );
  if (names.length === 0)
    throw new InvalidArgumentError('expected names such as feature, team,model or day,feature.');
  const by = names.filter((name) => !isGrain(name)).map(dimensionNamed);
  const [grain] = grains;
  const unique = by.filter(
    (one, index) => by.findIndex((other) => other.name === one.name) === index,
  );
  return grain === undefined ? { by: unique } : { by: unique, grain };
}

/** Conditions of --where. Throws UserError. */
export function filtersOf(texts: readonly string[] = []): readonly Filter[] {
  if (texts.length > MOST_FILTERS)
    throw new UserError(`--where: at most ${MOST_FILTERS} conditions, found ${texts.length}`);
  return texts.map((text) => {
    const filter = parseFilter(text);
    if (filter === undefined)
      throw new UserError(`--where: expected key=value or key!=value, found "${text}"`, {
        hint: 'For example --where team=search, --where "model!=gpt-*", --where feature= for untagged.',
      });
    return filter;
  });
}

/** A whole number above 0, for flags that count. Throws InvalidArgumentError. */
export function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new InvalidArgumentError('expected a whole number above 0.');
  return Number(text);
}

/** Reads `--tag key=value` pairs into tags under their usual names. Throws UserError. */
export function parseTags(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1 || at === pair.length - 1)
        throw new UserError(`--tag: expected key=value, found "${pair}"`, {
          hint: 'For example --tag team=search.',
        });
      return [tagKey(pair.slice(0, at)), pair.slice(at + 1).trim()];
    }),
  );
}
