import { addAmounts, NO_AMOUNT } from '../domain/bill.ts';
import type { AskedSignal, RulePlan, SignalFile } from '../domain/allocation-plan.ts';
import type { Measured } from '../domain/allocation-weights.ts';
import { gathered } from '../domain/direct-spend.ts';
import { inSignalUnit, noSuchSignal, SIGNALS } from '../domain/signals.ts';
import type { Span } from '../domain/spend.ts';
import { UserError } from '../errors.ts';
import { readSignalFile, type SignalRow } from '../ingest/signal-file.ts';
import { resolve } from 'node:path';
import type { Runtime } from '../runtime.ts';
import type { ToldTags } from './allocate-told.ts';
import { shownPath } from './places.ts';

/** Metered usage from files. */
export interface MeteredSignals {
  /** Whether some file is there for a signal. */
  readonly has: (name: string) => boolean;
  readonly measured: (asked: AskedSignal, rule: RulePlan, step: Required<Span>) => Measured;
}

interface PlacedRow extends SignalRow {
  readonly place: string;
}

/** The files of --signal: `NAME=FILE`, or a file that says which signal it holds. Throws UserError. */
export const signalFlags = (texts: readonly string[], cwd: string): readonly SignalFile[] =>
  texts.map((text) => {
    const [, name, path] = /^(\w+)=(.+)$/s.exec(text) ?? [];
    if (name !== undefined && !SIGNALS.has(name))
      throw new UserError(`--signal: ${noSuchSignal(name)}`);
    return name === undefined || path === undefined
      ? { signal: undefined, path: resolve(cwd, text) }
      : { signal: name, path: resolve(cwd, path) };
  });

/** Places that an answer names for one consumer; more are counted. */
const MOST_PLACES = 3;

/** Reads files of metered usage. Throws UserError at the first line that cannot be counted. */
export async function readSignals(
  files: readonly SignalFile[],
  runtime: Runtime,
  timeZone: string,
  valueOf: ToldTags['valueOf'],
): Promise<MeteredSignals> {
  const bySignal = new Map<string, PlacedRow[]>();
  for (const file of files) {
    const shown = shownPath(file.path, runtime.cwd);
    if (file.signal !== undefined) bySignal.set(file.signal, bySignal.get(file.signal) ?? []);
    for (const row of await readSignalFile(file, shown, timeZone)) {
      const rows = bySignal.get(row.signal) ?? [];
      const [first] = rows;
      if (first !== undefined && first.measure !== row.measure)
        throw new UserError(
          `unit: measures ${row.measure}, while ${first.place} measures ${first.measure}; the two cannot be added`,
          { origin: { file: shown, line: row.line } },
        );
      rows.push({ ...row, place: `${shown}:${row.line}` });
      bySignal.set(row.signal, rows);
    }
  }
  return {
    has: (name) => bySignal.has(name),
    measured: ({ name }, rule, step) =>
      measuredOf(name, bySignal.get(name) ?? [], rule, step, valueOf),
  };
}

function measuredOf(
  name: string,
  all: readonly PlacedRow[],
  rule: RulePlan,
  step: Required<Span>,
  valueOf: ToldTags['valueOf'],
): Measured {
  const rows = all.filter(({ time }) => time >= step.start && time < step.end);
  const [first] = rows;
  if (first === undefined)
    return {
      kind: 'missing',
      reason:
        all.length === 0
          ? `no file gives ${name}; name one under signals: or with --signal ${name}=FILE`
          : `no line of ${name} lies between ${dayOf(step.start)} and ${dayOf(step.end)}`,
    };
  const { measure } = first;
  const keyed = rows.map((row) => ({
    ...row,
    key: rule.by.map((dimension) => valueOf(row.tags, dimension.name, row.time)),
  }));
  const columns = rule.by.map((dimension) => dimension.name).join(', ');
  if (keyed.every(({ key }) => key.every((value) => value === null)))
    return {
      kind: 'missing',
      reason: `${first.place} and the lines after it have no ${columns}`,
    };
  const uses = gathered(keyed, rule.by, rule.by).map(({ key, rows: own }) => {
    const reserved = own.flatMap((row) => (row.reserved === undefined ? [] : [row.reserved]));
    const places = own.slice(0, MOST_PLACES).map(({ place }) => place);
    return {
      key,
      quantity: inSignalUnit(
        own.map(({ quantity }) => quantity).reduce(addAmounts, NO_AMOUNT),
        measure,
      ),
      ...(reserved.length === 0
        ? {}
        : { reserved: inSignalUnit(reserved.reduce(addAmounts, NO_AMOUNT), measure) }),
      places:
        own.length > MOST_PLACES
          ? [...places, `and ${own.length - MOST_PLACES} more lines`]
          : places,
    };
  });
  return { kind: 'measured', uses, ...(measure === 'byte-time' ? { unit: 'Byte-Seconds' } : {}) };
}

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 16).replace('T', ' ');
