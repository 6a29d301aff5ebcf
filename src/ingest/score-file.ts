import { type Decimal, parseDecimal, rescale } from '../domain/money.ts';
import { SCORE_DECIMALS } from '../domain/lever-effect.ts';
import { quote, UserError } from '../errors.ts';
import {
  type ColumnNames,
  columnAmong,
  type MeasuredFile,
  measuredRows,
  measuredTime,
  missingColumn,
} from './measured-csv.ts';

/** One score of an evaluation: of a call by its id, or of a time, milliseconds UTC. */
export interface Score {
  readonly of: { readonly id: string } | { readonly time: number };
  /** A whole number of 10^-12. */
  readonly value: bigint;
}

const SCORE: ColumnNames = ['score', 'value', 'rating'];
const ID: ColumnNames = ['id', 'event_id', 'request_id', 'call_id', 'event'];
const TIME: ColumnNames = ['time', 'timestamp', 'ts', 'date', 'day'];

/** The scores of a CSV with a column score, and id or time. Rows without a score are none. Throws UserError, located. */
export async function readScores(file: MeasuredFile): Promise<readonly Score[]> {
  const found: Score[] = [];
  let seen: readonly string[] = [];
  for await (const { header, rows } of measuredRows(file)) {
    seen = header;
    const [score, id, time] = [SCORE, ID, TIME].map((names) => columnAmong(header, names));
    if (score === undefined) throw missingColumn(file, SCORE, header);
    if (id === undefined && time === undefined) throw missingColumn(file, [...ID, ...TIME], header);
    for (const { origin, cell } of rows) {
      const [text, name, when] = [cell(score), cell(id ?? ''), cell(time ?? '')];
      if (text === undefined) continue;
      const decimal = parseDecimal(text);
      if (decimal === undefined)
        throw new UserError(`score: expected a number like 0.92, found ${quote(text)}`, { origin });
      if (name === undefined && when === undefined)
        throw new UserError('a score of nothing: neither an id nor a time', { origin });
      const of = name === undefined ? { time: measuredTime(when ?? '', origin) } : { id: name };
      found.push({ of, value: scoreUnits(decimal) });
    }
  }
  if (seen.length === 0) throw missingColumn(file, SCORE, []);
  return found;
}

const scoreUnits = (decimal: Decimal): bigint => rescale(decimal, SCORE_DECIMALS);
