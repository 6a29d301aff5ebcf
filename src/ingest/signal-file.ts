import { basename } from 'node:path';
import { parseAmount } from '../domain/bill.ts';
import type { SignalFile } from '../domain/allocation-plan.ts';
import type { Decimal } from '../domain/money.ts';
import { parsePeriod } from '../domain/period.ts';
import { noSuchSignal, type Signal, SIGNALS } from '../domain/signals.ts';
import { tagKey } from '../domain/tags.ts';
import { type Measure, type Unit, unitNamed } from '../domain/units.ts';
import { parseUtcTime } from '../domain/utc-time.ts';
import { type Origin, quote, UserError } from '../errors.ts';
import { measuredRows } from './measured-csv.ts';

/** A line of a file of metered usage. Quantities are in base units: things, milliseconds, bytes. */
export interface SignalRow {
  readonly signal: string;
  readonly measure: Measure;
  /** Milliseconds UTC; of a day or a month, its beginning in the asked zone. */
  readonly time: number;
  readonly tags: ReadonlyMap<string, string>;
  readonly quantity: Decimal;
  readonly reserved?: Decimal;
  readonly line: number;
}

const OWN_COLUMNS = ['time', 'signal', 'quantity', 'unit', 'reserved'] as const;

/**
 * Reads a CSV of metered usage: columns time, quantity, unit, tags of consumers under any name, and where they are
 * needed signal and reserved. Throws UserError with file and line at the first row that cannot be counted: a share
 * of what is not known would be wrong for everybody.
 */
export async function readSignalFile(
  { path, signal }: SignalFile,
  shown: string,
  timeZone: string,
): Promise<readonly SignalRow[]> {
  const rows: SignalRow[] = [];
  const named = signal ?? fileSignal(path);
  for await (const batch of measuredRows({ path, shownAs: shown })) {
    const columns = batch.header.map((column) => ({ column, name: columnName(column) }));
    for (const { origin, cell } of batch.rows) {
      const fields = new Map(
        columns.flatMap(({ column, name }) => {
          const text = cell(column);
          return text === undefined ? [] : [[name, text] as const];
        }),
      );
      rows.push(rowOf(fields, named, { origin, timeZone }));
    }
  }
  return rows;
}

/** A column of our own in any case; others are tags under the name they have. */
function columnName(column: string): string {
  const lower = column.trim().toLowerCase();
  return OWN_COLUMNS.find((own) => own === lower) ?? column;
}

/** The signal that a file is named for: `gpu_seconds` of `gpu_seconds.csv`. */
function fileSignal(path: string): string | undefined {
  const name = basename(path).replace(/\.csv(\.gz|\.zst)?$/i, '');
  return SIGNALS.has(name) ? name : undefined;
}

interface Place {
  readonly origin: Origin;
  readonly timeZone: string;
}

function rowOf(
  fields: ReadonlyMap<string, string>,
  named: string | undefined,
  { origin, timeZone }: Place,
): SignalRow {
  const text = (column: string): string => fields.get(column) ?? '';
  const wrong = (message: string, hint?: string): UserError =>
    new UserError(message, { origin, ...(hint === undefined ? {} : { hint }) });
  for (const column of ['time', 'quantity', 'unit'])
    if (text(column) === '')
      throw wrong(
        `expected columns time, quantity and unit, found no ${column}`,
        'A line is for example: time,team,quantity,unit and 2026-10-01,search,12.5,GPU-hours.',
      );
  const name = text('signal') === '' ? named : text('signal');
  const signal = SIGNALS.get(name ?? '');
  if (name === undefined || signal === undefined) throw wrong(unknownSignal(name));
  const time = timeOf(text('time'), timeZone);
  if (time === undefined)
    throw wrong(
      `time: expected a day, a month or a UTC time, found ${quote(text('time'))}`,
      'For example 2026-10-01, 2026-10 or 2026-10-01T09:00:00Z.',
    );
  const unit = unitOf(text('unit'), name, signal);
  if (typeof unit === 'string') throw wrong(unit);
  const amount = (column: string): Decimal => {
    const found = /^[-+]/.test(text(column)) ? undefined : parseAmount(text(column));
    if (found === undefined)
      throw wrong(`${column}: expected a number, 0 or more, found ${quote(text(column))}`);
    return { digits: found.digits * unit.factor.part, scale: found.scale };
  };
  return {
    signal: name,
    measure: unit.measure,
    time,
    tags: tagsOf(fields),
    quantity: amount('quantity'),
    ...(text('reserved') === '' ? {} : { reserved: amount('reserved') }),
    line: origin.line ?? 0,
  };
}

const unknownSignal = (name: string | undefined): string =>
  name === undefined
    ? `nothing says which signal this is; add a column signal, or write --signal NAME=FILE with one of ${[...SIGNALS.keys()].join(', ')}`
    : noSuchSignal(name.slice(0, MOST_SHOWN));

/** Most letters of a name that a message repeats. */
const MOST_SHOWN = 40;

/** The unit of a row, or what is wrong with it. */
function unitOf(text: string, name: string, signal: Signal): Unit | string {
  const unit = unitNamed(text);
  const examples = signal.measure.includes('time')
    ? 'seconds, minutes, GPU-hours'
    : signal.measure.includes('bytes')
      ? 'GB, GiB, GB-hours'
      : `${signal.nouns.map((noun) => (noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`)).join(', ')}, count`;
  if (unit === undefined)
    return `unit: ${quote(text)} is none that is known; of ${name} there are ${examples}`;
  const counts = unit.noun === undefined || signal.nouns.includes(unit.noun);
  return signal.measure.includes(unit.measure) && counts
    ? unit
    : `unit: ${quote(text)} does not measure ${name}; of it there are ${examples}`;
}

/** An instant, or the beginning of a day or a month of the zone. */
function timeOf(text: string, timeZone: string): number | undefined {
  if (/^\d{4}-\d{2}(-\d{2})?$/.test(text)) return parsePeriod(text, { now: 0, timeZone })?.start;
  return parseUtcTime(text);
}

function tagsOf(fields: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
  for (const [column, value] of fields) {
    if (!OWN_COLUMNS.some((own) => own === column)) tags.set(tagKey(column), value);
  }
  return tags;
}
