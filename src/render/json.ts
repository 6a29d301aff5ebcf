import type { Cell, Column, Json, Table } from '../reports/answer.ts';
import { forAudience } from './audience.ts';
import { exact } from './exact.ts';
import { jsonText } from './json-text.ts';
import type { Render } from './render.ts';

/**
 * The JSON contract of an answer: schema, facts, one list of objects a table (by its name), its totals,
 * notes. Names and text are exact; what a terminal could obey is escaped, as JSON allows.
 */
export const renderJson: Render = (answer) => {
  const { schema, facts, tables, notes } = answer;
  const body = {
    schema,
    ...facts,
    ...Object.fromEntries(tables.flatMap(tableEntries)),
    notes: notes.map(({ code, message }) => ({ code, message })),
  };
  return `${jsonText(body, 2)}\n`;
};

function tableEntries(table: Table): readonly (readonly [string, Json])[] {
  const { name, columns, rows, totals } = forAudience(table, 'programs');
  const records: Json = rows.map((row) => record(columns, row));
  if (totals === undefined) return [[name, records]];
  return [
    [name, records],
    [name === 'rows' ? 'totals' : `${name}_totals`, totalsRecord(columns, totals)],
  ];
}

function record(columns: readonly Column[], row: readonly Cell[]): Json {
  const found: Record<string, Json> = {};
  for (let index = 0; index < columns.length; index += 1) {
    const key = columns[index]?.key ?? '';
    const value = exact(row[index] ?? { kind: 'unknown' });
    // Which a tag may be called. An object without a prototype takes four times as long.
    if (key === '__proto__') Object.defineProperty(found, key, { value, enumerable: true });
    else found[key] = value;
  }
  return found;
}

/** Text in a row of totals ("Total") is there for people: a program knows by the key. */
function totalsRecord(columns: readonly Column[], totals: readonly Cell[]): Json {
  const measured = [...columns.entries()].filter(([index]) => {
    const kind = totals[index]?.kind;
    return kind !== 'text' && kind !== 'absent';
  });
  return record(
    measured.map(([, column]) => column),
    measured.map(([index]) => totals[index] ?? { kind: 'unknown' }),
  );
}
