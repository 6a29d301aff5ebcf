import type { Dimension, Fact, Filter } from '../domain/spend.ts';
import { type CallTag, isCallTag } from '../domain/tags.ts';
import { LABEL } from './event-row.ts';

/** A piece of a statement and the values bound to it, in order. */
export interface Sql {
  readonly text: string;
  readonly values: readonly unknown[];
}

const SKU_COLUMNS: Readonly<Record<Exclude<Fact, 'status'>, string>> = {
  provider: 'provider',
  model: 'model',
  request_model: 'request_model',
  operation: 'operation',
  service_tier: 'service_tier',
  region: 'region',
  count_source: 'count_source',
  format: 'format',
};
const CALL_COLUMNS: Readonly<Record<CallTag, string>> = {
  run: 'run',
  session: 'session',
  user: 'user',
  step: 'step',
};

/** The column of a cell, or of an event, that decides what a dimension is; of an identifier, all but its own value. */
export function carrierOf({ kind, name }: Dimension): string {
  if (kind === 'fact') return name === 'status' ? 'status' : 'sku_id';
  return isCallTag(name) ? CALL_COLUMNS[name] : 'tag_set_id';
}

/** SQL: the value that an event itself keeps of an identifier. */
export const identifierOf = (event: string): string =>
  `(SELECT value FROM json_each(${event}.identifiers) WHERE key = ?)`;

// A label keeps its separator in front, so that it prints as it was written; a bare one is just true.
const labelText = (value: string): string =>
  `CASE WHEN ${value} = '' THEN 'true' ELSE substr(${value}, 2) END`;

/** SQL: a tag of a tag set, or the label of its name; the joins stand behind the table of `tagSet`. */
function tagOf(name: string, tagSet: string, alias: string): Sql & { readonly value: string } {
  const join = (table: string): string =>
    `LEFT JOIN tag ${table} ON ${table}.key = ? AND ${table}.tag_set_id = ${tagSet}`;
  return {
    text: `${join(alias)} ${join(`${alias}l`)}`,
    values: [name, `${LABEL}${name}`],
    value: `coalesce(${alias}.value, ${labelText(`${alias}l.value`)})`,
  };
}

/**
 * SQL: what some dimensions of rows are, and the joins that say it. `ownValue` names the column that holds an
 * identifier, by the index of its dimension.
 */
export function readingOf(
  dimensions: readonly Dimension[],
  table: string,
  ownValue: (index: number) => string | undefined,
): { readonly values: readonly string[]; readonly joins: Sql } {
  const joins: Sql[] = [];
  const values = dimensions.map((dimension, index) => {
    const { kind, name } = dimension;
    const carrier = `${table}.${carrierOf(dimension)}`;
    if (kind === 'tag' && !isCallTag(name)) {
      const tag = tagOf(name, carrier, `t${index}`);
      joins.push(tag);
      const own = ownValue(index);
      return own === undefined ? tag.value : `coalesce(${table}.${own}, ${tag.value})`;
    }
    if (kind === 'tag' || name === 'status') return carrier;
    joins.push({ text: `JOIN sku sku${index} ON sku${index}.id = ${carrier}`, values: [] });
    return `sku${index}.${SKU_COLUMNS[name]}`;
  });
  return {
    values,
    joins: {
      text: joins.map(({ text }) => text).join(' '),
      values: joins.flatMap((join) => join.values),
    },
  };
}

/**
 * A filter as a condition on the rows of a table. What a sku or a tag set is gets asked once for all of them,
 * not for every row; only `identifiers`, which events alone have, are asked of each.
 */
export function filterClause(
  { dimension, pattern, negated }: Filter,
  table: string,
  identifiers: ReadonlySet<string>,
): Sql {
  const { kind, name } = dimension;
  if (kind === 'tag' && identifiers.has(name))
    return identifierClause({ name, pattern, negated }, table);
  const carrier = `${table}.${carrierOf(dimension)}`;
  if (kind === 'tag' && !isCallTag(name)) {
    const tag = tagOf(name, 'tag_set.id', 't');
    const { text, values } = matches(tag.value, pattern, negated);
    return {
      text: `${carrier} IN (SELECT tag_set.id FROM tag_set ${tag.text} WHERE ${text})`,
      values: [...tag.values, ...values],
    };
  }
  if (kind === 'tag' || name === 'status') return matches(carrier, pattern, negated);
  const { text, values } = matches(SKU_COLUMNS[name], pattern, negated);
  // With the + SQLite keeps to the order of time, instead of gathering a large part of all events by their sku.
  return { text: `+${carrier} IN (SELECT id FROM sku WHERE ${text})`, values };
}

function identifierClause(
  { name, pattern, negated }: Pick<Filter, 'pattern' | 'negated'> & { readonly name: string },
  table: string,
): Sql {
  // Values that were not kept with the call, and labels, stand in its tag set.
  const tag = tagOf(name, `${table}.tag_set_id`, 't');
  const inTagSet = `(SELECT ${tag.value} FROM (SELECT 1) ${tag.text})`;
  const { text, values } = matches(
    `coalesce(${identifierOf(table)}, ${inTagSet})`,
    pattern,
    negated,
  );
  return { text, values: [name, ...tag.values, ...values] };
}

function matches(value: string, pattern: string, negated: boolean): Sql {
  if (pattern === '') return { text: `${value} IS ${negated ? 'NOT ' : ''}NULL`, values: [] };
  // Only equality finds a run by its index.
  if (!pattern.includes('*'))
    return {
      text: negated ? `${value} IS NOT ?` : `${value} = ?`,
      values: [pattern],
    };
  // Of GLOB's special characters only * is ours.
  const values = [pattern.replace(/[[?]/g, '[$&]')];
  return { text: negated ? `coalesce(NOT ${value} GLOB ?, 1)` : `${value} GLOB ?`, values };
}
